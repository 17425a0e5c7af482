"""A spec laid out: what of a value has a place on a board, and what is told beside it."""

from __future__ import annotations

from typing import Any, Iterable, List, Sequence, Tuple

import numpy as np

from droidlet_transport.specs import ArraySpec, Tree, flat, leaves, packed, put


class Form:
    """The leaves of a spec: arrays, in the order of their places, and others, which have no fixed form.

    Raises SpecError for what is no spec.
    """

    def __init__(self, spec: Tree) -> None:
        found = leaves(spec)
        self.spec = spec
        self.arrays = tuple(leaf for _, leaf in found if isinstance(leaf, ArraySpec))
        self._fixed = [(n, path) for n, (path, leaf) in enumerate(found) if isinstance(leaf, ArraySpec)]
        self.others = tuple(path for path, leaf in found if not isinstance(leaf, ArraySpec))
        self._free = [n for n, (_, leaf) in enumerate(found) if not isinstance(leaf, ArraySpec)]

    def put(self, targets: List[np.ndarray], value: Tree, what: str, *, strict: bool) -> Tuple[Any, ...]:
        """Writes a value's arrays into their places, and gives the others. Raises SpecError, as `specs.put`."""
        found = flat(self.spec, value, what, strict)
        arrays = [found[n] for n, _ in self._fixed] if self._free else found
        for target, array, (_, path) in zip(targets, arrays, self._fixed):
            put(target, array, what + path, strict=strict)
        return tuple([found[n] for n in self._free]) if self._free else ()

    def tree(self, arrays: Iterable[Any], others: Sequence[Any] = ()) -> Tree:
        """The value of these arrays and others."""
        if not self._free:
            return packed(self.spec, iter(arrays))
        found = dict(zip(self._free, others))
        found.update((n, array) for (n, _), array in zip(self._fixed, arrays))
        return packed(self.spec, iter([found[n] for n in range(len(found))]))
