"""How are Keras layers and cells observed? By the call of their common base class."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any, Literal
from weakref import WeakKeyDictionary

from rnnlint.probe.watch.places import Stack
from rnnlint.probe.watch.record import Place
from rnnlint.probe.watch.runners import axis
from rnnlint.probe.watch.watcher import Call, Watcher, tried

MODULES = (
    "keras.engine.base_layer",
    "keras.engine.base_layer_v1",
    "keras.src.engine.base_layer",
    "keras.src.engine.base_layer_v1",
    "keras.src.layers.layer",
    "tf_keras.src.engine.base_layer",
    "tf_keras.src.engine.base_layer_v1",
    "tensorflow.python.keras.engine.base_layer",
    "tensorflow.python.keras.engine.base_layer_v1",
)
"""The modules that define the class Layer: Keras 2 before 2.13 and after, Keras 3, tf-keras, and TensorFlow's copy."""

OLD_CELLS = "tf.compat.v1.nn.rnn_cell."

_KERAS = ("keras", "tf_keras", "tensorflow")
_NO_SOURCE = "<string>"
"""A file name that AutoGraph does not look up."""

_STATES = ("states", "state")

Kind = Literal["layer", "bidirectional", "cell", ""]


class Layers:
    """Wraps classes, and remembers where each recurrent layer was made."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._kinds: dict[type, Kind] = {}
        self._made: WeakKeyDictionary[Any, tuple[tuple[Place, ...], str]] = WeakKeyDictionary()
        self._inner: WeakKeyDictionary[Any, tuple[Any, ...]] = WeakKeyDictionary()

    def watch_module(self, module: ModuleType) -> None:
        """Observe the class Layer of a module, and every class that will derive from it."""
        base = getattr(module, "Layer", None)
        if not isinstance(base, type):
            return
        self._wrap(base)
        base.__init_subclass__ = classmethod(self._subclass_hook(base))  # type: ignore[assignment]

    def watch_class(self, cls: Any) -> None:
        """Observe the calls of a class that is not a layer; layers are already observed."""
        called = cls.__dict__.get("__call__")
        if isinstance(called, FunctionType) and called.__code__.co_filename != _NO_SOURCE:
            cls.__call__ = self._watched_call(called)

    def _subclass_hook(self, base: type[Any]) -> Callable[..., None]:
        before = base.__dict__.get("__init_subclass__")

        def hook(cls: Any, **kwargs: Any) -> None:
            if before is not None:
                before.__get__(None, cls)(**kwargs)
            else:
                super(base, cls).__init_subclass__(**kwargs)
            self._wrap(cls)

        return hook

    def _wrap(self, cls: Any) -> None:
        """TensorFlow 1 cells often have their own __call__, which does not call that of the base."""
        called = cls.__dict__.get("__call__")
        if isinstance(called, FunctionType):
            cls.__call__ = self._watched_call(called)
        if "__init__" in cls.__dict__ and cls.__name__ in ("Layer", "Bidirectional"):
            cls.__init__ = self._watched_init(cls.__dict__["__init__"])

    def _watched_call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        is_library = (getattr(function, "__module__", "") or "").split(".")[0] in _KERAS

        @functools.wraps(function)
        def __call__(layer: Any, /, *args: Any, **kwargs: Any) -> Any:
            called = function if is_library else _as_autograph_would(function)
            if not self._kind(type(layer)):
                return called(layer, *args, **kwargs)
            return self._watcher.run(called, (layer, *args), kwargs, lambda: self._call(layer, args, kwargs))

        # AutoGraph converts what it gets, as in tf.function(layer), unless it finds no source.
        wrapped: Any = __call__
        wrapped.__code__ = wrapped.__code__.replace(co_filename=_NO_SOURCE)
        return wrapped  # type: ignore[no-any-return]

    def _watched_init(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def __init__(layer: Any, /, *args: Any, **kwargs: Any) -> None:
            function(layer, *args, **kwargs)
            tried(lambda: self._remember(layer, args, kwargs))

        # Keras inspects the parameters of a layer's __init__ when it makes one.
        __init__.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
        return __init__

    def _remember(self, layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Where a recurrent layer is made, or which layers a bidirectional one contains."""
        kind = self._kind(type(layer))
        if kind == "layer" and layer not in self._made:
            self._made[layer] = _made_at(self._watcher.files.stack())
        elif kind == "bidirectional" and (args or "layer" in kwargs):
            backward = kwargs.get("backward_layer")
            forward = args[0] if args else kwargs["layer"]
            self._inner[layer] = (forward,) if backward is None else (forward, backward)

    def _kind(self, cls: type) -> Kind:
        if cls not in self._kinds:
            self._kinds[cls] = _kind(cls)
        return self._kinds[cls]

    def _call(self, layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call | None:
        kind = self._kind(type(layer))
        if kind == "cell":
            return _cell_call(layer, args, kwargs)
        if kind == "layer":
            places, library = self._made.get(layer, ((), ""))
            return _layer_call(layer, layer, type(layer).__name__, args, kwargs, places, library)
        inner = layer.forward_layer
        if self._kind(type(inner)) != "layer":
            return None
        wrapped = [self._made.get(one, ((), "")) for one in self._inner.get(layer, ())]
        name = f"Bidirectional({type(inner).__name__})"
        places = tuple(place for places, _ in wrapped for place in places)
        return _layer_call(layer, inner, name, args, kwargs, places, wrapped[0][1] if wrapped else "")


def _as_autograph_would(function: Callable[..., Any]) -> Callable[..., Any]:
    """Exclude the wrapper from AutoGraph, which converts the user's code from call to call and would stop there."""
    api, contexts = (sys.modules.get(f"tensorflow.python.autograph.{name}") for name in ("impl.api", "core.ag_ctx"))
    if api is None or contexts is None:
        return function
    context = contexts.control_status_ctx()
    if context.status != contexts.Status.ENABLED:
        return function
    converted: Callable[..., Any] = api.tf_convert(function, context)
    return converted


def _kind(cls: type) -> Kind:
    names = {(base.__name__, base.__module__.split(".")[0]) for base in cls.__mro__}

    def derives(name: str) -> bool:
        return any((name, package) in names for package in _KERAS)

    if derives("RNN"):
        return "layer"
    if derives("Bidirectional"):
        return "bidirectional"
    # Any class with a state may be a cell; `_cell_call` checks the object. A model is not a cell.
    return "" if derives("Model") else "cell"


def _layer_call(
    layer: Any,
    recurrent: Any,
    name: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    places: tuple[Place, ...],
    library: str,
) -> Call:
    inputs = args[0] if args else kwargs.get("sequences", kwargs.get("inputs"))
    while isinstance(inputs, (list, tuple)) and inputs:
        inputs = inputs[0]
    mask, time_major = kwargs.get("mask"), bool(getattr(recurrent, "time_major", False))
    return Call(
        sort="layer",
        api=name,
        unrolled=bool(getattr(recurrent, "unroll", False)),
        steps=axis(inputs, 0 if time_major else 1),
        masked=mask is not None or getattr(inputs, "_keras_mask", None) is not None,
        makes_variables=not layer.built,
        batch_known=axis(inputs, 1 if time_major else 0) is not None,
        symbolic=type(inputs).__name__ == "KerasTensor",
        places=places,
        library=library,
    )


def _cell_call(cell: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call | None:
    """None for a call without a state, which is not a cell's."""
    if len(args) < 2 and not any(name in kwargs for name in _STATES):
        return None
    if not hasattr(cell, "state_size"):
        return None
    if type(args[0] if args else kwargs.get("inputs")).__name__ == "KerasTensor":
        return None
    return Call("loop", _name(type(cell)), True, None, makes_variables=not getattr(cell, "built", True), cell=cell)


def _name(cls: type) -> str:
    """A TensorFlow 1 cell by its public path; any other by its name alone."""
    is_old = cls.__module__.split(".")[-1] in ("rnn_cell_impl", "legacy_cells")
    return f"{OLD_CELLS}{cls.__name__}" if is_old else cls.__name__


def _made_at(stack: Stack) -> tuple[tuple[Place, ...], str]:
    """Where a layer is made: for a custom class both in its ``__init__`` and where it is instantiated."""
    places: list[Place] = []
    for line in stack.lines:
        places.append(line.place)
        if line.function != "__init__":
            break
    return tuple(dict.fromkeys(places)), stack.library
