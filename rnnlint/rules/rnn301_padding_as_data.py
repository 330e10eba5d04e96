"""RNN301: sequences are padded, and a runner or a Keras layer gets no lengths or mask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import PADDED_RUNS, Report, Watch

if TYPE_CHECKING:
    from rnnlint.infer.padding.lost_masks import Unmasked
    from rnnlint.infer.padding.padded_runs import PaddedRun
    from rnnlint.rules.context import Context

_WHY = {
    "first": "and the padding comes first",
    "backwards": "and one half runs backwards",
    "state": "and the final state is used",
    "last": "and the last output is used",
    "pooled": "and its steps are pooled",
}


def judge(subject: PaddedRun | Unmasked, context: Context) -> Iterator[Report]:
    """Report a run without lengths, or a layer without a mask, that treats padding as data."""
    from rnnlint.infer.padding.padded_runs import PaddedRun

    if isinstance(subject, PaddedRun):
        run, padding = subject.run, subject.padding
        blanks = {
            "what": run.leaf,
            "pads": f"{padding.name} {padding.does}",
            "why": _WHY[subject.used],
        }
        because = ((padding.module, padding.node),)
        yield Report(run.call.func, blanks, run.symbol.path, because=because, help=_advice(subject))
    elif subject.mask.state in ("missing", "absent") and subject.padding is not None:
        from rnnlint.rules.mask_fix import mask_fix

        maker, made_at, padding = subject.mask.maker, subject.mask.made_at, subject.padding
        blanks = {
            "what": subject.layer,
            "pads": f"{padding.name} {padding.does}",
            "why": _WHY["pooled"] if subject.pooled else _no_mask(maker),
        }
        evidence = ((made_at.module, made_at.node), (padding.module, padding.node))
        helps = subject.mask.state == "missing" and not subject.mask.lost_by
        helps = helps and not subject.pooled and not (subject.mask.beside and context.settings.keras > 2)
        fix = mask_fix(subject, context) if helps else None
        advice = _mask_advice(subject, context.settings.keras)
        yield Report(subject.place, blanks, subject.api, because=evidence, fix=fix, help=advice)


def _no_mask(maker: str) -> str:
    return "because it gets no mask" if maker == "data" else f"because {maker} makes no mask"


def _advice(found: PaddedRun) -> str:
    """What makes the result right. Lengths alone do not if the padding comes first, or for the last output."""
    if found.used == "pooled":
        return "exclude the padding from the pooling, with a tf.sequence_mask of the lengths"
    steps = ["pad at the end"] if found.padding.first else []
    steps.append("pass the lengths as sequence_length")
    if found.takes_last:
        steps.append("use the final state as the last output")
    return ", ".join(steps[:-1]) + " and " * (len(steps) > 1) + steps[-1]


def _mask_advice(found: Unmasked, keras: int) -> str:
    """How to get a mask to the layer, or how to do without one where a function pools the steps."""
    if found.pooled:
        return "exclude the padding from the pooling, with a mask of the real steps"
    if found.mask.state == "absent":
        return "put a Masking layer before it, and pad with its mask_value"
    called = f"{found.wrapper}({found.layer}(…))" if found.wrapper else f"{found.layer}(…)"
    if found.mask.lost_by:
        return f"call {called}(x, mask=mask), because {found.mask.lost_by} would not pass a mask on"
    if found.mask.beside and keras > 2:
        return f"call {called}(x, mask=mask), because the other input of the join has no mask"
    whom = "each Embedding" if found.mask.others else "it"
    return f"set mask_zero=True on {whom} and reserve 0 for padding"


padding_as_data = rule(
    code="RNN301",
    name="padding-as-data",
    since="0.1",
    summary="Padded sequences go into a recurrent layer or runner without a mask or lengths",
    why="""
        Sequences of different lengths are padded to one length, and a cell cannot distinguish padding from data.
        Without `sequence_length`, or a mask in Keras, the cell keeps running over the padding, and the final state of a
        shorter sequence is the state after its padding. This happens even if the padding is zeros, because biases and
        recurrent weights still apply. The error depends on the amount of padding, so the model gives different results
        for the same sequence in different batches.

        The rule follows padding from where it is added to the runner or layer that reads it, through names, functions,
        feeds, datasets, `fit` and the input functions of Estimators. It recognizes the padding of `pad_sequences`,
        `padded_batch`, `bucket_by_sequence_length`, `VocabularyProcessor`, `TextVectorization`, `dynamic_pad=True`,
        `to_tensor()` of a ragged tensor, `np.pad` and `zip_longest`, and padding by hand: `row + [PAD] * (longest -
        len(row))`, or an array of zeros that is filled row by row. Lengths that mask a loss, or that go to CTC or a CRF
        but not to the runner, are evidence too. If a module pads but does not show where the padding goes, and has a
        runner whose input has no visible source, the rule assumes that the two belong together, unless their numbers of
        steps differ.

        Only padding that reaches a result is reported: the final state or the last output is used, the steps are
        pooled, one half runs backwards, or the padding comes first, which is the default of Keras' `pad_sequences`.
        Outputs that are used step by step are right up to the padding. In Keras, a layer is reported if the layer
        before it makes no mask (an `Embedding` without `mask_zero=True`, or a plain input that certainly contains the
        padding), and no layer in between would drop one.

        If the padding comes first, passing lengths alone makes a runner read only the padding: pad at the end, then
        pass the lengths. With lengths, the last output of a shorter sequence is zero, so use the final state.

        The fix adds `mask_zero=True` to each `Embedding`. It changes results on purpose, so it is never safe: check
        that 0 stands for padding only, and that `input_dim` counts it.
    """,
    message="{what} treats padding that {pads} as data, {why}",
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
