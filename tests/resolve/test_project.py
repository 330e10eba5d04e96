"""Which file is a module of the project, and what do findings rest on?"""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.read import source
from rnnlint.read.parsing import parse
from rnnlint.read.source import from_text
from rnnlint.settings import Settings

USE = "tf.nn.dynamic_rnn(cell, xs)\n"
UNROLL = """
import tensorflow as tf
def unroll(cell, xs, steps):
    return tf.nn.static_rnn(cell, tf.split(xs, steps, 1))
"""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def check(path: Path) -> engine.Checked:
    return engine.check_file(str(path), Settings(), engine.Project())


def origins(finding: Finding) -> list[tuple[str, int]]:
    return [(Path(origin.filename).name, origin.row) for origin in finding.because]


def test_a_finding_says_through_which_lines_its_name_came(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "compat.py": "import tensorflow as tf\n\nnn = tf.nn\n",
            "model.py": "from compat import nn\n\nops = nn\nops.dynamic_rnn(cell, xs)\n",
        },
    )
    (finding,) = check(tmp_path / "model.py").findings
    assert ("model.py", 3) in origins(finding)
    assert finding.api == "tf.nn.dynamic_rnn"
    assert (finding.row, finding.column, finding.end_row, finding.end_column) == (4, 1, 4, 16)


def test_a_plain_import_needs_no_explanation() -> None:
    source = from_text("import tensorflow as tf\n" + USE, "model.py")
    (finding,) = engine.check_source(source, Settings(), engine.Project()).findings
    assert finding.because == ()


def test_what_an_answer_rests_on_is_known(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n"
    write(tmp_path, {"compat.py": text, "model.py": "from compat import tf\n" + USE})
    consulted = check(tmp_path / "model.py").consulted
    assert str(tmp_path / "compat.py") in consulted
    assert str(tmp_path / "model.py") not in consulted


def test_a_file_that_says_nothing_recurrent_is_not_looked_at(tmp_path: Path) -> None:
    # A missed alarm that we know: no fixture can show it, since the comment that asks for the finding says the word.
    write(tmp_path, {"ops.py": "from tensorflow.contrib.seq2seq import sequence_loss\n"})
    use = "from ops import sequence_loss\nsequence_loss(logits, targets, weights)\n"
    write(tmp_path, {"model.py": use, "other.py": f"{use}state = cell.zero_state(8)\n"})
    assert check(tmp_path / "model.py").findings == []
    assert len(check(tmp_path / "other.py").findings) == 1


def test_a_file_that_is_not_there_is_consulted_too(tmp_path: Path) -> None:
    # The day it is written the answer changes.
    write(tmp_path, {"model.py": "from compat import tf\n" + USE})
    checked = check(tmp_path / "model.py")
    assert checked.findings == []
    assert str(tmp_path / "compat.py") in checked.consulted
    write(tmp_path, {"compat.py": "import tensorflow as tf\n"})
    assert len(check(tmp_path / "model.py").findings) == 1


def test_a_package_named_like_the_library_is_the_projects_own(tmp_path: Path) -> None:
    fake = {"tensorflow/__init__.py": "from . import nn\n", "tensorflow/nn.py": "def dynamic_rnn(cell, xs): ...\n"}
    write(tmp_path, {**fake, "model.py": "import tensorflow as tf\n" + USE})
    assert check(tmp_path / "model.py").findings == []


def test_a_library_that_lies_where_packages_are_installed_is_the_library(tmp_path: Path) -> None:
    library = {"tensorflow/__init__.py": "from . import nn\n", "tensorflow/nn.py": "def dynamic_rnn(cell, xs): ...\n"}
    own = {"tensorflow/use.py": "import tensorflow as tf\n" + USE, "tensorflow-2.15.1.dist-info/RECORD": ""}
    write(tmp_path, {**library, **own, "model/__init__.py": "", "model/use.py": "import tensorflow as tf\n" + USE})
    assert len(check(tmp_path / "model" / "use.py").findings) == 1
    assert check(tmp_path / "tensorflow" / "use.py").findings == []


def test_a_folder_of_scripts_named_like_the_library_is_not_the_library(tmp_path: Path) -> None:
    write(tmp_path, {"tensorflow/train.py": "", "model.py": "import tensorflow as tf\n" + USE})
    assert len(check(tmp_path / "model.py").findings) == 1


def test_the_search_ends_where_the_project_does(tmp_path: Path) -> None:
    write(tmp_path, {"compat.py": "import tensorflow as tf\n", "project/model.py": "from compat import tf\n" + USE})
    assert len(check(tmp_path / "project" / "model.py").findings) == 1
    write(tmp_path, {"project/setup.py": ""})
    assert check(tmp_path / "project" / "model.py").findings == []


@pytest.mark.parametrize("text", ["def broken(:\n", "\0", "# coding: nothing\n"])
def test_a_module_that_cannot_be_read_gives_no_answer_and_no_error(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"compat.py": text, "model.py": "from compat import tf\n" + USE})
    assert check(tmp_path / "model.py").findings == []


def test_a_file_that_another_one_imports_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"compat.py": "import tensorflow as tf\nrun = tf.nn.dynamic_rnn\n"})
    write(tmp_path, {"model.py": "from compat import run, tf\n" + USE})
    parsed = []
    monkeypatch.setattr(source, "parse", lambda text, name: parsed.append(Path(name).name) or parse(text, name))
    project = engine.Project()
    for name in ("model.py", "compat.py", "model.py"):
        assert len(engine.check_file(str(tmp_path / name), Settings(), project).findings) == 1
    assert sorted(parsed) == ["compat.py", "model.py", "model.py"]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("from model import unroll\n", 200),
        ("from model import *\n", 200),
        ("from model import tf, \\\n    unroll\n", 200),
        ("import model\nunroll = model.unroll\n", 200),
        ("from pack import unroll\n", 200),
        ("from pack.inner import unroll\n", 200),
        ("from pack import inner\nunroll = inner.unroll\n", 200),
        ("from other import unroll\n", None),
        ("def unroll(cell, xs, steps): ...\n", None),
    ],
)
def test_a_function_is_called_by_who_may_have_it(tmp_path: Path, text: str, steps: int | None) -> None:
    write(tmp_path, {"model.py": UNROLL, "run.py": f"{text}unroll(cell, xs, 200)\n", "other.py": "unroll = print\n"})
    write(tmp_path, {"pack/__init__.py": "from model import unroll\n", "pack/inner.py": "from model import *\n"})
    (found,) = check(tmp_path / "model.py").findings[:1]
    assert found.unroll_length == steps


def test_a_layer_is_found_through_modules_that_do_not_say_where_it_is_from(tmp_path: Path) -> None:
    far = {"far.py": "from keras.layers import *\n", "near.py": "from far import *\n", "other.py": "LSTM = print\n"}
    use = "import tensorflow as tf\ndef build(x):\n    return LSTM(8, unroll=True)(tf.zeros([4, 200, 3]))\n"
    write(tmp_path, {**far, "model.py": f"from near import LSTM\n{use}", "own.py": f"from other import LSTM\n{use}"})
    assert [one.code for one in check(tmp_path / "model.py").findings] == ["RNN202"]
    assert check(tmp_path / "own.py").findings == []


def test_text_in_memory_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"compat.py": "tf = None\n", "model.py": "from compat import tf\n" + USE})
    project = engine.Project()
    project.open(from_text("import tensorflow as tf\n", str(tmp_path / "compat.py")))
    assert len(engine.check_file(str(tmp_path / "model.py"), Settings(), project).findings) == 1


def test_modules_that_import_each_other_by_star_come_to_an_end(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "from two import *\n" + USE, "two.py": "from one import *\nimport tensorflow as tf\n"})
    assert len(check(tmp_path / "one.py").findings) == 1


def test_a_long_chain_of_re_exports_is_followed_or_left_but_never_fails(tmp_path: Path) -> None:
    files = {f"m{n}.py": f"from m{n + 1} import tf\n" for n in range(60)}
    write(tmp_path, {**files, "m60.py": "import tensorflow as tf\n", "model.py": "from m0 import tf\n" + USE})
    assert len(check(tmp_path / "model.py").findings) == 1


def test_the_root_of_a_project_is_no_package_of_its_neighbours(tmp_path: Path) -> None:
    # The next project calls a function of the same name, over more steps.
    own = {"mine/__init__.py": "", "mine/setup.py": "", "mine/model.py": UNROLL}
    write(
        tmp_path,
        {**own, "other/__init__.py": "", "other/run.py": "from mine.model import unroll\nunroll(cell, xs, 500)\n"},
    )
    write(tmp_path, {"rnn-models/__init__.py": "", "rnn-models/model.py": UNROLL})
    assert check(tmp_path / "mine" / "model.py").findings[0].unroll_length is None
    assert check(tmp_path / "rnn-models" / "model.py").findings[0].unroll_length is None
    write(tmp_path, {"mine/run.py": "from model import unroll\nunroll(cell, xs, 200)\n"})
    assert check(tmp_path / "mine" / "model.py").findings[0].unroll_length == 200
