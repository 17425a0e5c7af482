"""One suite that holds every simulator to the same laws: ours, yours, in this process or far away.

    from droidlet_simulators.conformance import check_simulator

    print(check_simulator("my_engine:make_simulator"))

Needs beside the simulators also droidlet_laws and droidlet_transport, and Hypothesis (extra `testing`).
"""

from droidlet_schema import lifted

with lifted.Ground(__name__):
    import droidlet_laws  # noqa: F401

from droidlet_laws.laws import LawBroken, NotCheckable
from droidlet_simulators.conformance.check import check_simulator
from droidlet_simulators.conformance.laws import SIMULATOR_LAWS, SimulatorReport
from droidlet_simulators.conformance.scenes import conformance_scenes

__all__ = [
    "SIMULATOR_LAWS",
    "LawBroken",
    "NotCheckable",
    "SimulatorReport",
    "check_simulator",
    "conformance_scenes",
]
