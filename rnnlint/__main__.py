"""What does `python -m rnnlint` run? The command line."""

import sys

from rnnlint.hosts.command_line import main

if __name__ == "__main__":
    sys.exit(main())
