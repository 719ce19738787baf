"""Loop nests as text, one statement a line, and back: `parse(show(kernel)) == kernel` (spans are not written).

    kernel dot(x: f64[n], y: f64[n]; n) -> (out: f64) {
      site PB0701 "index outside its array"
      cell total: f64 = 0.0
      for i < n parallel {
        a: f64 = x[i]
        b: f64 = y[i] when ok
        c: f64 = fmul(a, b)
        total sum= c over f64
      }
      r: f64 = read total
      out := r
    }

Literals carry their kind: `2.0` f64, `2.0_f32`, `+inf`, `+nan`, `2` i64, `2_i32`, `true`. A name that is no identifier
stands in backquotes. `#` starts a comment.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...core.errors import Source, Span, SyntaxFault
from ...core.objects import BOOL, F64, I64, Scalar
from . import nest
from .nest import Kernel, Literal, Operand, Statement

__all__ = ["parse", "show", "show_statement"]

_NAME = re.compile(r"[^\W\d][\w.']*")
_RESERVED = ("true", "false")


# -- printing ----------------------------------------------------------------------------------------------------------
def show(kernel: Kernel) -> str:
    """The kernel as text, ending in a newline; the same text for equal kernels."""
    inputs = ", ".join(map(_parameter, kernel.inputs))
    sizes = "".join(f"; {', '.join(map(_name, kernel.sizes))}" if kernel.sizes else "")
    outputs = ", ".join(map(_parameter, kernel.outputs))
    lines = [f"kernel {_name(kernel.name)}({inputs}{sizes}) -> ({outputs}) {{"]
    lines += [f"  site {site.code} {json.dumps(site.message, ensure_ascii=False)}" for site in kernel.sites]
    for statement in kernel.body:
        lines += _lines(statement, 1)
    return "\n".join([*lines, "}"]) + "\n"


def show_statement(statement: Statement) -> str:
    """One statement, with what is inside it, without a newline at the end."""
    return "\n".join(_lines(statement, 0))


def _name(name: str) -> str:
    return name if _NAME.fullmatch(name) and name not in _RESERVED else f"`{name}`"


def _operand(operand: Operand) -> str:
    if isinstance(operand, str):
        return _name(operand)
    if operand.kind == BOOL:
        return "true" if operand.value else "false"
    suffix = "" if operand.kind in (F64, I64) else f"_{operand.kind}"
    if not operand.kind.is_float:
        return f"{int(operand.value)}{suffix}"
    value = float(operand.value)
    if math.isfinite(value):
        return f"{value!r}{suffix}"
    return f"{'+nan' if math.isnan(value) else '+inf' if value > 0 else '-inf'}{suffix}"


def _operands(operands: Sequence[Operand]) -> str:
    return ", ".join(map(_operand, operands))


def _parameter(parameter: nest.Array | nest.Number) -> str:
    if isinstance(parameter, nest.Number):
        return f"{_name(parameter.name)}: {parameter.kind}"
    return f"{_name(parameter.name)}: {parameter.element}[{_operands(parameter.shape)}]"


def _when(when: Operand | None) -> str:
    return "" if when is None else f" when {_operand(when)}"


def _lines(statement: Statement, depth: int) -> Iterator[str]:
    indent = "  " * depth
    match statement:
        case nest.For(index, bound, body):
            flags = " backward" * statement.backward + " parallel" * statement.parallel
            lanes = f" lanes {statement.lanes}" if statement.lanes != 1 else ""
            yield f"{indent}for {_name(index)} < {_operand(bound)}{flags}{lanes} {{"
            yield from _block(body, depth)
            yield f"{indent}}}"
        case nest.Loop(head, cond, body):
            yield f"{indent}loop {{"
            yield from _block(head, depth)
            yield f"{indent}}} while {_operand(cond)} {{"
            yield from _block(body, depth)
            yield f"{indent}}}"
        case nest.If(cond, then, orelse):
            yield f"{indent}if {_operand(cond)} {{"
            yield from _block(then, depth)
            if orelse:
                yield f"{indent}}} else {{"
                yield from _block(orelse, depth)
            yield f"{indent}}}"
        case _:
            yield indent + _simple(statement)


def _block(body: Sequence[Statement], depth: int) -> Iterator[str]:
    for statement in body:
        yield from _lines(statement, depth + 1)


def _simple(statement: Statement) -> str:
    match statement:
        case nest.Let(name, kind, instruction, args):
            return f"{_name(name)}: {kind} = {instruction}({_operands(args)})"
        case nest.Load(name, kind, buffer, indices, when):
            return f"{_name(name)}: {kind} = {_name(buffer)}[{_operands(indices)}]{_when(when)}"
        case nest.Read(name, kind, cell):
            return f"{_name(name)}: {kind} = read {_name(cell)}"
        case nest.Store(buffer, indices, value):
            return f"{_name(buffer)}[{_operands(indices)}] = {_operand(value)}"
        case nest.Accumulate(buffer, indices, value, ring, when):
            return f"{_name(buffer)}[{_operands(indices)}] += {_operand(value)} over {ring}{_when(when)}"
        case nest.Cell(name, kind, init):
            return f"cell {_name(name)}: {kind} = {_operand(init)}"
        case nest.Assign(cell, value):
            return f"{_name(cell)} := {_operand(value)}"
        case nest.Reduce(cell, kind, value, ring, where, index):
            place = f" at {_operand(index)}" if index is not None else ""
            place += f" into {_name(where)}" if where is not None else ""
            return f"{_name(cell)} {kind}= {_operand(value)} over {ring}{place}"
        case nest.Allocate(name, element, shape, zero):
            return f"buffer {_name(name)}: {element}[{_operands(shape)}]{' zero' if zero else ''}"
        case nest.Fill(buffer, value):
            return f"fill {_name(buffer)} with {_operand(value)}"
        case nest.Copy(target, source):
            return f"copy {_name(target)} from {_name(source)}"
        case nest.Swap(left, right):
            return f"swap {_name(left)}, {_name(right)}"
        case nest.Check(ok, site, value, bound):
            return f"check {_operand(ok)} site {site} ({_operand(value)}, {_operand(bound)})"
        case _:
            raise TypeError(f"not a statement: {statement!r}")


# -- parsing -----------------------------------------------------------------------------------------------------------
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


def parse(text: str) -> Kernel:
    """The kernel that `show` printed. Raises SyntaxFault (PB0190) where the text stops making sense.

    Only the form is read here; `verify` says whether it means anything."""
    return _Parser(Source("<kernel>", text)).kernel()


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


class _Parser:
    """Recursive descent; a statement starts with a keyword only where no name could stand there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = list(_tokens(source))
        self.at = 0

    # -- tokens
    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

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

    # -- parts
    def scalar(self) -> Scalar:
        start, name, modulus = self.at, self.take("name", "a scalar type"), None
        if self.accept("<"):
            modulus = self.number()
            self.expect(">")
        try:
            return Scalar(name, modulus)
        except ValueError as error:
            self.at = start
            raise self.fault(f"a scalar type ({error})") from None

    def operand(self) -> Operand:
        if self.here.role == "name" and self.here.text in _RESERVED:
            return Literal(self.take("name", "") == "true", BOOL)
        if self.here.role != "number":
            return self.name()
        text, _, suffix = self.take("number", "").partition("_")
        plain = text.lstrip("-").isdigit()
        kind = Scalar(suffix) if suffix else I64 if plain else F64
        value = float(text) if kind.is_float else int(text)
        return Literal(math.nan if value != value else value, kind)

    def operands(self, close: str) -> tuple[Operand, ...]:
        found: list[Operand] = []
        while not self.accept(close):
            if found:
                self.expect(",")
            found.append(self.operand())
        return tuple(found)

    def parameters(self, *close: str) -> tuple[nest.Array | nest.Number, ...]:
        found: list[nest.Array | nest.Number] = []
        while not any(self.ahead(c) for c in close):
            if found:
                self.expect(",")
            name, kind = self.typed()
            found.append(nest.Array(name, kind, self.operands("]")) if self.accept("[") else nest.Number(name, kind))
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
        while self.ahead("site") and self.tokens[self.at + 1].role == "name":
            self.at += 1
            code = self.name()
            sites.append(nest.Site(code, str(json.loads(self.take("string", "a message in double quotes")))))
            self.newlines()
        body = self.block()
        self.newlines()
        if self.here.role != "end":
            raise self.fault("its end")
        return Kernel(name, inputs, tuple(sizes), outputs, body, tuple(sites))

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
        following = self.tokens[self.at + 1]
        if following.role in ("name", "quoted", "number") or (self.ahead("loop") and following.text == "{"):
            keyword = getattr(self, f"_{self.here.text}", None) if self.here.role == "name" else None
            if keyword is not None and self.here.text in _KEYWORDS:
                self.at += 1
                made: Statement = keyword()
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
        if self.accept("("):
            return nest.Let(name, kind, head, self.operands(")"))
        if self.accept("["):
            return nest.Load(name, kind, head, self.operands("]"), self.when())
        if head != "read":
            raise self.fault("`(`, `[` or `read`")
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
        self.expect("{")
        return nest.For(index, bound, self.block(), backward, parallel, lanes)

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


_KEYWORDS = ("cell", "buffer", "fill", "copy", "swap", "check", "for", "loop", "if")
