"""The room's renderer compiled by numba (extra `fast`); importing this package needs no numba, drawing does."""
