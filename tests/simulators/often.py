"""Properties that are held with a few examples in the quick run, and again with many among the slow tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings


def often(few: int, many: int, *strategies: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Instead of `settings` and `given`: two tests, of which the one with many examples is slow."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.slow)])
        def held(examples: int) -> None:
            settings(max_examples=examples, deadline=None)(given(*strategies)(test))()

        held.__name__, held.__doc__ = test.__name__, test.__doc__
        return held

    return decorate
