"""Memory without a name that another process of the same user can look into, where the system has such (Linux)."""

from __future__ import annotations

import mmap
import os
import secrets
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_data.layout import Arrays, Layout

NAME = "droidlet-rows"
SECRET = 32  # bytes at the beginning: who knows them may look
_PAGE = 4096


class Arena:
    """So much memory, taken from its beginning; pages that are never written to cost nothing.

    It is a memfd that cannot shrink, so that who looks into it is safe; it vanishes with the last process that has it.
    Raises OSError, AttributeError (no Linux).
    """

    def __init__(self, size: int) -> None:
        import fcntl

        self.size, self._taken = size + _PAGE, _PAGE
        self.pid, self.secret = os.getpid(), secrets.token_bytes(SECRET)
        self._descriptor = os.memfd_create(NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self._descriptor, self.size)
            fcntl.fcntl(self._descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
            self._memory = mmap.mmap(self._descriptor, self.size)
            self._memory[:SECRET] = self.secret
        except BaseException:
            os.close(self._descriptor)
            raise

    @property
    def told(self) -> Tuple[int, int, bytes]:
        """Process, descriptor and secret: what another process needs to look into it."""
        return self.pid, self._descriptor, self.secret

    def allocate(self, layout: Layout, rows: int) -> Optional[Tuple[Arrays, Tuple[int, ...]]]:
        """Room for rows, and where each column begins; None where it is full."""
        start = self._taken
        arrays: Arrays = {}
        offsets = []
        for name, dtype in layout.dtypes.items():
            size = rows * layout.sizes[name]
            if start + size > self.size:
                return None
            flat: NDArray[np.uint8] = np.frombuffer(self._memory, np.uint8, size, start)
            arrays[name] = flat.view(dtype).reshape((rows, *layout.shapes[name]))
            offsets.append(start)
            start += -(-size // 64) * 64
        self._taken = -(-start // _PAGE) * _PAGE
        return arrays, tuple(offsets)

    def __del__(self) -> None:
        """The memory itself lives as long as an array of it."""
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)
