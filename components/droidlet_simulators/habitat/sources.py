"""What the adapter takes for granted of habitat-sim: where its source says so, and what nobody has seen yet.

`READ` was looked up in public repositories (habitat-sim's, if no other is named), not run here.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

_BIND = "src/esp/bindings"
_BULLET = "src/esp/physics/bullet"


class Read(NamedTuple):
    """Something that the adapter relies on, and the file that says so."""

    what: str
    source: str


READ: Tuple[Read, ...] = (
    Read(
        "get_template_handles(search_str, contains, sorted), get_template_by_handle (a copy, or None), "
        "register_template(template, specified_handle, force_registration)",
        f"{_BIND}/AttributesManagersBindings.cpp",
    ),
    Read("template.scale, a vector of three", f"{_BIND}/AttributesBindings.cpp"),
    Read(
        "get_object_template_manager, get_rigid_object_manager, get_articulated_object_manager, "
        "recompute_navmesh(pathfinder, navmesh_settings), get and set of pathfinder",
        f"{_BIND}/SimBindings.cpp",
    ),
    Read(
        "get_objects_by_handle_substring(search_str='', contains=True): a dict by handle, in both managers",
        f"{_BIND}/PhysicsWrapperManagerBindings.cpp",
    ),
    Read(
        "add_object_by_template_handle(object_lib_handle, ...); add_articulated_object_from_urdf(filepath, "
        "fixed_base, global_scale, mass_scale, force_reload, ...)",
        f"{_BIND}/PhysicsWrapperManagerBindings.cpp",
    ),
    Read(
        "objects: translation, rotation, motion_type, is_alive, semantic_id, linear_velocity, angular_velocity; "
        "with joints: joint_positions, joint_velocities, motion_type",
        f"{_BIND}/PhysicsObjectBindings.cpp",
    ),
    Read("MotionType has STATIC, KINEMATIC and DYNAMIC", f"{_BIND}/PhysicsBindings.cpp"),
    Read(
        "a static object takes neither translation nor rotation, and says nothing",
        "src/esp/physics/PhysicsObjectBase.h",
    ),
    Read(
        "a change of motion_type makes a new body of Bullet's where the old one was",
        f"{_BULLET}/BulletRigidObject.cpp",
    ),
    Read(
        "Bullet's cube, ball and cylinder have half extents of 1 before they are scaled, the cylinder along y",
        f"{_BULLET}/BulletRigidObject.cpp",
    ),
    Read(
        "the drawn ball has radius 1; the drawn cylinder radius 1, along y",
        "Magnum: src/Magnum/Primitives/UVSphere.h, Cylinder.h",
    ),
    Read(
        "the cylinder that Habitat makes by itself is 2 long: halfLen_1 in its handle",
        f"{_BULLET}/BulletPhysicsManager.cpp",
    ),
    Read(
        "a ball of Bullet's has one radius: x of its scale",
        "Bullet: src/BulletCollision/CollisionShapes/btSphereShape.h",
    ),
    Read(
        "velocities reach dynamic objects at once and wake them, 0 as well",
        f"{_BULLET}/BulletRigidObject.h",
    ),
    Read("a time of 0 or less is one fixed step of physics", f"{_BULLET}/BulletPhysicsManager.cpp"),
    Read(
        "a navmesh takes in rigid static objects by their collision meshes, at their scale and place, "
        "primitives too; nothing else about it needs a renderer",
        "src/esp/sim/Simulator.cpp, src/esp/assets/ResourceManager.cpp",
    ),
    Read(
        "links that are drawn as boxes, balls or cylinders keep no name of a mesh, and a navmesh over static things "
        "with joints asserts that there is one",
        "src/esp/physics/URDFImporter.cpp, src/esp/assets/ResourceManager.h",
    ),
    Read(
        "a thing with joints is placed by its root link's inertial frame; its file's axes are not turned; lists of "
        "joints of another length are read all the same; kinematic ones are taken out of physics",
        f"{_BULLET}/BulletArticulatedObject.cpp, BulletPhysicsManager.cpp",
    ),
    Read(
        "a file's inertial origin is xyz and rpy about fixed axes, and the link's own frame where there is none",
        "src/esp/io/URDFParser.cpp",
    ),
    Read(
        "things with joints have the semantic id 0 unless a configuration says otherwise",
        "src/esp/metadata/attributes/ArticulatedObjectAttributes.cpp",
    ),
    Read("semantic_id is set on all that is drawn of an object", "src/esp/physics/RigidBase.h"),
    Read(
        "Agent.set_state(state, reset_sensors, infer_sensor_states, is_initial); SixDOFPose(position, rotation); "
        "sensor_states by uuid, as poses in the world, used when nothing is inferred",
        "src_python/habitat_sim/agent/agent.py",
    ),
    Read(
        "quat_from_coeffs takes x y z w; rotations within 1e-4 of length 1",
        "src_python/habitat_sim/utils/common/quaternion_utils.py, utils/validators.py",
    ),
    Read(
        "get_sensor_observations(agent_ids) takes a list and gives a dict by agent; step_physics(dt); "
        "make_greedy_follower(agent_id, goal_radius)",
        "src_python/habitat_sim/simulator.py",
    ),
    Read(
        "find_path(goal) gives keys of the action space and None at the end, and raises GreedyFollowerError",
        "src_python/habitat_sim/nav/greedy_geodesic_follower.py, errors.py",
    ),
    Read(
        "NavMeshSettings: set_defaults, cell_size, cell_height, agent_height, agent_radius, include_static_objects; "
        "ShortestPath: requested_start, requested_end, geodesic_distance; PathFinder: is_loaded, load_nav_mesh(path), "
        "find_path, try_step and try_step_no_sliding(start, end), snap_point(point), get_random_navigable_point, "
        "is_navigable(pt, max_y_delta=0.5)",
        f"{_BIND}/ShortestPathBindings.cpp",
    ),
    Read(
        "is_navigable is within 1 cm of the navmesh sideways and max_y_delta upwards; snap_point is NaN where there "
        "is none",
        "src/esp/nav/PathFinder.cpp",
    ),
    Read(
        "CameraSensorSpec: uuid, sensor_type, sensor_subtype, position, orientation, resolution, near, far, channels, "
        "hfov; SensorType COLOR, DEPTH, SEMANTIC; SensorSubType PINHOLE",
        f"{_BIND}/SensorBindings.cpp",
    ),
    Read(
        "enable_ibl, ibl_blut_filename, ibl_envmap_filename",
        "src/esp/metadata/managers/PbrShaderAttributesManager.cpp",
    ),
    Read(
        "a light map is made where both its pictures are found, whatever enable_ibl says; one that is not there is an "
        "error in the log",
        "src/esp/assets/ResourceManager.cpp",
    ),
)

BEYOND: Tuple[str, ...] = (
    "that 0.3.3 and 0.3.4 as released do all of READ: the files were of versions from 0.3.0 on, not of those two alone",
    "uuids that are unlike reach the right agent's pictures in 0.3.4, cameras being placed by sensor_states",
    "a thing with joints that is drawn stands where its file's base should",
    "an agent without cameras gets a navmesh in 0.3.3 as in 0.3.4",
)
"""What has been seen neither to run nor in the source; the tests of the real one tell."""
