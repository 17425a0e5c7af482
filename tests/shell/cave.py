"""An environment with a state of its own, and an agent for it; neither imports anything of ours."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np

HERE = "shell.cave"


class CaveError(Exception):
    """Something that only this package knows."""

    def __init__(self, level: int) -> None:
        self.level = level
        super().__init__(f"there is no level {level}")


class Torch:
    def __init__(self, light: float = 1.0) -> None:
        self.light = light


class Cave:
    """One goes down and up in it."""

    def __init__(self, depth=3, name="cave", map_path=None, torch=None, wait_s=0.0, stubborn=False):
        time.sleep(wait_s)
        if map_path is not None:
            self.text = Path(map_path).read_text()
        self.torch = torch() if callable(torch) else torch
        self.depth, self.name, self.level, self.turns = depth, name, 0, 0
        self.thread = threading.get_ident()
        if stubborn:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def step(self, actions):
        self.turns += 1
        for action in actions:
            if not 0 <= self.level + action <= self.depth:
                raise CaveError(self.level + action)
            self.level += action
        return {"level": self.level, "turns": self.turns}, {"name": self.name}

    def where(self):
        main = threading.current_thread() is threading.main_thread()
        return os.getpid(), main and threading.get_ident() == self.thread

    def light(self):
        return self.torch.light

    def sense(self):
        every_second = np.arange(8, dtype=np.float64).reshape(2, 4)[:, ::2]
        arrays = {
            "u1": np.ones((2, 2), "u1"),
            "i4": np.zeros((0, 3), "i4"),
            "i8": np.arange(3),
            "f4": np.array(1, "f4"),
        }
        return {
            "near": [1, (2, None)],
            "by": np.float32(0.5),
            "arrays": {**arrays, "f8": every_second, "bool": np.array([True])},
        }

    def die(self):
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(10)

    def hold(self, seconds):
        """Native code that lets no other thread of Python run."""
        ctypes.PyDLL(None).usleep(int(seconds * 1e6))

    def wait(self, seconds):
        time.sleep(seconds)

    def close(self):
        if self.name == "never":
            time.sleep(60)


class Diver:
    """Goes down, then up."""

    def __init__(self, pace=1):
        self.pace, self.down, self.log = pace, True, []

    def step(self, observations, state):
        self.log.append((observations["level"], observations["turns"], state["name"]))
        if observations["level"] + self.pace > 3:
            self.down = False
        if observations["level"] - self.pace < 0:
            self.down = True
        return (self.pace if self.down else -self.pace,)


class Walker:
    """Walks about in a room."""

    def __init__(self, turn_rad=0.2):
        self.turn_rad = turn_rad

    def step(self, observations, state):
        from droidlet_schema import Move, Turn

        return {"robot": (Turn(self.turn_rad), Move(0.1))}


class Ladder:
    """A pure simulator of nobody's: plain values, and no poses."""

    def reset(self, scene, key):
        return self.seen(0, scene["rungs"]), (0, scene["rungs"])

    def step(self, actions, world):
        rung = min(world[0] + len(actions), world[1])
        return self.seen(rung, world[1]), (rung, world[1])

    def seen(self, rung, rungs):
        return {"robot": [rung, [rungs, 2]], "lamp": rung}


class Climber:
    """Climbs a ladder."""

    def step(self, observations, state):
        return {"robot": (observations["lamp"],)}
