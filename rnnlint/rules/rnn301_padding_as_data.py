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
        helps = subject.mask.state == "missing" and not (subject.mask.beside and context.settings.keras > 2)
        fix = mask_fix(subject, context) if helps else None
        advice = _mask_advice(subject, context.settings.keras)
        yield Report(subject.place, blanks, subject.api, because=evidence, fix=fix, help=advice)


def _advice(found: PaddedRun) -> str:
    """What makes the result right: lengths alone do not where the padding comes first, or for the last output."""
    steps = ["pad at the end"] if found.padding.first else []
    steps.append("give the lengths as sequence_length")
    if found.takes_last:
        steps.append("take the final state for the last output")
    return ", ".join(steps[:-1]) + " and " * (len(steps) > 1) + steps[-1]


def _mask_advice(found: Unmasked, keras: int) -> str:
    """What makes a mask that reaches the layer."""
    if found.mask.state == "absent":
        return "put Masking in front of it, and pad with its mask_value"
    if found.mask.beside and keras > 2:
        called = f"{found.wrapper}({found.layer}(…))" if found.wrapper else f"{found.layer}(…)"
        return f"call {called}(x, mask=mask), since what it is joined with has none"
    whom = "each Embedding" if found.mask.others else "it"
    return f"give {whom} mask_zero=True, and keep 0 for padding"


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
    message="{what} computes with the padding that {pads}, {why}",
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
