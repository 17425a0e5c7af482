"""Other simulators' pictures in turn with the room's, where they are installed: ViZDoom's and habitat-sim's.

What is measured is the drawing alone. ViZDoom draws rooms of its own, as no scene can be given to it; a tick of its
game that draws nothing is taken off. Habitat draws the very scene that the room draws, through our own adapter, of
which only the native drawing is timed.
"""

from __future__ import annotations

import math
import os
import statistics
import tempfile
import time
from typing import Any, Callable, Dict, List, NamedTuple, Union

from droidlet_schema import Key, evolve
from droidlet_simulators import PICTURES, NotInstalled, RoomSimulator, make_scene, robot
from droidlet_simulators.habitat import HabitatSimulator
from droidlet_simulators.room.camera import lens_of
from droidlet_simulators.room.eyes import camera_of, drawn_by
from droidlet_simulators.room.stage import stage_of

DOOM_SIZE = (160, 120)
"""ViZDoom's smallest picture, in pixels."""
_ACTIONS = ([1, 0, 0], [1, 0, 0], [0, 0, 1])  # twice left, once ahead


class Against(NamedTuple):
    """What was measured against another simulator."""

    version: str
    ratio: float  # their median over ours
    details: Dict[str, float]


class Doom:
    """ViZDoom's "my way home", a maze of rooms: colours, depth and labels, without a window or sound."""

    def __init__(self, vizdoom: Any) -> None:
        self.game: Any = vizdoom.DoomGame()
        self.game.load_config(os.path.join(vizdoom.scenarios_path, "my_way_home.cfg"))
        self.game.set_screen_resolution(vizdoom.ScreenResolution.RES_160X120)
        self.game.set_screen_format(vizdoom.ScreenFormat.RGB24)
        self.game.set_depth_buffer_enabled(True)
        self.game.set_labels_buffer_enabled(True)
        self.game.set_render_hud(False)
        self.game.set_window_visible(False)
        self.game.set_sound_enabled(False)
        self.game.set_seed(1)
        self.turn = 0
        self.folder = tempfile.TemporaryDirectory()  # it writes its settings where it is started
        here = os.getcwd()
        os.chdir(self.folder.name)
        try:
            self.game.init()
        finally:
            os.chdir(here)

    def close(self) -> None:
        """Ends the game's process."""
        self.game.close()
        self.folder.cleanup()

    def tick(self, pictures: bool) -> None:
        """One tick of the game, with or without its pictures."""
        if self.game.is_episode_finished():
            self.game.new_episode()
        self.turn += 1
        self.game.set_action(_ACTIONS[self.turn % len(_ACTIONS)])
        self.game.advance_action(1, pictures)
        state = self.game.get_state() if pictures else None
        if state is not None and state.depth_buffer.shape != DOOM_SIZE[::-1]:
            raise ValueError(f"ViZDoom gave a picture of {state.depth_buffer.shape}")


def against_vizdoom(draw: Callable[[int], object], count: int) -> Union[Against, str]:
    """Frames of ViZDoom in turn with ours of the same size, `draw` takes their number; or why there are none."""
    try:
        import vizdoom
    except ImportError:
        return "not installed: pip install vizdoom"
    doom = Doom(vizdoom)
    try:
        ms = _in_turn(
            {"frame": lambda i: doom.tick(True), "tick": lambda i: doom.tick(False), "ours": draw}, count
        )
    finally:
        doom.close()
    return Against(str(vizdoom.__version__), (ms["frame"] - ms["tick"]) / ms["ours"], ms)


def against_habitat(width: int, height: int, count: int) -> Union[Against, str]:
    """Frames of habitat-sim in turn with the room's by numba, of the same flat; or why there are none."""
    agent = robot(width, height, semantic=True)
    scene = make_scene(5, rooms=1, people=0)
    try:
        habitat = HabitatSimulator((agent,))
    except NotInstalled as error:
        return str(error)
    there = habitat.reset(scene, Key(0))[1]
    room = RoomSimulator((agent,))
    here = room.reset(scene, Key(0))[1]
    stage, lens, draw = stage_of(here, room.limits, agent.id), lens_of(agent.cameras[0]), drawn_by("numba")

    def ours(number: int) -> None:
        camera = camera_of(_turned(here.bodies[agent.id], number), agent.cameras[0])
        draw(lens, [stage._replace(camera=camera)], PICTURES)

    with habitat.using(there) as engine:
        engine.hold(there)

        def theirs(number: int) -> None:
            body = _turned(there.agents[agent.id], number)
            engine.draw(evolve(there, agents=there.agents.set(agent.id, body)))

        ms = _in_turn({"frame": theirs, "ours": ours}, count)
        version = str(engine.library.habitat_sim.__version__)
    habitat.close()
    return Against(version, ms["frame"] / ms["ours"], ms)


def _turned(body: Any, number: int) -> Any:
    return evolve(body, yaw_rad=math.remainder(0.1 * number, 2 * math.pi))


def _in_turn(ways: Dict[str, Callable[[int], object]], count: int) -> Dict[str, float]:
    """The median time of each way in ms, taken in turn; the first ten are thrown away."""
    taken: Dict[str, List[float]] = {name: [] for name in ways}
    for number in range(count + 10):
        for name, way in ways.items():
            begin = time.perf_counter()
            way(number)
            taken[name].append((time.perf_counter() - begin) * 1e3)
    return {name: statistics.median(times[10:]) for name, times in taken.items()}
