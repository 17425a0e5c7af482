"""What a policy's numbers mean: spaces of Gymnasium derived from what a simulator lets its agents do."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Protocol, Tuple

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from droidlet_schema import Action, Drive, FrozenMap, Grip, JointVelocities, Look, Move, Turn, record
from droidlet_simulators.contract import SimulatorSpec
from droidlet_simulators.errors import SimulatorError, UnknownAction


class Controls(Protocol):
    """A space, and the actions that each of its values stands for."""

    @property
    def space(self) -> spaces.Space[Any]:
        """The values that a policy may give."""
        ...

    @property
    def needs(self) -> Tuple[str, ...]:
        """The actions that a simulator must have for it."""
        ...

    def actions(self, value: Any) -> Tuple[Action, ...]:
        """What the agent does in one step. The value is one of the space's."""
        ...

    def value(self, actions: Tuple[Action, ...]) -> Any:
        """The value that stands for actions, the other way round. Raises UnknownAction where none does."""
        ...


@record
class DriveControls:
    """Numbers from -1 to 1, each a part of the most that is said here: ahead and left, then, where the most is not
    0, the neck's pan and tilt, the joints' velocities in the order of their names, and the gripper's opening (-1
    shut, 1 open).
    """

    forward_m_s: float = 0.5
    turn_rad_s: float = 1.5
    pan_rad: float = 0.0
    tilt_rad: float = 0.0
    joints: FrozenMap[str, float] = FrozenMap()  # rad/s (m/s where they slide), by name
    grip_m: float = 0.0

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for numbers that are no greatest speeds, angles or openings."""
        above = (self.forward_m_s, self.turn_rad_s, *self.joints.values())
        rest = (self.pan_rad, self.tilt_rad, self.grip_m)
        if not all(map(math.isfinite, (*above, *rest))) or min(above) <= 0 or min(rest) < 0:
            raise ValueError(f"{self}: finite numbers; speeds above 0, angles and opening not below 0")

    @property
    def space(self) -> spaces.Space[Any]:
        """A box of as many numbers as there are things to control."""
        count = 2 + (2 if self._looks else 0) + len(self.joints) + (1 if self.grip_m else 0)
        return spaces.Box(-1.0, 1.0, (count,), np.float32)

    @property
    def needs(self) -> Tuple[str, ...]:
        """Drive, and what else is controlled."""
        also = (("Look", self._looks), ("JointVelocities", bool(self.joints)), ("Grip", bool(self.grip_m)))
        return ("Drive", *(name for name, wanted in also if wanted))

    @property
    def _looks(self) -> bool:
        return bool(self.pan_rad or self.tilt_rad)

    def actions(self, value: Any) -> Tuple[Action, ...]:
        """Drive comes last: it takes the whole step."""
        left: List[float] = [float(number) for number in value]
        drive = Drive(left.pop(0) * self.forward_m_s, left.pop(0) * self.turn_rad_s)
        made: List[Action] = []
        if self._looks:
            made.append(Look(left.pop(0) * self.pan_rad, left.pop(0) * self.tilt_rad))
        if self.joints:
            speeds = {name: left.pop(0) * most for name, most in self.joints.items()}
            made.append(JointVelocities(FrozenMap(speeds)))
        if self.grip_m:
            made.append(Grip((left.pop(0) + 1) / 2 * self.grip_m))
        return (*made, drive)

    def value(self, actions: Tuple[Action, ...]) -> npt.NDArray[np.float32]:
        """The space's value that stands for actions: 0 for what none of them says, cut at what is most.

        Raises UnknownAction for an action that is not controlled.
        """
        parts: Dict[str, Tuple[float, ...]] = {}
        for action in actions:
            name = type(action).__name__
            if name not in self.needs or name in parts:
                raise UnknownAction(f"actions have {action!r}: one each of {', '.join(self.needs)}")
            parts[name] = self._parts(action)
        counts = {"Drive": 2, "Look": 2, "JointVelocities": len(self.joints), "Grip": 1}
        order = [name for name in counts if name in self.needs]
        numbers = [number for name in order for number in parts.get(name, (0.0,) * counts[name])]
        return np.clip(np.array(numbers, np.float32), -1.0, 1.0)

    def _parts(self, action: Action) -> Tuple[float, ...]:
        """An action's numbers as parts of the most."""
        if isinstance(action, Drive):
            return action.forward_m_s / self.forward_m_s, action.turn_rad_s / self.turn_rad_s
        if isinstance(action, Look):
            return action.pan_rad / (self.pan_rad or 1.0), action.tilt_rad / (self.tilt_rad or 1.0)
        if isinstance(action, Grip):
            return (2 * action.opening_m / self.grip_m - 1,)
        speeds = action.velocities if isinstance(action, JointVelocities) else FrozenMap()
        unknown = [name for name in speeds if name not in self.joints]
        if unknown:
            raise UnknownAction(
                f"velocities name the joints {unknown}: known ones are {', '.join(self.joints)}"
            )
        return tuple(speeds.get(name, 0.0) / most for name, most in self.joints.items())


@record
class Choices:
    """One of several things to do in a step, by its number."""

    options: Tuple[Tuple[Action, ...], ...]

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where there is nothing to choose."""
        if not self.options:
            raise ValueError("Choices: options is (): at least one thing to do")

    @property
    def space(self) -> spaces.Space[Any]:
        """The options' numbers."""
        return spaces.Discrete(len(self.options))

    @property
    def needs(self) -> Tuple[str, ...]:
        """The names of all actions in the options."""
        return tuple(sorted({type(action).__name__ for option in self.options for action in option}))

    def actions(self, value: Any) -> Tuple[Action, ...]:
        """The option of that number."""
        return self.options[int(value)]

    def value(self, actions: Tuple[Action, ...]) -> int:
        """The number of an option. Raises UnknownAction for actions that are none."""
        if actions not in self.options:
            raise UnknownAction(f"actions are {actions!r}: one of the {len(self.options)} options is needed")
        return self.options.index(actions)


def choices(move_m: float = 0.25, turn_rad: float = math.radians(10.0)) -> Choices:
    """Ahead, left or right."""
    return Choices(((Move(move_m),), (Turn(turn_rad),), (Turn(-turn_rad),)))


def controls_of(spec: SimulatorSpec) -> Controls:
    """Controls for a simulator that drives or moves and turns. Raises SimulatorError where it does neither."""
    if "Drive" in spec.actions:
        return DriveControls()
    if {"Move", "Turn"} <= set(spec.actions):
        return choices()
    raise SimulatorError(
        f"the simulator {spec.name!r} has the actions {', '.join(spec.actions)}: neither Drive nor Move and Turn; "
        "pass controls=Choices(...)"
    )


def check_controls(controls: Controls, spec: SimulatorSpec) -> None:
    """Raises SimulatorError for controls of actions that the simulator does not have."""
    missing = [name for name in controls.needs if name not in spec.actions]
    if missing:
        raise SimulatorError(
            f"controls need {', '.join(missing)}: the simulator {spec.name!r} has {', '.join(spec.actions)}"
        )
