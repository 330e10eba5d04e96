"""In which dtype does a call compute?"""

from __future__ import annotations

import ast

from rnnlint.resolve.values import External
from rnnlint.rules.keras_rewrite.arguments import arguments_of
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.layers import Layer
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runs import Run


def check_dtype(run: Run, code: Code, target: str) -> None:
    """Check dtypes: anything not known to be float32 must be explicitly float64, unless the module uses only
    float32."""
    for node in _dtypes(run, code, target):
        if _is_float32(node, code) is None and _names_other_floats(code):
            raise RefusedError("its dtype is unknown")
    if not _dtypes(run, code, target) and _names_other_floats(code):
        raise RefusedError("its dtype is unknown")


def _dtypes(run: Run, code: Code, target: str) -> list[ast.expr]:
    found = [] if run.dtype is None else [run.dtype]
    for taken in run.cells:
        for made in taken.made.inner or (taken.made,):
            own = arguments_of(made, code, target, in_config=run.kind == "both").dtype
            found += [own] if own is not None and not (isinstance(own, ast.Constant) and own.value is None) else []
    return found


def _names_other_floats(code: Code) -> bool:
    return any(code.module.tree.mentions.of_word(word) for word in ("float64", "float16", "bfloat16", "double", "half"))


def set_dtype(run: Run, layers: list[Layer], code: Code) -> None:
    """Set the dtype of the layers of a call."""
    is_float64 = run.dtype is not None and _is_float32(run.dtype, code) is False
    for layer in layers:
        layer.is_float64 |= is_float64


def _is_float32(node: ast.expr, code: Code) -> bool | None:
    """Whether a dtype is float32; None if unknown, and False for float64. Raises RefusedError for others."""
    name = node.value if isinstance(node, ast.Constant) else None
    if name is None:
        paths = {one.path.rpartition(".")[2] for one in code.module.values(node) if isinstance(one, External)}
        name = paths.pop() if len(paths) == 1 else None
    if name in ("float32", "float64"):
        return bool(name == "float32")
    if name in ("float16", "bfloat16", "half", "double"):
        raise RefusedError(f"its dtype is {name}")
    return None
