"""Do several processes find what one finds, in the same order?"""

from __future__ import annotations

import os
import pickle
from functools import partial

import pytest

from rnnlint.hosts import parallel
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.parallel import default_jobs, outcomes
from rnnlint.settings import SettingsError


@pytest.fixture
def files(project):
    """Twenty files, every fourth of them broken."""
    for number in range(20):
        text = (
            "import tensorflow.contrib.rnn, ("
            if number % 4 == 0
            else f"import tensorflow as tf\nx{number} = tf.nn.dynamic_rnn(cell, x)\n"
        )
        (project / f"{number:02}.py").write_text(text)
    return sorted(path.name for path in project.glob("*.py"))


@pytest.fixture
def make_checker(project):
    """What each process makes for itself."""
    return partial(Checker, Configurations({}, str(project)), False, None)


@pytest.fixture
def at_once(monkeypatch):
    """No file is checked before other processes are asked to help."""
    monkeypatch.setattr(parallel, "PATIENCE", 0)


def test_two_processes_find_the_same_in_the_same_order(files, make_checker, at_once):
    def summed(jobs):
        return [(list(outcome.findings), str(outcome.error)) for outcome in outcomes(files, make_checker, jobs)]

    alone = summed(1)
    assert summed(2) == alone
    assert len(alone) == 20
    assert alone[0][1].startswith("00.py:1:")


def test_what_a_process_needs_can_be_sent_to_it(make_checker):
    pickle.loads(pickle.dumps(make_checker))


def test_a_process_that_dies_is_one_line(files, make_checker, at_once):
    with pytest.raises(SettingsError, match="--jobs 1"):
        list(outcomes(files, partial(die_elsewhere, make_checker, os.getpid()), 2))


def die_elsewhere(make_checker, parent):
    """What memory that ran out does to a process."""
    if os.getpid() != parent:
        os._exit(9)
    return make_checker()


def test_what_is_soon_done_starts_no_process(files, make_checker, monkeypatch):
    # However slow or busy this machine is.
    monkeypatch.setattr(parallel, "PATIENCE", 600)
    assert len(list(outcomes(files, partial(die_elsewhere, make_checker, os.getpid()), 2))) == 20


def test_processes_are_asked_to_help_where_it_lasts(project, make_checker, monkeypatch):
    names = [f"{number:02}.py" for number in range(40)]
    for name in names:
        (project / name).write_text("import tensorflow as tf\nx = tf.nn.dynamic_rnn(cell, x)\n")
    make = partial(die_elsewhere, make_checker, os.getpid())
    monkeypatch.setattr(parallel, "PATIENCE", 600)
    assert [len(outcome.findings) for outcome in outcomes(names, make, None)] == [1] * 40
    monkeypatch.setattr(parallel, "PATIENCE", 0)
    monkeypatch.setattr(parallel, "default_jobs", lambda files: 2)
    with pytest.raises(SettingsError, match="--jobs 1"):
        list(outcomes(names, make, None))


def test_few_files_are_not_worth_a_process():
    assert default_jobs(0) == default_jobs(39) == 1
    assert 1 <= default_jobs(100_000) <= 4
