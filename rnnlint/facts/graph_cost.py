"""How many graph operations does an RNN call add?

The numbers are the rows of ``graph_cost.tsv``, each with the release it was measured on; this module adds them up for
any nesting of known cells. All counts are operations that the call itself adds to a ``tf.compat.v1.Graph``: nodes of
the graph and of the functions that come with it, forward only, including the cell's own variables but not the inputs or
the ``sequence_length`` tensor. The depth, the number of units (except as noted in `Law.exact`), the dtype and any
activation that is one operation change nothing.

An unknown part makes the answer None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnnlint.facts.cost_table import LARGE, Fact, Law, fact, sure

__all__ = [
    "Cell",
    "Law",
    "dynamic",
    "dynamic_bidirectional",
    "loop_step",
    "python_loop",
    "static",
    "static_bidirectional",
    "with_gradients",
]

_WRAPPERS = ("DropoutWrapper", "ResidualWrapper", "DeviceWrapper")
_LENGTHS = ("int32", "int64", "constant", "constant64")

# Numbers per unit in the biases of a plain cell, and in each row of its kernels.
_WIDTHS = {"BasicRNNCell": (1,), "BasicLSTMCell": (4,), "LSTMCell": (4,), "GRUCell": (2, 1)}


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
    """num_units of a plain cell, if known."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a runner needs to know about a cell, whatever its nesting."""

    step: int
    """Operations of one call."""
    states: int
    creation: int = 0
    """Operations that create the variables."""
    captures: int = 0
    """Variables and noise tensors, read from outside."""
    reads: int = 0
    """Operations that read the variables in each call, unless a runner caches them."""
    tensors: frozenset[str] = frozenset()
    """Names of keep probability tensors; "" stands for all unnamed ones."""
    dropped_states: int = 1
    """State tensors that state dropout affects: not the c of an LSTM."""
    tuple_state: bool = False
    own_output: bool = False
    """Whether the output is separate from all state tensors."""
    units_known: bool = True
    """For each cell that creates its variables in the call."""
    tensors_known: bool = True
    """Whether the number of `tensors` is known."""

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
    parts = [fact(cell.kind), *(fact(cell.kind, option) for option in sorted(options))]
    known = [part for part in parts if part is not None]
    kernel = fact("initial value", " ".join(["kernel", *initializers]))
    if len(known) != len(parts) or kernel is None:
        return None
    kernels, biases = sum(part.kernels for part in known), sum(part.biases for part in known)
    states = sum(part.states for part in known)
    return _Shape(
        step=sum(part.per_step for part in known),
        states=states,
        creation=_creation(cell, known[0], kernels, biases, kernel, variables),
        captures=kernels + biases,
        reads=(kernels + biases) * sure("variable", f"{variables} read").per_step,
        tuple_state=states > 1,
        own_output="concatenated_state" in options,
        units_known=cell.units is not None or "built" in cell.options,
    )


def _creation(cell: Cell, plain: Fact, kernels: int, biases: int, kernel: Fact, variables: str) -> int:
    """Operations that create the variables of a plain cell."""
    if "built" in cell.options:
        return 0
    large = (cell.units or 0) * plain.bias_width >= LARGE
    return (
        (kernels + biases) * sure("variable", variables).per_call
        + kernels * kernel.per_call
        + biases * sure("initial value", "bias").per_call
        + (sure("initial value", "large bias").per_call if large else 0)
    )


def _stack(cell: Cell, layers: list[_Shape]) -> _Shape | None:
    if not cell.options <= {"shared", "concatenated_state"}:
        return None
    joined = "concatenated_state" in cell.options
    # A single layer has nothing to join, which is a different law; a tuple cannot be joined.
    if joined and (len(layers) == 1 or any(layer.tuple_state for layer in layers)):
        return None
    joining = sure(cell.kind, "concatenated_state").per_step if joined else 0
    joining += sure(cell.kind, "concatenated_state each").per_step * len(layers) if joined else 0
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
    """Whether the keep probability tensors of all parts together can be counted."""
    using = [part for part in parts if part.tensors]
    unnamed = any("" in part.tensors for part in using)
    return all(part.tensors_known for part in using) and not (unnamed and len(using) > 1)


def _wrapped(cell: Cell, inner: _Shape) -> _Shape | None:
    if cell.options:
        return None
    own_output = inner.own_output or cell.kind == "ResidualWrapper"
    return replace(inner, step=inner.step + sure(cell.kind).per_step, own_output=own_output)


def _dropout(cell: Cell, inner: _Shape) -> _Shape | None:
    slots = list(_slots(cell.options - {"variational_recurrent"}))
    places = [place for place, _ in slots]
    if "" in places or len(set(places)) < len(places):
        return None
    noisy = " variational_recurrent" if "variational_recurrent" in cell.options else ""
    step, noise = 0, 0
    for place, tensor in slots:
        touched = inner.dropped_states if place == "state" else 1
        step += touched * sure(cell.kind, f"keep_prob{'' if tensor is None else ' tensor'}{noisy}").per_step
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
    """What is dropped out (input, output or state; "" if unknown) and the tensor's name."""
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
        """The runner's rows that apply, including those of the options and of the form of the lengths."""
        return [sure(runner, option, **self.conditions()) for option in ("", self.lengths, *options)]


def _unroll(cell: Cell, call: _Call, initial_state: bool) -> Law | None:
    shape = _shape(cell, call.variables()) if call.valid() else None
    if shape is None:
        return None
    parts = call.parts("static_rnn", *(["own output"] if shape.own_output else []))
    if not initial_state:
        parts.append(sure("zero_state", **call.conditions()))
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
        parts.append(sure("zero_state", **call.conditions()))
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
    """Operations that ``static_rnn`` adds; None if a part of the cell is unknown.

    `initial_state`: passed to the call, instead of dtype alone. `control_flow` is 2 by default and 1 after
    ``disable_v2_behavior`` or ``disable_control_flow_v2``. `resource_variables` follows `control_flow` if it is None,
    as with ``disable_v2_behavior``. `lengths` is the form of sequence_length: a tensor of ``int32`` or ``int64``, a
    list or int32 array (``constant``), an int64 array (``constant64``).
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
    """The same value for both directions, unless there is one for each."""
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
    """Operations of ``static_rnn`` or ``dynamic_rnn`` and of its gradients, for two or more steps.

    The gradients are those that ``tf.gradients`` adds for the sum of the last step's output and all variables of the
    cell; the sum and the selection of the last step are not counted. Known for a plain cell without options other than
    ``built`` and initializers; None for all others. The sizes matter here: `depth` of the inputs and `batch`, the known
    batch size, besides `Cell.units`; if a relevant one is missing, the law is that of small sizes and not `Law.exact`.
    """
    if any(option != "built" and not option.endswith("_initializer") for option in cell.options):
        return None
    call = _Call(batch_known, sequence_length, control_flow, resource_variables, "int32", time_known)
    shape = _shape(cell, call.variables())
    last = fact("gradients", f"{runner} {cell.kind}", **call.conditions())
    if shape is None or last is None:
        return None
    static_runner = runner == "static_rnn"
    forward = _unroll(cell, call, initial_state) if static_runner else _loop(cell, call, initial_state, time_major)
    if forward is None:
        return None
    large = cell.units is not None and batch is not None and cell.units * batch >= LARGE
    options = [*(["large state"] if large else []), *([] if static_runner or time_major else ["batch_major"]), ""]
    parts = [last, *(sure("gradients", f"{runner} {one}".strip(), **call.conditions()) for one in options)]
    parts += [sure("gradients", f"{runner} large variable", **call.conditions())] * _large_variables(cell, depth)
    fixed = sum(part.per_call + shape.states * part.per_state for part in parts)
    step = sum(part.per_step + shape.states * part.per_state_step for part in parts)
    by_variables = static_runner and sequence_length and control_flow == 2
    by_states = batch_known and (sequence_length or not static_runner)
    missing = [by_variables and depth is None, by_states and batch is None, cell.units is None]
    return forward + Law(fixed, step, not any(missing))


def _large_variables(cell: Cell, depth: int | None) -> int:
    """How many variables of a plain cell have LARGE or more numbers."""
    if cell.units is None:
        return 0
    widths = [width * cell.units for width in _WIDTHS[cell.kind]]
    kernels = [(depth + cell.units) * width for width in widths] if depth is not None else []
    return sum(size >= LARGE for size in widths + kernels)


def python_loop(cell: Cell, *, resource_variables: bool = True) -> Law | None:
    """Operations of a Python loop that only calls a legacy cell once in each iteration.

    `Law.fixed` are the variables, created in the first iteration; zero_state and the inputs are not counted.
    """
    variables = "resource" if resource_variables else "reference"
    shape = _shape(cell, f"{variables} uncached")
    if shape is None:
        return None
    return Law(shape.creation, shape.step + shape.reads, shape.units_known)


def loop_step(cell: Cell | str, *, keras: int = 3, resource_variables: bool = True) -> int | None:
    """Operations that each iteration of a Python loop adds by one call of a built cell.

    A legacy cell (in a graph), or the name of a Keras cell with default arguments: ``SimpleRNNCell``, ``LSTMCell``,
    ``GRUCell``. Selecting the step's input is not counted.
    """
    if isinstance(cell, Cell):
        law = python_loop(cell, resource_variables=resource_variables)
        return None if law is None else law.per_step
    found = fact(f"keras {keras} cell", cell)
    return None if found is None else found.per_step
