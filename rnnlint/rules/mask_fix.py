"""Which fix makes an Embedding mask its padding?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from rnnlint.finding import Edit, Fix
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between

if TYPE_CHECKING:
    from rnnlint.infer.padding.lost_masks import Unmasked
    from rnnlint.infer.values.domain import Where
    from rnnlint.read.source import Source
    from rnnlint.resolve.values import Module
    from rnnlint.rules.context import Context

_MESSAGE = "Add `mask_zero=True` (results change; 0 must stand for padding and nothing else)"
_NOISE = re.compile(r"\s+|#[^\n]*")


def mask_fix(found: Unmasked, context: Context) -> Fix | None:
    """The fix, if each Embedding is Keras' own class and is made in this module; else None.

    It is never safe, since it changes results on purpose.
    """
    edits = [_mask_edit(where, context.module) for where in (found.mask.made_at, *found.mask.others)]
    known = tuple(edit for edit in edits if edit is not None)
    return Fix(_MESSAGE, "unsafe", known) if len(known) == len(edits) else None


def _mask_edit(where: Where, module: Module) -> Edit | None:
    from rnnlint.infer.keras.layers import is_layer
    from rnnlint.resolve.values import External

    if where.module is not module or not isinstance(where.node, ast.expr):
        return None
    call = module.tree.call_of(where.node)
    values = module.values(where.node)
    if call is None or not values or not all(isinstance(one, External) and is_layer(one.path) for one in values):
        return None
    return _edit(module.source, call)


def _edit(source: Source, call: ast.Call) -> Edit | None:
    for keyword in call.keywords:
        if keyword.arg == "mask_zero":
            start, end = start_of(source, keyword.value), end_of(source, keyword.value)
            return edit_of(source, start, end, "True") if text_between(source, start, end) == "False" else None
    written: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if not written:
        return None
    last = end_of(source, max(written, key=lambda one: (one.end_lineno or 0, one.end_col_offset or 0)))
    # After an argument in parentheses, the new one would land inside them.
    if _NOISE.sub("", text_between(source, last, end_of(source, call))) not in (")", ",)"):
        return None
    return edit_of(source, last, last, ", mask_zero=True")
