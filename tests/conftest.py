"""One Hypothesis profile for all tests: machines are shared, so no example has a deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile("droidlet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("droidlet")
