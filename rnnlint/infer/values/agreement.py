"""What do several uses of a function or class agree on? Unknown values and one-step twins are ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlint.infer.values import configurations
from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Int, Object, Other, Table, chosen, join
from rnnlint.resolve.values import Made

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def of(evaluator: Evaluator, found: list[Abstract]) -> Abstract:
    """A value that is one of these, each in a separate run."""
    agreed = settled(evaluator, found)
    return UNKNOWN if agreed is None else chosen(agreed, found)


def settled(evaluator: Evaluator, found: list[Abstract]) -> Abstract | None:
    """What all calls pass, ignoring unknown values and one-step twins; None if nothing remains."""
    known = [v for v in dict.fromkeys(found) if v not in (UNKNOWN, ANY) and not _is_opaque(v)]
    several = [v for v in known if not (isinstance(v, Int) and v.default == 1)]
    if not several and len(known) == len(set(found)):
        several = known
    tables = [v for v in several if isinstance(v, Table)]
    if len(tables) > 1 and len(tables) == len(several):
        return configurations.agreed(tables, lambda entries: settled(evaluator, entries) or UNKNOWN)
    objects = [v for v in several if isinstance(v, Object)]
    if len(objects) > 1 and len(objects) == len(several) and len({v.of.node for v in objects}) == 1:
        return _object_agreed(evaluator, objects)
    return join(several) if several else None


def _object_agreed(evaluator: Evaluator, objects: list[Object]) -> Object:
    """The merge of objects of one class; each stored attribute is merged separately."""
    keys = dict.fromkeys(key for one in objects if one.stored is not None for key in one.stored.entries)
    entries = {
        key: settled(evaluator, [evaluator.attribute(one, str(key), one.of.module, None) for one in objects]) or UNKNOWN
        for key in keys
    }
    return Object(objects[0].of, None, Table(entries, True) if entries else None)


def _is_opaque(value: Abstract) -> bool:
    """Whether a value is only known to come from a library call, such as ``pickle.load``."""
    return isinstance(value, Other) and isinstance(value.named, Made)
