"""At which paths did the releases of TensorFlow and Keras have recurrent layers, and since when are they gone?

    python tests/facts/old_paths.py FOLDER             writes the rows that the wheels in FOLDER ask for to symbols.tsv
    python tests/facts/old_paths.py FOLDER --download  fetches the wheels first, with pip, some 5 GB in all

Nothing is imported: modules are listed from each wheel's directory, and what they export is read from their trees.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rnnlint.facts import symbols

KERAS = "2.0.9 2.1.6 2.2.5 2.3.1 2.4.3 2.6.0 2.7.0 2.8.0 2.9.0 2.10.0 2.11.0 2.12.0 2.13.1 2.14.0 2.15.0 3.0.5 3.15.1"
TENSORFLOW = (
    "1.0.1 1.1.0 1.2.1 1.3.0 1.4.1 1.5.1 1.6.0 1.7.1 1.8.0 1.9.0 1.10.1 1.11.0 1.12.3 1.13.2 1.14.0 1.15.0 "
    "2.0.0 2.1.0 2.2.0 2.3.0 2.4.0 2.5.0 2.6.0 2.7.0 2.8.0 2.9.0 2.10.0 2.11.0 2.12.0 2.13.0 2.14.0 2.15.0 2.16.1 "
    "2.17.0 2.18.0 2.19.0 2.20.0 2.21.0"
)
PLATFORMS = ("manylinux1", "manylinux2010", "manylinux2014", "manylinux_2_17", "manylinux_2_27")

OF_KERAS_3 = "2.16"
"""The release of TensorFlow that came with Keras 3; those from 2.6 on came with the Keras of the same number."""

RECURRENT = re.compile(
    r"[._](?:recurrent|rnn|lstm|gru)(?:_|\.|$)|layers\.wrappers\b|[._]legacy_cell|\.(?:Conv)?Recurrent"
)
"""Modules that define recurrent layers, their cells and what is wrapped around them, and classes of others."""

HOMES = re.compile(r"(?:keras|tf\.python\.keras|tf\.contrib\.keras)\b.*\.layers\b")
OPERATIONS = re.compile(
    r"tf\.contrib\.\w*(?:rnn|seq2seq)\w*\.ops\b|tf\.python\.ops\.(?:gen_)?(?:cudnn_)?rnn_(?:ops|grad)"
)
LEFT_OUT = re.compile(r"test|\.examples?\.|__internal__|\.serialization|\.normalization|keras\.wrappers|tools\.api")

API_OF_CONTRIB = "tf.contrib.keras.api.keras."
"""`tf.contrib.keras` takes everything from there."""

TABLE = Path(symbols.__file__).with_name("symbols.tsv")

OURS = re.compile(r"(?:Keras|TensorFlow) [\d.]+ to [\d.]+ wheels")
"""The source of the rows that this program writes."""

TOLD = ("recurrent_activation", "reset_after")
"""Arguments whose defaults were changed."""


def download(folder: Path) -> None:
    """Fetch the wheels that are not there yet."""
    for package, release in [("keras", one) for one in KERAS.split()] + [
        ("tensorflow", one) for one in TENSORFLOW.split()
    ]:
        if package == "tensorflow" and release not in ("2.0.0",) and numbers(release) >= (1, 15):
            package = "tensorflow-cpu"
        if any(folder.glob(f"[{package[0]}{package[0].upper()}]{package[1:].replace('-', '_')}-{release}-*.whl")):
            continue
        for python in ("3.6", "3.7", "3.9", "3.11"):
            platforms = [f"--platform={one}_x86_64" for one in PLATFORMS]
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            command += [f"--dest={folder}", f"--python-version={python}", *platforms, f"{package}=={release}"]
            if subprocess.run(command, check=False, capture_output=True).returncode == 0:
                break
        else:
            sys.exit(f"no wheel of {package} {release}")


def numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".")[:2])


class Release:
    """What one wheel holds."""

    def __init__(self, wheel: Path) -> None:
        self.package, self.release = re.split(r"(?:_cpu)?-", wheel.name)[:2]
        self.root = self.package.lower().replace("tensorflow", "tf") + "."
        self.zip = zipfile.ZipFile(wheel)
        self.files: dict[str, str] = {}
        self._trees: dict[str, ast.Module] = {}
        self._bound: dict[str, dict[str, tuple[str, str]]] = {}
        for name in self.zip.namelist():
            path = re.sub(r"^[^/]*\.data/(?:purelib|platlib)/", "", name)
            path = re.sub(r"^tensorflow(?:_core)?/", "tf/", path)
            if path.endswith(".py"):
                self.files[path[:-3].replace("/", ".").removesuffix(".__init__")] = name

    def bound(self, module: str) -> Mapping[str, tuple[str, str]]:
        """The names that a module binds, each with the module and the name that it comes from."""
        if module in self._bound:
            return self._bound[module]
        # Modules may take everything from each other: the second to ask gets what is known by then, as in Python.
        found = self._bound[module] = {}
        is_package = self.files[module].endswith("__init__.py")
        for node in self._statements(self._tree(module).body):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found[node.name] = (module, node.name)
            elif isinstance(node, ast.ImportFrom):
                source = re.sub(r"^tensorflow(?:_core)?\b", "tf", node.module or "")
                if node.level:
                    above = module.split(".")
                    above = above[: len(above) - node.level + is_package]
                    source = ".".join([*above, *source.split(".")] if source else above)
                for alias in node.names:
                    for name in self.names(source) if alias.name == "*" else [alias.name]:
                        found[alias.asname or name] = (source, name)
        return found

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            self._trees[module] = ast.parse(self.zip.read(self.files[module]).decode("utf-8"))
        return self._trees[module]

    def _statements(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """The statements of a module, with what a condition decides; TensorFlow 1 has no TensorFlow 2 enabled."""
        for node in body:
            if isinstance(node, ast.If):
                asks = "tf2.enabled" in ast.unparse(node.test)
                is_on = numbers(self.release) >= (2, 0)
                yield from self._statements(node.orelse if not asks or not is_on else [])
                yield from self._statements(node.body if not asks or is_on else [])
            elif isinstance(node, ast.Try):
                yield from self._statements(node.body)
            else:
                yield node

    def names(self, module: str) -> list[str]:
        """The names that a module offers."""
        if module not in self.files:
            return []
        return [name for name in self.bound(module) if not name.startswith("_")]

    def home(self, module: str, name: str) -> tuple[str, str] | None:
        """Where a name of a module is defined; None if this wheel does not show it."""
        seen = set()
        while (module, name) not in seen:
            seen.add((module, name))
            if module not in self.files or name not in self.bound(module):
                return None
            if self.bound(module)[name] == (module, name):
                return module, name
            module, name = self.bound(module)[name]
        return None

    def paths(self) -> Iterator[tuple[str, str]]:
        """All paths of recurrent code, each with where it is defined: a module is defined where it is."""
        for module in self.files:
            if LEFT_OUT.search(module) or not (HOMES.match(module) or OPERATIONS.match(module)):
                continue
            if RECURRENT.search(module) or OPERATIONS.match(module):
                yield module, module
            for name in self.names(module) if HOMES.match(module) else ():
                home = self.home(module, name)
                if home is None or not RECURRENT.search(".".join(home)) or LEFT_OUT.search(home[0]):
                    continue
                # What a module of recurrent code imports for itself is not what people import from it.
                if home[0] == module or self.files[module].endswith("__init__.py"):
                    yield f"{module}.{name}", ".".join(home)
                    if module.startswith(API_OF_CONTRIB):
                        yield f"tf.contrib.keras.{module[len(API_OF_CONTRIB) :]}.{name}", ".".join(home)

    def kind(self, path: str) -> str:
        """What is defined at a path."""
        if path in self.files:
            return "module"
        return "class" if isinstance(self._definition(path), ast.ClassDef) else "function"

    def _definition(self, path: str) -> ast.ClassDef | ast.FunctionDef:
        module, _, name = path.rpartition(".")
        found = [
            one
            for one in self._tree(module).body
            if isinstance(one, (ast.ClassDef, ast.FunctionDef)) and one.name == name
        ]
        return found[-1]

    def defaults(self, path: str) -> dict[str, str]:
        """The defaults of the class that is defined at a path, of those that were changed."""
        if path in self.files:
            return {}
        inside = getattr(self._definition(path), "body", [])
        for one in inside:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                names = [argument.arg for argument in one.args.args]
                values = [None] * (len(names) - len(one.args.defaults)) + list(one.args.defaults)
                both = dict(zip(names, values))
                return {name: ast.unparse(both[name]) for name in TOLD if both.get(name) is not None}
        return {}


def release_of(package: str, release: str) -> str:
    """The release of TensorFlow that came with a release of a package."""
    major, minor = numbers(release)
    return OF_KERAS_3 if package.lower() == "keras" and major == 3 else f"{major}.{minor}"


class Found(NamedTuple):
    """What a release has at a path."""

    kind: str
    home: str
    defaults: Mapping[str, str]


def row(path: str, found: Mapping[str, Found], releases: list[str], public: Mapping[str, Found]) -> str:
    """The row of one path, by what the releases have there; ``public`` are the layers of the newest Keras."""
    first, last = min(found, key=numbers), max(found, key=numbers)
    kind, home, _ = found[last]
    leaf = path.rpartition(".")[2]
    is_keras = path.startswith("keras.")
    removed = next(iter(releases[releases.index(last) + 1 :]), "")
    family = _family(path, home if kind == "module" or leaf.startswith("CuDNN") else home.rpartition(".")[0])
    replacement = since_replaced = note = arguments = ""
    like = next((one for one in (f"keras.layers.{leaf}", f"tf.nn.rnn_cell.{leaf}") if one in symbols.table()), "")
    if family == "layer" and leaf in public:
        replacement, since_replaced = f"`{'keras' if is_keras else 'tf.keras'}.layers.{leaf}`", "2.0"
        note = _changed(public[leaf].defaults, [one.defaults for one in found.values()])
    elif family != "layer" and like and kind != "module":
        known = symbols.table()[like]
        replacement, since_replaced, note = known.replacement, known.replacement_since, known.note
        arguments = "|".join(":".join(filter(None, (one.since, ",".join(one.names)))) for one in known.arguments)
    first_one, last_one = (one.replace(OF_KERAS_3, "3.0") if is_keras else one for one in (first, last))
    source = f"{'Keras' if is_keras else 'TensorFlow'} {first_one} to {last_one} wheels"
    return "\t".join(
        (
            path,
            kind,
            "module" if kind == "module" else family,
            family if kind == "module" else "",
            arguments,
            "" if is_keras and numbers(first) < (2, 6) else first,
            removed,
            "removed" if removed else "works",
            "",
            "",
            replacement,
            since_replaced,
            note,
            source if home == path else f"{source} (defined in {home})",
        )
    )


def _family(path: str, home: str) -> str:
    if "cudnn" in home.lower():
        return "cudnn"
    if OPERATIONS.match(path):
        return "seq2seq" if "seq2seq" in path else "cell"
    # What lies in a module takes after it.
    return "cell" if re.search(r"legacy_rnn|legacy_cell|rnn_cell_impl|cell_wrapper_impl", home) else "layer"


def _changed(today: Mapping[str, str], before: Sequence[Mapping[str, str]]) -> str:
    parts = []
    for name, value in today.items():
        others = {one[name] for one in before if one.get(name, value) != value}
        if others:
            often = "" if all(one.get(name, value) != value for one in before) else "mostly "
            parts.append(f"{name}={value} (here {often}{' or '.join(sorted(others))})".replace("'", ""))
    return f"its defaults are {' and '.join(parts)}" if parts else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--download", action="store_true")
    arguments = parser.parse_args()
    if arguments.download:
        download(arguments.folder)
    found: dict[str, dict[str, Found]] = {}
    releases: dict[str, set[str]] = {}
    public: dict[str, Found] = {}
    wheels = [Release(wheel) for wheel in sorted(arguments.folder.glob("*.whl"))]
    for held in wheels:
        package = held.package.lower()
        release = release_of(package, held.release)
        releases.setdefault(package, set()).add(release)
        for path, home in held.paths():
            found.setdefault(path, {})[release] = Found(held.kind(home), home, held.defaults(home))
        if release == OF_KERAS_3 and package == "keras":
            for name in held.names("keras.layers"):
                if (defined := held.home("keras.layers", name)) is not None:
                    place = ".".join(defined)
                    public[name] = Found(held.kind(place), place, held.defaults(place))
    for held in wheels:
        release = release_of(held.package.lower(), held.release)
        for path, there in found.items():
            module, _, name = path.rpartition(".")
            # A class that is defined in a more general module now is still there.
            if release not in there and path.startswith(held.root) and (moved := held.home(module, name)) is not None:
                there[release] = Found(held.kind(".".join(moved)), ".".join(moved), {})
    rows: dict[str, str] = {}
    for path in sorted(found):
        package = path.partition(".")[0].replace("tf", "tensorflow")
        leaf, known = path.rpartition(".")[2], symbols.table().get(path)
        # Wrappers of cells that are TensorFlow's own, at `tf.nn`, were seen through `keras.layers` too.
        is_public = path == f"keras.layers.{leaf}" and (leaf in public or leaf.endswith("Wrapper"))
        if not is_public and (known is None or OURS.match(known.source)):
            rows[path] = row(path, found[path], sorted(releases[package], key=numbers), public)
    made = [text for path, text in rows.items() if not is_made_up(text, rows.get(path.rpartition(".")[0]))]
    header, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not OURS.match(line.rpartition("\t")[2])]
    TABLE.write_text("\n".join([header, *sorted(kept + made)]) + "\n", encoding="utf-8")
    print(f"{len(made)} rows, {len(kept)} others")


def is_made_up(text: str, module: str | None) -> bool:
    """Whether what is said of a path is what is made up of the row of its module."""
    cells, above = text.split("\t"), (module or "\t" * 13).split("\t")
    return not cells[10] and cells[1] != "module" and (cells[2], *cells[5:7]) == (above[3], *above[5:7])


if __name__ == "__main__":
    main()
