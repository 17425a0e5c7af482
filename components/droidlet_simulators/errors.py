"""What a simulator refuses; nothing has changed when one of these is raised."""

from __future__ import annotations


class SimulatorError(ValueError):
    """A request that the simulator cannot carry out."""


class SceneError(SimulatorError):
    """A scene that cannot be made or loaded."""


class UnknownAgent(SimulatorError):
    """An agent that this world does not have."""


class UnknownObject(SimulatorError):
    """An object id, class or colour that this world does not have."""


class UnknownAction(SimulatorError):
    """An action that this simulator does not carry out, or one with impossible numbers."""


class PlacementError(SimulatorError):
    """An object that would stand in a body, outside the scene or on another object's id."""


class WorldError(SimulatorError):
    """A world that is not of this simulator, or that cannot be."""


class NotInstalled(SimulatorError):
    """Something that this simulator needs is not installed; the message says what to install."""
