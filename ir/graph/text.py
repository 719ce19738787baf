"""Graphs as text, one value a line, and back: `show(parse(show(graph))) == show(graph)`. Spans are not written.

    graph dot [n] (x: f64[n], y: f64[n], d: f64) {
      i = var n
      %1 = d * y[i]
      %2 = build i: %1
      ...
    } -> %2

A line names one value: `%1`, or a letter for a loop variable. The lines are no scopes: a value belongs to the loops whose
variables it mentions. `var n, 1` is a second variable over the same bound. An operator is written between its
operands where it has a sign, else as a call. Literals carry their kind: `2.0` f64, `2.0_f32`, `2` i64, `true`. A type is
written where it does not follow from what is read. A name that is no identifier stands in backquotes; `$0` is the first input
where two bear one name. Elements of inputs, `y[i]`, are written where they are read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import count

from ...core.objects import BOOL, F64, I64
from .node import Graph, LoopData, Node, kind, topological
from .parse import INFIX, NAME, RESERVED, parse
from .typing import infer

__all__ = ["parse", "show", "show_node"]

_LETTERS = "ijklmopqrstuv"
_LEAVES = frozenset(("input", "size", "constant"))


def show(graph: Graph) -> str:
    """The text of a graph, ending in a newline; the same for graphs that differ in node numbers only."""
    printer = _Printer(graph)
    lines = [f"  {line}" for line in printer.lines()]
    ends = ", ".join(printer.operand(r) for r in graph.results) or "nothing"
    return "\n".join([f"graph {printer.header()} {{", *lines, f"}} -> {ends}"]) + "\n"


def show_node(graph: Graph, node: Node, around: int = 0) -> list[tuple[Node, str]]:
    """The line of a node and ``around`` lines before and after it, in the order and with the names of `show`."""
    printer = _Printer(graph, (node,))
    if node not in printer.order:
        return [(node, printer.operand(node))]
    k = printer.order.index(node)
    return [(n, _line_or_parts(printer, n)) for n in printer.order[max(0, k - around) : k + around + 1]]


def _line_or_parts(printer: _Printer, node: Node) -> str:
    try:
        return printer.line(node)
    except (IndexError, AttributeError, TypeError):
        return repr(node)  # too malformed for its own words


def _children(node: Node) -> tuple[Node, ...]:
    return (*node.args, *node.shape)


class _Printer:
    def __init__(self, graph: Graph, besides: Sequence[Node] = ()) -> None:
        self.graph = graph
        self.names: dict[Node, str] = {}
        taken = {*graph.sizes, *(n.data[1] for n in graph.inputs)}
        for name in graph.sizes:
            self.names[graph.pool.intern("size", (), name)] = _name(name)
        used = [n.data[1] for n in graph.inputs]
        for k, node in enumerate(graph.inputs):
            name = node.data[1]
            unique = name and used.count(name) == 1 and name not in graph.sizes
            self.names[node] = _name(name) if unique else f"${k}"
        self.order = [n for n in topological((*graph.results, *besides), _children) if n.op not in _LEAVES]
        self.order = [n for n in self.order if n in besides or not self._is_plain(n)]
        numbers = count(1)
        letters = (letter + (str(k) if k else "") for k in count() for letter in _LETTERS)
        for node in self.order:
            if node.op == "var":
                self.names[node] = next(x for x in letters if x not in taken)
            else:
                self.names[node] = f"%{next(numbers)}"

    def _is_plain(self, node: Node) -> bool:
        """Whether the node is an input at a named place, written where it is read: `x[i]`."""
        if node.op != "index":
            return False
        array, place = node.args
        plain = array.op == "input" or self._is_plain(array)
        return plain and place.op in ("var", "size", "constant") and infer("index", node.args) == (node.element, node.shape)

    # -- parts ---------------------------------------------------------------------------------------------------------
    def header(self) -> str:
        inputs = ", ".join(f"{_name(n.data[1])}: {self._input_type(n)}" for n in self.graph.inputs)
        return f"{_name(self.graph.name)} [{', '.join(map(_name, self.graph.sizes))}] ({inputs})"

    def _input_type(self, node: Node) -> str:
        sizes = ", ".join(self.expression(s) for s in node.shape)
        return f"{node.element}[{sizes}]" if sizes else str(node.element)

    def type(self, node: Node) -> str:
        sizes = ", ".join(map(self.operand, node.shape))
        return f"{node.element}[{sizes}]" if sizes else str(node.element)

    def expression(self, node: Node, nested: bool = False) -> str:
        """A size in the header, whole: no line comes before it."""
        if node.op in _LEAVES:
            return self.operand(node)
        parts = [self.expression(a, node.op in INFIX) for a in node.args]
        if node.op not in INFIX:
            return f"{node.op}({', '.join(parts)})"
        text = f"{parts[0]} {INFIX[node.op]} {parts[1]}"
        return f"({text})" if nested else text

    def operand(self, node: Node) -> str:
        found = self.names.get(node)
        if found is not None:
            return found
        if node.op == "constant":
            return _literal(node)
        if node.op == "index":
            return f"{self.operand(node.args[0])}[{self.operand(node.args[1])}]"
        return f"?{node.id}"  # not of this graph: only ever seen in a verifier's message

    def _list(self, nodes: Sequence[Node]) -> str:
        return ", ".join(map(self.operand, nodes))

    # -- lines ---------------------------------------------------------------------------------------------------------
    def lines(self) -> Iterator[str]:
        for node in self.order:
            yield self.line(node)

    def line(self, node: Node) -> str:
        text = f"{self.operand(node)} = {self.value(node)}"
        return text if self._is_implied(node) else f"{text} : {self.type(node)}"

    def _is_implied(self, node: Node) -> bool:
        try:
            return infer(node.op, node.args, node.data) == (node.element, node.shape)
        except (ValueError, IndexError, AttributeError, TypeError):
            return False  # malformed; the verifier says how

    def value(self, node: Node) -> str:
        args = node.args
        match node.op:
            case "var":
                return f"var {self._list(args)}" + (f", {node.data}" if node.data else "")
            case "carry":
                return f"carry {node.data[0]}, {node.data[1]}"
            case "zero":
                return "zero"
            case "index":
                return f"{self.operand(args[0])}[{self.operand(args[1])}]"
            case "guard":
                proved = " proved" if node.data else ""
                return f"guard {self.operand(args[0])} < {self.operand(args[1])}{self._where(args)}{proved}"
            case "assure":
                message = json.dumps(node.data, ensure_ascii=False)
                return f"assure {self.operand(args[0])} if {self.operand(args[1])}{self._where(args)} else {message}"
            case "onehot":
                return f"onehot {self.operand(args[1])} < {self.operand(args[0])}: {self.operand(args[2])}"
            case "loop" if isinstance(node.data, LoopData):
                return self._loop(node)
            case "while":
                return f"while {self.operand(args[2 * node.data])} carry {self._carries(node, 0, node.data)}"
            case "get":
                return f"{self.operand(args[0])}.{node.data}"
            case "call":
                return f"call {_name(node.data.name)}({self._list(args)})"
        if node.op in _BINDING:
            return f"{kind(node)} {self.operand(args[0])}: {self._list(args[1:])}"
        if node.op in INFIX and len(args) == 2:
            return f"{self.operand(args[0])} {INFIX[node.op]} {self.operand(args[1])}"
        return f"{node.op}({self._list(args)})"

    def _where(self, args: Sequence[Node]) -> str:
        """The path condition of a check and the loops it is pinned to."""
        path, pins = args[2], args[3:]
        when = "" if path.op == "constant" and path.data is True else f" when {self.operand(path)}"
        return when + (f" in {self._list(pins)}" if pins else "")

    def _carries(self, node: Node, first: int, count: int) -> str:
        parts = []
        shift = 2 * count + (0 if node.op == "loop" else 1)
        for k in range(first, first + count):
            carry, init, body = node.args[k], node.args[k + count], node.args[k + shift]
            parts.append(f"{self.operand(carry)}: {self.operand(init)} -> {self.operand(body)}")
        return ", ".join(parts)

    def _loop(self, node: Node) -> str:
        carries = node.data.carries
        outputs = zip(node.data.kinds, node.args[1 + 3 * carries :], strict=False)
        way = " backward" if node.data.backward else ""
        text = f"loop {self.operand(node.args[0])}{way}"
        if carries:
            text += f" carry {self._carries(node, 1, carries)}"
        made = ", ".join(f"{k} {self.operand(body)}" for k, body in outputs)
        return text + (f" give {made}" if made else "")


_BINDING = frozenset(("build", "sum", "prod", "maximum", "minimum", "all", "any", "argmax", "argmin"))


def _name(name: str) -> str:
    return name if NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def _literal(node: Node) -> str:
    value = node.data
    if isinstance(value, bool):
        text = "true" if value else "false"
        return text if node.element == BOOL else f"{text}_{node.element}"
    suffix = "" if node.element == (F64 if isinstance(value, float) else I64) else f"_{node.element}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{'+nan' if math.isnan(value) else '+inf' if value > 0 else '-inf'}{suffix}"
    return f"{value!r}{suffix}"
