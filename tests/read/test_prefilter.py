"""Does the pre-filter let pass what may matter?"""

from __future__ import annotations

from rnnlint.read.prefilter import may_matter

NEEDLES = frozenset((b"tensorflow", b"rnn"))


def test_a_needle_is_found_in_any_case() -> None:
    for data in (b"import tensorflow", b"import TensorFlow", b"x.RNNCell", b"\xff\x00rNn"):
        assert may_matter(data, NEEDLES)


def test_without_a_needle_nothing_matters() -> None:
    assert not may_matter(b"import numpy", NEEDLES)
    assert not may_matter(b"", NEEDLES)
    assert not may_matter(b"tensorflow", frozenset())
