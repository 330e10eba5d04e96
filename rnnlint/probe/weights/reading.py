"""Which arrays does a file contain: a checkpoint, a SavedModel, or an .npz file?

Imports numpy, and TensorFlow unless it is an .npz file, so it runs in a separate process.
"""

from __future__ import annotations

import importlib
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnlint.probe.weights.variables import Shape

__all__ = ["Archive", "Checkpoint", "open_arrays"]

_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_NUMBERS = "fiu"


class Archive:
    """An .npz of named arrays."""

    def __init__(self, path: Path) -> None:
        """Reads only the headers. Raises ValueError, with a one-line message, if it is not an .npz file of numbers."""
        self._path = path
        self.shapes: dict[str, Shape] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".npy"):
                        shape, kind = _header(archive, name)
                        if kind in _NUMBERS:
                            self.shapes[name.removesuffix(".npy")] = shape
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
            raise ValueError(f"not a readable .npz file: {error}") from None

    def read(self, name: str) -> Any:
        """The array. Raises ValueError if its file is damaged."""
        import numpy

        try:
            with numpy.load(self._path, allow_pickle=False) as archive:
                return archive[name]
        except (zipfile.BadZipFile, EOFError, OSError, MemoryError, zlib.error) as error:
            raise ValueError(f"{name} cannot be read: {error}") from None


def _header(archive: zipfile.ZipFile, name: str) -> tuple[Shape, str]:
    """Shape and dtype, without the numbers."""
    from numpy.lib import format as form

    with archive.open(name) as stream:
        version = form.read_magic(stream)
        read = form.read_array_header_1_0 if version == (1, 0) else form.read_array_header_2_0
        shape, _, kind = read(stream)
    return tuple(int(size) for size in shape), str(kind.kind)


class Checkpoint:
    """A checkpoint of TensorFlow, of either format, written by name or by object."""

    def __init__(self, prefix: str) -> None:
        """Raises ValueError, with a one-line message, if TensorFlow cannot read it."""
        tf = importlib.import_module("tensorflow")
        try:
            self._reader = tf.train.load_checkpoint(prefix)
            shapes: Mapping[str, list[int]] = self._reader.get_variable_to_shape_map()
            kinds = self._reader.get_variable_to_dtype_map()
        except Exception as error:
            # TensorFlow raises its own errors, RuntimeError or ValueError, with many lines.
            raise ValueError(f"TensorFlow cannot read the checkpoint: {_first_line(error)}") from None
        self._keys = self._named_by_code(shapes) if _GRAPH in shapes else {name: name for name in shapes}
        numbers = {name: key for name, key in self._keys.items() if kinds[key].is_floating}
        self.shapes: dict[str, Shape] = {name: tuple(shapes[key]) for name, key in sorted(numbers.items())}

    def _named_by_code(self, shapes: Mapping[str, Any]) -> dict[str, str]:
        """tf.train.Checkpoint and SavedModels name variables by their path among objects, and store the other name."""
        module = importlib.import_module("tensorflow.core.protobuf.trackable_object_graph_pb2")
        graph = module.TrackableObjectGraph()
        try:
            graph.ParseFromString(self._reader.get_tensor(_GRAPH))
        except Exception as error:
            raise ValueError(f"the checkpoint's graph of objects cannot be read: {_first_line(error)}") from None
        found = {}
        for node in graph.nodes:
            for attribute in node.attributes:
                if attribute.checkpoint_key in shapes:
                    found[attribute.full_name or attribute.checkpoint_key] = attribute.checkpoint_key
        return found

    def read(self, name: str) -> Any:
        """The array, in a dtype of numpy. Raises ValueError if its part of the file is damaged."""
        try:
            array = self._reader.get_tensor(self._keys[name])
        except Exception as error:
            raise ValueError(f"{name} cannot be read: {_first_line(error)}") from None
        # bfloat16 is TensorFlow's own.
        return array if array.dtype.kind in _NUMBERS else array.astype("float32")


def open_arrays(path: str) -> Archive | Checkpoint:
    """The arrays at a path. Raises ValueError, with a one-line message, if there is nothing that can be read."""
    place = Path(path)
    if place.is_file() and (place.suffix == ".npz" or zipfile.is_zipfile(place)):
        return Archive(place)
    return Checkpoint(_prefix(place))


def _prefix(place: Path) -> str:
    """The argument for tf.train.load_checkpoint. Raises ValueError if there is no checkpoint."""
    if place.is_dir():
        return _prefix_in(place)
    for end in (".index", ".meta"):
        if place.name.endswith(end) and place.is_file():
            return _prefix(place.with_name(place.name.removesuffix(end)))
    if ".data-" in place.name and place.is_file():
        return _prefix(place.with_name(place.name.partition(".data-")[0]))
    if place.is_file() or place.with_name(f"{place.name}.index").is_file():
        return str(place)
    raise ValueError("no checkpoint found: no such file, and no file of this name with the suffix .index")


def _prefix_in(folder: Path) -> str:
    if (folder / "saved_model.pb").is_file() or (folder / "saved_model.pbtxt").is_file():
        if (folder / "variables" / "variables.index").is_file():
            return str(folder / "variables" / "variables")
        raise ValueError("a SavedModel without variables")
    if (folder / "checkpoint").is_file():
        # The file may name the folder where the checkpoint was written; the current folder counts.
        state = importlib.import_module("tensorflow").train.get_checkpoint_state(str(folder))
        name = Path(state.model_checkpoint_path).name if state else ""
        if name and ((folder / f"{name}.index").is_file() or (folder / name).is_file()):
            return str(folder / name)
    found = sorted(path.name.removesuffix(".index") for path in folder.glob("*.index"))
    if len(found) == 1:
        return str(folder / found[0])
    if found:
        raise ValueError(f"several checkpoints; choose one of them: {', '.join(found[:5])}")
    raise ValueError("a folder without a checkpoint")


def _first_line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words[:200] or type(error).__name__
