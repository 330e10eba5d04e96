"""What is said of one call of every kind? All of it is kept, so that a change of any advice is seen."""

from __future__ import annotations

import kept
import pytest
from one_line_programs import GROUPS, HEAD

from rnnlint import engine
from rnnlint.settings import from_mapping

OLD: dict[str, object] = {"target-tensorflow": "1.15"}
MIDDLE: dict[str, object] = {"target-tensorflow": "2.10", "extend-select": ["ALL"], "max-unroll": 5}
KERAS: dict[str, object] = {"migrate-to": "keras"}
ASKED = [
    *((group, {}) for group in GROUPS),
    ("wrappers", OLD),
    ("layers", MIDDLE),
    ("wrappers", MIDDLE),
    ("wrappers", KERAS),
    ("runners", KERAS),
]


@pytest.mark.parametrize(("group", "options"), ASKED)
def test_what_is_said_of_a_call_is_kept(group: str, options: dict[str, object]) -> None:
    program = HEAD + "".join(f"{line}\n" for line in GROUPS[group])
    found = engine.check_bytes(program.encode(), "model.py", from_mapping(options, "test"), engine.Project()).findings
    assert found
    # The head is the same in all of them.
    kept.same(
        "calls", f"{group} {options or ''}".rstrip(), kept.shown(one for one in found if one.row > HEAD.count("\n"))
    )
