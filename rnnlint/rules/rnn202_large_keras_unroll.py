"""RNN202: a Keras layer with unroll=True over more steps than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.limits import explained, in_words, operations_in_words, over_limit
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LAYERS, Report
from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.facts.cost_table import Law
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.rules.context import Context


def judge(layer: UnrolledLayer, context: Context) -> Iterator[Report]:
    """Report a layer whose time axis is certainly longer, or whose cost is certainly higher, than the user allows.

    With a limit of 0, layers of unknown length are reported too. undefined-keras-unroll reports an axis of length None.
    """
    unrolled, loop = laws(layer, context.settings)
    length = layer.length
    is_unwanted = context.settings.max_unroll == 0 and not layer.is_open
    if not is_unwanted and not over_limit(length, unrolled, context.settings):
        return
    from rnnlint.rules.loop_form import loop_of_layer
    from rnnlint.rules.unroll_fix import unroll_fix

    number = in_words(length)
    yield Report(
        node=layer.call.func,
        blanks={
            "layer": layer.layer,
            "times": "once" if number == "1" else f"{number} times",
            "limit": context.settings.max_unroll,
            "ops": operations_in_words(length, unrolled),
        },
        api=layer.api,
        unroll_length=length.default,
        graph_ops=operations(layer, unrolled),
        because=explained(length),
        fix=unroll_fix(layer, context),
        help=loop_of_layer(layer, loop),
    )


def laws(layer: UnrolledLayer, settings: Settings) -> tuple[Law | None, Law | None]:
    """The operations with unroll=True and with unroll=False on the target's Keras, where both are known."""
    cost = layer.cost
    if cost is None:
        return None, None
    from rnnlint.facts import keras_cost

    keras = settings.keras
    sequences, batch, units = cost.return_sequences, cost.batch, cost.units
    unrolled = keras_cost.keras_unrolled(cost.layer, keras=keras, return_sequences=sequences, batch=batch, units=units)
    # A target with Keras 2 is a release that bundles it.
    loop = keras_cost.keras_loop(
        cost.layer, keras=keras, return_sequences=sequences, batch=batch, units=units, bundled=keras == 2
    )
    return (unrolled, loop) if unrolled is not None and loop is not None else (None, None)


def operations(layer: UnrolledLayer, law: Law | None) -> int | None:
    """The exact number of operations, where the length and the cost are known exactly; else None."""
    steps = layer.length.default
    return law.at(steps) if law is not None and law.exact and steps is not None and steps > 0 else None


large_keras_unroll = rule(
    code="RNN202",
    name="large-keras-unroll",
    since="0.1",
    summary="A Keras layer with unroll=True copies its cell into the graph for many steps",
    why="""
        With `unroll=True` a Keras recurrent layer adds the same operations to the graph for each time step. At 5 steps
        that is harmless. At 30, tracing and the first run take several times as long, and the time and the size of the
        graph keep growing with the length. With `unroll=False`, the default, one copy of the cell runs in a loop at any
        length.

        This rule does not claim that unrolled layers are slow in general: after the first run, a short unroll of a
        small cell is often faster per call. You pay before that.

        The length is that of the time axis that reaches the layer: from an `Input`, an `input_shape`, the layers before
        it, or the arrays that you fit the model with. If a layer is kept in an attribute and called from another
        method, the calls that rnnlint sees give the low end, since other code may call it with more steps. The limit is
        `max-unroll` (50 steps by default). The limit 0 means that you want no unroll at all: every layer with
        `unroll=True` is then reported, even if its length is unknown. `max-graph-ops` limits the operations instead,
        for layers whose cost is known.

        The fix removes `unroll=True`. It is safe where the probe measured equal results and the code shows every use of
        the layer; otherwise the fix says what is uncertain.
    """,
    message="{layer} copies its cell {times} into the graph (limit {limit}){ops}",
    watches=LAYERS,
    judge=judge,
    rests_on=("keras-unroll-grows", "keras-unroll-first-run-grows", "keras-unroll-same-results"),
    fixable=True,
    bad="""
        from tensorflow import keras

        inputs = keras.Input(shape=(500, 8))
        outputs = keras.layers.LSTM(32, unroll=True)(inputs)
    """,
    good="""
        from tensorflow import keras

        inputs = keras.Input(shape=(500, 8))
        outputs = keras.layers.LSTM(32)(inputs)
    """,
)
