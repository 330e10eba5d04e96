"""What is true of a legacy symbol on the user's target, in one sentence? Shared by the rules of the 1xx family."""

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

SEVERITIES: tuple[Severity, ...] = ("error", "warning")
"""A name that is gone on the target is an error, one that still runs there a warning."""


REWRITTEN = ("static", "dynamic", "cell")
"""The families that can be written as Keras layers."""


def report_site(site: Site, context: Context) -> Iterator[Report]:
    """Report a site with its state on the target and what replaces it there."""
    from rnnlint.resolve import sites

    target = context.settings.platform
    symbol = site.symbol
    if context.settings.profile == "maintain" and runs_on(site, target):
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
    """What the user wants the code to become: names that still run, or Keras layers."""
    if context.settings.migrate_to == "compat":
        return context.renamings.get(site.node)
    fix = context.rewrites.fixes.get(site.node)
    if fix is None and site.symbol.family in ("seq2seq", "cudnn"):
        return context.renamings.get(site.node)
    return fix


def _help(site: Site, context: Context) -> str:
    """What to use instead, and why that is not written by the fix where it is wanted."""
    from rnnlint.rules.advice import advice

    found = advice(site, context)
    if context.settings.migrate_to == "compat" or site.symbol.family not in REWRITTEN:
        return found
    reason = context.rewrites.reasons.get(site.node)
    return "; ".join(one for one in (found, f"not rewritten to Keras: {reason}" if reason else "") if one)


def severity(site: Site, module: Module, target: str) -> Severity:
    """An error where the code fails on the target: no name that it may mean runs there, and nothing around it asks."""
    if any(_state(site, symbol, target) == "works" for symbol in site.symbols) or _may_be_another(site, module, target):
        return "warning"
    from rnnlint.rules.foreseen import is_foreseen

    return "warning" if is_foreseen(site.statement, site.node, module) else "error"


def _may_be_another(site: Site, module: Module, target: str) -> bool:
    """Whether a name that is imported in one branch has in another what runs on the target."""
    if not isinstance(site.node, ast.Name) or len(module.bindings(site.node)) == 1:
        return False
    from rnnlint.facts import symbols
    from rnnlint.resolve.values import External

    found = (symbols.find(value.path) for value in module.values(site.node) if isinstance(value, External))
    return any(symbol is not None and symbols.state_on(symbol, target) == "works" for symbol in found)


def runs_on(site: Site, target: str) -> bool:
    """Whether every symbol that the site may name runs on the target as it is written there."""
    return all(_state(site, symbol, target) == "works" for symbol in site.symbols)


def status(site: Site, target: str) -> str:
    """What the target makes of the site, as the verb of a sentence."""
    symbol = site.symbol
    state = _state(site, symbol, target)
    if state == "not yet":
        return f"does not exist before TensorFlow {symbol.since}"
    if symbol.path.startswith("tfa."):
        return f"does not import on TensorFlow {symbol.removed} and later"
    if state == "removed":
        return f"was removed in TensorFlow {symbol.removed}"
    if state == "works with tf-keras":
        fails = "has attributes that raise" if symbol.kind == "module" else "raises"
        return f"{fails} AttributeError on TensorFlow 2.16 and later, with Keras 3"
    if symbol.path.startswith("tf.python."):
        return f"is private to TensorFlow (it works on {target})"
    if symbol.removed:
        return f"is a legacy API that TensorFlow {symbol.removed} removes"
    return f"is a legacy API that still runs on TensorFlow {target}"


def _state(site: Site, symbol: Symbol, target: str) -> str:
    from rnnlint.facts import symbols

    state = symbols.state_on(symbol, target)
    if symbol.kind == "module" and state == "works" and not site.by_import:
        # The lazy module itself is there; what it holds is not.
        return symbols.state_of_members(symbol, target)
    if state == "works with tf-keras" and symbol.import_works and site.by_import:
        return "works"
    return state
