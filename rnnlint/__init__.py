"""What is rnnlint? A static analyser that finds legacy TensorFlow RNN APIs and says what replaces them.

For Python code: `check_source` and `check_paths` return findings; docs/api.md shows how.
"""

# Nothing is imported here: the folder where Python was started may have a module of the same name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from rnnlint.finding import Finding as Finding
    from rnnlint.hosts.python import Result as Result
    from rnnlint.hosts.python import check_paths as check_paths
    from rnnlint.hosts.python import check_source as check_source
    from rnnlint.read.problem import SourceError as SourceError
    from rnnlint.settings import SettingsError as SettingsError

__version__ = "0.1.0"

_PUBLIC = {
    "Finding": "rnnlint.finding",
    "Result": "rnnlint.hosts.python",
    "SettingsError": "rnnlint.settings",
    "SourceError": "rnnlint.read.problem",
    "check_paths": "rnnlint.hosts.python",
    "check_source": "rnnlint.hosts.python",
}


def __getattr__(name: str) -> object:
    """The public names, imported on first use: hosts import this package at every start."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})


def register(linter: object) -> None:
    """For ``pylint --load-plugins=rnnlint``; imports the host here, so that nobody else needs pylint."""
    from rnnlint.hosts import pylint

    pylint.register(linter)


def load_configuration(linter: object) -> None:
    """For pylint, when it knows the values of its options."""
    from rnnlint.hosts import pylint

    pylint.load_configuration(linter)
