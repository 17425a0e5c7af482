"""What the derived strategies generate, and that they come to an end."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any, Callable, Tuple

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    And,
    Filters,
    Frame,
    Key,
    LogicalForm,
    Not,
    Observation,
    Or,
    Pose2,
    SchemaError,
    SemanticImage,
    Where,
    encode,
    record,
)
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=50, database=None)
SEARCH = settings(
    deadline=None,
    max_examples=2000,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # the first that is found is enough
)


def exists(strategy: Any, condition: Callable[[Any], bool]) -> bool:
    """Whether a value with this property is generated; raises NoSuchExample if not."""
    find(strategy, condition, settings=SEARCH)
    return True


def test_everything_made_fits_the_class(record_class: type) -> None:
    @settings(LAW, max_examples=5)
    @given(of(record_class), of(record_class, moderate=True))
    def law(value: Any, moderate: Any) -> None:
        assert type(value) is type(moderate) is record_class

    law()


@pytest.mark.parametrize(
    "condition",
    [math.isnan, math.isinf, lambda x: x == 0 and math.copysign(1, x) < 0, lambda x: abs(x) > 1e300],
    ids=["nan", "infinity", "-0.0", "huge"],
)
def test_special_floats_are_made(condition: Any) -> None:
    assert exists(of(Pose2), lambda pose: condition(pose.x_m))


def test_ints_reach_the_limits_of_64_bits() -> None:
    assert exists(of(int), lambda n: n > 2**63) and exists(of(int), lambda n: n < -(2**62))


def test_text_beyond_ascii_is_made_and_no_surrogates() -> None:
    assert exists(of(str), lambda text: any(ord(c) > 255 for c in text))


@pytest.mark.parametrize(
    "condition",
    [
        lambda ids: ids.size == 0,
        lambda ids: ids.size and not ids.flags.c_contiguous and not ids.flags.f_contiguous,
        lambda ids: ids.shape[0] > 1 < ids.shape[1] and ids.flags.f_contiguous,
        lambda ids: ids.size and ids.any(),
    ],
    ids=["empty", "strided", "fortran", "filled"],
)
def test_arrays_of_every_layout_are_made(condition: Any) -> None:
    assert exists(of(SemanticImage), lambda image: condition(image.ids))


def test_axis_names_are_one_length_within_a_record() -> None:
    @LAW
    @given(of(Frame, max_axis=5))
    def law(frame: Any) -> None:
        assert frame.rgb.shape == (*frame.depth_m.shape, 3)
        assert max(frame.depth_m.shape) <= 5

    law()
    assert exists(of(Frame), lambda frame: frame.depth_m.shape == (8, 8))


def test_all_members_of_a_union_and_deep_forms_are_made() -> None:
    seen = set()

    @settings(LAW, max_examples=150)
    @given(of(LogicalForm))
    def collect(form: Any) -> None:
        seen.add(type(form).__name__)

    collect()
    assert seen == {"Command", "GetMemory", "GetCapabilities", "Mention", "Confirm", "Noop"}
    assert exists(of(Where), lambda where: isinstance(where, Not) and isinstance(where.clause, (And, Or)))
    assert exists(of(Filters), lambda f: isinstance(f.where, (And, Or)) and len(f.where.clauses) == 2)


def test_recursive_records_stay_small() -> None:
    @settings(LAW, max_examples=100)
    @given(of(Filters))
    def law(filters: Any) -> None:
        assert len(encode(filters)[0]) < 100_000

    law()


def test_moderate_values_are_finite_and_of_everyday_size() -> None:
    @LAW
    @given(of(Observation, moderate=True))
    def law(seen: Any) -> None:
        assert abs(seen.pose.x_m) <= 1e4 and abs(seen.now_ns) <= 2**31
        for frame in seen.frames.values():
            assert np.isfinite(frame.depth_m).all() and (np.abs(frame.depth_m) <= 1e4).all()

    law()


def test_moderate_arrays_of_every_dtype(zoo: dict[str, Any]) -> None:
    @LAW
    @given(of(zoo["Arrays"], moderate=True))
    def law(arrays: Any) -> None:
        assert np.isfinite(arrays.waves).all() and np.isfinite(arrays.halves).all()
        assert (np.abs(arrays.row) <= 2**31).all()

    law()


def test_fields_can_be_replaced() -> None:
    @LAW
    @given(of(Pose2, fields={"x_m": st.just(4.0)}))
    def law(pose: Pose2) -> None:
        assert pose.x_m == 4.0

    law()
    with pytest.raises(ValueError, match="fields replaces fields of a record, got z_m"):
        of(Pose2, fields={"z_m": st.just(4.0)})
    with pytest.raises(ValueError, match="fields"):
        of(int, fields={"x_m": st.just(4.0)})


def test_a_record_narrows_what_is_made_for_it() -> None:
    @record
    class Score:
        value: float
        label: str

        @staticmethod
        def __strategy__(st: Any) -> Any:
            return {"value": st.floats(0, 1)}

    @LAW
    @given(of(Tuple[Score, ...]))
    def law(scores: Any) -> None:
        assert all(0 <= score.value <= 1 for score in scores)

    law()
    assert exists(of(Key), lambda key: key.words[0] > 2**63 and key.counter > 0)


def test_values_that_the_records_own_check_refuses_are_left_out(zoo: dict[str, Any]) -> None:
    @LAW
    @given(of(zoo["Range"]))
    def law(made: Any) -> None:
        assert made.low <= made.high

    law()


@record
class Endless:
    inner: Endless


@record
class Ending:
    inner: None | Ending | Endless


def test_types_without_a_finite_value_are_refused() -> None:
    with pytest.raises(ValueError, match="Endless has no finite value"):
        of(Endless)
    assert exists(of(Ending), lambda value: value.inner is not None and value.inner.inner is not None)


def test_what_is_no_field_type_is_refused() -> None:
    with pytest.raises(SchemaError):
        of(list)


def test_without_hypothesis_it_says_which_extra() -> None:
    code = """
import sys
sys.modules["hypothesis"] = sys.modules["hypothesis.strategies"] = None
import droidlet_schema
try:
    import droidlet_schema.strategies
except ImportError as error:
    print(error)
"""
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (
        made.stdout.strip() == "droidlet_schema.strategies needs Hypothesis: install droidlet-style[testing]"
    )


def test_the_package_alone_does_not_import_hypothesis() -> None:
    code = "import sys, droidlet_schema; print('hypothesis' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert made.stdout.strip() == "False"
