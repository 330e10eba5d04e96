"""Which releases did the program run on? Those of the modules that it imported."""

from __future__ import annotations

import os
import platform
import sys


def versions() -> dict[str, str]:
    """Releases by name."""
    found = {"python": platform.python_version()}
    for name in ("tensorflow", "keras", "tf_keras"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found


def keras_generation() -> int:
    """2 or 3, depending on ``tf.keras``; 0 if no Keras was imported."""
    if os.environ.get("TF_USE_LEGACY_KERAS", "") in ("1", "true", "True") and "tf_keras" in sys.modules:
        return 2
    version = versions().get("keras") or versions().get("tf_keras", "0")
    return 3 if version.startswith("3") else 2 if version[0] == "2" else 0
