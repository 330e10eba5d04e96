"""What does `rnnlint completion SHELL` print? A script for the shell, made from the parsers of the commands."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from rnnlint.hosts.command_line.flags import Parser
from rnnlint.report.rules import reported
from rnnlint.settings import OPTIONS

_PARSERS = {
    "check": "flags.check_parser",
    "rule": "show.rule_parser",
    "config": "show.config_parser",
    "clean": "clean.clean_parser",
    "probe": "probe.probe_parser",
    "probe run": "probe_run.run_parser",
    "probe inspect": "probe_inspect.inspect_parser",
    "fleet": "fleet.fleet_parser",
    "weights": "weights.weights_parser",
    "server": "server.server_parser",
    "completion": "completion.completion_parser",
}
"""Each command, and the function that makes its parser."""


class Flag(NamedTuple):
    """A flag of a command: its spellings, its help, and the values that it takes."""

    spellings: tuple[str, ...]
    help: str
    takes_value: bool
    values: tuple[str, ...]
    """Empty if the value is a file, a number or any other text."""


def run_completion(argv: list[str]) -> int:
    """The command; returns the exit code."""
    print(SCRIPTS[completion_parser().read(argv).shell](), end="")
    return 0


def completion_parser() -> Parser:
    """The flags of ``rnnlint completion``."""
    parser = Parser("completion", "Print the completion script for a shell; its first lines say where it goes.")
    parser.add_argument("shell", choices=tuple(SCRIPTS))
    return parser


def flags() -> dict[str, list[Flag]]:
    """The flags of each command, in the order of its help."""
    package = __name__.rpartition(".")[0]
    found = {}
    for command, place in _PARSERS.items():
        module, _, function = place.partition(".")
        parser = getattr(importlib.import_module(f"{package}.{module}"), function)()
        found[command] = [_flag(action) for action in parser._actions if action.option_strings]
    return found


def _flag(action: argparse.Action) -> Flag:
    values = tuple(str(choice) for choice in action.choices or ())
    option = next((option for option in OPTIONS if option.key == action.dest), None)
    if not values and option is not None:
        values = _codes() if option.kind == "codes" else option.choices
    text = "" if action.help == argparse.SUPPRESS else (action.help or "").replace("%%", "%")
    return Flag(tuple(action.option_strings), text, action.nargs != 0, values)


def _codes() -> tuple[str, ...]:
    return tuple(rule.code for rule in reported())


def _arguments() -> dict[str, tuple[str, ...]]:
    """The words that a command takes besides its flags; a command that is not listed takes files."""
    return {
        "rule": (*_codes(), *(rule.name for rule in reported())),
        "config": tuple(option.name for option in OPTIONS),
        "completion": tuple(SCRIPTS),
        "clean": (),
        "server": (),
        "probe": ("run", "inspect"),
        "probe inspect": (),
    }


def _tops() -> tuple[str, ...]:
    return tuple(command for command in _PARSERS if " " not in command)


def _by_position(all_flags: Mapping[str, list[Flag]]) -> Iterator[tuple[str, str]]:
    """Patterns of "command:previous word" or "command:-" for a shell's case, with the words to offer."""
    for command, own in all_flags.items():
        for flag in own:
            if flag.takes_value:
                # An empty list means files, which the shell completes.
                yield "|".join(f"'{command}:{word}'" for word in flag.spellings), " ".join(flag.values)


_HEAD = """\
# Completion of rnnlint for {shell}. {how}
"""


def bash() -> str:
    """The script for bash."""
    how = "Load it with: source <(rnnlint completion bash)"
    return _HEAD.format(shell="bash", how=how) + _posix("bash", _BASH_BODY)


def zsh() -> str:
    """The script for zsh."""
    how = "Load it after compinit with: source <(rnnlint completion zsh)"
    return _HEAD.format(shell="zsh", how=how) + _posix("zsh", _ZSH_BODY)


def _posix(shell: str, body: str) -> str:
    """The part that bash and zsh share: a function that sets `offered` to the words, or to nothing for files."""
    all_flags = flags()
    values = "".join(f"    {pattern}) offered='{words}' ;;\n" for pattern, words in _by_position(all_flags))
    dashes = "".join(
        f"      '{command}') offered='{' '.join(word for flag in own for word in flag.spellings)}' ;;\n"
        for command, own in all_flags.items()
    )
    others = "".join(f"      '{command}') offered='{' '.join(words)}' ;;\n" for command, words in _arguments().items())
    return f"""\
_rnnlint_offer() {{
  # command, word before, current word
  offered=
  case "$1:$2" in
{values}    *) case "$3" in
    -*) case "$1" in
{dashes}      '') offered='--help --version' ;;
      esac ;;
    *) case "$1" in
{others}      '') offered='{" ".join(_tops())}' ;;
      esac ;;
    esac ;;
  esac
}}
{body}"""


_BASH_BODY = """\
_rnnlint() {
  local offered command='' current="${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    command="${COMP_WORDS[1]}"
    case "$command ${COMP_WORDS[2]}" in
      'probe run' | 'probe inspect') [ "$COMP_CWORD" -gt 2 ] && command="$command ${COMP_WORDS[2]}" ;;
    esac
  fi
  _rnnlint_offer "$command" "${COMP_WORDS[COMP_CWORD-1]}" "$current"
  COMPREPLY=()
  if [ -n "$offered" ]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$offered" -- "$current")
  fi
}
complete -o default -F _rnnlint rnnlint
"""

_ZSH_BODY = """\
_rnnlint() {
  local offered command=''
  if (( CURRENT > 2 )); then
    command="${words[2]}"
    case "$command ${words[3]}" in
      'probe run' | 'probe inspect') (( CURRENT > 3 )) && command="$command ${words[3]}" ;;
    esac
  fi
  _rnnlint_offer "$command" "${words[CURRENT-1]}" "${words[CURRENT]}"
  if [[ -n "$offered" ]]; then compadd -- ${=offered}; else _files; fi
}
compdef _rnnlint rnnlint
"""


def fish() -> str:
    """The script for fish."""
    how = "Load it with: rnnlint completion fish | source"
    lines = [_HEAD.format(shell="fish", how=how).rstrip()]
    texts = _texts()
    for top in _tops():
        lines.append(f"complete -c rnnlint -n __fish_use_subcommand -f -a {top} -d {_quoted(texts[top])}")
    for command, own in flags().items():
        condition = _quoted(_fish_condition(command))
        for flag in own:
            spelled = "".join(f" -l {w[2:]}" if w.startswith("--") else f" -s {w[1:]}" for w in flag.spellings)
            value = (f" -x -a {_quoted(' '.join(flag.values))}" if flag.values else " -r") if flag.takes_value else ""
            lines.append(f"complete -c rnnlint -n {condition}{spelled}{value} -d {_quoted(_short(flag.help))}")
    for command, words in _arguments().items():
        if words:
            lines.append(f"complete -c rnnlint -n {_quoted(_fish_condition(command))} -f -a {_quoted(' '.join(words))}")
    return "\n".join(lines) + "\n"


def _fish_condition(command: str) -> str:
    top, _, below = command.partition(" ")
    condition = f"__fish_seen_subcommand_from {top}"
    return f"{condition}; and __fish_seen_subcommand_from {below}" if below else condition


def _texts() -> dict[str, str]:
    from rnnlint.hosts.command_line import COMMANDS

    return {name: text for name, (_, _, text) in COMMANDS.items()}


def _short(text: str) -> str:
    """The first sentence of a help text, without the default."""
    return re.split(r"; |: | \(", text, maxsplit=1)[0]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


SCRIPTS: dict[str, Callable[[], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
