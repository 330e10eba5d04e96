"""Which fix removes ``unroll=True``, and does the layer then certainly compute the same?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from rnnlint.finding import Fix
from rnnlint.rules.argument_removal import removal
from rnnlint.rules.edits import end_of, start_of, text_between

if TYPE_CHECKING:
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.rules.context import Context

MEASURED_FROM = (2, 12)
"""The oldest TensorFlow in the recorded evidence; a test compares."""

_WORDS = re.compile(r"unroll\s*=\s*True")
_MESSAGE = "Remove `unroll=True`"
_BUT = {
    "bidirectional": "results change inside Bidirectional with a mask, where the unrolled outputs are wrong",
    "conversion": "a conversion to TensorFlow Lite may rely on the unrolled graph",
    "mask": "with a mask, cuDNN supports padding at the end only",
    "use": "not every use of the layer is visible here",
    "arguments": "equal results were not measured with these arguments",
    "release": "equal results were not measured on this TensorFlow release",
}


def unroll_fix(layer: UnrolledLayer, context: Context) -> Fix | None:
    """The fix, if ``unroll=True`` is a literal argument in the call of Keras' own class; else None."""
    module = context.module
    keyword = _written_out(layer.call)
    if keyword is None or not _is_of_keras(layer, context):
        return None
    source = module.source
    if not _WORDS.fullmatch(text_between(source, start_of(source, keyword), end_of(source, keyword))):
        return None
    edits = removal(source, layer.call, keyword)
    if edits is None:
        return None
    from rnnlint.infer.unrolls.equal_loop import doubt

    why: str | None = doubt(layer, module)
    if why is None and context.settings.target < MEASURED_FROM:
        why = "release"
    if why is None:
        return Fix(_MESSAGE, "safe", edits)
    return Fix(f"{_MESSAGE} ({_BUT[why]})", "unsafe", edits)


def _written_out(call: ast.Call) -> ast.keyword | None:
    found = [keyword for keyword in call.keywords if keyword.arg == "unroll"]
    if len(found) != 1 or not isinstance(found[0].value, ast.Constant) or found[0].value.value is not True:
        return None
    return found[0]


def _is_of_keras(layer: UnrolledLayer, context: Context) -> bool:
    """Whether the called class is Keras' own: a class of the project, or a ``partial``, may use the argument itself."""
    from rnnlint.infer.keras.layers import is_layer
    from rnnlint.resolve.values import External

    values = context.module.values(layer.call.func)
    return bool(values) and all(isinstance(value, External) and is_layer(value.path) for value in values)
