"""Read by every Python that a test starts while the suite lives in the past: it lives there too."""

from tests.evening import hold_the_day

hold_the_day()
