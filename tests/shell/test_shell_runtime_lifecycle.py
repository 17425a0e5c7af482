"""An environment's process from its start to its end, whatever either side does in between."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from droidlet_style.runtime import Runtime
from droidlet_transport import DeadlineExceeded, LoadError, OutcomeUnknown, WorkerFailedToStart
from droidlet_transport.building import EnvironmentGone
from shell.cave import CaveError
from transport.transport_parts import named_memory, no_more_than

ROOT = Path(__file__).resolve().parents[2]
DIVER = {"_target_": "shell.cave:Diver"}
SOON_S = 20.0  # for what should take no time, on a machine that others use


def cave(**options):
    return {"_target_": "shell.cave:Cave", **options}


def gone(pid: int) -> bool:
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def runtime():
    with Runtime(DIVER, cave(), place="process") as made:
        yield made


# -- starting


@pytest.mark.slow
def test_an_interpreter_that_is_not_there_is_named():
    with pytest.raises(WorkerFailedToStart, match="/no/such/python cannot be started"):
        Runtime(DIVER, cave(), place="interpreter:/no/such/python")


@pytest.mark.slow
def test_an_environment_that_cannot_be_imported_is_named():
    with pytest.raises(LoadError, match="no module shell.mine"):
        Runtime(DIVER, {"_target_": "shell.mine:Shaft"}, place="process")


def test_what_the_environments_constructor_raises_is_raised_here(tmp_path):
    """A path that is missing where the environment is, is told by the environment, with the path."""
    with pytest.raises(FileNotFoundError, match="no_such_map"):
        Runtime(DIVER, cave(map_path=tmp_path / "no_such_map"), place="process")


# -- running


def test_errors_are_the_environments_and_it_stays_usable(runtime):
    """Bad and good calls in turn: each answer is that of its own call."""
    for _ in range(50):
        with pytest.raises(CaveError, match="there is no level -1") as info:
            runtime.environment.step((-1,))
        assert info.value.level == -1 and "Traceback" in info.value.remote_traceback
        before = runtime.environment.step(())[0]
        assert runtime.environment.step(())[0] == {"level": 0, "turns": before["turns"] + 1}


def test_several_actions_are_one_call_in_order_and_none_is_a_look(runtime):
    turns = runtime.environment.step(())[0]["turns"]
    assert runtime.environment.step((1, 1, 1, -1))[0] == {"level": 2, "turns": turns + 1}
    with pytest.raises(CaveError, match="level 4"):
        runtime.environment.step((1, 1, -1))  # refused in the middle
    assert runtime.environment.step((-1, -1, -1))[0]["level"] == 0


def test_all_calls_are_in_the_main_thread_of_one_process(runtime):
    pids = {runtime.environment.ask("where") for _ in range(5)}
    assert len(pids) == 1 and pids.pop() == (runtime.environment._far._caller.pid, True) != (
        os.getpid(),
        True,
    )


def test_native_code_that_holds_everything_is_not_taken_for_a_death(runtime):
    turns = runtime.environment.step(())[0]["turns"]
    assert runtime.environment.ask("hold", 0.3) is None
    assert runtime.environment.step(())[0]["turns"] == turns + 1


def test_an_environment_that_dies_is_told_within_a_second_and_not_made_again():
    for _ in range(3):  # a machine that others use may take longer than a second, but not each time
        with Runtime(DIVER, cave(), place="process") as runtime:
            started = time.monotonic()
            with pytest.raises(OutcomeUnknown, match="killed by signal 9 during ask"):
                runtime.environment.ask("die")
            took_s = time.monotonic() - started
            with pytest.raises(EnvironmentGone, match="died with its process"):
                runtime.step()
        if took_s < 1.0:
            break
    else:
        pytest.fail(f"it took {took_s:.1f} s")


@pytest.mark.slow
def test_no_call_waits_longer_than_its_deadline():
    with Runtime(DIVER, cave(), place="process", deadline_s=5.0) as runtime:
        runtime.environment._far._deadline_s = 0.2
        with pytest.raises(DeadlineExceeded, match="whether it happened is not known"):
            runtime.environment.ask("wait", 30.0)


@pytest.mark.slow
def test_an_environment_that_takes_long_to_load_and_to_step_at_an_address_lives():
    """Longer than heartbeats may be lost, in native code: they are ZeroMQ's own."""
    served = [sys.executable, "-m", "droidlet_style", "serve", "droidlet_transport.building:Environments"]
    path = os.pathsep.join([str(ROOT / "tests"), *(entry for entry in sys.path if entry)])
    process = subprocess.Popen(
        [*served, "--effects", "--option", 'allow=["shell.cave"]'],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        address = process.stdout.readline().split(" at ")[1].split(";")[0]
        with Runtime(DIVER, cave(wait_s=4.0), place=address) as runtime:
            runtime.environment.ask("hold", 4.0)
            runtime.run(3)
            assert runtime.observations == {"level": 2, "turns": 3}
    finally:
        process.terminate()
        process.communicate()


# -- ending


def test_closing_ends_the_process_and_closing_again_does_nothing():
    runtime = Runtime(DIVER, cave(), place="process")
    pid, _ = runtime.environment.ask("where")
    runtime.close()
    assert gone(pid)
    runtime.close()


@pytest.mark.slow
def test_an_environment_that_neither_closes_nor_hears_is_killed():
    runtime = Runtime(DIVER, cave(name="never", stubborn=True), place="process")
    pid, _ = runtime.environment.ask("where")
    runtime.close()
    assert gone(pid)


PROGRAM = """
    import os, signal, sys
    from droidlet_style.runtime import Runtime
    runtime = Runtime({"_target_": "shell.cave:Diver"}, {"_target_": "shell.cave:Cave"}, place="process")
    runtime.run(2)
    print(runtime.environment.ask("where")[0], flush=True)
    END
"""
ENDS = {
    "normally": "pass",
    "by an exception": "raise ValueError",
    "by Ctrl-C": "os.kill(os.getpid(), signal.SIGINT); signal.pause()",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_the_environment_ends_with_the_runtimes_process_however_that_ends(end):
    before = named_memory()
    text = textwrap.dedent(PROGRAM).replace("END", ENDS[end])
    path = os.pathsep.join([str(ROOT / "tests"), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert gone(int(done.stdout)), done.stderr
    assert no_more_than(before)


def run_in_pool(steps: int) -> dict[str, int]:
    with Runtime(DIVER, cave(), place="process") as runtime:
        runtime.run(steps)
        return dict(runtime.observations)


@pytest.mark.slow
def test_runtimes_work_in_the_daemonic_workers_of_a_pool():
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(run_in_pool, [1, 2, 3]) == [{"level": n - 1, "turns": n} for n in (1, 2, 3)]


FORKED = """
    import os, sys
    from droidlet_style.runtime import Runtime
    from droidlet_transport import Closed
    with Runtime({"_target_": "shell.cave:Diver"}, {"_target_": "shell.cave:Cave"}, place="process") as runtime:
        runtime.step()
        child = os.fork()
        if child == 0:
            try:
                runtime.step()
            except Closed as error:
                os._exit(7 if "belongs to process" in str(error) else 8)
            os._exit(9)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        runtime.step()
        print(runtime.observations["turns"])
"""


@pytest.mark.slow
def test_a_forked_child_is_told_that_the_environment_is_its_parents():
    path = os.pathsep.join([str(ROOT / "tests"), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FORKED)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["7", "2"], done.stderr


@pytest.mark.slow
def test_an_environment_in_another_python_is_lent_what_its_names_need(python39):
    """The agent here, the simulator under Python 3.9: the same poses as when both are here."""
    room = {
        "simulator": {"_target_": "droidlet_simulators:RoomSimulator"},
        "scene": {"_target_": "droidlet_simulators:make_scene", "seed": 7},
    }
    states = []
    for place in ("inline", f"interpreter:{python39}"):
        with Runtime({"_target_": "shell.cave:Walker"}, room, place=place) as runtime:
            runtime.run(5)
            states.append((runtime.state, runtime.observations))
    assert states[0] == states[1]


def test_what_is_observed_is_as_it_was_given_and_the_callers_own():
    """Numbers of NumPy's, lists and tables arrive as such, in a process as in this one; arrays may be written to."""
    for place in ("inline", "thread", "process"):
        with Runtime(DIVER, cave(), place=place) as runtime:
            first, second = (runtime.environment.ask("sense") for _ in range(2))
            assert type(first) is dict and first["near"] == [1, (2, None)] and first["by"].dtype == np.float32
            assert {name: one.dtype for name, one in first["arrays"].items()} == {
                name: np.dtype(name) for name in ("u1", "i4", "i8", "f4", "f8", "bool")
            }
            assert first["arrays"]["f4"].shape == () and first["arrays"]["i4"].shape == (0, 3)
            first["arrays"]["f8"][...] = 9.0
            assert (second["arrays"]["f8"] == [[0.0, 2.0], [4.0, 6.0]]).all()
            assert (runtime.environment.ask("sense")["arrays"]["f8"] == second["arrays"]["f8"]).all()
