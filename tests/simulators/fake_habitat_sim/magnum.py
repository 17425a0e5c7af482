"""A FAKE of the part of magnum that the adapter uses: vectors and quaternions that take floats only."""

import math


def _float(value):
    if type(value).__name__ not in ("float", "float32", "float64"):
        raise TypeError(f"a float is needed, not {value!r}")
    return float(value)


class Vector3:
    def __init__(self, x=0.0, y=0.0, z=0.0):
        self._values = (_float(x), _float(y), _float(z))

    def __iter__(self):
        return iter(self._values)

    def __getitem__(self, index):
        return self._values[index]

    def __len__(self):
        return 3


class Quaternion:
    def __init__(self, vector=None, scalar=1.0):
        self.vector = vector if vector is not None else Vector3()
        self.scalar = _float(scalar)

    def normalized(self):
        length = math.sqrt(self.scalar**2 + sum(v * v for v in self.vector))
        return Quaternion(Vector3(*(v / length for v in self.vector)), self.scalar / length)
