"""Records of values that are known to fit, made without looking at them again."""

from __future__ import annotations

from typing import Any, Callable, Dict, Type, TypeVar

T = TypeVar("T")


def maker(cls: Type[T]) -> Callable[..., T]:
    """A function that makes records of this class from the values of all its fields, in order, and checks none.

    For a loop that makes each value itself, just as the field would have it after its check: floats where floats
    are declared, the one NaN, tuples and FrozenMaps of such values, arrays that nobody can write to. Anything else
    makes a record whose equality, digest and wire form are not to be relied on.
    """
    names = vars(cls)["__record__"].names
    known: Dict[str, Any] = {f"put_{name}": vars(cls)[name].__set__ for name in names}
    known.update(cls=cls, new=object.__new__)
    puts = "".join(f"    put_{name}(made, {name})\n" for name in names)
    source = f"def make({', '.join(names)}):\n    made = new(cls)\n{puts}    return made\n"
    exec(compile(source, f"<maker of {cls.__name__}>", "exec"), known)  # noqa: S102  # of a class's own field names
    make: Callable[..., T] = known["make"]
    return make
