"""What habitat-sim does to those who do not know it: where each trap is met, and the test that says so.

What the adapter takes for granted besides is in `sources`.
Tests are in tests/simulators/test_simulators_habitat_<file>.py; they run over a fake that has the traps.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple


class Trap(NamedTuple):
    """One trap: what happens, the module here that meets it and how, and "file:test"."""

    what: str
    where: str
    how: str
    test: str


TRAPS: Tuple[Trap, ...] = (
    Trap(
        "0.3.4 keeps sensors by uuid alone: equal ones show the last agent's picture to all; an empty one aborts",
        "eyes",
        "each sensor's uuid has its agent's id and numbers of agent, camera and face; one configuration per agent",
        "traps:test_agents_with_cameras_of_one_name_see_for_themselves",
    ),
    Trap(
        "y is up, -z ahead; quaternions come as x y z w and as w x y z",
        "axes",
        "one rotation there and back, at the border only",
        "values:test_axes_turn_there_and_back",
    ),
    Trap(
        "a bare .glb is taken for z up and turned",
        "files",
        "a stage file beside it always says which axis is up",
        "scenes:test_a_bare_mesh_is_loaded_as_its_axes_are_said_to_be",
    ),
    Trap(
        "depth is planar, 0 beyond reach; that of equirectangular cameras is not known to be either",
        "eyes",
        "everything is drawn by pinholes; fisheyes and equirectangular pictures are taken from a cube of them",
        "values:test_every_model_sees_a_ball_around_it_at_its_radius",
    ),
    Trap(
        "how far an orthographic camera reaches, and which model its fisheyes follow, is not known",
        "eyes",
        "orthographic cameras are refused, Habitat's own fisheyes not used",
        "traps:test_a_configuration_that_cannot_be_is_refused_at_once",
    ),
    Trap(
        "resolutions, clip planes, fields of view and channels that cannot be abort, or pass in silence",
        "config",
        "checked when the simulator is made",
        "traps:test_a_configuration_that_cannot_be_is_refused_at_once",
    ),
    Trap(
        "a CUDA device that is not there (also the default, 0) ends the process",
        "starting",
        "-1 is the default; any other is first tried in a process of its own",
        "traps:test_a_device_is_tried_in_another_process",
    ),
    Trap(
        "any question to a navmesh that is not loaded is a segmentation fault",
        "navmesh",
        "all questions go through pathfinder_of, which looks first",
        "ways:test_without_a_navmesh_agents_go_anywhere_and_no_way_is_asked_for",
    ),
    Trap(
        "an empty scene has no navmesh to compute; without one agents walk through walls and never collide",
        "checks",
        "refused, unless the scene says navmesh='none'",
        "scenes:test_a_scene_that_would_be_passed_over_or_be_fatal_is_refused",
    ),
    Trap(
        "empty scene ids, missing datasets and missing URDF files pass in silence or are fatal",
        "checks",
        "files are looked for before they are named to Habitat",
        "scenes:test_a_scene_that_would_be_passed_over_or_be_fatal_is_refused",
    ),
    Trap(
        "unknown templates give None and a line in the log",
        "starting",
        "handles are looked up first, and None is a SceneError",
        "scenes:test_a_scene_that_would_be_passed_over_or_be_fatal_is_refused",
    ),
    Trap(
        "moving snaps agents to the height of the navmesh, up to a cell above the floor",
        "motion",
        "in a flat they stay on the floor; elsewhere they start at that height",
        "scenes:test_a_bare_mesh_is_loaded_as_its_axes_are_said_to_be",
    ),
    Trap(
        "beside the navmesh an agent can be placed, and collides for ever after",
        "simulator",
        "starts, and agents beside things that are added or moved, must be able to stand",
        "ways:test_static_things_are_walked_round_and_moving_them_changes_the_ways",
    ),
    Trap(
        "things are no obstacles unless they are static and the navmesh is made anew; static ones cannot be placed",
        "build",
        "static things are part of an engine's build, placed before they are made static",
        "ways:test_static_things_are_walked_round_and_moving_them_changes_the_ways",
    ),
    Trap(
        "reset() puts added things at the origin and stills none; with moving ones resets differ",
        "simulator",
        "it is never called: things are put where a world has them; with dynamics each reset makes a new engine",
        "physics:test_reset_puts_things_back_and_stills_them",
    ),
    Trap(
        "step() has done the first agent's action when the second's is refused",
        "simulator",
        "it is never called: all actions are checked, then agents are placed",
        "traps:test_the_second_agent_s_bad_action_leaves_the_first_where_it_was",
    ),
    Trap(
        "time is cut into 8 ms and the rest carried over unseen; without physics it runs too fast; NaN is taken",
        "engine",
        "whole steps of Bullet's own only, the clock is the world's; periods with dynamics are multiples",
        "physics:test_physics_runs_whole_steps_of_its_own",
    ),
    Trap(
        "Bullet's memory of contacts cannot be read",
        "recovery",
        "exact_restore is False with dynamics; recover runs again from the reset, or says what it is",
        "physics:test_recovery_says_how_good_it_is",
    ),
    Trap(
        "semantic ids are unsigned, and negative ones TypeErrors",
        "eyes",
        "things are numbered natively and the picture is brought back to the scene's ids",
        "values:test_semantic_ids_keep_none_nothing_and_minus_one_apart",
    ),
    Trap(
        "seeds 0 and 1 are one, small ones draw alike, and the whole process draws from one sequence",
        "paths",
        "keys are hashed to large seeds, set right before each draw",
        "ways:test_random_places_come_from_the_key_whoever_else_draws",
    ),
    Trap(
        "drawing in another thread aborts, in a fork it hangs",
        "slot",
        "refused before anything native is touched",
        "traps:test_another_thread_is_told_so",
    ),
    Trap(
        "two simulators share a context: closing the first first aborts, and so does leaving both open",
        "slot",
        "a process has one at a time, closed before the next and at exit",
        "traps:test_there_is_one_engine_at_a_time_and_closing_twice_is_nothing",
    ),
    Trap(
        "height and radius of an agent's configuration hold nothing up",
        "navmesh",
        "they are settings of the navmesh",
        "ways:test_the_agents_size_is_the_navmesh_s",
    ),
    Trap(
        "agents pass through each other",
        "motion",
        "each step ends before another agent",
        "ways:test_agents_stop_before_each_other",
    ),
    Trap(
        "the first pose is drawn, with a yaw of nearly 0 for small seeds",
        "first",
        "agents are placed at the scene's starts before anything is sensed",
        "scenes:test_the_first_pose_is_the_scene_s_and_not_a_drawn_one",
    ),
    Trap(
        "scenes of datasets bring things of their own, which physics moves",
        "starting",
        "they are made static: only what a world holds may move",
        "scenes:test_what_a_dataset_s_scene_brings_stays_where_it_is",
    ),
    Trap(
        "a navmesh over static things with joints aborts where their links are drawn as primitives",
        "starting",
        "things with joints are never static: those that a dataset's scene brings are kinematic",
        "scenes:test_what_a_dataset_s_scene_brings_stays_where_it_is",
    ),
    Trap(
        "a thing with joints is placed by its root link's centre of mass, its file taken for y up",
        "urdf",
        "the file is read for both, so that the base stands where the scene says",
        "scenes:test_the_base_of_a_thing_with_joints_stands_where_the_scene_says",
    ),
    Trap(
        "lists of joints that are too short are read past their end",
        "engine",
        "they are counted before they are handed over",
        "scenes:test_joints_are_set_kept_and_refused",
    ),
    Trap(
        "objects that are removed read as zeros, with a line in the log",
        "engine",
        "is_alive is asked before anything is read",
        "physics:test_things_that_are_gone_or_nowhere_are_told",
    ),
    Trap(
        "an interrupt leaves things half in their places",
        "using",
        "the engine is closed, whatever ended the call",
        "traps:test_an_interrupted_call_leaves_no_engine_behind",
    ),
    Trap(
        "after close() some calls do nothing, others abort",
        "engine",
        "a closed engine is forgotten; the next call makes a new one",
        "traps:test_an_engine_that_fails_is_replaced",
    ),
    Trap(
        "reconfigure() is a silent no-op on the same object and leaks on others",
        "slot",
        "it is never called: another build is another simulator",
        "traps:test_there_is_one_engine_at_a_time_and_closing_twice_is_nothing",
    ),
    Trap(
        "the checks of all attrs classes of the process may be left switched off",
        "slot",
        "they are as they were after every call",
        "traps:test_the_checks_of_attrs_classes_stay_on",
    ),
    Trap(
        "the configuration handed in is written into",
        "starting",
        "native configurations are made anew for each engine",
        "traps:test_the_configuration_handed_to_habitat_is_its_own",
    ),
    Trap(
        "ints in vectors are TypeErrors, lists as positions fail later",
        "navmesh",
        "single precision arrays and native vectors of floats everywhere",
        "ways:test_greedy_actions_arrive_and_each_fits_a_step",
    ),
    Trap(
        "NaN passes into agents, objects and time",
        "checks",
        "actions, poses, worlds and what comes back are looked at",
        "traps:test_a_world_of_nothing_but_nan_is_refused",
    ),
    Trap(
        "starting takes 14 to 28 s on a CPU without a file in the working folder",
        "files",
        "it is started in a folder that has it",
        "traps:test_habitat_starts_in_a_folder_that_spares_it_the_light_map",
    ),
    Trap(
        "logs are loud unless the environment says otherwise before the import",
        "loading",
        "it says so, where nobody else has",
        "traps:test_logs_are_quiet_unless_somebody_wants_them",
    ),
    Trap(
        "it comes from conda only, and needs GL libraries that it does not bring",
        "loading",
        "one sentence with the line to type",
        "traps:test_libraries_that_are_missing_are_named",
    ),
    Trap(
        "both versions call themselves 0.3.3",
        "loading",
        "release_of tells them apart; nothing here depends on which it is",
        "traps:test_agents_with_cameras_of_one_name_see_for_themselves",
    ),
)
