"""Which legacy symbols does the installed TensorFlow have, and which of them run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from rnnlint.facts.symbols import NEWEST, State, Symbol, state_on, table
from rnnlint.probe import legacy_programs as programs
from rnnlint.probe import processes
from rnnlint.probe.isolated import Question, ask
from rnnlint.probe.legacy_programs import program
from rnnlint.probe.measurement import INSTALL_TF_KERAS, Here, Outcome, judged, measures, not_measurable

LEGACY_KERAS: Mapping[str, str] = {"TF_USE_LEGACY_KERAS": "1"}
IMPORTED = ("tf.python.", "tf.models.", "keras.", "tfa.")
"""Prefixes of paths that are imported; the others are attributes of ``tensorflow``."""


@measures("symbols-as-listed", seconds=9, together="api_state")
def symbols_as_listed(here: Here) -> Outcome:
    """Resolve every path in the table of symbols."""
    release = here.versions.tensorflow
    found, imports = resolve()
    counts: dict[str, int] = {}
    failures = [f"import of {path}: {error}" for path, error in imports.items() if error]
    for path, error in found.items():
        row = table()[path]
        state = state_on(row, release)
        counts[state] = counts.get(state, 0) + 1
        # The table has no state for a release in which a path was temporarily absent.
        judge = release.startswith(f"{NEWEST}.") or "absent in" not in row.source
        if judge and bool(error) == _resolves(row, state):
            failures.append(f"{path} {state}: {error or 'resolves'}")
    words = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    return judged({"symbols": counts}, f"{len(found)} symbols on TensorFlow {release}: {words}", failures)


def resolve() -> tuple[dict[str, str], dict[str, str]]:
    """The errors of all paths, each in a process that imported nothing else, and of those with `import_works`."""
    return {**_all_answers()["attributes"], **_all_answers()["imports"]}, _all_answers()["said to work"]


def fails_only_in_use(row: Symbol) -> bool:
    """Whether a symbol that needs tf-keras resolves without it, but raises when it is used."""
    return row.path.startswith("tf.nn.RNNCell")


def _resolves(row: Symbol, state: State) -> bool:
    return state == "works" or (state == "works with tf-keras" and fails_only_in_use(row))


@measures("legacy-runners-run", seconds=0, together="api_state")
def legacy_runners_run(here: Here) -> Outcome:
    """Run each legacy runner with a custom cell, and with an imported one."""
    rows = _all_answers()["runners"]
    return judged(_errors_of(rows), f"runners over two cells each: {_counted(rows)}", _raising(rows))


@measures("legacy-cells-by-attribute", seconds=0, together="api_state")
def legacy_cells_by_attribute(here: Here) -> Outcome:
    """Run each legacy cell, accessed as an attribute and by an import."""
    attributes, imports = _all_answers()["cells by attribute"], _all_answers()["cells by import"]
    failures = _raising(imports)
    if here.keras_generation == 2:
        failures += _raising(attributes)
    else:
        failures += [f"{name}: {said or RUNS}" for name, said in attributes.items() if "with Keras 3" not in said]
    summary = f"as attributes {_counted(attributes)}; by imports {_counted(imports)}"
    return judged(_errors_of({**attributes, **imports}), summary, failures)


@measures("keras-cells-in-legacy-runners", seconds=0, together="api_state")
def keras_cells_in_legacy_runners(here: Here) -> Outcome:
    """Run dynamic_rnn over Keras cells, and Keras' RNN over the wrappers of tf.nn."""
    rows = _all_answers()["keras cells"]
    failures = [f"{name}: {said or RUNS}" for name, said in rows.items() if bool(said) == (here.keras_generation == 2)]
    return judged(_errors_of(rows), f"programs that mix both: {_counted(rows)}", failures)


@measures("tf-keras-brings-cells-back", seconds=0, together="api_state")
def tf_keras_brings_cells_back(here: Here) -> Outcome:
    """Run what Keras 3 broke, with TF_USE_LEGACY_KERAS=1 and without."""
    if _release(here) < (2, 16):
        return not_measurable("tf.keras is Keras 2 on this TensorFlow: pip install 'tensorflow>=2.16' tf-keras")
    if here.versions.tf_keras is None:
        return not_measurable(f"needs tf-keras: {INSTALL_TF_KERAS}")
    with_it, without = _all_answers()["with TF_USE_LEGACY_KERAS"], _all_answers()["cells by attribute"]
    failures = _raising(with_it) + [f"{name} runs without it" for name, said in without.items() if not said]
    return judged(_errors_of(with_it), f"cells with it: {_counted(with_it)}; without it: {_counted(without)}", failures)


@measures("legacy-keras-needs-tf-keras", seconds=0, together="api_state")
def legacy_keras_needs_tf_keras(here: Here) -> Outcome:
    """Access tf.keras with TF_USE_LEGACY_KERAS=1 while tf-keras cannot be imported."""
    if _release(here) < (2, 15):
        return not_measurable("this TensorFlow does not support TF_USE_LEGACY_KERAS: pip install 'tensorflow>=2.16'")
    rows = _all_answers()["without tf-keras"]
    layer, runner = rows.values()
    failures = [] if layer.startswith("ImportError") else [f"tf.keras.layers.LSTM: {layer or RUNS}"]
    failures += [f"dynamic_rnn: {runner}"] if runner else []
    return judged(_errors_of(rows), f"tf.keras.layers.LSTM: {layer or RUNS}; dynamic_rnn: {runner or RUNS}", failures)


RUNS = "runs"


def _errors_of(rows: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {"programs": {name: said or RUNS for name, said in rows.items()}}


def _counted(rows: Mapping[str, str]) -> str:
    """How many programs run and how many raise."""
    raising = sum(bool(said) for said in rows.values())
    return f"{len(rows) - raising} run, {raising} raise"


def _raising(rows: Mapping[str, str]) -> list[str]:
    return [f"{name}: {said}" for name, said in rows.items() if said]


def _release(here: Here) -> tuple[int, ...]:
    return tuple(int(part) for part in here.versions.tensorflow.split(".")[:2])


@lru_cache(maxsize=1)
def _all_answers() -> dict[str, dict[str, str]]:
    """The answers to all questions by name, in one go because importing TensorFlow takes longest."""
    asked = [path for path in table() if not path.startswith("tfa.") or processes.installed("tensorflow_addons")]
    by_import = tuple(path for path in asked if path.startswith(IMPORTED))
    named = {name: (texts, environment) for name, texts, environment in _programs()}
    questions = {
        "attributes": Question("attribute", tuple(path for path in asked if path not in by_import)),
        "imports": Question("import", by_import),
        "said to work": Question("import", tuple(row.path for row in table().values() if row.import_works)),
        **{name: Question("program", tuple(texts.values()), env) for name, (texts, env) in named.items()},
    }
    answers = dict(zip(questions, ask(list(questions.values())), strict=True))
    for name, (texts, _) in named.items():
        answers[name] = {words: answers[name][text] for words, text in texts.items()}
    return answers


def _programs() -> Iterator[tuple[str, dict[str, str], Mapping[str, str]]]:
    """By question: programs that share a process, because they do not affect each other."""
    imported = programs.BY_IMPORT.format(cell="BasicRNNCell")
    own = {f"{name} over a custom cell": program(name, programs.OWN_CELL) for name in programs.RUNNERS}
    yield (
        "runners",
        own | {f"{name} over BasicRNNCell": program(name, imported, "Legacy(4)") for name in programs.RUNNERS},
        {},
    )
    by_attribute = _cells(programs.BY_ATTRIBUTE, "tf.compat.v1.nn.rnn_cell.{}")
    yield "cells by attribute", by_attribute, {}
    yield "cells by import", _cells(programs.BY_IMPORT, "from tensorflow.compat.v1.nn.rnn_cell import {}"), {}
    inside = {
        f"dynamic_rnn over tf.keras.layers.{cell}": program("dynamic_rnn", programs.KERAS_CELL.format(cell=cell))
        for cell in ("SimpleRNNCell", "LSTMCell", "GRUCell")
    }
    yield (
        "keras cells",
        inside | {f"tf.keras.layers.RNN over tf.nn.{n}": text for n, text in programs.WRAPPERS.items()},
        {},
    )
    if processes.installed("tf_keras"):
        yield "with TF_USE_LEGACY_KERAS", by_attribute, LEGACY_KERAS
    runner = program("dynamic_rnn", programs.BY_IMPORT.format(cell="LSTMCell"), "Legacy(4)")
    texts = {"tf.keras.layers.LSTM": "tf.keras.layers.LSTM", "dynamic_rnn over an imported cell": runner}
    yield "without tf-keras", {name: programs.HIDE_TF_KERAS + text for name, text in texts.items()}, LEGACY_KERAS


def _cells(reached: str, name: str) -> dict[str, str]:
    """For each legacy cell, accessed in one of two ways, a program that runs it."""
    return {
        name.format(cell): program("dynamic_rnn", f"{programs.OWN_CELL}\n{reached.format(cell=cell)}", made)
        for cell, made in programs.CELLS.items()
    }
