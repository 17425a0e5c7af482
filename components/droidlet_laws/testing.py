"""A property test of all laws in three lines.

from droidlet_laws import law_test

test_counter_keeps_the_laws = law_test("my_parts:counter")
"""

from __future__ import annotations

from typing import Any, Callable, Union

from droidlet_laws.check import check_component


def law_test(
    factory: Union[str, Callable[..., Any]], inputs: Any = None, **options: Any
) -> Callable[[], None]:
    """A test function for pytest or unittest that calls `check_component` with these arguments. Raises, as it
    runs, what that raises.
    """

    def test() -> None:
        check_component(factory, inputs, **options)

    return test
