"""What is the state of a legacy symbol on the user's target? Shared by the rules of the 1xx family."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.finding import Severity
from rnnlint.rules.watch import Report

if TYPE_CHECKING:
    from rnnlint.facts.symbols import Symbol
    from rnnlint.finding import Fix
    from rnnlint.resolve.sites import Site
    from rnnlint.resolve.values import Module
    from rnnlint.rules.context import Context

MESSAGE = "{api} {status}"

_KERAS_3 = ("2.16", "3.0")
"""The first TensorFlow release with Keras 3; those from 2.6 on came with the Keras of the same number."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning")
"""A name that the target no longer has is an error, one that still runs there a warning."""


REWRITTEN = ("static", "dynamic", "cell")
"""The families that can be rewritten as Keras layers."""


def report_site(site: Site, context: Context) -> Iterator[Report]:
    """Report a site with its state on the target and what replaces it there."""
    from rnnlint.resolve import sites

    target = context.settings.platform
    symbol = site.symbol
    if context.settings.profile == "maintain" and runs_on(site, target):
        return
    if "layer" in (symbol.family, symbol.member_family) and _is_settled(site, context.module):
        return
    unroll = context.unrolls.get(site.node)
    trail = [(module, binding.node) for module, binding in sites.trail(context.module, site.node)]
    imports = [node for module, node in trail if module is context.module and isinstance(node, ast.alias)]
    yield Report(
        node=site.node,
        blanks={"api": symbol.path, "status": status(site, target)},
        api=symbol.path,
        unroll_length=unroll.length.default if unroll is not None else None,
        graph_ops=unroll.graph_ops if unroll is not None else None,
        because=tuple(dict.fromkeys(trail)),
        fix=_fix(site, context),
        help=_help(site, context),
        severity=severity(site, context.module, target),
        is_import=site.is_import and isinstance(site.node, ast.alias),
        imported_by=tuple(imports),
    )


def _fix(site: Site, context: Context) -> Fix | None:
    """The fix that the user chose with ``migrate-to``: names that still run, or Keras layers."""
    if context.settings.migrate_to == "compat":
        return context.renamings.get(site.node)
    fix = context.rewrites.fixes.get(site.node)
    symbol = site.symbol
    if fix is None and (symbol.family in ("seq2seq", "cudnn", "layer") or symbol.member_family == "layer"):
        return context.renamings.get(site.node)
    return fix


def _help(site: Site, context: Context) -> str:
    """What to use instead, and why there is no fix to Keras if the user wants one."""
    from rnnlint.rules.advice import advice

    found = advice(site, context)
    if context.settings.migrate_to == "compat" or site.symbol.family not in REWRITTEN:
        return found
    reason = context.rewrites.reasons.get(site.node)
    return "; ".join(one for one in (found, f"not rewritten to Keras: {reason}" if reason else "") if one)


def _is_settled(site: Site, module: Module) -> bool:
    """Whether the code tries several places for a Keras layer, or the finding at its import already covers it."""
    from rnnlint.resolve import sites
    from rnnlint.rules.foreseen import is_foreseen

    if is_foreseen(site.statement, site.node, module):
        return True
    return not site.is_import and isinstance(site.node, ast.expr) and sites.is_settled(module, site.node)


def severity(site: Site, module: Module, target: str) -> Severity:
    """An error if the code fails on the target: no symbol that it may name runs there, and nothing checks first."""
    if any(_state(site, symbol, target) == "works" for symbol in site.symbols) or _may_be_another(site, module, target):
        return "warning"
    from rnnlint.rules.foreseen import is_foreseen

    return "warning" if is_foreseen(site.statement, site.node, module) else "error"


def _may_be_another(site: Site, module: Module, target: str) -> bool:
    """Whether another branch binds the same name to something that runs on the target."""
    if not isinstance(site.node, ast.Name) or len(module.bindings(site.node)) == 1:
        return False
    from rnnlint.facts import symbols
    from rnnlint.resolve.values import External

    found = (symbols.find(value.path) for value in module.values(site.node) if isinstance(value, External))
    return any(symbol is not None and symbols.state_on(symbol, target) == "works" for symbol in found)


def runs_on(site: Site, target: str) -> bool:
    """Whether every symbol that the site may name runs on the target as written."""
    return all(_state(site, symbol, target) == "works" for symbol in site.symbols)


def status(site: Site, target: str) -> str:
    """The state of the site on the target, as the predicate of a sentence."""
    from rnnlint.facts import symbols

    symbol = site.symbol
    state = _state(site, symbol, target)
    if state == "not yet":
        return f"does not exist before TensorFlow {symbol.since}"
    if symbol.path.startswith("tfa."):
        return f"does not import on TensorFlow {symbol.removed} and later"
    package = "Keras" if symbol.path.startswith("keras.") else "TensorFlow"
    release = symbol.removed if package == "TensorFlow" else symbol.removed.replace(*_KERAS_3)
    if state == "removed":
        raised = (
            f": {_raised(site, target)}" if site.is_import and "layer" in (symbol.family, symbol.member_family) else ""
        )
        return f"was removed in {package} {release}{raised}"
    if state == "works with tf-keras":
        fails = "has attributes that raise" if symbol.kind == "module" else "raises"
        return f"{fails} AttributeError on TensorFlow 2.16 and later, with Keras 3"
    if symbols.is_private(symbol.path):
        return f"is private to {package} (it works on {target})"
    if symbol.removed:
        return f"is a legacy API that {package} {release} removes"
    return f"is a legacy API that still runs on TensorFlow {target}"


def _raised(site: Site, target: str) -> str:
    """What an import of a Keras layer raises: the module may be missing, or the name in it."""
    from rnnlint.facts import symbols

    if isinstance(site.node, ast.alias) and site.node.name == "*":
        return "ModuleNotFoundError"
    module = site.symbol.path.rpartition(".")[0]
    holds = (row for path, row in symbols.table().items() if path.startswith(f"{module}."))
    is_there = module == "keras.layers" or any(symbols.state_on(row, target) == "works" for row in holds)
    return "ImportError" if is_there and isinstance(site.statement, ast.ImportFrom) else "ModuleNotFoundError"


def _state(site: Site, symbol: Symbol, target: str) -> str:
    from rnnlint.facts import symbols

    state = symbols.state_on(symbol, target)
    if symbol.kind == "module" and state == "works" and not site.by_import:
        # The lazy module itself exists; its members do not.
        return symbols.state_of_members(symbol, target)
    if state == "works with tf-keras" and symbol.import_works and site.by_import:
        return "works"
    return state
