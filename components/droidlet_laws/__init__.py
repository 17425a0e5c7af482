"""Laws: one call that property-tests any component, ours or yours.

Needs beside it: droidlet_schema, droidlet_transport.
"""

from droidlet_schema import lifted

with lifted.Ground(__name__):
    import droidlet_transport  # noqa: F401

from droidlet_laws.check import check_component
from droidlet_laws.laws import LAWS, LawBroken, NotCheckable, Report
from droidlet_laws.testing import law_test

__all__ = ["LAWS", "LawBroken", "NotCheckable", "Report", "check_component", "law_test"]
