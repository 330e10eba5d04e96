"""Which expressions hold padded sequences, and can they be the input of this runner or layer?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from rnnlint.infer.keras.layers import MODELS
from rnnlint.infer.padding.holding import EACH, Follower, Held
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.tensorflow.feeds import placeholders
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Path
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import External, Made, Module

_ENDING = frozenset(
    """
    len print max min sum any all str type isinstance format info debug warning log shape size rank ndim
    sequence_mask not_equal equal sign count_nonzero reduce_sum reduce_max reduce_any reduce_all argmax
    predict predict_on_batch predict_classes evaluate run eval
    sequence_loss sequence_loss_by_example sparse_softmax_cross_entropy_with_logits
    softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Functions and methods whose result is not a sequence of the padded ones."""

FITTING = frozenset(("fit", "train_on_batch", "fit_generator", "predict", "evaluate", "predict_on_batch"))
"""Methods of a Keras model that take its inputs."""

_KEEPING_PARTS = frozenset(
    """
    from_tensor_slices from_tensors batch shuffle repeat prefetch cache take skip make_one_shot_iterator
    make_initializable_iterator get_next next iter list tuple enumerate
    """.split()  # noqa: SIM905
)
"""Functions and methods that pass on the parts of a tuple unchanged."""

_WRITING = frozenset(("dump", "save", "savez", "savez_compressed", "savetxt", "write", "to_pickle", "to_csv"))
_PADDED, _TURNED = "padded", "turned"


class Fit(NamedTuple):
    """A Keras model that gets the sequences."""

    model: ast.expr
    module: Module
    given: ast.expr
    which: int | None = None
    """The index of the input, if inputs are passed as a list."""


class Padded:
    """The destinations of one source of padded sequences."""

    def __init__(self, source: Source) -> None:
        self._written = self._fed = self._called_unknown = False
        self.fits: list[Fit] = []
        """The Keras models that are trained, evaluated or queried with it."""
        self._is_row = source.is_row
        self._follower = Follower(self._through)
        paths: list[Path] = [(EACH, part) for part in source.parts] or [()]
        nodes = source.holding or (source.node,)
        self._follower.follow(Held(node, source.module, _PADDED, path) for node in nodes for path in paths)
        self._turned = {held.node for held in self._follower.held if held.what == _TURNED}
        self.nodes = {held.node for held in self._follower.held}
        """All expressions that may hold the sequences, or something that contains them."""

    @staticmethod
    def of(source: Source) -> Padded:
        """The destinations of a source, followed on first use."""
        known: dict[ast.expr, Padded] = source.module.memo.setdefault("padded", {})
        if source.node not in known:
            known[source.node] = Padded(source)
        return known[source.node]

    @property
    def is_open(self) -> bool:
        """Whether it may go somewhere that the code does not show: passed to unknown code, written, or not yet used."""
        follower = self._follower
        unused = bool(follower.unread) and not self.fits and not self._fed
        away = self._written or self._called_unknown
        return unused or bool(follower.given_away) or away or not follower.complete

    def holds(self, node: ast.expr) -> bool:
        """Whether an expression may hold the sequences themselves."""
        return node in self.nodes

    def is_turned_at(self, nodes: Iterable[ast.expr]) -> bool:
        """Whether the steps are reversed there: padding at the end comes first."""
        return any(node in self._turned for node in nodes)

    @property
    def is_turned(self) -> bool:
        """Whether the steps are reversed anywhere."""
        return bool(self._turned)

    def _through(self, parent: ast.AST, held: Held, follower: Follower) -> Iterable[Held]:
        match parent:
            case ast.Attribute():
                if parent.attr in ("shape", "size", "ndim", "dtype", "get_shape", "output_shapes"):
                    return ()
                call = surroundings_of(held.module).parent.get(parent)
                if isinstance(call, ast.Call) and call.func is parent:
                    return self._method(call, parent, held)
                return (held._replace(node=parent),)
            case ast.Call():
                return self._called(parent, held, follower)
            case ast.Dict():
                key = next((key for key, value in zip(parent.keys, parent.values) if value is held.node), None)
                return self._as_feed(key, held) or (held._replace(node=parent, path=()),)
            case ast.Subscript(ctx=ast.Store()):
                return self._as_feed(parent.slice, held)
            case ast.Subscript(slice=index) if self._turns(index):
                return (held._replace(node=parent, what=_other_side(held)),)
            case ast.BinOp() | ast.UnaryOp() | ast.Subscript() | ast.ListComp() | ast.GeneratorExp():
                return (held._replace(node=parent),)
        return ()

    def _turns(self, index: ast.expr) -> bool:
        """``row[::-1]``, or ``batch[:, ::-1]``."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        at = 0 if self._is_row and len(parts) == 1 else 1
        part = parts[at] if len(parts) > at else None
        return isinstance(part, ast.Slice) and part.step is not None and ast.unparse(part.step) == "-1"

    def _turned_in_place(self, function: ast.Attribute, held: Held) -> list[Held]:
        """``row.reverse()``: later reads of the name have the padding on the other side."""
        name = function.value
        if not isinstance(name, ast.Name):
            return []
        own = held.module.bindings(name)
        reads = surroundings_of(held.module).names.get(name.id, ())
        later = (one for one in reads if one.lineno > name.lineno and held.module.bindings(one) == own)
        return [held._replace(node=one, what=_other_side(held)) for one in later]

    def _method(self, call: ast.Call, function: ast.Attribute, held: Held) -> Iterable[Held]:
        name = function.attr
        if self._is_row and name == "reverse":
            return self._turned_in_place(function, held)
        if name in _ENDING or name in FITTING:
            return ()
        return (held._replace(node=call, path=_kept(name, held.path)),)

    def _as_feed(self, key: ast.expr | None, held: Held) -> list[Held]:
        """The placeholder that it is fed to, as the key of a dict."""
        made = placeholders(key, held.module) if key is not None else []
        self._fed = self._fed or bool(made)
        return [Held(one.call, one.module, held.what) for one in made]

    def _called(self, call: ast.Call, held: Held, follower: Follower) -> Iterable[Held]:
        name = leaf(call.func) or ""
        if name in _WRITING:
            self._written = True
        if self._is_row and name == "reversed":
            return (held._replace(node=call, what=_other_side(held)),)
        values = held.module.values(call.func)
        self._called_unknown = self._called_unknown or not values and _is_parameter(call.func, held.module)
        made = (value for value in values if isinstance(value, Made))
        if any(value.path.rpartition(".")[2] in MODELS for value in made):
            self.fits.append(Fit(call.func, held.module, held.node))
        if name == "Sequential":
            self.fits.append(Fit(call, held.module, held.node))
        if name in FITTING and isinstance(call.func, ast.Attribute):
            listed = isinstance(held.node, (ast.List, ast.Tuple)) and held.path and isinstance(held.path[0], int)
            fit = Fit(call.func.value, held.module, held.node, int(held.path[0]) if listed else None)
            self.fits += [fit] if _is_input(call, held) else []
        if name in _ENDING or name in _WRITING or name in FITTING:
            return ()
        if name in ("append", "extend", "put", "insert", "add") and isinstance(call.func, ast.Attribute):
            receiver = call.func.value
            self.fits += [Fit(receiver, held.module, held.node)] if name == "add" else []
            values = held.module.values(receiver)
            is_named = isinstance(receiver, (ast.Name, ast.Subscript))
            # `np.append(rows, row)` is a function: nothing is put into the module.
            if not values or is_named and not any(isinstance(one, External) for one in values):
                return tuple(follower.into(receiver, held))
        if name == "zip" or name == "train_test_split":
            at = next((i for i, one in enumerate(call.args) if one is held.node), None)
            if at is None:
                return ()
            if name == "zip":
                return (held._replace(node=call, path=(EACH, at)),)
            return tuple(held._replace(node=call, path=(i,)) for i in (2 * at, 2 * at + 1))
        return (held._replace(node=call, path=_kept(name, held.path)),)


def _is_parameter(function: ast.expr, module: Module) -> bool:
    """Whether the called object is a parameter of the function around: most often a model."""
    return isinstance(function, ast.Name) and any(one.kind == "parameter" for one in module.bindings(function))


def _other_side(held: Held) -> str:
    return _PADDED if held.what == _TURNED else _TURNED


def _kept(name: str, path: Path) -> Path:
    """The place of the sequences in the result of a function for a tuple or a dataset of tuples."""
    if name in ("from_tensor_slices", "from_tensors"):
        return (EACH, *path) if path else ()
    if name in ("get_next", "next"):
        return path[1:] if path[:1] == (EACH,) else path
    return path if name in _KEEPING_PARTS else ()


def fitted_with(call: ast.Call) -> ast.expr | None:
    """The inputs that a model is fitted with."""
    return next((k.value for k in call.keywords if k.arg in ("x", "generator")), call.args[0] if call.args else None)


def _is_input(call: ast.Call, held: Held) -> bool:
    """Whether the data of a ``fit`` call are its input and not its labels: the second of a dataset's pair."""
    if fitted_with(call) is not held.node:
        return False
    written = isinstance(held.node, (ast.List, ast.Tuple, ast.Dict))
    return written or [step for step in held.path if step != EACH][:1] != [1]
