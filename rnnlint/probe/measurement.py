"""What is a measurement? One function that tests TensorFlow for one claim, and its findings.

A module of `rnnlint.probe.claims` marks its functions with `measures`; there is no list of them. Such a module must not
import TensorFlow, Keras or numpy: it gets them from `Here`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import Any, Literal

__all__ = [
    "INSTALL_TF_KERAS",
    "Device",
    "Here",
    "Measure",
    "Measurement",
    "Outcome",
    "Verdict",
    "Versions",
    "confirmed",
    "judged",
    "measurements",
    "measures",
    "not_measurable",
    "refuted",
    "undecided",
]

Device = Literal["cpu", "gpu"]

Verdict = Literal["confirmed", "refuted", "undecided", "not-measurable"]

INSTALL_TF_KERAS = "pip install tf-keras"
"""The command that installs what Keras 2 needs on TensorFlow 2.16 and later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a measurement. Values are JSON types: no numpy scalars, no tuples as keys."""

    verdict: Verdict
    measured: Mapping[str, Any]
    """The numbers, by name; units are in the names (``seconds``, ``operations_a_step``)."""
    summary: str = ""
    """The most important numbers as one line for people, shown in terminals and on pages."""
    why: str = ""
    """One line. Refuted: what failed. Undecided: what varies too much. Not measurable: the reason, and a command
    that would change it."""


def confirmed(measured: Mapping[str, Any], summary: str) -> Outcome:
    """A confirmed claim."""
    return Outcome("confirmed", measured, summary)


def refuted(measured: Mapping[str, Any], summary: str, why: str) -> Outcome:
    """A refuted claim; `why` says what failed."""
    return Outcome("refuted", measured, summary, why)


def undecided(measured: Mapping[str, Any], summary: str, why: str) -> Outcome:
    """Times vary too much here to decide; `why` says which."""
    return Outcome("undecided", measured, summary, why)


def not_measurable(why: str, measured: Mapping[str, Any] | None = None) -> Outcome:
    """Nothing can be measured here; `why` contains a command that would change that."""
    return Outcome("not-measurable", measured or {}, "", why)


def judged(measured: Mapping[str, Any], summary: str, failures: Iterable[str]) -> Outcome:
    """Confirmed if there are no failures, else refuted by the first ones; each is a short clause."""
    found = list(failures)
    if not found:
        return confirmed(measured, summary)
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    return refuted(measured, summary, "; ".join(found[:3]) + more)


@dataclass(frozen=True, slots=True)
class Versions:
    """The releases of the measurement. `keras` is the ``tf.keras`` of this process."""

    tensorflow: str
    keras: str
    tf_keras: str | None
    """Whether or not it is in use; None if it is not installed."""
    python: str


@dataclass(frozen=True, slots=True)
class Here:
    """What a measurement gets: this process's TensorFlow, eager, with control flow version 2.

    On the CPU, unless a GPU was requested.
    """

    tf: Any
    """The imported module ``tensorflow``."""
    keras_generation: Literal[2, 3]
    """The major version of ``tf.keras`` in this process."""
    full: bool
    """Measure all sizes, not only the quick ones."""
    versions: Versions

    @property
    def v1(self) -> Any:
        """``tf.compat.v1``."""
        return self.tf.compat.v1

    @property
    def numpy(self) -> Any:
        """The module numpy."""
        return importlib.import_module("numpy")

    @property
    def rnn_cell(self) -> Any:
        """The module with the legacy cells and wrappers, whatever Keras is installed.

        It is the private ``tensorflow.python.ops.rnn_cell``: the attributes of the public ``tf.compat.v1.nn.rnn_cell``
        raise on Keras 3, and importing that module by name would rebind it for the whole process.
        """
        return importlib.import_module("tensorflow.python.ops.rnn_cell")

    def module(self, name: str) -> ModuleType:
        """Any other module, imported now. Raises ImportError."""
        return importlib.import_module(name)


Measure = Callable[[Here], Outcome]


@dataclass(frozen=True, slots=True)
class Measurement:
    """A function with the claim that it decides and the process that it needs."""

    claim: str
    function: Measure = field(compare=False)
    environment: Mapping[str, str]
    """Environment variables of its process, beyond those that every one has."""
    seconds: float
    """The approximate seconds of a quick run, without the import of TensorFlow."""
    alone: bool
    """Whether it needs a process without other measurements."""
    timed: bool
    """Whether it measures time: then nothing else is measured at the same time."""
    together: str
    """Measurements with the same word share a process, since the first one measures for all; empty if none."""

    @property
    def name(self) -> str:
        """Module and function in the form of `facts.claims`, such as ``unrolling.static_graph_grows``."""
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"


_REGISTERED: dict[str, Measurement] = {}


def measures(
    claim: str,
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = 1.0,
    alone: bool = False,
    timed: bool = False,
    together: str = "",
) -> Callable[[Measure], Measure]:
    """Register the function that decides a claim, a `Measure`. Raises ValueError if the claim already has one.

    ``environment={"TF_USE_LEGACY_KERAS": "1"}`` requests Keras 2: without tf-keras the variable is not set (it would
    break ``tf.keras``), and `Here.keras_generation` is not 2.
    """

    def register(function: Measure) -> Measure:
        if claim in _REGISTERED:
            raise ValueError(f"{claim} is already measured by {_REGISTERED[claim].name}")
        needs = MappingProxyType(dict(environment or {}))
        _REGISTERED[claim] = Measurement(claim, function, needs, seconds, alone, timed, together)
        return function

    return register


@lru_cache(maxsize=1)
def measurements() -> Mapping[str, Measurement]:
    """All measurements by the claim that they decide; does not import TensorFlow."""
    package = importlib.import_module("rnnlint.probe.claims")
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
    return MappingProxyType(dict(sorted(_REGISTERED.items())))
