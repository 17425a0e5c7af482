"""Which packages a worker in another Python is lent: what its part stands on, and nothing else of this Python's."""

from __future__ import annotations

from droidlet_style.packages import packages, stands_on
from droidlet_transport.lent import folders

ALWAYS = ("droidlet_schema", "droidlet_transport")


def lent_packages(factory: str) -> dict[str, str]:
    """For each package that the part of a factory needs, the folder that holds it.

    Of ours: its own package, all that this stands on, and the worker half of the transport. Of others: the package
    or module that the factory is in, found on this Python's path.
    """
    found = packages()
    top = "" if ".py:" in factory else factory.partition(":")[0].partition(".")[0]
    names = {*ALWAYS, *(name for name in ALWAYS for name in stands_on(name))}
    if top in found:
        names |= {top, *stands_on(top)}
    lent = {name: str(found[name].parent) for name in sorted(names)}
    if top and top not in lent:
        lent.update((top, folder) for folder in _holding(top)[:1])
    return lent


def _holding(top: str) -> list[str]:
    """The folders of this Python's path in which a package or module lies."""
    return [str(f) for f in folders() if (f / top).is_dir() or (f / f"{top}.py").is_file()]
