"""RNN405: a recurrent layer that passes only its last output to another one, which expects a sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import STACKS, Report

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.stacks import LastOutputInStack
    from rnnlint.rules.context import Context


def judge(found: LastOutputInStack, context: Context) -> Iterator[Report]:
    """Report the layer whose argument is missing."""
    above = found.above
    yield Report(
        node=found.place,
        blanks={"layer": found.layer.leaf, "above": above.leaf},
        api=found.layer.path,
        because=((above.module, above.call.func),),
        help="set return_sequences=True on the first",
    )


missing_return_sequences = rule(
    code="RNN405",
    name="missing-return-sequences",
    since="0.1",
    summary="A recurrent Keras layer passes only its last output to another one, which raises",
    why="""
        Without `return_sequences=True`, a Keras recurrent layer returns only its last output: one vector for each
        sequence. A recurrent layer after it expects a sequence, and raises as soon as the model is built: `expected
        ndim=3, found ndim=2`. Every layer of a stack except the last needs the argument; with `Bidirectional`, set it
        on the layer inside.

        Layers are followed through `Sequential`, `add` calls, loops, functional models and the `call` of your own
        classes, also with `Dropout` or `Dense` between them. If a layer such as `RepeatVector` or `Reshape` turns the
        vector into a sequence again, nothing is reported; nor is a layer whose `return_sequences` is unknown.
    """,
    message="{layer} returns only its last output, but the {above} after it expects a sequence: this raises",
    watches=STACKS,
    judge=judge,
    severities=("error",),
    rests_on=("stack-needs-return-sequences",),
    bad="""
        from tensorflow import keras

        model = keras.Sequential([
            keras.layers.LSTM(64),
            keras.layers.LSTM(64),
        ])
    """,
    good="""
        from tensorflow import keras

        model = keras.Sequential([
            keras.layers.LSTM(64, return_sequences=True),
            keras.layers.LSTM(64),
        ])
    """,
)
