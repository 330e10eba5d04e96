"""Which TensorFlow releases do the facts cover? Every start reads this module, so it contains nothing else."""

from __future__ import annotations

NEWEST = "2.21"
"""The newest TensorFlow release that the facts were checked against."""

SERIES = (((0, 5), (0, 12)), ((1, 0), (1, 15)), ((2, 0), (2, 21)))
"""The first and the last release of each major version."""


def is_known(release: str) -> bool:
    """Whether there was a release of this name, such as "2.15" or "2.15.1", up to the newest known one."""
    major, minor = (int(part) for part in release.split(".")[:2])
    return any(first <= (major, minor) <= last for first, last in SERIES)


def known() -> str:
    """The known releases in words."""
    return ", ".join(f"{first[0]}.{first[1]} to {last[0]}.{last[1]}" for first, last in SERIES)
