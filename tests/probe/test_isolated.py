"""Does each question have a process in which nothing else was asked? A package of our own plays TensorFlow."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlint.probe.isolated import Question, ask

FAKE = """
seen = []
class Nested:
    known = 1
nested = Nested()
"""


@pytest.fixture(autouse=True)
def fake_tensorflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tensorflow"
    folder.mkdir()
    (folder / "__init__.py").write_text(FAKE, encoding="utf-8")
    (folder / "inner.py").write_text("import tensorflow\ntensorflow.seen.append('inner')\nname = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def program(text: str, **environment: str) -> Question:
    return Question("program", (text,), environment)


def answer(question: Question) -> str:
    ((said,),) = (found.values() for found in ask([question]))
    return said


def test_what_one_question_changes_the_next_does_not_see() -> None:
    change, look = program("tf.seen.append(1)"), program("assert tf.seen == [], tf.seen")
    assert [list(found.values()) for found in ask([change, look, change])] == [[""], [""], [""]]


def test_the_subjects_of_one_question_share_a_process() -> None:
    (found,) = ask([Question("program", ("tf.seen.append(1)", "assert tf.seen == [1], tf.seen"))])
    assert set(found.values()) == {""}


def test_an_environment_is_that_of_its_question_alone() -> None:
    text = "import os; assert os.environ.get('TF_USE_LEGACY_KERAS') == '1'"
    with_it, without = ask([program(text, TF_USE_LEGACY_KERAS="1"), program(text)])
    assert with_it[text] == ""
    assert without[text].startswith("AssertionError")


def test_the_environment_of_whoever_asks_does_not_reach_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert answer(program("import os; assert 'TF_USE_LEGACY_KERAS' not in os.environ")) == ""


def test_an_attribute_is_looked_up_part_by_part() -> None:
    (found,) = ask([Question("attribute", ("tf.nested.known", "tf.nested.unknown"))])
    assert found["tf.nested.known"] == ""
    assert found["tf.nested.unknown"].startswith("AttributeError: 'Nested' object has no attribute")


def test_an_import_reaches_what_an_attribute_does_not() -> None:
    (attribute,), (imported, missing) = (
        found.values()
        for found in ask(
            [Question("attribute", ("tf.inner.name",)), Question("import", ("tf.inner.name", "tf.inner.other"))]
        )
    )
    assert attribute.startswith("AttributeError")
    assert imported == ""
    assert missing.startswith("ImportError")


def test_an_error_is_one_short_line_without_colors() -> None:
    said = answer(program(r"raise ValueError('\x1b[1mbold\x1b[0m\n  and long ' + 500 * 'x')"))
    assert said.startswith("ValueError: bold and long xxx")
    assert len(said) < 250


def test_what_a_program_prints_is_no_answer() -> None:
    assert answer(program("print('[]')")) == ""


def test_where_tensorflow_cannot_be_imported_there_is_no_answer(fake_tensorflow: Path) -> None:
    (fake_tensorflow / "__init__.py").write_text("raise ImportError('broken')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="ImportError: broken"):
        ask([program("1")])


@pytest.mark.skipif("sys.platform != 'linux'", reason="without forks the process that dies is the only one")
def test_a_process_that_dies_takes_down_its_own_question_only() -> None:
    dies, lives = ask([program("import os; os._exit(3)"), program("1")])
    assert list(dies.values()) == ["the process died"]
    assert list(lives.values()) == [""]
