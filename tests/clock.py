"""A command line at another time."""

# The moment comes first among the arguments.
AT_TIME = """
import sys
from datetime import datetime
from armcrawl import clock
moment = datetime.fromisoformat(sys.argv.pop(1))
clock.now = lambda: moment
from armcrawl.cli import main
main()
"""
