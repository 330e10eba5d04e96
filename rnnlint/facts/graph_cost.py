"""How many graph operations does an RNN call add?

The numbers are the rows of ``graph_cost.tsv``, each with the release it was measured on; this module
adds them up for any nesting of known cells. All counts are operations that the call itself adds to a
``tf.compat.v1.Graph``: nodes of the graph and of the functions that come with it, forward only, the
cell's own variables included, the inputs and the ``sequence_length`` tensor not. The depth, the number
of units (but see `Law.exact`), the dtype and any activation that is one operation change nothing.

A part that is not known makes the answer None: then there is no number to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path

__all__ = [
    "Cell",
    "Fact",
    "Law",
    "dynamic",
    "dynamic_bidirectional",
    "keras_loop",
    "keras_unrolled",
    "loop_step",
    "python_loop",
    "static",
    "static_bidirectional",
    "table",
    "with_gradients",
]

_TABLE = Path(__file__).with_name("graph_cost.tsv")

_WRAPPERS = ("DropoutWrapper", "ResidualWrapper", "DeviceWrapper")
_LENGTHS = ("int32", "int64", "constant", "constant64")

# Numbers for each unit in the biases of a plain cell, and in each row of its kernels.
_WIDTHS = {"BasicRNNCell": (1,), "BasicLSTMCell": (4,), "LSTMCell": (4,), "GRUCell": (2, 1)}

# TensorFlow writes zeros of fewer numbers than this as one Const.
_LARGE = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """A known cell, described for costing.

    `kind` is a legacy class: ``BasicRNNCell``, ``BasicLSTMCell``, ``LSTMCell``, ``GRUCell``,
    ``MultiRNNCell``, ``DropoutWrapper``, ``ResidualWrapper`` (with its default function) or
    ``DeviceWrapper``. An option outside of this vocabulary makes the cell unknown:

    - plain cells: ``built`` (its variables are there before the call), ``linear_activation``,
      ``normal_initializer`` (of the kernels: any that draws from a normal distribution) and
      ``keras_initializer`` (what Keras 2's cells, attributes of ``tf.compat.v1.nn.rnn_cell``, start with);
    - ``BasicLSTMCell``, ``LSTMCell``, ``MultiRNNCell``: ``concatenated_state`` (state_is_tuple=False);
    - ``LSTMCell``: ``peepholes``, ``projection``, ``projection_clip``, ``cell_clip``;
    - ``MultiRNNCell``: ``shared`` (all layers are one object, as in ``[cell] * 3``);
    - ``DropoutWrapper``: ``input_keep_prob``, ``output_keep_prob``, ``state_keep_prob`` for a number
      below 1; ``…_keep_prob_tensor`` for a tensor or a variable, of which a name may follow
      (``output_keep_prob_tensor:keep``); ``variational_recurrent``.
    """

    kind: str
    options: frozenset[str] = frozenset()
    inner: tuple[Cell, ...] = ()
    units: int | None = None
    """num_units of a plain cell, where known."""


@dataclass(frozen=True, slots=True)
class Law:
    """Operations as a straight line over the number of steps: fixed + per_step * steps."""

    fixed: int
    """Operations that are added once."""
    per_step: int
    """Operations that each step adds; 0 for a loop."""
    exact: bool = field(default=True, compare=False)
    """False where something that is not known could add a few operations more: 2 for each cell whose
    `Cell.units` are not given (a large bias), or what unnamed keep probability tensors add when they
    are not one and the same."""

    def at(self, steps: int) -> int:
        """The operations for this many steps, one or more."""
        return self.fixed + self.per_step * steps

    def __add__(self, other: Law) -> Law:
        return Law(self.fixed + other.fixed, self.per_step + other.per_step, self.exact and other.exact)


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table: what a part adds, and when."""

    part: str
    option: str = ""
    batch: str = "any"
    """``known``, ``unknown`` or ``any``; so is `time`, the number of steps of a loop's input."""
    time: str = "any"
    sequence_length: str = "any"
    """``yes``, ``no`` or ``any``."""
    control_flow: str = "any"
    """``1``, ``2`` or ``any``."""
    per_call: int = 0
    """Operations, as are the six that follow."""
    per_step: int = 0
    per_state: int = 0
    """For each state tensor of the cell, once."""
    per_state_step: int = 0
    per_capture: int = 0
    """For each tensor from outside that the cell reads (variables, keep probabilities), once."""
    per_capture_step: int = 0
    kernels: int = 0
    """Variables of the cell that its initializer fills."""
    biases: int = 0
    bias_width: int = 0
    """Numbers, for each unit, of the largest bias that starts as zeros."""
    states: int = 0
    """State tensors of the cell."""
    cell_copies: int = 0
    """Calls of the cell outside of the steps."""
    measured_on: str = ""
    meaning: str = ""

    def holds(self, conditions: dict[str, str]) -> bool:
        """Whether the row counts under these conditions; one that is not given is met."""
        return all(getattr(self, name) in ("any", wanted) for name, wanted in conditions.items())


_COLUMNS = tuple(one.name for one in fields(Fact))
_NUMBERS = tuple(one.name for one in fields(Fact) if one.type == "int")


def _row(line: str) -> Fact:
    cells = dict(zip(_COLUMNS, line.split("\t")))
    numbers = {name: int(cells.pop(name) or 0) for name in _NUMBERS}
    return Fact(**cells, **numbers)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def table() -> tuple[Fact, ...]:
    """All rows, in the order of the file."""
    return tuple(map(_row, _TABLE.read_text(encoding="utf-8").splitlines()[1:]))


@lru_cache(maxsize=1)
def _by_key() -> dict[tuple[str, str], tuple[Fact, ...]]:
    found: dict[tuple[str, str], tuple[Fact, ...]] = {}
    for row in table():
        key = (row.part, row.option)
        found[key] = (*found.get(key, ()), row)
    return found


@lru_cache(maxsize=4096)
def _fact(part: str, option: str = "", **conditions: str) -> Fact | None:
    """The rows of a part and option that hold, added up; None when there are none of the kind."""
    rows = _by_key().get((part, option))
    if rows is None:
        return None
    holding = [row for row in rows if row.holds(conditions)]
    return Fact(part, option, **{name: sum(getattr(row, name) for row in holding) for name in _NUMBERS})


def _sure(part: str, option: str = "", **conditions: str) -> Fact:
    """The same for a part that the code names; none that holds is nothing to add."""
    return _fact(part, option, **conditions) or Fact(part, option)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a runner has to know about a cell, whatever its nesting."""

    step: int
    """Operations of one call."""
    states: int
    creation: int = 0
    """Operations that make the variables."""
    captures: int = 0
    """Variables and noise tensors, read from outside."""
    reads: int = 0
    """Operations that read the variables in each call, where no runner caches them."""
    tensors: frozenset[str] = frozenset()
    """Names of keep probability tensors; "" stands for all that have none."""
    dropped_states: int = 1
    """State tensors that a dropout of states touches: not the c of an LSTM."""
    tuple_state: bool = False
    own_output: bool = False
    """The output is none of the state tensors."""
    units_known: bool = True
    """Of each cell that makes its variables in the call."""
    tensors_known: bool = True
    """Whether it can be told how many `tensors` there are."""

    @property
    def all_captures(self) -> int:
        return self.captures + len(self.tensors)


def _shape(cell: Cell, variables: str) -> _Shape | None:
    """`variables` is the option of the table's part "variable"."""
    inner = [shape for one in cell.inner if (shape := _shape(one, variables)) is not None]
    if len(inner) != len(cell.inner):
        return None
    if cell.kind in _WIDTHS:
        return _plain(cell, variables) if not inner else None
    if cell.kind == "MultiRNNCell":
        return _stack(cell, inner) if inner else None
    if cell.kind not in _WRAPPERS or len(inner) != 1:
        return None
    return _dropout(cell, inner[0]) if cell.kind == "DropoutWrapper" else _wrapped(cell, inner[0])


def _plain(cell: Cell, variables: str) -> _Shape | None:
    initializers = {one for one in cell.options if one.endswith("_initializer")}
    options = cell.options - initializers - {"built"}
    if "projection" not in options:
        options -= {"projection_clip"}
    parts = [_fact(cell.kind), *(_fact(cell.kind, option) for option in sorted(options))]
    known = [part for part in parts if part is not None]
    kernel = _fact("initial value", " ".join(["kernel", *initializers]))
    if len(known) != len(parts) or kernel is None:
        return None
    kernels, biases = sum(part.kernels for part in known), sum(part.biases for part in known)
    states = sum(part.states for part in known)
    return _Shape(
        step=sum(part.per_step for part in known),
        states=states,
        creation=_creation(cell, known[0], kernels, biases, kernel, variables),
        captures=kernels + biases,
        reads=(kernels + biases) * _sure("variable", f"{variables} read").per_step,
        tuple_state=states > 1,
        own_output="concatenated_state" in options,
        units_known=cell.units is not None or "built" in cell.options,
    )


def _creation(cell: Cell, plain: Fact, kernels: int, biases: int, kernel: Fact, variables: str) -> int:
    """Operations that make the variables of a plain cell."""
    if "built" in cell.options:
        return 0
    large = (cell.units or 0) * plain.bias_width >= _LARGE
    return (
        (kernels + biases) * _sure("variable", variables).per_call
        + kernels * kernel.per_call
        + biases * _sure("initial value", "bias").per_call
        + (_sure("initial value", "large bias").per_call if large else 0)
    )


def _stack(cell: Cell, layers: list[_Shape]) -> _Shape | None:
    if not cell.options <= {"shared", "concatenated_state"}:
        return None
    joined = "concatenated_state" in cell.options
    # A single layer has nothing to join, which is another law; a tuple cannot be joined.
    if joined and (len(layers) == 1 or any(layer.tuple_state for layer in layers)):
        return None
    joining = _sure(cell.kind, "concatenated_state").per_step if joined else 0
    joining += _sure(cell.kind, "concatenated_state each").per_step * len(layers) if joined else 0
    # Layers that are one object have one set of variables.
    makers = layers[:1] if "shared" in cell.options else layers
    return _Shape(
        step=sum(layer.step for layer in layers) + joining,
        states=1 if joined else sum(layer.states for layer in layers),
        creation=sum(layer.creation for layer in makers),
        captures=sum(layer.captures for layer in makers),
        reads=sum(layer.reads for layer in layers),
        tensors=frozenset().union(*(layer.tensors for layer in makers)),
        dropped_states=1 if joined else sum(layer.dropped_states for layer in layers),
        tuple_state=not joined,
        own_output=joined or layers[-1].own_output,
        units_known=all(layer.units_known for layer in layers),
        tensors_known=_countable(makers),
    )


def _countable(parts: list[_Shape]) -> bool:
    """Whether the keep probability tensors of all the parts together can be counted."""
    using = [part for part in parts if part.tensors]
    unnamed = any("" in part.tensors for part in using)
    return all(part.tensors_known for part in using) and not (unnamed and len(using) > 1)


def _wrapped(cell: Cell, inner: _Shape) -> _Shape | None:
    if cell.options:
        return None
    own_output = inner.own_output or cell.kind == "ResidualWrapper"
    return replace(inner, step=inner.step + _sure(cell.kind).per_step, own_output=own_output)


def _dropout(cell: Cell, inner: _Shape) -> _Shape | None:
    slots = list(_slots(cell.options - {"variational_recurrent"}))
    places = [place for place, _ in slots]
    if "" in places or len(set(places)) < len(places):
        return None
    noisy = " variational_recurrent" if "variational_recurrent" in cell.options else ""
    step, noise = 0, 0
    for place, tensor in slots:
        touched = inner.dropped_states if place == "state" else 1
        step += touched * _sure(cell.kind, f"keep_prob{'' if tensor is None else ' tensor'}{noisy}").per_step
        noise += touched if noisy else 0
    own = [_Shape(0, 0, tensors=frozenset({tensor})) for _, tensor in slots if tensor is not None]
    return replace(
        inner,
        step=inner.step + step,
        captures=inner.captures + noise,
        tensors=inner.tensors.union(*(one.tensors for one in own)),
        own_output=inner.own_output or not {"output", "state"}.isdisjoint(places),
        tensors_known=_countable([inner, *own]),
    )


def _slots(options: frozenset[str]) -> Iterator[tuple[str, str | None]]:
    """What is dropped out (input, output or state; "" when not understood) and the tensor's name."""
    for option in sorted(options):
        match = re.fullmatch(r"(input|output|state)_keep_prob(?:(_tensor)(?::(.*))?)?", option)
        if match is None:
            yield "", None
        else:
            yield match[1], (match[3] or "") if match[2] else None


@dataclass(frozen=True, slots=True)
class _Call:
    """The conditions of one runner call, in the table's words."""

    batch_known: bool
    sequence_length: bool
    control_flow: int
    resource_variables: bool | None
    lengths: str
    time_known: bool = True

    def conditions(self) -> dict[str, str]:
        return {
            "batch": "known" if self.batch_known else "unknown",
            "time": "known" if self.time_known else "unknown",
            "sequence_length": "yes" if self.sequence_length else "no",
            "control_flow": str(self.control_flow),
        }

    def variables(self) -> str:
        resource = self.control_flow == 2 if self.resource_variables is None else self.resource_variables
        return "resource" if resource else "reference"

    def valid(self) -> bool:
        return self.control_flow in (1, 2) and self.lengths in _LENGTHS

    def parts(self, runner: str, *options: str) -> list[Fact]:
        """The runner's rows that hold, those of the options and of the form of the lengths too."""
        return [_sure(runner, option, **self.conditions()) for option in ("", self.lengths, *options)]


def _unroll(cell: Cell, call: _Call, initial_state: bool) -> Law | None:
    shape = _shape(cell, call.variables()) if call.valid() else None
    if shape is None:
        return None
    parts = call.parts("static_rnn", *(["own output"] if shape.own_output else []))
    if not initial_state:
        parts.append(_sure("zero_state", **call.conditions()))
    fixed = sum(part.per_call + shape.states * part.per_state for part in parts)
    step = sum(
        part.per_step + shape.states * part.per_state_step + shape.all_captures * part.per_capture_step
        for part in parts
    )
    counts_captures = any(part.per_capture_step for part in parts)
    exact = shape.units_known and (shape.tensors_known or not counts_captures)
    return Law(fixed + shape.creation, step + shape.step, exact)


def _loop(cell: Cell, call: _Call, initial_state: bool, time_major: bool) -> Law | None:
    shape = _shape(cell, call.variables()) if call.valid() else None
    if shape is None:
        return None
    parts = call.parts("dynamic_rnn", *([] if time_major else ["batch_major"]))
    if not initial_state:
        parts.append(_sure("zero_state", **call.conditions()))
    fixed = sum(part.per_call + shape.states * part.per_state + shape.all_captures * part.per_capture for part in parts)
    return Law(fixed + shape.creation + shape.step, 0, shape.units_known and shape.tensors_known)


def static(
    cell: Cell,
    *,
    batch_known: bool,
    sequence_length: bool,
    initial_state: bool = False,
    control_flow: int = 2,
    resource_variables: bool | None = None,
    lengths: str = "int32",
) -> Law | None:
    """Operations that ``static_rnn`` adds; None when a part of the cell is not known.

    `initial_state`: given to the call, instead of dtype alone. `control_flow` is 2 by default and 1 after
    ``disable_v2_behavior`` or ``disable_control_flow_v2``. `resource_variables` follows `control_flow`
    when it is None, as ``disable_v2_behavior`` has it. `lengths` is the form of sequence_length: a tensor
    of ``int32`` or ``int64``, a list or int32 array (``constant``), an int64 array (``constant64``).
    """
    return _unroll(cell, _Call(batch_known, sequence_length, control_flow, resource_variables, lengths), initial_state)


def dynamic(
    cell: Cell,
    *,
    batch_known: bool,
    sequence_length: bool,
    time_major: bool = False,
    time_known: bool = True,
    initial_state: bool = False,
    control_flow: int = 2,
    resource_variables: bool | None = None,
    lengths: str = "int32",
) -> Law | None:
    """Operations that ``dynamic_rnn`` adds, whatever the number of steps; see `static`."""
    call = _Call(batch_known, sequence_length, control_flow, resource_variables, lengths, time_known)
    return _loop(cell, call, initial_state, time_major)


def static_bidirectional(
    fw: Cell,
    bw: Cell,
    *,
    batch_known: bool,
    sequence_length: bool,
    initial_state: bool | tuple[bool, bool] = False,
    control_flow: int = 2,
    resource_variables: bool | None = None,
    lengths: str = "int32",
) -> Law | None:
    """Operations that ``static_bidirectional_rnn`` adds; `initial_state` for both or (fw, bw); see `static`."""
    call = _Call(batch_known, sequence_length, control_flow, resource_variables, lengths)
    states = _for_both(initial_state)
    return _joined(call, "static_bidirectional_rnn", [_unroll(fw, call, states[0]), _unroll(bw, call, states[1])])


def dynamic_bidirectional(
    fw: Cell,
    bw: Cell,
    *,
    batch_known: bool,
    sequence_length: bool,
    time_major: bool = False,
    time_known: bool = True,
    initial_state: bool | tuple[bool, bool] = False,
    control_flow: int = 2,
    resource_variables: bool | None = None,
    lengths: str = "int32",
) -> Law | None:
    """Operations that ``bidirectional_dynamic_rnn`` adds, whatever the number of steps; see `static`."""
    call = _Call(batch_known, sequence_length, control_flow, resource_variables, lengths, time_known)
    states = _for_both(initial_state)
    both = [_loop(fw, call, states[0], time_major), _loop(bw, call, states[1], time_major)]
    return _joined(call, "bidirectional_dynamic_rnn", both)


def _for_both(initial_state: bool | tuple[bool, bool]) -> tuple[bool, bool]:
    """The same answer for both directions, unless there is one for each."""
    return initial_state if isinstance(initial_state, tuple) else (initial_state, initial_state)


def _joined(call: _Call, runner: str, directions: list[Law | None]) -> Law | None:
    total = Law(0, 0)
    for law in directions:
        if law is None:
            return None
        total += law
    for part in call.parts(runner):
        total += Law(part.per_call, part.per_step)
    return total


def with_gradients(
    runner: str,
    cell: Cell,
    *,
    batch_known: bool,
    sequence_length: bool,
    time_major: bool = False,
    time_known: bool = True,
    initial_state: bool = False,
    control_flow: int = 2,
    resource_variables: bool | None = None,
    depth: int | None = None,
    batch: int | None = None,
) -> Law | None:
    """Operations of ``static_rnn`` or ``dynamic_rnn`` and of its gradients, for two steps or more.

    The gradients are those that ``tf.gradients`` adds for the sum of the last step's output and all
    variables of the cell; the sum and the selection of the last step are not counted. Known for a plain
    cell without options other than ``built`` and initializers; None for all others. The sizes count here:
    `depth` of the inputs and `batch`, the known batch size, beside `Cell.units`; where one is missing
    that decides, the law is that of small ones and not `Law.exact`.
    """
    if any(option != "built" and not option.endswith("_initializer") for option in cell.options):
        return None
    call = _Call(batch_known, sequence_length, control_flow, resource_variables, "int32", time_known)
    shape = _shape(cell, call.variables())
    last = _fact("gradients", f"{runner} {cell.kind}", **call.conditions())
    if shape is None or last is None:
        return None
    static_runner = runner == "static_rnn"
    forward = _unroll(cell, call, initial_state) if static_runner else _loop(cell, call, initial_state, time_major)
    if forward is None:
        return None
    large = cell.units is not None and batch is not None and cell.units * batch >= _LARGE
    options = [*(["large state"] if large else []), *([] if static_runner or time_major else ["batch_major"]), ""]
    parts = [last, *(_sure("gradients", f"{runner} {one}".strip(), **call.conditions()) for one in options)]
    parts += [_sure("gradients", f"{runner} large variable", **call.conditions())] * _large_variables(cell, depth)
    fixed = sum(part.per_call + shape.states * part.per_state for part in parts)
    step = sum(part.per_step + shape.states * part.per_state_step for part in parts)
    by_variables = static_runner and sequence_length and control_flow == 2
    by_states = batch_known and (sequence_length or not static_runner)
    missing = [by_variables and depth is None, by_states and batch is None, cell.units is None]
    return forward + Law(fixed, step, not any(missing))


def _large_variables(cell: Cell, depth: int | None) -> int:
    """How many variables of a plain cell hold _LARGE numbers or more."""
    if cell.units is None:
        return 0
    widths = [width * cell.units for width in _WIDTHS[cell.kind]]
    kernels = [(depth + cell.units) * width for width in widths] if depth is not None else []
    return sum(size >= _LARGE for size in widths + kernels)


def python_loop(cell: Cell, *, resource_variables: bool = True) -> Law | None:
    """Operations of a Python loop that calls a legacy cell once in each pass, and of nothing else in it.

    `Law.fixed` are the variables, made in the first pass; zero_state and the inputs are not counted.
    """
    variables = "resource" if resource_variables else "reference"
    shape = _shape(cell, f"{variables} uncached")
    if shape is None:
        return None
    return Law(shape.creation, shape.step + shape.reads, shape.units_known)


def loop_step(cell: Cell | str, *, keras: int = 3, resource_variables: bool = True) -> int | None:
    """Operations that each pass of a Python loop adds by one call of a built cell.

    A legacy cell (in a graph), or the name of a Keras cell with default arguments: ``SimpleRNNCell``,
    ``LSTMCell``, ``GRUCell``. Selecting the step's input is not counted.
    """
    if isinstance(cell, Cell):
        law = python_loop(cell, resource_variables=resource_variables)
        return None if law is None else law.per_step
    found = _fact(f"keras {keras} cell", cell)
    return None if found is None else found.per_step


@dataclass(frozen=True, slots=True)
class _Layer:
    """A Keras recurrent layer as written for `keras_unrolled`."""

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
    cells = [found for name in names if (found := _fact(f"keras {keras} cell", name)) is not None]
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
    Placeholders for captured variables are not counted. `batch` is the batch size, None where the graph
    does not know it; `units` those of every cell. `keras` is 3 or 2; the minor release matters to the
    fixed part, see the table.
    """
    return _keras(layer, "unrolled", keras, return_sequences, batch, units, time_known=True)


def keras_loop(
    layer: str,
    *,
    keras: int = 3,
    return_sequences: bool = False,
    batch: int | None = None,
    units: int | None = None,
    time_known: bool = True,
) -> Law | None:
    """The same with ``unroll=False``, whatever the number of steps; see `keras_unrolled`."""
    return _keras(layer, "loop", keras, return_sequences, batch, units, time_known=time_known)


def _keras(
    text: str, way: str, keras: int, sequences: bool, batch: int | None, units: int | None, *, time_known: bool
) -> Law | None:
    layer = _layer(text, keras)
    if layer is None:
        return None
    large = batch is not None and (units or 0) * batch >= _LARGE
    options = ["", layer.name]
    options += ["stacked"] if layer.stacked else []
    options += ["large state"] if large else []
    # The width of the bias is that of LSTM, whose second version pads it.
    options += [f"{layer.name} large bias"] if (units or 0) * 4 >= _LARGE else []
    options += ["return_sequences", f"{layer.name} return_sequences"] if sequences else []
    part = f"keras {keras} {way}"
    when = {"batch": "unknown" if batch is None else "known", "time": "known" if time_known else "unknown"}
    law = _keras_direction(layer, part, options, when)
    if layer.bidirectional:
        back = ["backward", f"{layer.name} backward"]
        back += [f"{layer.name} backward return_sequences"] if sequences else []
        law += _keras_direction(layer, part, options + back, when)
        fused = layer.name in ("LSTM", "GRU")
        around = [""]
        around += ["return_sequences"] if sequences else []
        around += ["fused", *(["fused large state"] if large else []), f"fused {way}"] if fused else []
        law += Law(sum(_sure(f"keras {keras} bidirectional", one, **when).per_call for one in around), 0)
    # Where zeros are written as one Const or more depends on the units.
    depends = (batch is not None and keras == 3) or (_fact(part, f"{layer.name} large bias") is not None)
    return Law(law.fixed, law.per_step, units is not None or not depends)


def _keras_direction(layer: _Layer, part: str, options: list[str], when: dict[str, str]) -> Law:
    parts = [_sure(part, option, **when) for option in options]
    step = sum(cell.per_step for cell in layer.cells)
    states = sum(cell.states for cell in layer.cells)
    fixed = sum(one.per_call + one.per_state * states + one.cell_copies * step for one in parts)
    return Law(fixed, step if part.endswith("unrolled") else 0)
