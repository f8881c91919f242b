"""Whether the tests would notice if a central rule were another one: `python -m tests.mutants`.

The list is our own. Tools for mutation testing change each operator in turn (cosmic-ray finds 1,890 changes in four of
our modules, of which each would need a run of tests), know no rule, and cannot say what it means that nobody noticed.
"""
