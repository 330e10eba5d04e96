"""RNN301: sequences are padded, and a runner or a Keras layer is not told which steps are padding."""

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
    "first": "and it comes first",
    "backwards": "since one half runs backwards",
    "state": "and the final state is used",
    "last": "and the last output is used",
    "pooled": "and its steps are pooled",
}


def judge(subject: PaddedRun | Unmasked, context: Context) -> Iterator[Report]:
    """Report a run without lengths, or a layer without a mask, that takes padding for data."""
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
            "why": f"since {maker} makes no mask",
        }
        evidence = ((made_at.module, made_at.node), (padding.module, padding.node))
        helps = subject.mask.state == "missing" and not subject.mask.lost_by
        helps = helps and not (subject.mask.beside and context.settings.keras > 2)
        fix = mask_fix(subject, context) if helps else None
        advice = _mask_advice(subject, context.settings.keras)
        yield Report(subject.place, blanks, subject.api, because=evidence, fix=fix, help=advice)


def _advice(found: PaddedRun) -> str:
    """What makes the result right: lengths alone do not where the padding comes first, or for the last output."""
    if found.used == "pooled":
        return "leave the padding out where the steps are pooled, by a tf.sequence_mask of the lengths"
    steps = ["pad at the end"] if found.padding.first else []
    steps.append("give the lengths as sequence_length")
    if found.takes_last:
        steps.append("take the final state for the last output")
    return ", ".join(steps[:-1]) + " and " * (len(steps) > 1) + steps[-1]


def _mask_advice(found: Unmasked, keras: int) -> str:
    """What makes a mask that reaches the layer."""
    if found.mask.state == "absent":
        return "put Masking in front of it, and pad with its mask_value"
    called = f"{found.wrapper}({found.layer}(…))" if found.wrapper else f"{found.layer}(…)"
    if found.mask.lost_by:
        return f"call {called}(x, mask=mask), since {found.mask.lost_by} would hand none on"
    if found.mask.beside and keras > 2:
        return f"call {called}(x, mask=mask), since what it is joined with has none"
    whom = "each Embedding" if found.mask.others else "it"
    return f"set mask_zero=True on {whom} and reserve 0 for padding"


padding_as_data = rule(
    code="RNN301",
    name="padding-as-data",
    since="0.1",
    summary="Padded sequences go into a recurrent layer or runner without a mask or lengths",
    why="""
        Sequences of different lengths are padded to one length, and a cell cannot tell padding from data. Without
        `sequence_length`, or a mask in Keras, it goes on over the padding, and the final state of a shorter sequence is
        that of its padding, even where the padding is zeros: biases and recurrent weights keep working. How far off the
        result is depends on how much was padded, so the model answers differently for the same sequence in another
        batch.

        The rule follows padding from where it is added to the runner or layer that reads it, through names, functions,
        feeds, data sets and `fit`. Padding is what `pad_sequences`, `padded_batch`, `bucket_by_sequence_length`,
        `VocabularyProcessor`, `TextVectorization`, `dynamic_pad=True`, `to_tensor()` of a ragged tensor, `np.pad` and
        `zip_longest` add, and what code adds by hand: `row + [PAD] * (longest - len(row))`, or zeros that are filled
        row by row. Lengths that mask a loss, or go to CTC or a CRF, and not to the runner are evidence too. Where the
        code shows neither where the padding goes nor where the input comes from, both in the same module, the rule
        takes them to be the same, unless their numbers of steps differ.

        It reports only padding that reaches a result: the final state or the last output is used, the steps are pooled,
        one half runs backwards, or the padding comes first, as Keras' `pad_sequences` puts it. Outputs that are used
        step by step are right up to the padding. In Keras the layer in front makes no mask (an `Embedding` without
        `mask_zero=True`, or a plain input that surely holds the padding), and nothing between would lose one.

        Where the padding comes first, lengths alone make a runner read the padding and nothing else: pad at the end,
        then give the lengths. With lengths the last output of a shorter sequence is zero, so take the final state.

        The fix gives `mask_zero=True` to each `Embedding`. It is meant to change what is computed, so it is never safe:
        check that 0 stands for padding only, and that `input_dim` counts it.
    """,
    message="{what} computes with padding that {pads}, {why}",
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
