"""Gymnasium's environments elsewhere: in worker processes as one batch, or behind an address. Extra `gym`."""

try:
    import gymnasium  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "droidlet_transport.faces.gym needs gymnasium: pip install 'droidlet-style[gym]'", name="gymnasium"
    ) from error
