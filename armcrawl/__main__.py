"""`python -m armcrawl`."""

from armcrawl.cli import main

if __name__ == "__main__":
    main()
