"""What does `rnnlint probe run` start? The user's program, observed; the record is written to RECORD.

``python -m rnnlint.probe.watch RECORD (SCRIPT | -m MODULE) [ARGS…]``
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

from rnnlint.probe.watch.imports import install
from rnnlint.probe.watch.places import UserFiles
from rnnlint.probe.watch.running import run
from rnnlint.probe.watch.watcher import Watcher

LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


def main() -> int:
    """Run the program; return its exit status, if that is a number."""
    path, *words = sys.argv[1:]
    _quieten()
    watcher = Watcher(UserFiles())
    # Before the program is located: a package on the way to it may import TensorFlow.
    install(watcher)
    return run(path, words, watcher)


def _quieten() -> None:
    """Silence TensorFlow's log, unless the user has set its level."""
    if LOG_LEVEL in os.environ:
        return
    os.environ[LOG_LEVEL] = "3"
    # The linter already reports that these functions are deprecated, with more detail.
    logging.getLogger("tensorflow").addFilter(lambda record: "is deprecated" not in record.getMessage())
    if not sys.warnoptions:
        warnings.filterwarnings("ignore", r"`(tf\.nn\.rnn_cell\.|layer\.add_variable)")


if __name__ == "__main__":
    sys.exit(main())
