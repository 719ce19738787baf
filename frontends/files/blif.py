"""BLIF, the Berkeley Logic Interchange Format: a netlist of covers (SIS manual, 1992), one model, latches included.

A cover is a table of products over its inputs, each `0`, `1` or `-`, whose sum is the signal (or, with 0 at the end of its
lines, the complement). Read are .model .inputs .outputs .names .latch .end and comments; a hierarchy (.subckt) is
refused with words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import NOT, NOTHING, UNKNOWN, ZERO, Circuit, Names
from .cover import product, total
from .names import signals

_IGNORED = frozenset(
    (
        ".clock",
        ".area",
        ".delay",
        ".wire_load_slope",
        ".default_input_arrival",
        ".default_output_required",
        ".input_arrival",
        ".output_required",
        ".input_drive",
        ".output_load",
        ".max_input_load",
        ".latch_order",
    )
)


@dataclass(frozen=True)
class _Cover:
    line: int
    inputs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Latch:
    line: int
    input: str
    start: int


@dataclass
class _Model:
    name: str
    inputs: dict[str, None]
    outputs: list[str]
    covers: dict[str, _Cover]
    latches: dict[str, _Latch]


def read(text: str, name: str = "circuit") -> Circuit:
    """The circuit of a file's contents; ``name`` is what it is called if the model has no name. Raises FileFault PB0811 with
    the line."""
    model = _model(text, name)
    builder = Builder(BIT, len(model.inputs), tuple(latch.start for latch in model.latches.values()))
    wires = {signal: w for w, signal in enumerate((*model.inputs, *model.latches))}
    for signal in (*model.outputs, *(latch.input for latch in model.latches.values())):
        _make(signal, model, builder, wires)
    names = Names(tuple(model.inputs), tuple(model.latches), tuple(model.outputs))
    return builder.circuit(
        [wires[s] for s in model.outputs], [wires[latch.input] for latch in model.latches.values()], names, model.name
    )


# -- the text ----------------------------------------------------------------------------------------------------------
def _logical_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Words of lines without comments; a backslash at the end continues a line."""
    words: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.partition("#")[0].rstrip()
        first = first or number
        continued = line.endswith("\\")
        words += line[: -1 if continued else None].split()
        if not continued:
            if words:
                yield first, words
            words, first = [], 0
    if words:
        yield first, words


def _model(text: str, name: str) -> _Model:
    model = _Model(name, {}, [], {}, {})
    cover: tuple[int, tuple[str, ...], str] | None = None
    rows: list[tuple[str, str]] = []
    begun = False

    def close() -> None:
        if cover is not None:
            line, inputs, output = cover
            _define(model, output, line)
            model.covers[output] = _Cover(line, inputs, tuple(rows))

    for line, words in _logical_lines(text):
        if not words[0].startswith("."):
            if cover is None:
                raise _fault(line, f"`{words[0][:40]}` stands in no cover")
            rows.append(_row(line, words, len(cover[1])))
            continue
        close()
        cover, rows = None, []
        match words[0]:
            case ".model" if begun:
                raise _fault(line, "there is a second model; hierarchies are not supported: flatten it first")
            case ".model":
                begun, model.name = True, words[1] if len(words) > 1 else name
            case ".inputs":
                for signal in words[1:]:
                    _define(model, signal, line)
                    model.inputs[signal] = None
            case ".outputs":
                model.outputs += words[1:]
            case ".names" if len(words) > 1:
                cover = (line, tuple(words[1:-1]), words[-1])
            case ".latch":
                _latch(model, line, words[1:])
            case ".end":
                return model
            case word if word in _IGNORED:
                pass
            case word:
                raise _fault(line, f"`{word}` is not supported" if len(words) > 1 else f"`{word}` needs more words")
    close()
    return model


def _define(model: _Model, signal: str, line: int) -> None:
    if signal in model.covers or signal in model.latches or signal in model.inputs:
        raise _fault(line, f"`{signal}` is defined again")


def _row(line: int, words: list[str], width: int) -> tuple[str, str]:
    inputs, value = ("", words[0]) if width == 0 and len(words) == 1 else (words[0], words[-1])
    if len(words) != (1 if width == 0 else 2) or len(inputs) != width or set(inputs) - set("01-") or value not in ("0", "1"):
        raise _fault(line, f"a line of this cover is {width} of 0, 1 and -, and then 0 or 1")
    return inputs, value


def _latch(model: _Model, line: int, words: list[str]) -> None:
    """.latch input output [type control] [start]"""
    start = words[-1] if len(words) in (3, 5) else "3"
    if not 2 <= len(words) <= 5 or start not in ("0", "1", "2", "3"):
        raise _fault(line, "a latch has an input, an output, perhaps a type and a clock, and perhaps a first value 0 to 3")
    _define(model, words[1], line)
    model.latches[words[1]] = _Latch(line, words[0], int(start) if start in "01" else UNKNOWN)


# -- covers to gates ---------------------------------------------------------------------------------------------------
def _make(root: str, model: _Model, builder: Builder, wires: dict[str, int]) -> None:
    """Make the gates of a signal and of all it depends on."""
    stack, open_ = [root], set[str]()
    while stack:
        signal = stack[-1]
        if signal in wires:
            stack.pop()
            continue
        cover = model.covers.get(signal)
        if cover is None:
            raise _fault(None, f"`{signal}` is read, and nothing defines it")
        waiting = [s for s in cover.inputs if s not in wires]
        if not waiting:
            wires[signal] = _sum(cover, [wires[s] for s in cover.inputs], builder)
            open_.discard(stack.pop())
        elif signal in open_ or any(s in open_ for s in waiting):
            raise _fault(cover.line, f"`{signal}` depends on itself")
        else:
            open_.add(signal)
            stack += waiting


def _sum(cover: _Cover, inputs: list[int], builder: Builder) -> int:
    if not cover.rows:
        return builder.gate(ZERO)
    if len({value for _, value in cover.rows}) > 1:
        raise _fault(cover.line, "the lines of a cover end alike")
    if len(inputs) <= 2:
        return builder.gate(_small(cover), *inputs, *[NOTHING] * (2 - len(inputs)))
    found = total([product(row, inputs, builder) for row, _ in cover.rows], builder)
    return found if cover.rows[0][1] == "1" else builder.gate(NOT, found)


def _small(cover: _Cover) -> int:
    """A cover of at most two inputs is one gate: its coefficients from its table."""

    def value(*bits: int) -> int:
        on = any(all(c in ("-", str(b)) for c, b in zip(row, bits, strict=False)) for row, _ in cover.rows)
        return int(on) ^ (cover.rows[0][1] == "0")

    t = [value(a, b) for b in (0, 1) for a in (0, 1)]
    return t[0] | (t[0] ^ t[1]) << 1 | (t[0] ^ t[2]) << 2 | (t[0] ^ t[1] ^ t[2] ^ t[3]) << 3


def _fault(line: int | None, what: str) -> FileFault:
    return FileFault("PB0811", f"this does not read as BLIF: {what}" + (f" (line {line})" if line is not None else ""))


# -- writing -----------------------------------------------------------------------------------------------------------
def write(c: Circuit) -> str:
    """The circuit as a BLIF file, a cover for each gate. Raises FileFault PB0812 for a circuit that is not over bit."""
    if c.ring != BIT:
        raise FileFault("PB0812", f"BLIF has circuits over bit only, and this one is over {c.ring}")
    inputs, state, outputs = signals(c)
    wires = [*inputs, *state, *(f"n{w}" for w in range(c.first, c.wires))]
    lines = [f".model {c.name}", _listed(".inputs", inputs), _listed(".outputs", outputs)]
    for k, (start, following) in enumerate(zip(c.start.tolist(), c.next.tolist(), strict=True)):
        lines.append(f".latch {wires[following]} {state[k]} {3 if start == UNKNOWN else start}")
    for w, (op, a, b) in enumerate(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True), start=c.first):
        reads = [wires[x] for x, used in ((a, op & 0b1010), (b, op & 0b1100)) if used]
        lines.append(" ".join((".names", *reads, wires[w])))
        lines += _table(op, bool(op & 0b1010), bool(op & 0b1100))
    lines += [f".names {wires[w]} {o}\n1 1" for o, w in zip(outputs, c.outputs.tolist(), strict=True) if o != wires[w]]
    return "\n".join([*lines, ".end"]) + "\n"


def _table(op: int, left: bool, right: bool) -> list[str]:
    """The lines of the cover of a gate."""
    rows = []
    for a in (0, 1) if left else (0,):
        for b in (0, 1) if right else (0,):
            if (op ^ (op >> 1 & a) ^ (op >> 2 & b) ^ (op >> 3 & a & b)) & 1:
                bits = f"{a if left else ''}{b if right else ''}"
                rows.append(f"{bits} 1".strip())
    return rows


def _listed(word: str, names: list[str]) -> str:
    """A line of names, continued every eight."""
    rows = [" ".join(names[k : k + 8]) for k in range(0, len(names), 8)]
    return " ".join((word, " \\\n ".join(rows))).rstrip()
