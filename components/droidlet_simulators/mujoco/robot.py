"""The robot as MJCF: a base on two driven wheels and four castors, a camera on a neck, an arm if wanted.

Dimensions, masses, torques and speeds of base and neck are those of the Fetch mobile manipulator as its maker
publishes them in its robot description and data sheet: 0.508 x 0.559 m over all, wheels 0.375 m apart with their
axle 0.055 m up, 8.85 N m and 17.4 rad/s each; pan and tilt at 1.57 rad/s. The arm is that of `arm`.
"""

from __future__ import annotations

import math
from typing import List, NamedTuple, Sequence, Tuple

from droidlet_simulators.mujoco import arm
from droidlet_simulators.room.limits import Limits

WHEEL_RADIUS_M = 0.055325
HALF_TRACK_M = 0.18738
WHEEL_MASS_KG = 4.3542
WHEEL_TORQUE_N_M = 8.85
WHEEL_RAD_S = 17.4
BASE_RADIUS_M = 0.265
BASE_MASS_KG = 70.1294
BASE_LOW_M, BASE_HIGH_M = 0.04, 0.30
HEAD_MASS_KG = 2.2556 + 0.9087
NECK_RAD_S = 1.57
ARM_FOOT_M = (0.10, 0.0, BASE_HIGH_M)
MAST_X_M = -0.235

WHEELS = ("wheel_left", "wheel_right")
MAKES_UP = " way"
LEAD_RAD = 1.0
"""How far a wheel's way may be ahead of the wheel: what it takes to get going, not what a wall has in its way."""
NECK = ("pan", "tilt")
STOWED = (2.827, 0.909, 0.0, -2.872, -1.571, 0.072, 0.785)
"""The arm folded over the base, nothing of it beyond the base's rim: how it is after a reset."""
READY = (0.0, -math.pi / 4, 0.0, -3 * math.pi / 4, 0.0, math.pi / 2, math.pi / 4)
"""The arm half bent before the robot, the hand pointing down: where its maker's examples begin."""

BODY = Limits(radius_m=0.28)
"""What the robot does at most, half a metre per second among it, and its outline with the arm folded."""

HIDDEN = 3
"""The geom group of what only touches; pictures show groups 0 to 2."""
_CASTOR_M = 0.025
_GREY, _DARK, _BLUE, _LIGHT = "0.44 0.45 0.48 1", "0.12 0.12 0.13 1", "0.09 0.45 0.72 1", "0.9 0.9 0.88 1"


def robot_mjcf(has_arm: bool = True, head_m: float = 1.1, limits: Limits = BODY) -> str:
    """One robot that stands at the origin and looks along x, as a complete MJCF model.

    `head_m` is the camera's height; the neck turns within `limits`.
    """
    body = [
        '<body name="base"><freejoint name="base"/>',
        *_base(),
        *_wheels(),
        *_head(head_m, limits),
        *(_arm() if has_arm else ()),
        "</body>",
    ]
    parts = [
        '<mujoco model="robot"><compiler angle="radian" autolimits="true"/>',
        '<default><geom conaffinity="3"/></default>',  # touches doors, too
        f"<worldbody>{''.join(body)}</worldbody>",
        f"<actuator>{''.join(_actuators(has_arm, limits))}</actuator>",
        f"<contact>{''.join(_exclusions(has_arm))}</contact>",
        "</mujoco>",
    ]
    return "".join(parts)


def numbers(values: Sequence[float]) -> str:
    """Numbers as MJCF has them; every bit survives."""
    return " ".join(repr(float(value)) for value in values)


def _base() -> List[str]:
    half, middle = (BASE_HIGH_M - BASE_LOW_M) / 2, (BASE_HIGH_M + BASE_LOW_M) / 2
    made = [
        f'<geom name="base" type="cylinder" size="{numbers((BASE_RADIUS_M, half))}" pos="0 0 {middle!r}" '
        f'mass="{BASE_MASS_KG!r}" rgba="{_GREY}"/>'
    ]
    for number, (x, y) in enumerate(((0.19, 0.12), (0.19, -0.12), (-0.19, 0.12), (-0.19, -0.12))):
        made.append(  # a little shorter than the wheels, which so carry most of the weight
            f'<geom name="castor{number}" type="sphere" size="{_CASTOR_M!r}" pos="{numbers((x, y, _CASTOR_M + 5e-4))}" '
            f'mass="0.1" rgba="{_DARK}" condim="1" friction="0 0 0" priority="2"/>'
        )
    return made


def _wheels() -> List[str]:
    made = []
    for name, side in zip(WHEELS, (1.0, -1.0)):
        made.append(
            f'<body name="{name}" pos="{numbers((0.0, side * HALF_TRACK_M, WHEEL_RADIUS_M))}">'
            f'<joint name="{name}" type="hinge" axis="0 1 0" armature="0.005" '
            f'actuatorfrcrange="{numbers((-WHEEL_TORQUE_N_M, WHEEL_TORQUE_N_M))}"/>'
            # touches as a ball does, at one point; looks like a wheel
            f'<geom name="{name}" type="sphere" size="{WHEEL_RADIUS_M!r}" mass="{WHEEL_MASS_KG!r}" group="{HIDDEN}" '
            'condim="4" friction="1.2 0.005 0.0001" priority="1"/>'
            f'<geom type="cylinder" size="{numbers((WHEEL_RADIUS_M, 0.02))}" zaxis="0 1 0" mass="0" '
            f'contype="0" conaffinity="0" rgba="{_DARK}"/></body>'
        )
    return made


def _head(head_m: float, limits: Limits) -> List[str]:
    made = []
    if head_m > BASE_HIGH_M + 0.1:
        top = head_m - 0.06
        made.append(
            f'<geom name="mast" type="capsule" fromto="{numbers((MAST_X_M, 0, BASE_HIGH_M, MAST_X_M, 0, top))}" '
            f'size="0.02" mass="4" rgba="{_LIGHT}"/>'
            f'<geom name="neck" type="capsule" fromto="{numbers((MAST_X_M, 0, top, -0.06, 0, head_m))}" '
            f'size="0.02" mass="1" rgba="{_LIGHT}"/>'
        )
    made.append(
        f'<body name="head_pan" pos="0 0 {head_m!r}"><inertial pos="0 0 0" mass="{HEAD_MASS_KG / 2!r}" '
        'diaginertia="0.0129 0.0095 0.0184"/>'
        f'<joint name="pan" axis="0 0 1" {_range(-limits.pan_rad, limits.pan_rad)} damping="0.5"/>'
        f'<body name="head"><joint name="tilt" axis="0 -1 0" '
        f'{_range(-limits.tilt_rad, limits.tilt_rad)} damping="0.5"/>'
        f'<geom name="head" type="box" size="0.03 0.06 0.03" mass="{HEAD_MASS_KG / 2!r}" rgba="{_BLUE}" '
        'contype="0" conaffinity="0"/></body></body>'
    )
    return made


def _arm() -> List[str]:
    made = [
        f'<body name="arm" pos="{numbers(ARM_FOOT_M)}"><geom name="arm" type="cylinder" size="0.075 0.07" '
        f'pos="0 0 0.07" mass="{arm.FOOT_MASS_KG!r}" rgba="{_LIGHT}"/>'
    ]
    for number, link in enumerate(arm.LINKS, 1):
        ca, sa = math.cos(link.alpha_rad), math.sin(link.alpha_rad)
        turn = (math.cos(link.alpha_rad / 2), math.sin(link.alpha_rad / 2), 0.0, 0.0)
        share = link.mass_kg / len(link.capsules)
        capsules = "".join(
            f'<geom type="capsule" fromto="{numbers((*start, *end))}" size="{radius!r}" mass="{share!r}" '
            f'rgba="{_LIGHT}"/>'
            for start, end, radius in link.capsules
        )
        made.append(
            f'<body name="link{number}" pos="{numbers((link.a_m, -sa * link.d_m, ca * link.d_m))}" '
            f'quat="{numbers(turn)}"><joint name="joint{number}" axis="0 0 1" '
            f'{_range(link.low_rad, link.high_rad)} armature="0.1" damping="1"/>{capsules}'
        )
    return [*made, *_hand(), "</body>" * (len(arm.LINKS) + 1)]


def _hand() -> List[str]:
    half = arm.HAND_TURN_RAD / 2
    made = [
        f'<body name="hand" pos="0 0 {arm.FLANGE_M!r}" quat="{numbers((math.cos(half), 0, 0, math.sin(half)))}" '
        f'><geom type="box" size="0.0315 0.102 0.033" pos="0 0 0.033" mass="{arm.HAND_MASS_KG!r}" '
        f'rgba="{_GREY}"/><site name="gripper" pos="0 0 {arm.GRIP_M!r}" size="0.005" group="4"/>'
    ]
    for name, side in zip(arm.FINGERS, (1.0, -1.0)):
        made.append(
            f'<body name="{name}" pos="0 0 {arm.FINGERS_M!r}">'
            f'<joint name="{name}" type="slide" axis="0 {side!r} 0" {_range(0.0, arm.OPEN_M / 2)} '
            'armature="0.1" damping="5"/>'
            f'<geom type="box" size="0.0105 0.0075 0.027" pos="{numbers((0, side * 0.0075, 0.027))}" '
            f'mass="{arm.FINGER_MASS_KG!r}" rgba="{_DARK}" condim="6" friction="1.5 0.02 0.001" priority="1"/></body>'
        )
    return [*made, "</body>"]


def _range(low: float, high: float) -> str:
    """A joint's limits; a stiff neck has a sliver of room, since none at all would mean no limit."""
    return f'range="{numbers((low, max(high, low + 1e-6)))}"'


class Servo(NamedTuple):
    """A joint that is held at a position, in rad or m: its limits, and how stiffly it is held."""

    joint: str
    group: str  # joints of one group arrive together
    low: float
    high: float
    speed: float
    force: float
    stiffness: float
    damping: float


def servos(has_arm: bool, limits: Limits) -> Tuple[Servo, ...]:
    """All joints of a robot that are held at positions."""
    made = [
        Servo("pan", "neck", -limits.pan_rad, limits.pan_rad, NECK_RAD_S, 50.0, 300.0, 3.0),
        Servo("tilt", "neck", -limits.tilt_rad, limits.tilt_rad, NECK_RAD_S, 50.0, 300.0, 3.0),
    ]
    if has_arm:
        for name, link in zip(arm.JOINTS, arm.LINKS):
            # stiff enough to bear the arm's own weight within 2 mrad, damped a little more than needed
            held = (20000.0, 600.0) if link.torque_n_m > 50 else (4000.0, 100.0)
            limit = (link.low_rad, link.high_rad, link.speed_rad_s, link.torque_n_m)
            made.append(Servo(name, "arm", *limit, *held))
        for name in arm.FINGERS:
            limit = (0.0, arm.OPEN_M / 2, arm.FINGER_SPEED_M_S, arm.FINGER_FORCE_N)
            made.append(Servo(name, "fingers", *limit, 2000.0, 100.0))
    return tuple(made)


def _actuators(has_arm: bool, limits: Limits) -> List[str]:
    made = []
    for name in WHEELS:  # held at its speed, and what the motor could not do at once is made up for
        limits_of = f'joint="{name}" ctrlrange="{numbers((-WHEEL_RAD_S, WHEEL_RAD_S))}"'
        made.append(f'<velocity name="{name}" kv="15" {limits_of}/>')
        made.append(f'<intvelocity name="{name}{MAKES_UP}" kp="120" actrange="-1e9 1e9" {limits_of}/>')
    for servo in servos(has_arm, limits):
        high = max(servo.high, servo.low + 1e-6)
        made.append(
            f'<intvelocity name="{servo.joint}" joint="{servo.joint}" kp="{servo.stiffness!r}" kv="{servo.damping!r}" '
            f'actrange="{numbers((servo.low, high))}" ctrlrange="{numbers((-servo.speed, servo.speed))}" '
            f'forcerange="{numbers((-servo.force, servo.force))}"/>'
        )
    return made


def _exclusions(has_arm: bool) -> List[str]:
    """Neighbours of neighbours, whose shapes overlap round a joint."""
    pairs = (("link5", "link7"), ("base", "link1")) if has_arm else ()
    return [f'<exclude body1="{one}" body2="{other}"/>' for one, other in pairs]
