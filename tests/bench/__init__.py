"""Measurements, apart from the tests: `make bench`. Nothing here passes or fails; the report says what was aimed at."""
