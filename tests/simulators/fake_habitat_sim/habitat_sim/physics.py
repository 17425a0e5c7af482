"""A FAKE of habitat_sim.physics: kinds of motion, objects and their manager, a floor to fall on."""

import enum
import os
import xml.etree.ElementTree as xml

from magnum import Quaternion, Vector3

from habitat_sim._death import ProcessDeath

STEP_S = 0.008
GRAVITY = -9.8


class MotionType(enum.Enum):
    STATIC = 0
    KINEMATIC = 1
    DYNAMIC = 2


class RigidObject:
    def __init__(self, shape, scale):
        self.shape, self.scale = shape, tuple(scale)
        self.motion_type = MotionType.DYNAMIC
        self.is_alive = True
        self._semantic_id = 0
        self._translation, self._rotation = Vector3(), Quaternion()
        self._linear, self._angular = Vector3(), Vector3()
        self.memory = 0.0  # of contacts; nobody outside can read it

    @property
    def translation(self):
        return self._translation if self.is_alive else Vector3()

    @translation.setter
    def translation(self, value):
        if self.motion_type is not MotionType.STATIC:
            self._translation = Vector3(*value)

    @property
    def rotation(self):
        return self._rotation

    @rotation.setter
    def rotation(self, value):
        if not isinstance(value, Quaternion):
            raise TypeError("rotation takes a magnum Quaternion")
        if self.motion_type is not MotionType.STATIC:
            self._rotation = value

    @property
    def linear_velocity(self):
        return self._linear

    @linear_velocity.setter
    def linear_velocity(self, value):
        self._linear = Vector3(*value)

    @property
    def angular_velocity(self):
        return self._angular

    @angular_velocity.setter
    def angular_velocity(self, value):
        self._angular = Vector3(*value)

    @property
    def semantic_id(self):
        return self._semantic_id

    @semantic_id.setter
    def semantic_id(self, value):
        if not 0 <= value < 2**31:
            raise TypeError("semantic_id takes 0 to 2**31 - 1")
        self._semantic_id = value

    def fall(self):
        """One step of Bullet's: falls, bounces a little, and remembers its contact."""
        if self.motion_type is not MotionType.DYNAMIC:
            return
        x, y, z = self._translation
        vx, vy, vz = self._linear
        vy += GRAVITY * STEP_S
        y += vy * STEP_S
        if y < self.scale[1]:
            self.memory = 0.5 * self.memory + 0.001
            y, vy = self.scale[1], -0.4 * vy - self.memory * abs(vy)
        keep = 0.99 - self.memory
        self._translation = Vector3(x + vx * STEP_S, y, z + vz * STEP_S)
        self._linear = Vector3(vx * keep, vy, vz * keep)


class Template:
    def __init__(self, shape, scale=(0.1, 0.1, 0.1)):
        self.shape, self.scale = shape, Vector3(*scale)


class TemplateManager:
    def __init__(self):
        self._known = {
            "cubeSolid": Template("cube"),
            "cubeWireframe": Template("cube"),
            "cylinderSolid_rings_1_segments_12_halfLen_1": Template("cylinder"),
            "uvSphereSolid_rings_8_segments_16": Template("sphere"),
        }

    def get_template_handles(self, search_str="", contains=True, sorted=True):
        return [handle for handle in self._known if (search_str.lower() in handle.lower()) == contains]

    def get_template_by_handle(self, handle):
        known = self._known[handle]
        return Template(known.shape, known.scale)

    def register_template(self, template, specified_handle="", force_registration=False):
        self._known[specified_handle] = Template(template.shape, template.scale)  # a copy
        return len(self._known) - 1


class RigidObjectManager:
    def __init__(self, templates):
        self._templates, self.objects = templates, []

    def get_objects_by_handle_substring(self, search_str="", contains=True):
        return _by_handle(self.objects, search_str, contains)

    def add_object_by_template_handle(self, handle):
        if handle not in self._templates._known:
            return None  # and a line in the log
        template = self._templates._known[handle]
        made = RigidObject(template.shape, template.scale)
        self.objects.append(made)
        return made


def _by_handle(objects, search_str, contains):
    named = {f"object_{number:04d}": one for number, one in enumerate(objects)}
    return {handle: one for handle, one in named.items() if (search_str in handle) == contains}


class ArticulatedObject:
    """Joints that sag when physics moves them, and are placed by the root link's centre of mass."""

    def __init__(self, count):
        self._positions, self._velocities = [0.0] * count, [0.0] * count
        self.motion_type = MotionType.DYNAMIC
        self.translation, self.rotation = Vector3(), Quaternion()

    @property
    def joint_positions(self):
        return list(self._positions)

    @joint_positions.setter
    def joint_positions(self, values):
        self._positions = _as_many(values, self._positions)

    @property
    def joint_velocities(self):
        return list(self._velocities)

    @joint_velocities.setter
    def joint_velocities(self, values):
        self._velocities = _as_many(values, self._velocities)

    def sag(self):
        if self.motion_type is MotionType.DYNAMIC:
            self._velocities = [velocity - 0.1 * STEP_S for velocity in self._velocities]
            self._positions = [p + v * STEP_S for p, v in zip(self._positions, self._velocities)]


def _as_many(values, there):
    if len(values) < len(there):
        raise ProcessDeath("a list of joints is read past its end")
    return [float(value) for value in values[: len(there)]]


class ArticulatedObjectManager:
    def __init__(self):
        self.objects = []

    def get_objects_by_handle_substring(self, search_str="", contains=True):
        return _by_handle(self.objects, search_str, contains)

    def add_articulated_object_from_urdf(
        self, filepath, fixed_base=False, global_scale=1.0, mass_scale=1.0, force_reload=False
    ):
        if not os.path.isfile(filepath):
            raise ProcessDeath("segmentation fault: no such URDF file")
        kinds = [joint.get("type") for joint in xml.parse(filepath).getroot().iter("joint")]
        return self.add(sum(kind in ("revolute", "prismatic", "continuous") for kind in kinds))

    def add(self, count):
        self.objects.append(ArticulatedObject(count))
        return self.objects[-1]
