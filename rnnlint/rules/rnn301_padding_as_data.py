"""RNN301: sequences are padded, and a runner or a Keras layer is not told which steps are padding."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import PADDED_RUNS, Report, Watch

if TYPE_CHECKING:
    from rnnlint.infer.runs import Run
    from rnnlint.infer.unmasked import Unmasked
    from rnnlint.rules.context import Context


def judge(subject: Run | Unmasked, context: Context) -> Iterator[Report]:
    """Report a run without lengths, or a layer without a mask, in a module that pads its sequences."""
    from rnnlint.infer.runs import Run
    from rnnlint.resolve.scope_tree import leaf

    if isinstance(subject, Run):
        padding, used = padding_used_by(subject, context)
        if padding is not None:
            blanks = {
                "what": subject.symbol.path,
                "pads": leaf(padding.func),
                "why": f"and {used}",
                "advice": "give the lengths as sequence_length",
            }
            yield Report(subject.call.func, blanks, subject.symbol.path, because=((context.module, padding),))
    elif subject.mask.state == "missing" and subject.padding is not None:
        from rnnlint.rules.mask_fix import mask_fix

        maker, made_at = subject.mask.maker, subject.mask.made_at
        blanks = {
            "what": subject.layer,
            "pads": leaf(subject.padding.func),
            "why": f"since {maker} makes no mask",
            "advice": "give it mask_zero=True, and keep 0 for padding",
        }
        because = ((made_at.module, made_at.node), (context.module, subject.padding))
        yield Report(subject.call.func, blanks, subject.api, because=because, fix=mask_fix(subject, context))


def padding_used_by(run: Run, context: Context) -> tuple[ast.Call | None, str]:
    """The call that pads what a run without lengths gets, and what of its results that changes.

    Nothing where only outputs step by step are used: in a forward run the padding comes after them.
    """
    prospects = context.module.prospects
    padding = prospects.padding_of(run.call) if run.lengths is None else None
    if padding is None:
        return None, ""
    used = "it comes first" if prospects.pads_at_the_start(padding) else _used_of(run, context)
    return (padding, used) if used else (None, "")


def _used_of(run: Run, context: Context) -> str:
    from rnnlint.infer.last_outputs import LAST
    from rnnlint.resolve.scope_tree import leaf

    if run.is_bidirectional:
        return "the backward half begins in it"
    tree = context.module.tree
    statement = tree.home_of(run.call)[1]
    targets = statement.targets[0] if isinstance(statement, ast.Assign) and statement.value is run.call else None
    if not isinstance(targets, (ast.Tuple, ast.List)) or len(targets.elts) != 2:
        return ""
    outputs, state = (leaf(target) for target in targets.elts)
    own = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    if state and state.strip("_") and any(row not in own for row in tree.mentions.of_word(state)):
        return "the final state is used"
    if outputs and re.search(rf"\b{re.escape(outputs)}\s*{LAST.pattern}", tree.mentions.text):
        return "the last output is used"
    return ""


padding_as_data = rule(
    code="RNN301",
    name="padding-as-data",
    since="0.1",
    summary="Padded sequences go into a recurrent layer or runner that is not told where they end",
    why="""
        Sequences of different lengths are padded to one length, and a cell cannot tell padding from data. Without
        `sequence_length`, or a mask in Keras, it goes on over the padding, and the final state of a shorter sequence is
        that of its padding: also where the padding is zeros, because biases and recurrent weights go on working. How
        far off depends on how much was padded, so that a model trained like this answers differently for the same
        sequence in another batch.

        This is reported where the module itself pads (`pad_sequences`, `padded_batch`, `VocabularyProcessor`,
        `TextVectorization`, `dynamic_pad=True`) and the padded part counts: the final state or the last output is used,
        or the layer or runner also runs backwards, or the padding comes first, as Keras' `pad_sequences` puts it. In
        Keras an `Embedding` without `mask_zero=True` comes before the layer, with nothing between that would lose the
        mask. Where outputs are taken step by step nothing is reported: before the padding they are right.

        The fix gives `mask_zero=True` to the `Embedding`. It is meant to change what is computed, so it is never safe:
        look whether 0 stands for padding only, and whether `input_dim` counts it.
    """,
    message="{what} computes with the padding that {pads} adds, {why}; {advice}",
    watches=Watch("unmasked", others=(PADDED_RUNS,)),
    judge=judge,
    rests_on=("padding-changes-state", "sequence-length-masks", "keras-mask-equals-truncated"),
    fixable=True,
    bad="""
        from tensorflow import keras

        texts = keras.utils.pad_sequences(texts, maxlen=80)
        model = keras.Sequential([
            keras.layers.Embedding(20000, 128),
            keras.layers.LSTM(128),
            keras.layers.Dense(1, activation="sigmoid"),
        ])
    """,
    good="""
        from tensorflow import keras

        texts = keras.utils.pad_sequences(texts, maxlen=80)
        model = keras.Sequential([
            keras.layers.Embedding(20000, 128, mask_zero=True),
            keras.layers.LSTM(128),
            keras.layers.Dense(1, activation="sigmoid"),
        ])
    """,
)
