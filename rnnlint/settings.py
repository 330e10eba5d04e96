"""What can a user choose? One table of options; every host derives its flags and configuration keys from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from rnnlint.facts.releases import NEWEST, is_known, known

Kind = Literal["int", "str", "path", "list", "bool", "choice", "version", "codes", "map"]


class SettingsError(Exception):
    """An unusable configuration; the text is one line and says what to do."""


class Option(NamedTuple):
    """One option.

    The command line offers all except those without a ``flag``, which only files can set. Hosts that filter codes and
    files themselves (flake8 and pylint) offer those ``in_hosts``, which change the analysis. An option ``of_run`` does
    not change findings, only which of them the command line shows and how.
    """

    name: str
    kind: Kind
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    in_hosts: bool = False
    metavar: str = ""
    of_run: bool = False
    flag: bool = True

    @property
    def key(self) -> str:
        """The attribute of Settings that holds the value."""
        return self.name.replace("-", "_")


OPTIONS: tuple[Option, ...] = (
    Option(
        "extend",
        "path",
        None,
        "Inherit the [tool.rnnlint] table of this TOML file (relative path); keys in the inheriting file win",
        of_run=True,
        flag=False,
    ),
    Option("select", "codes", (), "Check only these codes, prefixes or names (default: all except opt-in rules)"),
    Option("ignore", "codes", (), "Ignore these codes, prefixes or names"),
    Option("extend-select", "codes", (), "Also check these codes, prefixes or names, for example an opt-in rule"),
    Option("extend-ignore", "codes", (), "Also ignore these codes, prefixes or names"),
    Option("per-file-ignores", "map", {}, "Codes to ignore in files that match a pattern, as PATTERN:CODE"),
    Option("exclude", "list", None, "Skip files and folders that match these patterns, instead of the default ones"),
    Option("extend-exclude", "list", (), "Also skip files and folders that match these patterns"),
    Option("respect-gitignore", "bool", True, "Skip files that .gitignore excludes"),
    Option(
        "target-tensorflow",
        "version",
        NEWEST,
        "The TensorFlow release you target; messages are tailored to it",
        in_hosts=True,
        metavar="VERSION",
    ),
    Option(
        "tf-keras",
        "bool",
        False,
        "You use tf-keras with TF_USE_LEGACY_KERAS=1, which gives TensorFlow 2.16 and later Keras 2 and legacy cells",
        in_hosts=True,
    ),
    Option(
        "profile",
        "choice",
        "migrate",
        "migrate: report every legacy use; maintain: report only what is removed or risky on the target",
        choices=("migrate", "maintain"),
        in_hosts=True,
    ),
    Option(
        "migrate-to",
        "choice",
        "compat",
        "What fixes replace legacy runners and cells with. compat: names that still run; keras: Keras layers (unsafe)",
        choices=("compat", "keras"),
        in_hosts=True,
    ),
    Option(
        "max-unroll",
        "int",
        50,
        "Report an unroll over more time steps than this; 0 reports every unroll of known length",
        in_hosts=True,
        metavar="STEPS",
    ),
    Option(
        "max-graph-ops",
        "int",
        0,
        "Report an unroll that adds more graph operations than this, at any length; 0 means no limit",
        in_hosts=True,
        metavar="OPERATIONS",
    ),
    Option(
        "report-uses",
        "bool",
        True,
        "Also report each use of an imported name, even if the finding at the import gives the same reason",
        in_hosts=True,
    ),
    Option("cache", "bool", True, "Cache results, so that unchanged files are not checked again", in_hosts=True),
    Option(
        "docs-url",
        "str",
        "",
        "The URL where you host the rule pages; reports then link to URL/NAME for each rule",
        metavar="URL",
        of_run=True,
    ),
    Option("baseline", "path", None, "Ignore the findings that this file lists", metavar="FILE", of_run=True),
    Option(
        "output-format",
        "choice",
        "full",
        "How findings are printed",
        choices=(
            "full",
            "concise",
            "grouped",
            "pylint",
            "json",
            "jsonl",
            "sarif",
            "github",
            "gitlab",
            "junit",
            "checkstyle",
        ),
        metavar="FORMAT",
        of_run=True,
    ),
)

MOST_WORDS = 1000
"""The limit on the words of a list, and on the characters of each: patterns are compiled, which takes time."""

LARGEST = 10**9
"""The largest number that an option takes."""

_NUMBER = re.compile("[0-9]{1,10}")
_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?")


class Settings(NamedTuple):
    """The options that findings depend on; the fields are the names in OPTIONS, with underscores."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    target_tensorflow: str = NEWEST
    tf_keras: bool = False
    profile: str = "migrate"
    migrate_to: str = "compat"
    max_unroll: int = 50
    max_graph_ops: int = 0
    report_uses: bool = True
    cache: bool = True

    @property
    def target(self) -> tuple[int, int]:
        """The target release as numbers that compare, for example (2, 21)."""
        major, minor = self.target_tensorflow.split(".")[:2]
        return int(major), int(minor)

    @property
    def platform(self) -> str:
        """The target release with "with tf-keras" if that is used, in the form that `symbols.state_on` takes."""
        return f"{self.target_tensorflow} with tf-keras" if self.tf_keras else self.target_tensorflow

    @property
    def keras(self) -> int:
        """The major version of ``tf.keras`` on the target: 3 since TensorFlow 2.16, except with tf-keras; else 2."""
        return 2 if self.tf_keras or self.target < (2, 16) else 3


def nearest(word: str, words: Iterable[str]) -> str:
    """' (did you mean X?)' for a misspelled word, or the empty string: no hint is better than a misleading one.

    A different number is not a misspelling: RNN999 does not suggest RNN401.
    """
    import difflib

    digits = _digits(word)
    likely = [one for one in words if _digits(one) == digits]
    close = difflib.get_close_matches(word, likely, n=1, cutoff=0.8)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _digits(word: str) -> str:
    return "".join(character for character in word if character.isdigit())


def from_mapping(values: Mapping[str, Any], where: str) -> Settings:
    """Settings from the keys of a configuration file or from flags.

    ``where`` names the source in error messages. Raises SettingsError for an unknown key or a wrong value.
    """
    chosen = checked_values(values, where)
    return Settings(**{key: value for key, value in chosen.items() if key in Settings._fields})


def checked_values(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Only the given options, by attribute of Settings; for hosts whose flags override a file. Raises SettingsError."""
    by_name = {option.name: option for option in OPTIONS}
    chosen: dict[str, Any] = {}
    for name, value in values.items():
        option = by_name.get(name.replace("_", "-"))
        if option is None:
            raise SettingsError(f"{where}: unknown option {name!r}{nearest(name, by_name)}")
        chosen[option.key] = _checked(option, value, where)
    return chosen


def _checked(option: Option, value: Any, where: str) -> Any:
    """The value in the type of its Settings field. Raises a SettingsError that says what is expected."""

    def wrong(expected: str) -> SettingsError:
        return SettingsError(f"{where}: {option.name} must be {expected}, not {_short(value)}")

    if option.kind == "int":
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            is_large = isinstance(value, int) and value > LARGEST
            raise wrong(f"at most {LARGEST}" if is_large else "a whole number, 0 or more")
    elif option.kind == "bool":
        if not isinstance(value, bool):
            raise wrong("true or false")
    elif option.kind == "version":
        if isinstance(value, float):
            raise wrong('a version in quotation marks, such as "2.15"')
        if not isinstance(value, str) or not _VERSION.fullmatch(value):
            raise wrong('a version such as "2.15"')
        if not is_known(value):
            raise wrong(f"a TensorFlow release that rnnlint knows ({known()})")
    elif option.kind == "path":
        if not isinstance(value, str) or not value:
            raise wrong("the path of a file")
    elif option.kind == "choice":
        if value not in option.choices:
            raise wrong(f"one of {', '.join(option.choices)}")
    elif option.kind == "map":
        if not isinstance(value, Mapping):
            raise wrong("a table of pattern = [codes]")
        return {key: _words(codes, wrong) for key, codes in zip(_words([*value], wrong), value.values())}
    elif option.kind in ("list", "codes"):
        return _words(value, wrong)
    return value


def _short(value: object) -> str:
    """The value as written, cut to fit in a line."""
    if isinstance(value, int) and abs(value) > LARGEST**2:
        # Python refuses to print integers with thousands of digits.
        return "a larger one"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _words(value: Any, wrong: Any) -> tuple[str, ...]:
    """A list of words, also from one comma-separated string."""
    if isinstance(value, str):
        value = [word for word in (part.strip() for part in value.split(",")) if word]
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise wrong("a list of strings")
    if len(value) > MOST_WORDS or any(len(word) > MOST_WORDS for word in value):
        raise wrong(f"at most {MOST_WORDS} words, each of at most {MOST_WORDS} characters")
    return tuple(value)


assert {option.key for option in OPTIONS if not option.of_run} == set(Settings._fields)
