"""Whether the tests would notice if a central rule were another one: `python -m tests.mutants`."""
