"""Does the text of a module say whether it may bind a name?"""

from __future__ import annotations

import pytest

from rnnlint.resolve.outline import may_bind


@pytest.mark.parametrize(
    "text",
    [
        "def core(x): pass",
        "async def  core (x): pass",
        "class core: pass",
        "class core(A): pass",
        "class core[T]: pass",
        "core = 3",
        "a = core = 3",
        "core: int = 3",
        "(core := 3)",
        "core, b = 1, 2",
        "[a, core] = x",
        "a, *core = x",
        "for core in x: pass",
        "for a, core in x: pass",
        "with x as core: pass",
        "except E as core: pass",
        "except E, core: pass",
        "import core",
        "import a, core; x",
        "import a as core",
        "import core.part",
        "import core  # for its side effects",
        "from x import core",
        "from x import (core)",
        "from x import (\n    a,\n    core,\n)",
        "from x import \\\n    core\n",
        "global core\n",
    ],
)
def test_a_name_may_be_bound(text: str) -> None:
    assert may_bind(text.encode(), b"core")


@pytest.mark.parametrize(
    "text",
    [
        "core(x)",
        "x.core = 3",
        "core == 3",
        "import core as c",
        "from core import x",
        "f(core + 1)",
        "core[0] = 3",
        "'core'",
        "# the core of it, core-based",
        "encore = scores = 3",
    ],
)
def test_a_name_is_only_used(text: str) -> None:
    assert not may_bind(text.encode(), b"core")
