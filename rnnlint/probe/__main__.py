"""What does `python -m rnnlint.probe` run? The command `rnnlint probe`."""

import sys

from rnnlint.hosts.command_line import main

if __name__ == "__main__":
    sys.exit(main(["probe", *sys.argv[1:]]))
