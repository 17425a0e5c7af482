"""A component whose state holds a memory, in whatever body, keeps every law."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from droidlet_laws import LAWS, check_component
from droidlet_schema import PutNode
from memory.memory_parts import Heard
from memory.memory_strategies import nodes, queries

IDS = st.sampled_from(("object/1", "object/2", "object/10"))
puts = nodes(IDS).filter(lambda n: n.node_type == "ReferenceObject").map(PutNode)
inputs = st.builds(Heard, st.lists(puts, max_size=3).map(tuple), st.none() | queries)


@pytest.mark.parametrize(
    ("parts", "examples"), [("memory_parts.py", 30), ("stored_parts.py", 8), ("both_parts.py", 6)]
)
def test_every_law_holds(parts, examples):
    report = check_component(f"{Path(__file__).with_name(parts)}:make", inputs, examples=examples)
    assert set(report.held) == set(LAWS) and not report.not_exercised
