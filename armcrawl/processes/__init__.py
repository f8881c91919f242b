"""Child processes: `worker` does an event loop's calls one by one (in `child`), `pool` spreads a job over all cores.

All of them die with their parent (`parent`), and seldom look for cycles of objects (`collecting`).
What they work at is not here: a caller hands over any function of a module, and its arguments.
"""
