"""What is a measurement? One function that asks TensorFlow about one claim, and what it finds.

A module of `rnnlint.probe.claims` marks its functions with `measures`; nothing has to be listed. Such a module
imports TensorFlow, Keras and numpy nowhere: what it needs comes with `Here`.
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
"""The command that makes measurable what needs Keras 2 on TensorFlow 2.16 and later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a measurement found. Values are what JSON can hold: no numpy scalars, no tuples as keys."""

    verdict: Verdict
    measured: Mapping[str, Any]
    """The numbers, by name; units are in the names (``seconds``, ``operations_a_step``)."""
    summary: str = ""
    """The numbers that matter in one line for people, as terminals and pages show it."""
    why: str = ""
    """One line. Refuted: what failed. Undecided: what scatters too far. Not measurable: the reason, and the command
    that would change it."""


def confirmed(measured: Mapping[str, Any], summary: str) -> Outcome:
    """The claim holds here."""
    return Outcome("confirmed", measured, summary)


def refuted(measured: Mapping[str, Any], summary: str, why: str) -> Outcome:
    """The claim does not hold here; `why` says what failed."""
    return Outcome("refuted", measured, summary, why)


def undecided(measured: Mapping[str, Any], summary: str, why: str) -> Outcome:
    """Times scatter so far here that they decide nothing; `why` says which."""
    return Outcome("undecided", measured, summary, why)


def not_measurable(why: str, measured: Mapping[str, Any] | None = None) -> Outcome:
    """Nothing can be said here; `why` holds the command that would change that."""
    return Outcome("not-measurable", measured or {}, "", why)


def judged(measured: Mapping[str, Any], summary: str, failures: Iterable[str]) -> Outcome:
    """Confirmed where nothing failed, else refuted by the first failures; each is a short clause."""
    found = list(failures)
    if not found:
        return confirmed(measured, summary)
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    return refuted(measured, summary, "; ".join(found[:3]) + more)


@dataclass(frozen=True, slots=True)
class Versions:
    """The releases that measure. `keras` is the one that ``tf.keras`` is in this process."""

    tensorflow: str
    keras: str
    tf_keras: str | None
    """Whether or not it is in use; None where it is not installed."""
    python: str


@dataclass(frozen=True, slots=True)
class Here:
    """What a measurement gets: this process's TensorFlow, eager, with control flow version 2.

    On the CPU, unless a GPU was asked for.
    """

    tf: Any
    """The imported module ``tensorflow``."""
    keras_generation: Literal[2, 3]
    """Of ``tf.keras`` in this process."""
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
        """The module that holds the legacy cells and wrappers, whatever Keras is installed.

        It is the private ``tensorflow.python.ops.rnn_cell``: the attributes of the public
        ``tf.compat.v1.nn.rnn_cell`` raise on Keras 3, and importing that module by its name would rebind it for the
        whole process.
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
    """About how long the quick form takes, the import of TensorFlow not counted."""
    alone: bool
    """Whether it must share its process with no other."""
    timed: bool
    """Whether it measures time: then nothing else is measured meanwhile."""
    together: str
    """Measurements of the same word share a process, since the first one measures for all; empty: none do."""

    @property
    def name(self) -> str:
        """Module and function as `facts.claims` names them, such as ``unrolling.static_graph_grows``."""
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
    """Register the function that decides a claim, a `Measure`. Raises ValueError where the claim has one already.

    ``environment={"TF_USE_LEGACY_KERAS": "1"}`` asks for Keras 2: where tf-keras is not installed the variable is
    left out (it would break ``tf.keras``), and the function sees that `Here.keras_generation` is not 2.
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
    """All measurements by the claim that they decide; imports no TensorFlow."""
    package = importlib.import_module("rnnlint.probe.claims")
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
    return MappingProxyType(dict(sorted(_REGISTERED.items())))
