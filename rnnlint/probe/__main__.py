"""What does `python -m rnnlint.probe` run? The command `rnnlint probe`."""

import os
import sys

# `python -m` puts the working folder first, and nothing must be imported from it.
if sys.path[:1] == [""] or sys.path and os.path.isdir(sys.path[0]) and os.path.samefile(sys.path[0], os.curdir):
    del sys.path[0]

from rnnlint.hosts.command_line import main

if __name__ == "__main__":
    sys.exit(main(["probe", *sys.argv[1:]]))
