"""What did the fixes achieve? Which files now reach all their RNN names, and why do others not?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from rnnlint.facts import symbols
from rnnlint.finding import Finding
from rnnlint.report.run import counted, is_hidden

_GONE = "TensorFlow no longer has {them}"
_UNSAFE = "--unsafe-fixes changes {them}"
_OPEN = "{their} code switches between releases or names {them} indirectly"


def fixed_lines(fixes: int, files: Collection[str], left: Sequence[Finding]) -> Iterator[str]:
    """The lines of a summary, each with its newline: what was fixed, and the names that still fail, by reason."""
    failing = [finding for finding in left if finding.code.startswith("RNN1") and finding.severity == "error"]
    whole = set(files) - {finding.filename for finding in failing}
    rest = f"; in {len(whole)} of them all RNN names now run on the target" if len(whole) < len(files) else ""
    yield f"Fixed {counted(fixes, 'finding')} in {counted(len(files), 'file')}{rest}.\n"
    if failing:
        reasons = Counter(map(_reason, failing))
        listed = (f"{count}: {_worded(reason, count)}" for reason, count in reasons.most_common())
        names = counted(len(failing), "name")
        yield f"{names} still {'fails' if len(failing) == 1 else 'fail'} ({'; '.join(listed)}).\n"


def _reason(finding: Finding) -> str:
    if is_hidden(finding):
        return _UNSAFE
    symbol = symbols.find(finding.api or "")
    is_elsewhere = symbol is not None and bool(symbol.still_at or symbol.kind == "module")
    return _OPEN if is_elsewhere else _GONE


def _worded(reason: str, count: int) -> str:
    return reason.format(them="it" if count == 1 else "them", their="its" if count == 1 else "their")
