"""Which environment fills which row of a batch, and which of them wait."""

from __future__ import annotations

from collections import deque
from typing import Deque, List

import numpy as np

from droidlet_transport.boards import STEP, Board


class Spares:
    """The environments of a board in their rows, and the spare ones, of which the one that waited longest is next."""

    def __init__(self, board: Board, rows: int) -> None:
        self._board, self._rows = board, rows
        self.settle()

    def settle(self) -> None:
        """Each environment in its own row, and the spare ones in their order: as it was in the beginning."""
        every = len(self._board.row_of)
        self.of_row: List[int] = list(range(self._rows))
        self._waiting: Deque[int] = deque(range(self._rows, every))
        self._board.row_of[:] = np.arange(every)

    def swap(self, row: int, order: int) -> None:
        """Lets a spare one take over a row, where there is one; the order is for the one that leaves."""
        if not self._waiting:
            return
        leaving, coming = self.of_row[row], self._waiting.popleft()
        self._waiting.append(leaving)
        board = self._board
        board.orders[leaving], board.orders[coming] = order, STEP
        board.row_of[coming], self.of_row[row] = row, coming
