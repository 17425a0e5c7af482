"""Words in, logical forms out: a grammar over composable vocabularies.

Needs beside it: droidlet_schema.
"""

from droidlet_dialog.model import DialogModel
from droidlet_dialog.vocabulary import Vocabulary, VocabularyError

__all__ = ["DialogModel", "Vocabulary", "VocabularyError"]
