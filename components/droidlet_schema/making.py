"""Records of values that are known to fit, made without looking at them again."""

from __future__ import annotations

import functools
from typing import Any, Callable, Type, TypeVar

T = TypeVar("T")


def maker(cls: Type[T]) -> Callable[..., T]:
    """A function that makes records of this class from the values of all its fields, in order, and checks none.

    For a loop that makes each value itself, just as the field would have it after its check: floats where floats
    are declared, the one NaN, tuples and FrozenMaps of such values, arrays that nobody can write to. Anything else
    makes a record whose equality, digest and wire form are not to be relied on.
    """
    names = vars(cls)["__record__"].names
    empty: Callable[[], T] = functools.partial(object.__new__, cls)
    puts = tuple(vars(cls)[name].__set__ for name in names)

    def make(*values: Any) -> T:
        made = empty()
        for put, value in zip(puts, values):
            put(made, value)
        return made

    return make
