"""What do programs compute? Each is executed with the same seed; ``results`` is what it leaves behind.

``python run_fixed.py`` reads a JSON list of sources and prints one of lists of numbers.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Run them all in this process: TensorFlow is imported once."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    programs = json.load(sys.stdin)
    import tensorflow as tf

    computed = []
    for program in programs:
        tf.keras.utils.set_random_seed(1)
        names: dict[str, Any] = {}
        exec(compile(program, "program.py", "exec"), names)
        computed.append([part.reshape(-1).tolist() for part in names["results"]])
    print(json.dumps(computed))


if __name__ == "__main__":
    main()
