"""DialogModel: what was said -> what is meant."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from droidlet_dialog.lexicon import Lexicon, lexicon
from droidlet_dialog.utterances import read
from droidlet_dialog.vocabulary import Vocabulary
from droidlet_schema import Chat, Utterance


def _as_tuple(vocab: Sequence[str | Vocabulary] | str | Vocabulary) -> tuple[str | Vocabulary, ...]:
    return (vocab,) if isinstance(vocab, (str, Vocabulary)) else tuple(vocab)


@attrs.frozen
class DialogModel:
    """Reads an utterance by composed vocabularies: shipped ones by name ("droidlet", then "robot"), your
    own as a `Vocabulary`.

    Raises VocabularyError when made of vocabularies that do not fit together; a call never raises, whatever
    the text.
    """

    vocab: tuple[str | Vocabulary, ...] = attrs.field(default=("droidlet", "robot"), converter=_as_tuple)
    lexicon: Lexicon = attrs.field(init=False, repr=False, eq=False)

    @lexicon.default
    def _compose(self) -> Lexicon:
        return lexicon(self.vocab)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all things that the vocabularies speak of, sorted: what `Interpreter(names=...)` takes."""
        return tuple(sorted(self.lexicon.classes))

    def __call__(self, chat: Chat) -> Utterance:
        """The logical forms of a chat (at least one) and the words that none of them covers (at most 64).

        Raises TypeError for what is no Chat.
        """
        if not isinstance(chat, Chat):
            raise TypeError(f"chat is {str(chat)[:60]!r}: a Chat is needed, Chat(speaker, text, now_ns)")
        forms, unread = read(chat.text, self.lexicon)
        return Utterance(chat, forms, unread)
