"""How many graph operations does a call of a Keras recurrent layer add, unrolled or looped?

Numbers and definition are those of ``graph_cost``; the layer is already built, and is called in a ``tf.function``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rnnlint.facts.cost_table import LARGE, Fact, Law, fact, sure

__all__ = ["keras_loop", "keras_unrolled"]


@dataclass(frozen=True, slots=True)
class _Layer:
    """A Keras recurrent layer, parsed from the text that `keras_unrolled` takes."""

    cells: tuple[Fact, ...]
    name: str
    """``LSTM`` or ``GRU`` for the layer itself, ``SimpleRNN``, or ``RNN``."""
    stacked: bool
    bidirectional: bool


def _layer(text: str, keras: int) -> _Layer | None:
    text = text.replace(" ", "")
    outer = re.fullmatch(r"Bidirectional\((.+)\)", text)
    inside = outer[1] if outer else text
    match = re.fullmatch(r"(SimpleRNN|LSTM|GRU)|RNN\((\[?)(\w+(?:,\w+)*)(\]?)\)", inside)
    if match is None or bool(match[2]) != bool(match[4]):
        return None
    names = [f"{match[1]}Cell"] if match[1] else match[3].split(",")
    cells = [found for name in names if (found := fact(f"keras {keras} cell", name)) is not None]
    if len(cells) != len(names) or (len(cells) > 1 and not match[2]):
        return None
    return _Layer(tuple(cells), match[1] or "RNN", bool(match[2]), outer is not None)


def keras_unrolled(
    layer: str,
    *,
    keras: int = 3,
    return_sequences: bool = False,
    batch: int | None = None,
    units: int | None = None,
) -> Law | None:
    """Operations that a call of a built Keras layer with ``unroll=True`` adds to a ``tf.function``'s graph.

    Written ``LSTM`` (``GRU``, ``SimpleRNN``), ``RNN(LSTMCell)``, ``RNN([LSTMCell, GRUCell])`` for stacked
    cells, or ``Bidirectional(…)`` around one of these. All arguments that are not named here are the
    defaults (return_state and go_backwards change nothing), without a mask, dropout or an initial state.
    Placeholders for captured variables are not counted. `batch` is the batch size, None if the graph
    does not know it; `units` those of every cell. `keras` is 3 or 2; the minor release matters to the
    fixed part, see the table.
    """
    return _keras(layer, "unrolled", keras, return_sequences, batch, units, time_known=True, bundled=False)


def keras_loop(
    layer: str,
    *,
    keras: int = 3,
    return_sequences: bool = False,
    batch: int | None = None,
    units: int | None = None,
    time_known: bool = True,
    bundled: bool = False,
) -> Law | None:
    """The same with ``unroll=False``, whatever the number of steps; see `keras_unrolled`.

    `bundled` is the Keras 2 that comes with TensorFlow 2.15 and before; otherwise 2 is tf-keras.
    """
    return _keras(layer, "loop", keras, return_sequences, batch, units, time_known=time_known, bundled=bundled)


def _keras(
    text: str,
    way: str,
    keras: int,
    sequences: bool,
    batch: int | None,
    units: int | None,
    *,
    time_known: bool,
    bundled: bool,
) -> Law | None:
    layer = _layer(text, keras)
    if layer is None:
        return None
    large = batch is not None and (units or 0) * batch >= LARGE
    options = ["", layer.name]
    options += ["stacked"] if layer.stacked else []
    options += ["large state"] if large else []
    # The width of the bias is that of LSTM, whose second version pads it.
    options += [f"{layer.name} large bias"] if (units or 0) * 4 >= LARGE else []
    options += ["return_sequences", f"{layer.name} return_sequences"] if sequences else []
    fused = layer.name in ("LSTM", "GRU")
    old = ["bundled"] if bundled and fused else []
    options += [*old, *(f"{one} return_sequences" for one in old if sequences)]
    part = f"keras {keras} {way}"
    when = {"batch": "unknown" if batch is None else "known", "time": "known" if time_known else "unknown"}
    law = _keras_direction(layer, part, options, when)
    if layer.bidirectional:
        back = ["backward", f"{layer.name} backward"]
        back += [f"{layer.name} backward return_sequences"] if sequences else []
        back += [f"{one} backward{rest}" for one in old for rest in ("", *([" return_sequences"] if sequences else []))]
        law += _keras_direction(layer, part, options + back, when)
        around = [""]
        around += ["return_sequences"] if sequences else []
        around += ["fused", *(["fused large state"] if large else []), f"fused {way}"] if fused else []
        law += Law(sum(sure(f"keras {keras} bidirectional", one, **when).per_call for one in around), 0)
    # Whether zeros are written as one Const or as more depends on the units.
    depends = (batch is not None and keras == 3) or (fact(part, f"{layer.name} large bias") is not None)
    return Law(law.fixed, law.per_step, units is not None or not depends)


def _keras_direction(layer: _Layer, part: str, options: list[str], when: dict[str, str]) -> Law:
    parts = [sure(part, option, **when) for option in options]
    step = sum(cell.per_step for cell in layer.cells)
    states = sum(cell.states for cell in layer.cells)
    fixed = sum(one.per_call + one.per_state * states + one.cell_copies * step for one in parts)
    return Law(fixed, step if part.endswith("unrolled") else 0)
