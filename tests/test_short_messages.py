"""Are messages about padding short, and do they stand apart from the advice? Asked of all findings of the fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlint import engine
from rnnlint.facts import symbols
from rnnlint.finding import Finding
from rnnlint.rules.rnn301_padding_as_data import padding_as_data
from rnnlint.settings import Settings

FOLDERS = [Path(__file__).parent / "fixtures" / name for name in ("masks", "padded")]
MOST = 120


def findings() -> list[Finding]:
    settings = Settings(select=("RNN3", "RNN4"), ignore=("RNN302",))
    paths = [path for folder in FOLDERS for path in folder.glob("*.py")]
    return [one for path in paths for one in engine.check_file(str(path), settings, engine.Project()).findings]


def test_what_is_said_of_padding_is_short_and_ends_with_what_to_do() -> None:
    found = [one for one in findings() if one.code in ("RNN301", "RNN303", "RNN401", "RNN407")]
    assert {one.code for one in found} == {"RNN301", "RNN303", "RNN401", "RNN407"}
    for one in found:
        assert one.help and one.message.endswith(f"; {one.help}")
        assert len(one.message.removesuffix(f"; {one.help}")) <= MOST, one.message


@pytest.mark.parametrize(
    "why", ["and the padding comes first", "and one half runs backwards", "and the last output is used"]
)
def test_the_longest_runner_and_the_longest_padding_make_no_long_message(why: str) -> None:
    runners = [one.path.rpartition(".")[2] for one in symbols.table().values() if one.family in ("static", "dynamic")]
    longest = max((name for name in runners if name.endswith("rnn")), key=len)
    blanks = {"what": longest, "pads": "bucket_by_sequence_length adds", "why": why}
    assert len(padding_as_data.message.format_map(blanks)) <= MOST
