"""Keys: explicit randomness. The same key always gives the same numbers; to get others, split it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Tuple, Union

import numpy as np

from droidlet_schema.fields import field
from droidlet_schema.record import record

_WORD = 2**64


def _words(value: Any) -> Any:
    """A seed (any int) as two words."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return (int(value) % _WORD, (int(value) // _WORD) % _WORD)
    return value


def _check_words(words: Tuple[int, int], counter: int) -> None:
    if min(words) < 0 or counter < 0:
        raise ValueError(f"Key: words and counter are not negative, got {words} and {counter}")


@record
class Key:
    """Two 64-bit words and a counter; `Key(7)` is the key of seed 7."""

    words: Tuple[int, int] = field(convert=_words)
    counter: int = 0

    if TYPE_CHECKING:  # for type checkers, which do not follow `convert`

        def __init__(self, words: Union[int, Tuple[int, int]], counter: int = 0) -> None: ...

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for negative numbers."""
        _check_words(self.words, self.counter)

    @staticmethod
    def __strategy__(st: Any) -> Any:
        """Any two words and any counter."""
        words = st.integers(0, _WORD - 1)
        return {"words": st.tuples(words, words), "counter": words}

    def split(self, n: int) -> Tuple[Key, ...]:
        """n independent keys, each unlike this one. Raises ValueError for a negative n."""
        if n < 0:
            raise ValueError(f"Key.split: n is not negative, got {n}")
        return tuple(self._child(i) for i in range(n))

    def _child(self, index: int) -> Key:
        parts = b"".join(w.to_bytes(8, "little") for w in (*self.words, self.counter, index))
        made = hashlib.blake2b(parts, digest_size=16, person=b"droidlet.key").digest()
        return Key((int.from_bytes(made[:8], "little"), int.from_bytes(made[8:], "little")))

    def generator(self) -> np.random.Generator:
        """A numpy Generator (Philox) that always starts at the same place for the same key."""
        bits = np.random.Philox(0)  # a fixed seed: no entropy is read; the state below replaces it
        state = bits.state
        state["state"] = {
            "counter": np.array([self.counter, 0, 0, 0], np.uint64),
            "key": np.array(self.words, np.uint64),
        }
        state["buffer_pos"], state["has_uint32"], state["uinteger"] = 4, 0, 0
        state["buffer"] = np.zeros(4, np.uint64)
        bits.state = state
        return np.random.Generator(bits)
