"""A FAKE of habitat_sim.utils.common: quaternions w x y z, made from x y z w."""

import numpy as np


class quaternion:
    def __init__(self, w, x, y, z):
        self.components = np.array([w, x, y, z], float)


def quat_from_coeffs(coeffs):
    x, y, z, w = coeffs
    return quaternion(w, x, y, z)
