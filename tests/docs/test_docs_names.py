"""What a package gives to everybody is told of somewhere on the pages."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import droidlet_data
import droidlet_schema
import droidlet_style
import droidlet_transport
from droidlet_transport import service, testing

PAGES = "\n".join(path.read_text() for path in sorted((Path(__file__).parents[2] / "docs").glob("*.md")))


@pytest.mark.parametrize(
    "module", [droidlet_data, droidlet_style, droidlet_transport, service, testing], ids=str
)
def test_every_public_name_is_on_a_page(module: ModuleType) -> None:
    names = [name for name in module.__all__ if not name.startswith("_")]
    assert [name for name in names if not re.search(rf"\b{name}\b", PAGES)] == []


@pytest.mark.parametrize(
    "module", [droidlet_data, droidlet_schema, droidlet_transport, service, testing], ids=str
)
def test_every_public_function_and_class_says_what_it_is(module: ModuleType) -> None:
    made_here = [getattr(module, name) for name in module.__all__]
    named = [one for one in made_here if getattr(one, "__module__", "").startswith("droidlet_")]
    assert [one for one in named if not (one.__doc__ or "").strip()] == []
