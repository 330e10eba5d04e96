"""How many programs and notebooks are made by chance? Few with the other tests, many in a night (`tox -e thorough`)."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("thorough", max_examples=20_000, deadline=None, print_blob=True)
settings.register_profile("short", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("short")
