"""A FAKE of habitat_sim.errors."""


class GreedyFollowerError(RuntimeError):
    pass


class InvalidAttachedObject(RuntimeError):
    pass
