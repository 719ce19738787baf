"""Graphs from text: the reader of what `text.show` writes. The nodes are taken as they are written, unrewritten."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from ...core.depth import room
from ...core.errors import Source, Span, SyntaxFault
from ...core.objects import BOOL, DTYPES, F64, I64, Scalar
from ...core.operation import Operation
from ...core.operations import OPERATIONS
from ..rules import BY_OP
from .node import KINDS, Graph, LoopData, Node, Pool
from .typing import infer

T = TypeVar("T")

INFIX = MappingProxyType({
    "add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
})  # fmt: skip
"""The operations written between their operands."""
RESERVED = frozenset(("true", "false", "in", "when", "if", "else", "proved", "carry", "give", "backward", "nothing"))
NAME = re.compile(r"[^\W\d][\w.']*")

_SIGNS = MappingProxyType({sign: op for op, sign in INFIX.items()})
_OUTPUTS = ("build", "sum", "prod", "max", "min", "all", "any", "argmax", "argmin")
_OPERATORS = MappingProxyType({k: o for o, k in KINDS.items()})
_SCALAR = r"[a-z]\w*?(?:<\d+>)?"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<literal>(?:[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|(?<=[+-])(?:inf|nan))|true\b|false\b|true(?=_)|false(?=_))
                  (?:_{_SCALAR}(?!\w))?)
    | (?P<value>%\d+|\$\d+)
    | (?P<quoted>`[^`]*`)
    | (?P<name>[^\W\d][\w.']*)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<sign>->|//|[<>=!]=|[-+*/<>=:,.(){{}}\[\]])
    )""",
    re.VERBOSE,
)


def parse(text: str, operations: Mapping[str, Operation] = MappingProxyType({})) -> Graph:
    """The graph that `show` printed; ``operations`` are those it calls that are none of ours.

    Raises SyntaxFault (PB0121) at the place that does not read as one."""
    with room(lambda: SyntaxFault("PB0121", "graph: it nests too deeply")):
        return _Parser(text, operations).graph()


class _Parser:
    def __init__(self, text: str, operations: Mapping[str, Operation]) -> None:
        self.operations = operations
        self.source, self.text, self.at = Source("<graph>", text), text, 0
        self.pool = Pool(BY_OP)
        self.known: dict[str, Node] = {}

    # -- tokens --------------------------------------------------------------------------------------------------------
    def fail(self, message: str, at: int | None = None) -> NoReturn:
        rest = self.text[self.at if at is None else at :].lstrip()
        before = self.text[: len(self.text.rstrip()) if not rest else len(self.text) - len(rest)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SyntaxFault("PB0121", f"graph: {message}", Span(self.source, line, column, line, column + 1))

    def peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            rest = self.text[self.at :].strip()
            return ("end", "") if not rest else ("other", rest[0])
        kind = match.lastgroup or "other"
        return kind, match[kind]

    def next(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup is None:
            found = self.text[self.at :].strip()[:1]
            self.fail(f"nothing begins with `{found}`" if found else "the text ends too early")
        self.at = match.end()
        return match.lastgroup, match[match.lastgroup]

    def is_next(self, *words: str) -> bool:
        kind, word = self.peek()
        return word in words and kind in ("name", "sign")

    def take(self, word: str) -> bool:
        if not self.is_next(word):
            return False
        self.next()
        return True

    def expect(self, word: str) -> None:
        if not self.take(word):
            self.fail(f"expected `{word}`, found `{self.peek()[1]}`")

    def name(self) -> str:
        kind, word = self.peek()
        if kind not in ("name", "quoted"):
            self.fail(f"expected a name, found `{word}`")
        self.next()
        return word.strip("`")

    def number(self) -> int:
        kind, word = self.peek()
        if kind != "literal" or not word.isdigit():
            self.fail(f"expected a count, found `{word}`")
        self.next()
        return int(word)

    def string(self) -> str:
        start = self.at
        return self.sound(start, lambda: str(json.loads(self.next()[1])))

    def several(self, item: Callable[[], Any], until: str) -> list[Any]:
        """Items with commas between them, up to and with a closing sign."""
        items: list[Any] = []
        while not self.take(until):
            if items:
                self.expect(",")
            items.append(item())
        return items

    # -- the whole -----------------------------------------------------------------------------------------------------
    def graph(self) -> Graph:
        self.expect("graph")
        name = self.name()
        self.expect("[")
        sizes = self.several(self.name, "]")
        for size in sizes:
            self.known[size] = self.pool.intern("size", (), size)
        self.expect("(")
        inputs: list[Node] = []
        for k, (label, (element, shape)) in enumerate(self.several(self._input, ")")):
            inputs.append(self.pool.intern("input", (), (k, label), element, shape))
            self.known[f"${k}"] = inputs[-1]
        labels = [n.data[1] for n in inputs]
        self.known |= {n.data[1]: n for n in inputs if labels.count(n.data[1]) == 1 and n.data[1] not in sizes}
        self.expect("{")
        while not self.take("}"):
            self.line()
        self.expect("->")
        results: list[Node] = []
        if not self.take("nothing"):
            results.append(self.operand())
            while self.take(","):
                results.append(self.operand())
        if self.peek()[0] != "end":
            self.fail(f"`{self.peek()[1]}` after the end")
        return Graph(name, tuple(inputs), tuple(sizes), tuple(results), self.pool)

    def _input(self) -> tuple[str, tuple[Scalar, tuple[Node, ...]]]:
        name = self.name()
        self.expect(":")
        return name, self.type(self.expression)

    def type(self, size: Callable[[], Node]) -> tuple[Scalar, tuple[Node, ...]]:
        element = self.scalar()
        return element, tuple(self.several(size, "]")) if self.take("[") else ()

    def scalar(self) -> Scalar:
        start, kind, modulus = self.at, self.name(), None
        if self.take("<"):
            modulus = self.number()
            self.expect(">")
        return self.object(kind, modulus, start)

    def object(self, kind: str, modulus: int | None, start: int) -> Scalar:
        if kind not in DTYPES:
            self.fail(f"no object is called `{kind}`", start)
        try:
            return Scalar(kind, modulus)
        except ValueError as problem:
            self.fail(str(problem), start)

    # -- lines ---------------------------------------------------------------------------------------------------------
    def line(self) -> None:
        start = self.at
        kind, name = self.next()
        if kind not in ("value", "name") or name in self.known:
            self.fail(f"`{name}` has a value already" if name in self.known else f"expected a value, found `{name}`", start)
        self.expect("=")
        start = self.at
        op, args, data = self.value()
        implied = self.sound(start, lambda: infer(op, args, data))
        written = self.type(self.operand) if self.take(":") else implied
        if written is None:
            self.fail(f"`{op}` needs its type", start)
        self.known[name] = self.sound(start, lambda: self.pool.intern(op, args, data, *written))

    def sound(self, start: int, make: Callable[[], T]) -> T:
        """What ``make`` makes of the text from ``start`` on, which need not be fit for it."""
        try:
            return make()
        except (ValueError, IndexError, AttributeError, TypeError) as problem:
            self.fail(str(problem), start)

    def value(self) -> tuple[str, list[Node], Any]:
        """Operator, arguments and data of what stands on a line."""
        start = self.at
        kind, word = self.next()
        followed = self.peek()
        if kind == "name" and not (followed[0] == "sign" and followed[1] in ("[", "(", ".", *_SIGNS)):
            special = getattr(self, f"_{word}", None) if word in _SPECIAL else None
            if special is not None:
                return special()  # type: ignore[no-any-return]
            if word in _OUTPUTS:
                var = self.operand()
                self.expect(":")
                return _OPERATORS.get(word, word), [var, self.operand()], None
        self.at = start
        return self.unfinished()

    def unfinished(self) -> tuple[str, list[Node], Any]:
        """An operation on operands, not yet a node: its type may follow."""
        kind, word = self.peek()
        start = self.at
        if kind == "name":
            self.next()
            if self.take("("):
                return word, self.several(self.operand, ")"), None
            self.at = start
        left = self.primary()
        if self.take("."):
            return "get", [left], self.number()
        places: list[Node] = []
        while self.take("["):
            places.append(self.operand())
            self.expect("]")
        if self.is_next(*_SIGNS):
            op = _SIGNS[self.next()[1]]
            return op, [self._indexed(left, places), self.operand()], None
        if not places:
            self.fail("a line gives a name to something new")
        return "index", [self._indexed(left, places[:-1]), places[-1]], None

    def operand(self) -> Node:
        """A named value or a literal, perhaps indexed."""
        node, places = self.primary(), []
        while self.take("["):
            places.append(self.operand())
            self.expect("]")
        return self._indexed(node, places)

    def _indexed(self, node: Node, places: list[Node]) -> Node:
        for place in places:
            if node.is_scalar:
                self.fail("an index into a number")
            if place.element != I64 or not place.is_scalar:
                self.fail("an index that is no i64")
            node = self.pool.intern("index", (node, place), None, node.element, node.shape[1:])
        return node

    def primary(self) -> Node:
        kind, word = self.peek()
        if kind == "literal":
            self.next()
            return self.literal(word)
        found = self.known.get(word.strip("`")) if kind in ("name", "quoted", "value") else None
        if found is None:
            self.fail(f"expected a value, found `{word}`")
        self.next()
        return found

    def literal(self, word: str) -> Node:
        text, _, suffix = word.partition("_")
        value: Any = text == "true" if text in ("true", "false") else None
        if value is None:
            value = int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
        kind = BOOL if isinstance(value, bool) else F64 if isinstance(value, float) else I64
        if suffix:
            match = re.fullmatch(r"(\w+?)(?:<(\d+)>)?", suffix)
            if match is None:
                self.fail(f"no object is called `{suffix}`")
            kind = self.object(match[1], int(match[2]) if match[2] else None, self.at)
        return self.pool.intern("constant", (), value, kind)

    def expression(self) -> Node:
        """A size in the header: nested, with brackets."""
        left = self._factor()
        if not self.is_next(*_SIGNS):
            return left
        op = _SIGNS[self.next()[1]]
        return self.pool.intern(op, (left, self._factor()), None, I64)

    def _factor(self) -> Node:
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        kind, word = self.peek()
        if kind == "name" and word not in self.known:
            start, op = self.at, self.name()
            self.expect("(")
            if op not in OPERATIONS:
                self.fail(f"no operation of sizes is called `{op}`", start)
            return self.pool.intern(op, self.several(self.expression, ")"), None, I64)
        return self.primary()

    # -- what begins with a word ---------------------------------------------------------------------------------------
    def _var(self) -> tuple[str, list[Node], Any]:
        bound = self.operand()
        return "var", [bound], self.number() if self.take(",") else 0

    def _carry(self) -> tuple[str, list[Node], Any]:
        level = self.number()
        self.expect(",")
        return "carry", [], (level, self.number())

    def _zero(self) -> tuple[str, list[Node], Any]:
        return "zero", [], None

    def _where(self) -> list[Node]:
        path = self.operand() if self.take("when") else self.pool.intern("constant", (), True, BOOL)
        pins: list[Node] = []
        if self.take("in"):
            pins.append(self.operand())
            while self.take(","):
                pins.append(self.operand())
        return [path, *pins]

    def _guard(self) -> tuple[str, list[Node], Any]:
        index = self.operand()
        self.expect("<")
        args = [index, self.operand(), *self._where()]
        return "guard", args, "proved" if self.take("proved") else None

    def _assure(self) -> tuple[str, list[Node], Any]:
        value = self.operand()
        self.expect("if")
        args = [value, self.operand(), *self._where()]
        self.expect("else")
        return "assure", args, self.string()

    def _onehot(self) -> tuple[str, list[Node], Any]:
        index = self.operand()
        self.expect("<")
        size = self.operand()
        self.expect(":")
        return "onehot", [size, index, self.operand()], None

    def _call(self) -> tuple[str, list[Node], Any]:
        start = self.at
        name = self.name()
        if name not in self.operations:
            self.fail(f"no operation `{name}` is given", start)
        self.expect("(")
        return "call", self.several(self.operand, ")"), self.operations[name]

    def _carries(self) -> tuple[list[Node], list[Node], list[Node]]:
        carries, inits, bodies = [], [], []
        while True:
            carries.append(self.operand())
            self.expect(":")
            inits.append(self.operand())
            self.expect("->")
            bodies.append(self.operand())
            if not self.take(","):
                return carries, inits, bodies

    def _loop(self) -> tuple[str, list[Node], Any]:
        var, backward = self.operand(), self.take("backward")
        carries, inits, bodies = self._carries() if self.take("carry") else ([], [], [])
        kinds: list[str] = []
        more = self.take("give")
        while more:
            kinds.append(self.name())
            if kinds[-1] not in _OUTPUTS:
                self.fail(f"a loop gives no `{kinds[-1]}`")
            bodies.append(self.operand())
            more = self.take(",")
        return "loop", [var, *carries, *inits, *bodies], LoopData(backward, len(carries), tuple(kinds))

    def _while(self) -> tuple[str, list[Node], Any]:
        cond = self.operand()
        self.expect("carry")
        carries, inits, bodies = self._carries()
        return "while", [*carries, *inits, cond, *bodies], len(carries)


_SPECIAL = frozenset(("call", "var", "carry", "zero", "guard", "assure", "onehot", "loop", "while"))
