"""Unary form as text that parses back: one primitive a line, positions as numbers.

unary dot [n] (0 x: f64[n], 1 y: f64[n]) {
  2 = loop i < n (2: i64) {
    3 = index 0 2 : f64
    4 = index 1 2 : f64
    5 = mul 3 4 : f64
  } sum 5
} -> 2
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from ...core.depth import room
from ...core.errors import Source, Span, SyntaxFault
from ...core.objects import Scalar, Wire, element
from ...core.objects import parse as parse_wire
from ...core.operation import Operation
from ...core.sizes import parse as parse_size
from . import term as t
from .builder import Builder
from .typing import infer

T = TypeVar("T")


def show(term: t.Term) -> str:
    """The text of a term; the same for the same term."""
    printer = _Printer(list(term.dom))
    dom = ", ".join(f"{k} {n}: {w}" for k, (n, w) in enumerate(zip(term.names, term.dom, strict=True)))
    lines = [f"unary {term.name} [{', '.join(term.sizes)}] ({dom}) {{"]
    lines += ["  " + line for line in printer.steps(term.steps)]
    return "\n".join([*lines, f"}} -> {_list(term.results)}"]) + "\n"


def _list(positions: Sequence[int]) -> str:
    return ", ".join(map(str, positions)) or "nothing"


class _Printer:
    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires

    def steps(self, steps: Sequence[t.Step]) -> Iterator[str]:
        for step in steps:
            results = infer(step, self.wires)
            first = len(self.wires)
            head = _list(range(first, first + len(results)))
            lines = list(self.step(step))
            lines[0] = f"{head} = {lines[0]}"
            if len(lines) == 1:
                lines[0] += f" : {results[0]}"
            yield from lines
            self.wires.extend(results)

    def block(self, block: t.Block) -> list[str]:
        mark = len(self.wires)
        self.wires.extend(block.params)
        lines = ["  " + line for line in self.steps(block.steps)]
        del self.wires[mark:]
        return lines

    def params(self, block: t.Block, inits: Sequence[int] = ()) -> str:
        first, fixed = len(self.wires), len(block.params) - len(inits)
        parts = []
        for k, wire in enumerate(block.params):
            start = f" = {inits[k - fixed]}" if k >= fixed and inits else ""
            parts.append(f"{first + k}: {wire}{start}")
        return f"({', '.join(parts)})"

    def undone(self, end: str, step: t.Loop | t.While) -> Iterator[str]:
        """The end of a loop's body, and its inverse if it has one."""
        if step.inverse is None:
            yield end
        else:
            yield f"{end} inverse {self.params(step.inverse)} {{"
            yield from self.block(step.inverse)
            yield f"}} {_list(step.inverse.results)}"

    def step(self, step: t.Step) -> Iterator[str]:
        match step:
            case t.Apply():
                name = step.op if isinstance(step.op, str) else f"call {step.op.name}"
                yield " ".join([name, *map(str, step.args)]) + (f" to {step.to}" if step.to is not None else "")
            case t.Constant():
                yield f"constant {_number(step.value)}"
            case t.Zero():
                yield "zero"
            case t.Extent():
                yield f"extent {step.size}"
            case t.Open():
                yield f"open {step.atom} {step.arg}"
            case t.Index():
                yield f"index {step.array} {step.index}"
            case t.OneHot():
                yield f"onehot {step.index} {step.value} of {step.size}"
            case t.Stop():
                yield f"stop {step.arg}"
            case t.Loop():
                way = (" backward" if step.backward else "") + _kept(step.checkpoint)
                yield f"loop {step.index} < {step.bound}{way} {self.params(step.body, step.inits)} {{"
                yield from self.block(step.body)
                count = len(step.inits)
                outputs = [f"{k} {r}" for k, r in zip(step.kinds, step.body.results[count:], strict=True)]
                yield from self.undone("} " + (", ".join([*map(str, step.body.results[:count]), *outputs]) or "nothing"), step)
            case t.While():
                yield f"while{_kept(step.checkpoint)} {self.params(step.cond, step.inits)} {{"
                yield from self.block(step.cond)
                yield f"}} {_list(step.cond.results)} do {{"
                yield from self.block(step.body)
                yield from self.undone(f"}} {_list(step.body.results)}", step)
            case t.Branch():
                yield f"if {step.cond} {{"
                yield from self.block(step.then)
                yield f"}} {_list(step.then.results)} else {{"
                yield from self.block(step.orelse)
                yield f"}} {_list(step.orelse.results)}"
            case t.Custom():
                yield f"custom {self.params(step.primal, step.args)} {{"
                yield from self.block(step.primal)
                if step.reverse is None:
                    yield f"}} {_list(step.primal.results)}"
                else:
                    yield f"}} {_list(step.primal.results)} reverse {self.params(step.reverse)} {{"
                    yield from self.block(step.reverse)
                    yield f"}} {_list(step.reverse.results)}"


def _kept(checkpoint: t.Checkpoint | None) -> str:
    if checkpoint is None:
        return ""
    return " checkpoint" if checkpoint.every is None else f" checkpoint every {checkpoint.every}"


def _number(value: float | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


# -- parsing ---------------------------------------------------------------------------------------------------------------
_HEADER = re.compile(r"unary (\S+) \[([^\]]*)\] \((.*)\) \{$")
_PARAM = re.compile(r"(\d+)(?: ([^:]+))?: (.+?)(?: = (\d+))?$")


def parse(text: str, operations: Mapping[str, Operation] = MappingProxyType({})) -> t.Term:
    """The term that `show` printed; ``operations`` are those it calls that are none of ours.

    Raises SyntaxFault at the line that does not read as one."""
    with room(lambda: SyntaxFault("PB0120", "unary form: it nests too deeply")):
        return _Parser(text, operations).term()


class _Parser:
    def __init__(self, text: str, operations: Mapping[str, Operation]) -> None:
        self.operations = operations
        self.source = Source("<unary>", text)
        self.lines = [line.strip() for line in text.split("\n")]
        self.at = 0
        self.builder = Builder("", (), (), ())

    def term(self) -> t.Term:
        header = _HEADER.match(self._line())
        if header is None:
            raise self._fault("a term begins with `unary NAME [sizes] (wires) {`")
        params = self._params(header[3])
        sizes = tuple(s for s in header[2].split(", ") if s)
        self.builder = Builder(header[1], sizes, [name for _, name, _, _ in params], [wire for _, _, wire, _ in params])
        end = self._steps()
        if not end.startswith("} -> "):
            raise self._fault("a term ends with `} -> results`")
        return self._guarded(lambda: self.builder.finish(self._positions(end[5:])))

    # -- lines -------------------------------------------------------------------------------------------------------------
    def _line(self) -> str:
        while self.at < len(self.lines) and not self.lines[self.at]:
            self.at += 1
        if self.at >= len(self.lines):
            raise self._fault("the text ends too early")
        self.at += 1
        return self.lines[self.at - 1]

    def _fault(self, message: str) -> SyntaxFault:
        number = min(max(self.at, 1), len(self.lines))
        return SyntaxFault("PB0120", f"unary form: {message}", Span(self.source, number, 1, number, 2))

    def _guarded(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except (ValueError, IndexError, KeyError, ZeroDivisionError) as problem:
            raise self._fault(str(problem)) from None

    def _steps(self) -> str:
        """Read primitives up to the closing line, which is returned."""
        while True:
            line = self._line()
            if line.startswith("}"):
                return line
            head, separator, body = line.partition(" = ")
            if not separator:
                raise self._fault(f"expected `positions = primitive`, got {line!r}")
            made = self._guarded(partial(self._emit, body))
            if list(made) != self._positions(head):
                raise self._fault(f"the results stand at {_list(made)}, not at {head}")

    def _emit(self, body: str) -> tuple[int, ...]:
        return self.builder.emit(self._step(body))

    def _positions(self, text: str) -> list[int]:
        return [] if text.strip() == "nothing" else [self._position(p) for p in text.split(",")]

    def _position(self, text: str) -> int:
        if not text.strip().isdigit():
            raise self._fault(f"{text.strip()!r} is no position")
        value = int(text)
        if value >= len(self.builder.wires):
            raise self._fault(f"position {value} in a context of {len(self.builder.wires)}")
        return value

    def _params(self, text: str) -> list[tuple[int, str, Wire, int | None]]:
        params = []
        for part in _split(text):
            match = _PARAM.match(part)
            if match is None:
                raise self._fault(f"{part!r} is no parameter")
            wire = self._guarded(partial(parse_wire, match[3]))
            params.append((int(match[1]), match[2] or "", wire, int(match[4]) if match[4] else None))
        return params

    # -- primitives ----------------------------------------------------------------------------------------------------------
    def _step(self, body: str) -> t.Step:
        word, _, rest = body.partition(" ")
        if word in ("loop", "while", "if", "custom") and body.endswith("{"):
            return {"loop": self._loop, "while": self._while, "if": self._branch, "custom": self._custom}[word](rest)
        plain, _, kind = body.rpartition(" : ")
        word, _, rest = plain.partition(" ")
        wire = parse_wire(kind)
        match word:
            case "constant":
                return t.Constant(_value(rest, element(wire)), element(wire))
            case "zero":
                return t.Zero(wire)
            case "extent":
                return t.Extent(parse_size(rest))
            case "open":
                name, position = rest.split(" ")
                return t.Open(name, self._position(position))
            case "index":
                array, index = rest.split(" ")
                return t.Index(self._position(array), self._position(index))
            case "onehot":
                places, _, size = rest.partition(" of ")
                index, value = places.split(" ")
                return t.OneHot(parse_size(size), self._position(index), self._position(value))
            case "stop":
                return t.Stop(self._position(rest))
        op: str | Operation = word
        if word == "call":
            name, _, rest = rest.partition(" ")
            if name not in self.operations:
                raise self._fault(f"no operation {name!r} is given")
            op = self.operations[name]
        args, _, to = rest.partition(" to ")
        target = element(parse_wire(to)) if to else None
        return t.Apply(op, tuple(self._position(a) for a in args.split()), target)

    def _block(self, params: Sequence[tuple[int, str, Wire, int | None]]) -> tuple[t.Block, str]:
        """A block up to its closing line; what stands there after the results decides the construct, so it is returned."""
        end = ""

        def body(_: tuple[int, ...]) -> list[int]:
            nonlocal end
            end = self._steps()[1:].strip()
            results = re.split(r" (?:do|else|reverse|inverse)\b", end)[0]
            return [] if results == "nothing" else [self._position(r.split(" ")[-1]) for r in results.split(",")]

        return self.builder.block([wire for _, _, wire, _ in params], body), end

    def _loop(self, rest: str) -> t.Step:
        head, params = self._head(rest)
        match = re.match(r"(\S+) < (.*?)( backward)?( checkpoint.*)?$", head)
        if match is None:
            raise self._fault("a loop reads `loop i < bound (params) {`")
        bound, checkpoint = parse_size(match[2]), _checkpoint(match[4])
        with self.builder.scoped(match[1]):
            block, end = self._block(params)
            inverse = self._inverse(end)
        inits = tuple(start for _, _, _, start in params if start is not None)
        outputs = end.partition(" inverse ")[0].split(",")
        kinds = tuple(part.split()[0] for part in outputs if len(part.split()) == 2)
        if any(k not in t.KINDS for k in kinds) or len(block.results) != len(inits) + len(kinds):
            raise self._fault(f"the outputs {end!r} do not fit {len(inits)} carries")
        backward = match[3] is not None
        return t.Loop(match[1], bound, inits, block, kinds, backward, checkpoint=checkpoint, inverse=inverse)

    def _head(self, rest: str) -> tuple[str, list[tuple[int, str, Wire, int | None]]]:
        """What stands before the last brackets of a line that opens a block, and the parameters in them."""
        line = rest.removesuffix(" {")
        depth, start = 0, len(line)
        while start > 0 and (depth > 0 or start == len(line)):
            start -= 1
            depth += (line[start] == ")") - (line[start] == "(")
        if not line.endswith(")") or depth:
            raise self._fault("the parameters of a block stand in brackets before `{`")
        return line[:start].rstrip(), self._params(line[start + 1 : -1])

    def _inverse(self, end: str) -> t.Block | None:
        """The block after a loop's body that undoes it, if the body's closing line announces one."""
        _, found, params = end.partition(" inverse ")
        return self._block(self._head(params)[1])[0] if found else None

    def _while(self, rest: str) -> t.Step:
        head, params = self._head(rest)
        cond, _ = self._block(params)
        body, end = self._block(params)
        inits = tuple(start for _, _, _, start in params if start is not None)
        return t.While(inits, cond, body, checkpoint=_checkpoint(head), inverse=self._inverse(end))

    def _branch(self, rest: str) -> t.Step:
        condition = self._position(rest[:-2])
        then, _ = self._block(())
        orelse, _ = self._block(())
        return t.Branch(condition, then, orelse)

    def _custom(self, rest: str) -> t.Step:
        _, params = self._head(rest)
        primal, end = self._block(params)
        _, found, given = end.partition(" reverse ")
        reverse = self._block(self._head(given)[1])[0] if found else None
        return t.Custom(tuple(start for _, _, _, start in params if start is not None), primal, reverse)


def _checkpoint(text: str | None) -> t.Checkpoint | None:
    if not text:
        return None
    _, every, size = text.partition(" every ")
    return t.Checkpoint(parse_size(size) if every else None)


def _split(text: str) -> list[str]:
    """The parts between commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for k, character in enumerate(text):
        depth += character in "[("
        depth -= character in "])"
        if character == "," and depth == 0:
            parts.append(text[start:k].strip())
            start = k + 1
    return [*parts, text[start:].strip()] if text.strip() else []


def _value(text: str, kind: Scalar) -> float | int | bool:
    if text in ("true", "false"):
        return text == "true"
    if kind.number is float or not re.fullmatch(r"-?\d+", text):
        value = float(text)
        return value if not math.isnan(value) else math.nan
    return int(text)
