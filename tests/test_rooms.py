"""Do imports within a floor point one way, is each module of a size to read, and does nothing decide by words?"""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import drawing
import pytest

import rnnlint

PACKAGE = Path(rnnlint.__file__).parent
ARCHITECTURE = Path(__file__).parents[1] / "docs" / "architecture.md"

ROOMS = (("values",), ("tensorflow",), ("keras",), ("libraries",), ("unrolls", "loops", "padding", "pitfalls"))
"""The rooms of infer/. An import points to the left or stays in its room; those side by side do not see each other."""

LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
LONG_MODULES = {
    "facts/graph_cost.py": "one table as code, to be read from top to bottom",
    "infer/keras/models.py": "one walk over the code of a model, whose parts share its state",
    "infer/tensorflow/tensors.py": "a table of functions with a short one for each name",
    "infer/values/evaluate.py": "one central class that all others call",
    "resolve/flow.py": "one algorithm over blocks",
    "resolve/module.py": "one central class that all others call",
}
"""Modules that may be longer, and why."""

READS_TEXT = {
    "infer/loops/symbolic.py": "an environment variable that the module sets before it imports Keras",
    "infer/loops/words.py": "the names of loop variables, taken apart",
    "infer/values/stored_elsewhere.py": "whether the module is worth asking",
    "infer/padding/backward_ends.py": "whether the module is worth asking",
    "infer/keras/graph_code.py": "whether the module is worth asking",
    "infer/tensorflow/graph_mode.py": "whether the module is worth asking",
    "infer/unrolls/equal_loop.py": "names of layers and of converters",
    "infer/unrolls/unrolled_layers.py": "whether the module is worth asking",
    "infer/values/keyword_classes.py": "whether the module is worth asking",
    "infer/tensorflow/convolutions.py": "the names of functions, taken apart",
    "infer/values/makers.py": "whether the module is worth asking",
    "infer/values/project_functions.py": "whether the module is worth asking",
    "rules/argument_removal.py": "what stands around an argument that an edit takes out",
    "rules/context.py": "whether the module is worth asking",
    "rules/edits.py": "the text that an edit replaces",
    "rules/foreseen.py": "identifiers of a condition",
    "rules/keras_rewrite/dtypes.py": "whether any number is of another kind than float32",
    "rules/keras_rewrite/edits.py": "where the file ends",
    "rules/keras_rewrite/safety.py": "what a string names, so that the code is left alone",
    "rules/mask_fix.py": "what stands around an argument that an edit adds",
    "rules/moved/arguments.py": "what stands around an argument that an edit names",
    "rules/moved/conditions.py": "the numbers of a release, as the code itself takes it apart",
    "rules/moved/destinations.py": "a cell of the table of symbols",
    "rules/moved/writing.py": "the import statement that an edit replaces",
    "rules/new.py": "the code and the name of a new rule",
    "rules/pointing.py": "where the header of a loop ends",
    "rules/unroll_fix.py": "the argument that an edit takes out",
}
"""Modules of infer/ and rules/ that look at text, and for what: none of it makes a finding."""


class Import(NamedTuple):
    """One name that a module of ours imports from another; what stands under TYPE_CHECKING counts."""

    file: str
    module: str
    name: str


def modules() -> dict[str, Path]:
    """Each module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(dotted: str, path: Path, known: dict[str, Path]) -> Iterator[Import]:
    file = path.relative_to(PACKAGE).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("rnnlint"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                module = inner if inner in known else node.module
                if module != dotted:
                    yield Import(file, module, alias.name)


def graph() -> dict[str, dict[str, list[str]]]:
    """For each module those that it imports, with the names. The package itself holds its version, and a door that
    pylint opens, so it is left out."""
    known = modules()
    del known["rnnlint"]
    found: dict[str, dict[str, list[str]]] = {}
    for dotted, path in known.items():
        found[dotted] = {}
        for one in imports(dotted, path, known):
            if one.module in known:
                found[dotted].setdefault(one.module, []).append(one.name)
    return found


def circle(edges: dict[str, dict[str, list[str]]]) -> list[str]:
    """One circle of imports, each step with the names that are imported; empty where there is none."""
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        # Each is imported by the one behind it.
        around = list(reversed(error.args[1]))
        return [f"{one} imports {', '.join(edges[one][other])} of {other}" for one, other in pairwise(around)]
    return []


def upward(file: str, module: str) -> bool:
    """Whether a module of infer/ imports from a room above or beside its own."""
    if not file.startswith("infer/") or not module.startswith("rnnlint.infer."):
        return False
    own, other = (one.split("/" if "/" in one else ".")[at].removesuffix(".py") for one, at in ((file, 1), (module, 2)))
    if own == other or "__init__" in (own, other):
        return False
    return room_of(other) >= room_of(own)


def room_of(name: str) -> int:
    return next(number for number, names in enumerate(ROOMS) if name in names)


def test_no_imports_go_round_in_a_circle() -> None:
    assert circle(graph()) == []


def test_a_circle_is_reported_with_the_names_that_make_it() -> None:
    edges = {"a": {"b": ["x"]}, "b": {"c": ["y", "z"]}, "c": {"a": ["w"]}, "d": {"a": ["v"]}}
    told = circle(edges)
    assert sorted(told) == ["a imports x of b", "b imports y, z of c", "c imports w of a"]
    assert circle({"a": {"b": ["x"]}, "b": {}}) == []


def test_rooms_import_from_rooms_below_only() -> None:
    known = modules()
    every = (one for dotted, path in known.items() for one in imports(dotted, path, known))
    assert [f"{one.file} imports {one.name} of {one.module}" for one in every if upward(one.file, one.module)] == []


@pytest.mark.parametrize(
    ("file", "module", "wrong"),
    [
        ("infer/values/x.py", "rnnlint.infer.tensorflow.tensors", True),
        ("infer/loops/x.py", "rnnlint.infer.unrolls.cost", True),
        ("infer/keras/x.py", "rnnlint.infer.libraries", True),
        ("infer/keras/x.py", "rnnlint.infer.values.domain", False),
        ("infer/padding/x.py", "rnnlint.infer.padding.runs", False),
        ("infer/libraries.py", "rnnlint.infer.keras.layers", False),
        ("rules/x.py", "rnnlint.infer.padding.runs", False),
    ],
)
def test_an_import_from_a_room_above_or_beside_is_seen(file: str, module: str, wrong: bool) -> None:
    assert upward(file, module) is wrong


def test_every_room_is_known() -> None:
    rooms = {path.relative_to(PACKAGE).parts[1].removesuffix(".py") for path in (PACKAGE / "infer").rglob("*.py")}
    assert rooms - {"__init__"} <= {name for names in ROOMS for name in names}


def test_modules_and_functions_are_short_enough_to_read() -> None:
    too_long = []
    for path in modules().values():
        file, text = path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")
        if (text.count("\n") > LONGEST_MODULE) != (file in LONG_MODULES):
            too_long.append(f"{file}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{file}:{node.lineno}: {node.name} has {lines} lines")
    assert too_long == []


def test_rules_and_inference_ask_for_names_and_not_for_words() -> None:
    """What looks at text in another module of these floors is a mistake, or is named above with its reason."""
    found = set()
    for path in modules().values():
        file = path.relative_to(PACKAGE).as_posix()
        if file.startswith(("rules/", "infer/")) and any(map(_reads_text, ast.walk(ast.parse(path.read_bytes())))):
            found.add(file)
    assert found == set(READS_TEXT)


def _reads_text(node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return any(alias.name == "re" for alias in node.names)
    is_of_source = isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Attribute, ast.Name))
    if not is_of_source:
        return False
    assert isinstance(node, ast.Attribute)
    base = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return node.attr == "mentions" or node.attr in ("text", "lines", "rows") and base == "source"


# ---- the drawing


def floors_and_rooms() -> set[tuple[str, str]]:
    """Which floor imports from which, and which room of infer/."""
    found = set()
    for module, others in graph().items():
        for other in others:
            own, its = module.split("."), other.split(".")
            if own[1] != its[1]:
                found.add((own[1], its[1]))
            elif own[1] == "infer" and len(own) > 2 and len(its) > 2 and own[2] != its[2]:
                found.add((own[2], its[2]))
    # `python -m rnnlint` and `python -m rnnlint.probe` open the door of the command line.
    return {(one, other) for one, other in found if one != "__main__" and (one, other) != ("probe", "hosts")}


def reached(start: str, arrows: set[tuple[str, str]]) -> set[str]:
    found, todo = set(), [start]
    while todo:
        at = todo.pop()
        following = {other for one, other in arrows if one == at} - found
        found |= following
        todo += following
    return found


def test_the_drawing_shows_what_imports_what() -> None:
    arrows, real = set(drawing.ARROWS), floors_and_rooms()
    assert arrows - real == set(), "drawn, and nothing imports so"
    assert {(one, other) for one, other in real if other not in reached(one, arrows)} == set(), "not drawn"


def test_an_arrow_of_the_drawing_goes_down_between_boxes_that_overlap() -> None:
    for one, other in drawing.ARROWS:
        above, below = drawing.BOXES[one], drawing.BOXES[other]
        assert above.top + above.high < below.top, f"{one} stands above {other}"
        for box in (above, below):
            assert box.left + 5 < drawing.across(above, below) < box.right - 5, f"{one} to {other}"


def test_no_arrow_of_the_drawing_goes_through_a_box() -> None:
    for one, other in drawing.ARROWS:
        above, below = drawing.BOXES[one], drawing.BOXES[other]
        x = drawing.across(above, below)
        between = [
            name
            for name, box in drawing.BOXES.items()
            if above.top + above.high <= box.top < below.top and box.left <= x <= box.right
        ]
        assert between == [], f"{one} to {other}"


def test_the_walk_names_modules_that_are_there() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    walk = text.split("One walk:")[1].split("\n\n")[1]
    steps = [step for step in walk.split("`") if step.endswith((".py", ".tsv"))]
    assert len(steps) > 10
    homes = [PACKAGE, PACKAGE / "infer"]
    assert [step for step in steps if not any((home / step).exists() for home in homes)] == []
