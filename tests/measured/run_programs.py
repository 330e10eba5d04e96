"""How are many programs run without waiting for TensorFlow each time? It is imported once, and forked for each.

``python run_programs.py FOLDER PROGRAM…`` leaves FOLDER/<name>.json, a record, and FOLDER/<name>.txt, what was printed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rnnlint.probe.watch.imports import install
from rnnlint.probe.watch.places import UserFiles
from rnnlint.probe.watch.running import run
from rnnlint.probe.watch.watcher import Watcher


def main(folder: Path, programs: list[Path]) -> None:
    """Run them one after the other."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    watcher = Watcher(UserFiles())
    install(watcher)
    import tensorflow
    from tensorflow.python.ops import rnn, rnn_cell

    # Nothing may be run here: a device that is in use does not survive a fork.
    imported = tensorflow.keras.layers.LSTM, rnn, rnn_cell
    for program in programs:
        process = os.fork()
        if not process:
            _run(folder, program, watcher)
        os.waitpid(process, 0)
    del imported


def _run(folder: Path, program: Path, watcher: Watcher) -> None:
    log = os.open(folder / f"{program.stem}.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.exit(run(str(folder / f"{program.stem}.json"), [str(program)], watcher))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
