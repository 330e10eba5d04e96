"""What do `rnnlint rule` and `rnnlint config` print? The pages of rules, and the options with their values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from rnnlint.hosts.command_line.flags import Parser, add_configuration, add_options, chosen_options
from rnnlint.hosts.configuration import Configuration, Configurations
from rnnlint.report import rule_pages
from rnnlint.report.rules import named, reported
from rnnlint.settings import OPTIONS, Option, SettingsError, nearest


def run_rule(argv: list[str]) -> int:
    """``rnnlint rule CODE|NAME|--all``."""
    arguments = rule_parser().read(argv)
    if arguments.all == bool(arguments.rule):
        raise SettingsError("name one rule, or use --all")
    rules = reported() if arguments.all else (named(arguments.rule),)
    if arguments.output_format == "json":
        rows = [rule_pages.row(rule) for rule in rules]
        _print_json(rows if arguments.all else rows[0])
        return 0
    pages = [rule_pages.page(rule) for rule in rules]
    if arguments.output_format == "text":
        pages = [rule_pages.as_text(page) for page in pages]
    print("\n".join(pages), end="")
    return 0


def rule_parser() -> Parser:
    """The flags of ``rnnlint rule``."""
    parser = Parser("rule", "Explain a rule, or all of them.")
    parser.add_argument("rule", nargs="?", metavar="CODE|NAME", help="for example RNN101")
    parser.add_argument("--all", action="store_true", help="explain all rules")
    parser.add_argument("--output-format", default="text", choices=("text", "json", "markdown"))
    return parser


def run_config(argv: list[str]) -> int:
    """``rnnlint config [OPTION]``: the current values in the current folder."""
    arguments = config_parser().read(argv)
    cwd = os.getcwd()
    flags = chosen_options(arguments, of_run=False)
    current = Configurations(flags, cwd, arguments.config, arguments.isolated).for_folder(cwd)
    options = OPTIONS if arguments.option is None else (_option(arguments.option),)
    if arguments.output_format == "json":
        _print_json([_row(option, current) for option in options])
    else:
        print("\n".join(_text(_row(option, current)) for option in options))
    return 0


def config_parser() -> Parser:
    """The flags of ``rnnlint config``."""
    parser = Parser("config", "List the options, their values and where these come from.")
    parser.add_argument("option", nargs="?", metavar="OPTION", help="show only this option")
    parser.add_argument("--output-format", default="text", choices=("text", "json"))
    add_options(parser, of_run=False)
    add_configuration(parser)
    return parser


def _option(name: str) -> Option:
    known = {option.name: option for option in OPTIONS}
    wanted = name.replace("_", "-")
    if wanted not in known:
        raise SettingsError(f"unknown option {name!r}{nearest(wanted, known)}")
    return known[wanted]


def _row(option: Option, current: Configuration) -> dict[str, Any]:
    return {
        "name": option.name,
        "value": _value(option, current),
        "default": option.default,
        "source": current.origins.get(option.key, "default"),
        "choices": list(option.choices),
        "help": option.help,
    }


def _value(option: Option, current: Configuration) -> Any:
    value = current.run.get(option.key) if option.of_run else getattr(current.settings, option.key)
    return option.default if value is None else value


def _text(row: Mapping[str, Any]) -> str:
    lines = [f"{row['name']} = {_toml(row['value'])}  ({row['source']})", f"    {row['help']}"]
    if row["source"] != "default":
        lines.append(f"    Default: {_toml(row['default'])}")
    return "\n".join(lines)


def _toml(value: object) -> str:
    """The value as written in pyproject.toml."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        import json

        return json.dumps(value, ensure_ascii=False)
    return "not set" if value is None else str(value)


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, indent=2))
