"""Droidlet's own FILTERS dictionaries (its last grammar, spans already texts) as filters of this memory.

What they say is kept, in this memory's terms: droidlet's axes (x right, y up, z ahead) become x ahead, y left,
z up; a block or a step of it is 1 m; yaws and pitches are radians. What they cannot say here, and every key or
word that the grammar does not have, is refused by one error that says where it stands.
"""

from droidlet_memory.droidlet_forms.filters import (
    attribute_from_droidlet,
    comparator_from_droidlet,
    filters_from_droidlet,
    reference_from_droidlet,
)
from droidlet_memory.droidlet_forms.plain import FormRefused

__all__ = [
    "FormRefused",
    "attribute_from_droidlet",
    "comparator_from_droidlet",
    "filters_from_droidlet",
    "reference_from_droidlet",
]
