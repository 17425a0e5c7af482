"""Laws: one call that property-tests any component, ours or yours."""

from droidlet_laws.check import check_component
from droidlet_laws.laws import LAWS, LawBroken, NotCheckable, Report
from droidlet_laws.testing import law_test

__all__ = ["LAWS", "LawBroken", "NotCheckable", "Report", "check_component", "law_test"]
