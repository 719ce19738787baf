"""Reading the text of loop nests (see `text.py` for what it looks like)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ...core.depth import room
from ...core.errors import Source, Span, SyntaxFault
from ...core.objects import BOOL, F64, I64, Scalar
from ...core.operation import External
from . import nest
from .nest import Kernel, Literal, Operand, Statement

__all__ = ["RESERVED", "parse"]

T = TypeVar("T")

RESERVED = ("true", "false")
"""Words that no bare name is."""
_KEYWORDS = ("cell", "buffer", "fill", "copy", "swap", "check", "for", "loop", "if")


class _Token(NamedTuple):
    role: str  # name, quoted, number, string, sign, line, end
    text: str
    line: int
    column: int


_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|#[^\n]*)|(?P<line>\n)|(?P<name>[^\W\d][\w.']*)|`(?P<quoted>[^`\n]*)`"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:_[fi]\d+)?|[+-](?:inf|nan)(?:_f\d+)?)"
    r'|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<sign>->|:=|\+=|[][(){}<>,:;=])'
)


def parse(text: str, externals: Mapping[str, External] = MappingProxyType({})) -> Kernel:
    """The kernel that `show` printed; ``externals`` are what its `extern` functions are, by their names there. Raises
    SyntaxFault (PB0190) where the text stops making sense.

    Only the form is read here; `verify` says whether it means anything."""
    with room(lambda: SyntaxFault("PB0190", "a kernel: it nests too deeply")):
        return _Parser(Source("<kernel>", text), externals).kernel()


def _tokens(source: Source) -> Iterator[_Token]:
    position, line, start = 0, 1, 0
    while position < len(source.text):
        match = _TOKEN.match(source.text, position)
        if match is None:
            span = Span(source, line, position - start + 1, line, position - start + 2)
            raise SyntaxFault("PB0190", f"no token of a kernel starts with {source.text[position]!r}", span)
        role = match.lastgroup or ""
        if role != "space":
            yield _Token(role, match[role], line, position - start + 1)
        position = match.end()
        if role == "line":
            line, start = line + 1, position
    yield _Token("end", "", line, position - start + 1)


def _literal(word: str) -> Literal:
    text, _, suffix = word.partition("_")
    kind = Scalar(suffix) if suffix else I64 if text.lstrip("-").isdigit() else F64
    value = float(text) if kind.is_float else int(text)
    return Literal(math.nan if value != value else value, kind)


class _Parser:
    """Recursive descent; a statement starts with a keyword only where no name could stand there."""

    def __init__(self, source: Source, externals: Mapping[str, External]) -> None:
        self.source, self.externals = source, externals
        self.tokens = list(_tokens(source))
        self.at = 0

    # -- tokens
    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def later(self, places: int) -> _Token:
        """The token so many places on, or the end."""
        return self.tokens[min(self.at + places, len(self.tokens) - 1)]

    def fault(self, wanted: str) -> SyntaxFault:
        token = self.here
        found = {"line": "the end of the line", "end": "the end of the text"}.get(token.role, f"`{token.text}`")
        span = Span(self.source, token.line, token.column, token.line, token.column + max(1, len(token.text.strip())))
        return SyntaxFault("PB0190", f"a kernel has {wanted} here, not {found}", span)

    def ahead(self, text: str, roles: tuple[str, ...] = ("sign", "name")) -> bool:
        return self.here.text == text and self.here.role in roles

    def accept(self, text: str) -> bool:
        found = self.ahead(text)
        self.at += found
        return found

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fault(f"`{text}`")

    def take(self, role: str, wanted: str) -> str:
        if self.here.role != role:
            raise self.fault(wanted)
        self.at += 1
        return self.tokens[self.at - 1].text

    def newlines(self) -> None:
        while self.here.role == "line":
            self.at += 1

    def name(self) -> str:
        return self.take("quoted" if self.here.role == "quoted" else "name", "a name")

    def number(self) -> int:
        text = self.take("number", "a whole number")
        if not text.isdigit():
            self.at -= 1
            raise self.fault("a whole number")
        return int(text)

    def string(self, what: str) -> str:
        start, text = self.at, self.take("string", f"{what} in double quotes")
        return self.made(start, f"{what} in double quotes", lambda: str(json.loads(text)))

    def made(self, start: int, wanted: str, make: Callable[[], T]) -> T:
        """What ``make`` makes of the tokens from ``start`` on, or a fault there."""
        try:
            return make()
        except (ValueError, OverflowError) as error:
            self.at = start
            raise self.fault(f"{wanted} ({error})") from None

    # -- parts
    def scalar(self) -> Scalar:
        start, name, modulus = self.at, self.take("name", "a scalar type"), None
        if self.accept("<"):
            modulus = self.number()
            self.expect(">")
        return self.made(start, "a scalar type", lambda: Scalar(name, modulus))

    def operand(self) -> Operand:
        if self.here.role == "name" and self.here.text in RESERVED:
            return Literal(self.take("name", "") == "true", BOOL)
        if self.here.role != "number":
            return self.name()
        start, word = self.at, self.take("number", "")
        return self.made(start, "a number", lambda: _literal(word))

    def operands(self, close: str) -> tuple[Operand, ...]:
        found: list[Operand] = []
        while not self.accept(close):
            if found:
                self.expect(",")
            found.append(self.operand())
        return tuple(found)

    def parameters(self, *close: str) -> tuple[nest.Array | nest.Number, ...]:
        """A list of them, which may go over several lines."""
        found: list[nest.Array | nest.Number] = []
        self.newlines()
        while not any(self.ahead(c) for c in close):
            if found:
                self.expect(",")
                self.newlines()
            name, kind = self.typed()
            found.append(nest.Array(name, kind, self.operands("]")) if self.accept("[") else nest.Number(name, kind))
            self.newlines()
        return tuple(found)

    def typed(self) -> tuple[str, Scalar]:
        name = self.name()
        self.expect(":")
        return name, self.scalar()

    def when(self) -> Operand | None:
        return self.operand() if self.accept("when") else None

    # -- the whole
    def kernel(self) -> Kernel:
        self.newlines()
        self.expect("kernel")
        name = self.name()
        self.expect("(")
        inputs = self.parameters(";", ")")
        sizes: list[str] = []
        if self.accept(";"):
            sizes.append(self.name())
            while self.accept(","):
                sizes.append(self.name())
        for sign in (")", "->", "("):
            self.expect(sign)
        outputs = self.parameters(")")
        self.expect(")")
        self.expect("{")
        self.newlines()
        sites: list[nest.Site] = []
        while self.ahead("site") and self.later(2).role == "string":
            self.at += 1
            code = self.name()
            sites.append(nest.Site(code, self.string("a message")))
            self.newlines()
        externs: list[nest.Extern] = []
        while self.ahead("extern") and self.later(2).text == "(":
            externs.append(self.extern())
            self.newlines()
        decisions: list[nest.Decision] = []
        while self.ahead("decision") and self.later(2).role == "string":
            decisions.append(self.decision())
            self.newlines()
        body = self.block()
        self.newlines()
        if self.here.role != "end":
            raise self.fault("its end")
        return Kernel(name, inputs, tuple(sizes), outputs, body, tuple(sites), tuple(externs), tuple(decisions))

    def decision(self) -> nest.Decision:
        self.at += 1
        place = self.name()
        choice, reason = self.string("a choice"), self.string("a reason")
        return nest.Decision(place, choice, reason)

    def extern(self) -> nest.Extern:
        self.expect("extern")
        name = self.name()
        self.expect("(")
        kinds: list[Scalar] = []
        while not self.accept(")"):
            if kinds:
                self.expect(",")
            kinds.append(self.scalar())
        self.expect("->")
        return nest.Extern(name, tuple(kinds), self.scalar(), self.externals.get(name))

    def block(self) -> tuple[Statement, ...]:
        """Statements up to a closing brace, the opening one being behind."""
        found: list[Statement] = []
        self.newlines()
        while not self.accept("}"):
            found.append(self.statement())
            if not self.ahead("}") and self.here.role != "line":
                raise self.fault("one statement a line")
            self.newlines()
        return tuple(found)

    def statement(self) -> Statement:
        word, following = self.here, self.later(1)
        begins = following.role in ("name", "quoted", "number") or (word.text == "loop" and following.text == "{")
        if word.role == "name" and word.text in _KEYWORDS and begins and self.later(2).text != "=":
            self.at += 1
            made: Statement = getattr(self, f"_{word.text}")()
            return made
        return self.plain()

    def plain(self) -> Statement:
        name = self.name()
        if self.accept(":"):
            return self.assigned(name, self.scalar())
        if self.accept(":="):
            return nest.Assign(name, self.operand())
        if self.accept("["):
            indices = self.operands("]")
            if self.accept("="):
                return nest.Store(name, indices, self.operand())
            self.expect("+=")
            value = self.operand()
            self.expect("over")
            return nest.Accumulate(name, indices, value, self.scalar(), self.when())
        kind = self.name()
        self.expect("=")
        value = self.operand()
        self.expect("over")
        ring = self.scalar()
        index = self.operand() if self.accept("at") else None
        where = self.name() if self.accept("into") else None
        return nest.Reduce(name, kind, value, ring, where, index)

    def assigned(self, name: str, kind: Scalar) -> Statement:
        self.expect("=")
        head = self.name()
        if head == "call" and self.here.role in ("name", "quoted"):
            function = self.name()
            self.expect("(")
            return nest.Call(name, kind, function, self.operands(")"))
        if self.accept("("):
            return nest.Let(name, kind, head, self.operands(")"))
        if self.accept("["):
            return nest.Load(name, kind, head, self.operands("]"), self.when())
        if head != "read":
            raise self.fault("`(`, `[`, `call` or `read`")
        return nest.Read(name, kind, self.name())

    def _cell(self) -> Statement:
        name, kind = self.typed()
        self.expect("=")
        return nest.Cell(name, kind, self.operand())

    def _buffer(self) -> Statement:
        name, kind = self.typed()
        self.expect("[")
        return nest.Allocate(name, kind, self.operands("]"), self.accept("zero"))

    def _fill(self) -> Statement:
        name = self.name()
        self.expect("with")
        return nest.Fill(name, self.operand())

    def _copy(self) -> Statement:
        name = self.name()
        self.expect("from")
        return nest.Copy(name, self.name())

    def _swap(self) -> Statement:
        name = self.name()
        self.expect(",")
        return nest.Swap(name, self.name())

    def _check(self) -> Statement:
        ok = self.operand()
        self.expect("site")
        site = self.number()
        self.expect("(")
        value = self.operand()
        self.expect(",")
        bound = self.operand()
        self.expect(")")
        return nest.Check(ok, site, value, bound)

    def _for(self) -> Statement:
        index = self.name()
        self.expect("<")
        bound = self.operand()
        backward, parallel = self.accept("backward"), self.accept("parallel")
        lanes = self.number() if self.accept("lanes") else 1
        tile = self.number() if self.accept("tile") else 0
        split = self._split() if self.accept("split") else None
        self.expect("{")
        return nest.For(index, bound, self.block(), backward, parallel, lanes, split, tile)

    def _split(self) -> nest.Split:
        parts = self.operand()
        self.expect("threads")
        threads, own = self.number(), []
        if self.accept("own"):
            own = [self.name()]
            while self.accept(","):
                own.append(self.name())
        return nest.Split(parts, threads, tuple(own))

    def _loop(self) -> Statement:
        self.expect("{")
        head = self.block()
        self.expect("while")
        cond = self.operand()
        self.expect("{")
        return nest.Loop(head, cond, self.block())

    def _if(self) -> Statement:
        cond = self.operand()
        self.expect("{")
        then = self.block()
        orelse: tuple[Statement, ...] = ()
        if self.accept("else"):
            self.expect("{")
            orelse = self.block()
        return nest.If(cond, then, orelse)
