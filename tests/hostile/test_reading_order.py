"""Is a file shown by the name that it was given, whichever file was checked before?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

A = "import tensorflow as tf\nfrom b import g\ndef f(c, x):\n    return tf.nn.dynamic_rnn(c, x), g(c, x)\n"
B = "import tensorflow as tf\ndef g(c, x):\n    return tf.nn.dynamic_rnn(c, x)\nr = g\n"
A2 = "import tensorflow as tf\nfrom b import r\ntf.nn.static_rnn(c, r(1, 2))\n"


def test_a_file_that_another_one_imports_keeps_the_name_that_it_was_given(tmp_path: Path) -> None:
    for folder in ("p", "q"):
        (tmp_path / folder).mkdir()
    for name, text in (("a", A), ("a2", A2), ("b", B)):
        (tmp_path / "p" / f"{name}.py").write_text(text)
    command = [sys.executable, "-m", "rnnlint", "check", "--isolated", "-n", "-q", "--output-format", "concise", "../p"]
    done = subprocess.run(command, cwd=tmp_path / "q", capture_output=True, text=True, check=False)
    names = {line.split(":")[0] for line in done.stdout.splitlines()}
    assert names == {"../p/a.py", "../p/a2.py", "../p/b.py"}
