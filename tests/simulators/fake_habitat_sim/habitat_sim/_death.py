"""What stands in this fake for the end of the process."""


class ProcessDeath(BaseException):
    """The real habitat-sim would have ended or hung the process here. No `except Exception` catches it."""


deaths = []
"""Ends of the process where no exception could go anywhere."""
