"""What is written where a runner is called?"""

from __future__ import annotations

import ast
from collections.abc import Callable

from rnnlint.resolve.given import argument
from rnnlint.rules.keras_rewrite.bidirectional import merge_mode
from rnnlint.rules.keras_rewrite.cells import Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.dropout import drops
from rnnlint.rules.keras_rewrite.layers import Both, Layer
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runs import Run
from rnnlint.rules.keras_rewrite.split import OneByOne, lines_of_stack
from rnnlint.rules.keras_rewrite.states import bracketed, initial_state, is_simple, may_be_none
from rnnlint.rules.keras_rewrite.unstacked import may_have_mask, number_of_steps, unstacked_by
from rnnlint.rules.keras_rewrite.values import Assigned, Leaf, Several, Value, assign, name_freely


class _Done:
    """How an output of the layer is used."""

    def __init__(self, run: Run, taken: Taken, code: Code, target: str) -> None:
        self.run, self.code = run, code
        self.tf = code.tensorflow(run.call).name
        self.taken, self.target = taken, target
        self.is_list = run.is_list
        self.by_index = self.is_list and not drops(taken, code, target, "output_keep_prob")
        """Whether an index of the list is the step of the tensor."""

    def __call__(self, name: str) -> str:
        text = name
        for drop in reversed(drops(self.taken, self.code, self.target, "output_keep_prob")):
            text = drop.of(text, self.tf)
        if self.run.is_time_major:
            return f"{self.tf}.transpose({text}, [1, 0, 2])"
        if text == name and not self.is_list:
            # Layers that the code has already would take over the mask of the new one.
            return f"{self.tf}.identity({text})"
        if self.is_list:
            number = number_of_steps(self.run.inputs, self.code)
            return f"{self.tf}.unstack({text}, {f'{number}, ' if number else ''}axis=1)"
        return text


class Written:
    """The lines that replace a call and the statement around it."""

    def __init__(self, run: Run, layers: list[Layer], both: Both | None, code: Code, target: str) -> None:
        self.run, self.layers, self.both, self.code, self.target = run, layers, both, code, target
        self.gives_state = any(layer.state for layer in layers)
        self.is_split = layers[0].made.is_split
        self.values = self._values()
        self.assigned = Assigned()
        self.is_inline = False
        self.stars = ""
        """The name that takes the states of all cells of two stacks; empty without stacks."""

    # ---- first: the names

    def _values(self) -> list[Leaf]:
        """What the layer returns, in order."""
        run = self.run
        tails = ("_fw", "_bw") if run.kind == "both" else ("",)
        ends = ("",) if run.is_joined else tails
        self.outputs = [Leaf(f"outputs{tail}", self._done(at)) for at, tail in enumerate(ends)]
        self.state_parts: list[list[Leaf]] = []
        for layer, tail in zip(self.layers, tails):
            kind = layer.made.kind
            hints = {"LSTM": ["h", "c"], "stack": ["states"]}.get(kind, ["state"])
            self.state_parts.append(
                [
                    Leaf(f"{hint}" if kind == "stack" else f"state{tail}_{hint}" if kind == "LSTM" else f"state{tail}")
                    for hint in hints
                ]
            )
        return [*self.outputs, *(part for parts in self.state_parts for part in parts)]

    def _done(self, at: int) -> _Done | None:
        run, taken = self.run, self.run.cells[at]
        dropped = drops(taken, self.code, self.target, "output_keep_prob")
        is_masked = run.lengths is not None and self.code.has_layers
        is_done = dropped or is_masked or run.is_time_major or run.is_list
        return _Done(run, taken, self.code, self.target) if is_done else None

    def choose_names(self) -> None:
        """Choose the names of all values, and rewrite the reads of unpacked ones."""
        run, code = self.run, self.code
        outputs, state = self._legacy()
        if run.pair is not None:
            first, second = run.pair.elts
            if run.has_outputs or self.gives_state:
                self._assign_or_leave(first, outputs, is_needed=run.has_outputs)
            if run.has_state and self._split_stacks():
                self.assigned.after.append((code.render(second), state))
            elif run.has_state:
                assign(second, state, run, code, self.assigned)
            return
        self.value: Value = [outputs, state][run.index] if run.index is not None else Several([outputs, state])
        only = run.index == 0 and (run.kind != "both" or run.is_joined)
        if only and not self.is_split:
            self.is_inline = True
            return
        if run.has_outputs:
            name_freely(outputs, code)
        if run.has_state and not self._split_stacks():
            name_freely(state, code)

    def _split_stacks(self) -> bool:
        """Name the states of two stacks as the halves of what the layer returns; return whether there are two."""
        stacks = [layer.made for layer in self.layers if layer.made.kind == "stack"]
        if len(stacks) != 2:
            return False
        self.stars = self.code.free("states")
        first = str(stacks[0].count) if stacks[0].count is not None else f"len({self.stars}) // 2"
        self.state_parts[0][0].name = f"{self.stars}[:{first}]"
        self.state_parts[1][0].name = f"{self.stars}[{first}:]"
        return True

    def _assign_or_leave(self, target: ast.expr, value: Value, *, is_needed: bool) -> None:
        if is_needed:
            assign(target, value, self.run, self.code, self.assigned)

    def _legacy(self) -> tuple[Value, Value]:
        states = [self._state(layer, parts) for layer, parts in zip(self.layers, self.state_parts)]
        if self.run.kind == "both":
            return self.outputs[0] if self.run.is_joined else Several(list(self.outputs)), Several(states)
        return self.outputs[0], states[0]

    def _state(self, layer: Layer, parts: list[Leaf]) -> Value:
        if layer.made.kind == "LSTM":
            h, c = parts
            return Several([c, h], self.code)
        if layer.made.kind == "stack" and self.run.has_state:
            parts[0].done = self._stacked(layer)
        return parts[0]

    def _stacked(self, layer: Layer) -> Callable[[str], str]:
        """The expression that makes the legacy state of a stack from the starred result of the layer."""
        kinds = [one.kind for one in layer.made.inner]
        tf = self.code.tensorflow(self.run.call).name
        if set(kinds) == {"LSTM"}:
            return lambda states: f"tuple({self.code.state_tuple()}(c, h) for h, c in {states})"
        if "LSTM" not in kinds:
            # Keras 3 returns each as a list of one.
            return lambda states: f"tuple({tf}.nest.flatten({states}))"

        def mixed(states: str) -> str:
            name = self.code.state_tuple()
            parts = [
                f"{name}({states}[{at}][1], {states}[{at}][0])"
                if kind == "LSTM"
                else f"{tf}.nest.flatten({states}[{at}])[0]"
                for at, kind in enumerate(kinds)
            ]
            return f"({', '.join(parts)})"

        return mixed

    # ---- then: the lines

    def statement(self) -> str:
        """The whole rewritten statement, as lines without the indentation of the first."""
        run, code = self.run, self.code
        before: list[str] = []
        if self.is_inline:
            leaf, call = self.outputs[0], self._call(before)
            leaf.name = f"{call}[0]" if self.gives_state else call
            code.new[run.node] = leaf.written()
            lines = [*before, code.render(run.statement)]
        else:
            rows = self._one_by_one(before) if self.is_split else [self._unpacked(self._call(before))]
            after = (f"{target} = {value.written()}" for target, value in self.assigned.after)
            lines = [*before, *rows, *after]
            if run.pair is None:
                text = self.value.written()
                is_whole = getattr(run.statement, "value", None) is run.node and isinstance(self.value, Several)
                code.new[run.node] = text[1:-1] if is_whole and not self.value.of else text  # type: ignore[union-attr]
                lines.append(code.render(run.statement))
        return f"\n{code.indent(run.statement)}".join(lines)

    def _unpacked(self, call: str) -> str:
        """The line that unpacks the results of the layer."""
        count = len(self.outputs)
        names = [leaf.name for leaf in self.outputs]
        if not self.gives_state:
            return f"{', '.join(names)} = {call}"
        if not self.run.has_state:
            return f"{', '.join(names)} = {call}[0]" if count == 1 else f"{', '.join(names)} = {call}[:{count}]"
        if self.stars:
            return f"{', '.join([*(name or '_' for name in names), f'*{self.stars}'])} = {call}"
        stars = [
            f"*{leaf.name}" if layer.made.kind == "stack" else leaf.name
            for layer, parts in zip(self.layers, self.state_parts)
            for leaf in parts
        ]
        return f"{', '.join([*(name or '_' for name in names), *stars])} = {call}"

    def _call(self, before: list[str]) -> str:
        run, code = self.run, self.code
        tf = code.tensorflow(run.call).name
        inputs, steps = self._inputs(before, tf)
        given = [inputs]
        if run.lengths is not None:
            given.append(f"mask={self._mask(before, steps, tf)}")
        states = [
            initial_state(node, taken, code, before)
            for node, taken in zip(run.states, run.cells)
            if node is not None and node not in run.consumed
        ]
        if len(states) == 1:
            given.append(f"initial_state={states[0]}")
        elif states:
            # Each is a list, or one tensor.
            flat = [one[1:-1] if run.is_lstm else one for one in states]
            given.append(f"initial_state=[{', '.join(flat)}]")
        return f"{self._layer(tf)}({', '.join(given)})"

    def _one_by_one(self, before: list[str]) -> list[str]:
        """The lines that run the layers of a stack one after the other."""
        run, code, taken = self.run, self.code, self.run.cells[0]
        tf = code.tensorflow(run.call).name
        inputs, steps = self._inputs(before, tf)
        mask = f"mask={self._mask(before, steps, tf)}" if run.lengths is not None else ""
        first = run.states[0] if run.states[0] not in run.consumed else None
        if first is not None and may_be_none(first, code):
            raise RefusedError("it may have no initial state")
        firsts = ""
        if first is not None:
            # The names of the results may stand in it.
            firsts, text = code.free("first_states"), initial_state(first, taken, code, before)
            before.append(f"{firsts} = {text}")
        outputs = self.outputs[0].name or code.free("outputs")
        states = self.state_parts[0][0].name if run.has_state else ""
        one = OneByOne(inputs, mask, self._layer(tf), firsts, outputs, states, self.gives_state)
        return lines_of_stack(one, taken, code, self.target, tf)

    def _layer(self, tf: str) -> str:
        run, code = self.run, self.code
        nodes = [argument(run.call, run.site.symbol, name, self.target) for name in ("cell", "cell_fw", "cell_bw")]
        written = [code.render(node) for node in nodes if node is not None]
        if self.both is None:
            return written[0]
        if self.both.name:
            return self.both.name
        return f"{tf}.keras.layers.Bidirectional({written[0]}, backward_layer={written[1]}, {merge_mode(run)})"

    def _inputs(self, before: list[str], tf: str) -> tuple[str, str]:
        """The inputs, batch-major, and the number of their steps."""
        run, code = self.run, self.code
        node, text = run.inputs, code.render(run.inputs)
        is_simple_one = is_simple(node)
        axis = 1
        if run.is_list:
            held = unstacked_by(node, code)
            if held is not None:
                is_simple_one = isinstance(node, ast.Name) or is_simple(held.args[0])
            else:
                text, is_simple_one = f"{tf}.stack({text}, axis=1)", False
        elif run.is_time_major:
            axis = 0
        if run.lengths is not None and not is_simple_one or "\n" in text:
            name = code.free("inputs")
            before.append(f"{name} = {bracketed(text)}")
            text = name
        steps = f"{tf}.shape({text})[{axis}]"
        if run.is_time_major:
            text = f"{tf}.transpose({text}, [1, 0, 2])"
        elif code.has_masks and run.lengths is None and may_have_mask(node, code):
            # What a layer gives brings its mask along, which the legacy runner did not see.
            text = f"{tf}.identity({text})"
        for drop in drops(run.cells[0], code, self.target, "input_keep_prob"):
            text = drop.of(text, tf)
        return text, steps

    def _mask(self, before: list[str], steps: str, tf: str) -> str:
        run, code = self.run, self.code
        assert run.lengths is not None
        text = code.render(run.lengths)
        is_open = may_be_none(run.lengths, code)
        if is_open and not is_simple(run.lengths) or "\n" in text:
            name = code.free("lengths")
            before.append(f"{name} = {bracketed(text)}")
            text = name
        mask = f"{tf}.sequence_mask({text}, {steps})"
        return f"None if {text} is None else {mask}" if is_open else mask
