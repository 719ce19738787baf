"""BLIF, the Berkeley Logic Interchange Format (SIS manual, 1992): a netlist of covers and latches, in one model or in several
that use one another.

A cover is a table of products over its inputs, each `0`, `1` or `-`, whose sum is the signal (or, with 0 at the end of its
lines, the complement). The first model is the circuit; models that it uses (`.subckt`) are put in their places. Don't-care
networks (`.exdc`), timing and drive are passed over; gates of a library (`.gate`) and state tables (`.start_kiss`) are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ...core.errors import FileFault, suggestion
from ...core.objects import BIT
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import NOT, NOTHING, UNKNOWN, ZERO, Circuit, Names
from .cover import product, total
from .depend import make_in_order
from .names import signals

_PASSED_OVER = frozenset(
    (
        ".area",
        ".attr",
        ".clock",
        ".clock_event",
        ".cname",
        ".cycle",
        ".default_input_arrival",
        ".default_input_drive",
        ".default_max_input_load",
        ".default_output_load",
        ".default_output_required",
        ".delay",
        ".input_arrival",
        ".input_drive",
        ".input_required",
        ".latch_order",
        ".max_input_load",
        ".output_arrival",
        ".output_load",
        ".output_required",
        ".param",
        ".wire",
        ".wire_load_slope",
    )
)

_MOST = 1 << 24
"""Covers and latches that a circuit may have with all models put in their places: more is taken for a mistake."""


class _Cover(NamedTuple):  # there are a great many
    line: int
    inputs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Latch:
    line: int
    input: str
    start: int


@dataclass(frozen=True)
class _Use:
    """A model in another; ``wires``: its inputs and outputs and the signals they are connected with."""

    line: int
    model: str
    wires: Mapping[str, str]


@dataclass
class _Model:
    name: str
    line: int
    inputs: dict[str, None] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    covers: dict[str, _Cover] = field(default_factory=dict)
    latches: dict[str, _Latch] = field(default_factory=dict)
    uses: list[_Use] = field(default_factory=list)
    refused: tuple[int, str] | None = None  # line and words of what it has that cannot be read

    def define(self, signal: str, line: int) -> None:
        if signal in self.covers or signal in self.latches or signal in self.inputs:
            raise _fault(line, f"`{_short(signal)}` is defined again")


def read(text: str, name: str = "circuit") -> Circuit:
    """The circuit of a file's contents; ``name`` is what it is called if the model has no name. Raises FileFault PB0811 with
    the line."""
    model = _flat(_models(text, name))
    builder = Builder(BIT, len(model.inputs), tuple(latch.start for latch in model.latches.values()))
    wires = {signal: w for w, signal in enumerate((*model.inputs, *model.latches))}

    def reads(signal: str) -> tuple[str, ...]:
        if signal not in model.covers:
            raise _fault(None, f"`{_short(signal)}` is read, and nothing defines it")
        return model.covers[signal].inputs

    def make(signal: str) -> int:
        cover = model.covers[signal]
        return _sum(cover, [wires[s] for s in cover.inputs], builder)

    roots = (*model.outputs, *(latch.input for latch in model.latches.values()))
    make_in_order(roots, wires, reads, make, lambda s: _fault(model.covers[s].line, f"`{_short(s)}` depends on itself"))
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
        if "#" in line:
            line = line.partition("#")[0]
        line = line.rstrip()
        first = first or number
        if line.endswith("\\"):
            words += line[:-1].split()
            continue
        words += line.split()
        if words:
            yield first, words
            words = []
        first = 0
    if words:
        yield first, words


def _models(text: str, name: str) -> dict[str, _Model]:
    """All models by their names, the circuit first."""
    found: dict[str, _Model] = {}
    model: _Model | None = None
    cover: tuple[int, tuple[str, ...], str] | None = None
    rows: list[tuple[str, str]] = []
    passing = False  # over a don't-care network

    def begin(called: str, line: int) -> _Model:
        if called in found:
            raise _fault(line, f"there is another model `{_short(called)}`")
        found[called] = _Model(called, line)
        return found[called]

    def close() -> None:
        if cover is not None and model is not None and not passing:
            line, inputs, output = cover
            model.define(output, line)
            model.covers[output] = _Cover(line, inputs, tuple(rows))

    for line, words in _logical_lines(text):
        word = words[0]
        if word[0] != ".":
            if cover is None:
                if model is not None and model.refused:
                    continue
                raise _fault(line, f"`{_short(word)}` stands in no cover")
            rows.append(_row(line, words, len(cover[1])))
            continue
        close()
        cover, rows = None, []
        if word == ".model":
            model, passing = begin(words[1] if len(words) > 1 else name, line), False
            continue
        if word in (".end", ".exdc"):
            passing = word == ".exdc"
            model = model if passing else None
            continue
        if model is None and not passing:
            if found:
                raise _fault(line, f"`{_short(word)}` comes after the end of a model")
            model = begin(name, line)
        if word == ".names" and len(words) > 1:
            cover = (line, tuple(words[1:-1]), words[-1])
        elif model is not None:
            _statement(model, line, words)
    close()
    if not found:
        raise _fault(None, "there is no model")
    return found


def _statement(model: _Model, line: int, words: list[str]) -> None:
    match words[0]:
        case ".inputs" | ".input":
            for signal in words[1:]:
                model.define(signal, line)
                model.inputs[signal] = None
        case ".outputs" | ".output":
            model.outputs += words[1:]
        case ".latch":
            _latch(model, line, words[1:])
        case ".subckt" if len(words) > 1:
            model.uses.append(_Use(line, words[1], _connections(line, words[2:])))
        case ".conn" if len(words) == 3:
            model.define(words[2], line)
            model.covers[words[2]] = _Cover(line, (words[1],), (("1", "1"),))
        case ".gate" | ".mlatch" | ".search" | ".blackbox" | ".start_kiss" | ".subcktseq":
            what = f"`{words[0]}` is not supported: read is what is made of covers and latches"
            model.refused = model.refused or (line, what)
        case word if word in _PASSED_OVER or (model.refused and word != ".names"):
            pass
        case word:
            raise _fault(line, f"`{_short(word)}` is not supported" if len(words) > 1 else f"`{_short(word)}` needs more words")


def _row(line: int, words: list[str], width: int) -> tuple[str, str]:
    found = _product(width, *words) if len(words) <= 2 else None
    if found is None:
        raise _fault(line, f"a line of this cover is {width} of 0, 1 and -, and then 0 or 1")
    return found


@lru_cache(maxsize=1 << 12)
def _product(width: int, *words: str) -> tuple[str, str] | None:
    """The inputs and the value of a line of a cover, if it is one."""
    inputs, value = words if len(words) == 2 else ("", words[0])
    right = len(inputs) == width and len(words) == (1 if width == 0 else 2) and not set(inputs) - set("01-")
    return (inputs, value) if right and value in ("0", "1") else None


def _latch(model: _Model, line: int, words: list[str]) -> None:
    """.latch input output [type control] [start]"""
    start = words[-1] if len(words) in (3, 5) else "3"
    if not 2 <= len(words) <= 5 or start not in ("0", "1", "2", "3"):
        raise _fault(line, "a latch has an input, an output, perhaps a type and a clock, and perhaps a first value 0 to 3")
    model.define(words[1], line)
    model.latches[words[1]] = _Latch(line, words[0], int(start) if start in "01" else UNKNOWN)


def _connections(line: int, words: list[str]) -> dict[str, str]:
    wires: dict[str, str] = {}
    for word in words:
        formal, equals, actual = word.partition("=")
        if not (formal and equals and actual) or formal in wires:
            raise _fault(line, f"`{_short(word)}` is no connection, or one that was made before; they are NAME=SIGNAL")
        wires[formal] = actual
    return wires


# -- models in their places --------------------------------------------------------------------------------------------
def _flat(models: dict[str, _Model]) -> _Model:
    """The first model, with all that it uses in it; their own signals have names such as `adder$2.carry`."""
    top = next(iter(models.values()))
    size = _size(top, models)
    if size > _MOST:
        raise _fault(top.line, f"with all models in their places there would be {size} covers, more than {_MOST}")
    if top.refused:
        raise _fault(*top.refused)
    if not top.uses:
        return top
    flat = _Model(top.name, top.line, dict(top.inputs), list(top.outputs), dict(top.covers), dict(top.latches))
    waiting = [(use, "", dict[str, str]()) for use in reversed(top.uses)]
    count = 0
    while waiting:
        use, prefix, outer = waiting.pop()
        model, count = models[use.model], count + 1
        own = f"{prefix}{model.name}${count}."
        local = {formal: outer.get(actual, prefix + actual) for formal, actual in use.wires.items()}

        def signal(name: str, local: Mapping[str, str] = local, own: str = own) -> str:
            return local.get(name, own + name)

        for name, cover in model.covers.items():
            flat.define(signal(name), use.line)
            flat.covers[signal(name)] = _Cover(cover.line, tuple(map(signal, cover.inputs)), cover.rows)
        for name, latch in model.latches.items():
            flat.define(signal(name), use.line)
            flat.latches[signal(name)] = _Latch(latch.line, signal(latch.input), latch.start)
        waiting += [(inner, own, local) for inner in reversed(model.uses)]
    return flat


def _size(top: _Model, models: Mapping[str, _Model]) -> int:
    """How many covers and latches there would be. On the way: models are there, connect, and do not use themselves."""
    known: dict[str, int] = {}
    open_ = [top.name]
    while open_:
        model = models[open_[-1]]
        for use in model.uses:
            _check(use, models)
        waiting = [use for use in model.uses if use.model not in known]
        if not waiting:
            known[model.name] = len(model.covers) + len(model.latches) + sum(1 + known[use.model] for use in model.uses)
            open_.pop()
        elif waiting[0].model in open_:
            raise _fault(waiting[0].line, f"the model `{_short(waiting[0].model)}` uses itself")
        else:
            open_.append(waiting[0].model)
    return known[top.name]


def _check(use: _Use, models: Mapping[str, _Model]) -> None:
    model = models.get(use.model)
    if model is None:
        raise _fault(use.line, f"there is no model `{_short(use.model)}`", suggestion(use.model, models))
    if model.refused:
        raise _fault(*model.refused)
    known = {*model.inputs, *model.outputs}
    for formal in use.wires:
        if formal not in known:
            what = f"the model `{_short(use.model)}` has no input and no output `{_short(formal)}`"
            raise _fault(use.line, what, suggestion(formal, known))


# -- covers to gates ---------------------------------------------------------------------------------------------------
def _sum(cover: _Cover, inputs: Sequence[int], builder: Builder) -> int:
    rows = cover.rows
    if len(inputs) <= 2:
        op = _small(rows)
        if op is not None:
            return builder.gate(op, *inputs, *[NOTHING] * (2 - len(inputs)))
    if not rows:
        return builder.gate(ZERO)
    if len({value for _, value in rows}) > 1:
        raise _fault(cover.line, "the lines of a cover end alike")
    found = total([product(row, inputs, builder) for row, _ in rows], builder)
    return found if rows[0][1] == "1" else builder.gate(NOT, found)


@lru_cache(maxsize=1 << 10)
def _small(rows: tuple[tuple[str, str], ...]) -> int | None:
    """A cover of at most two inputs is one gate: its coefficients from its table. None for one that is wrong."""
    if len({value for _, value in rows}) != 1:
        return None if rows else ZERO

    def value(*bits: int) -> int:
        on = any(all(c in ("-", str(b)) for c, b in zip(row, bits, strict=False)) for row, _ in rows)
        return int(on) ^ (rows[0][1] == "0")

    t = [value(a, b) for b in (0, 1) for a in (0, 1)]
    return t[0] | (t[0] ^ t[1]) << 1 | (t[0] ^ t[2]) << 2 | (t[0] ^ t[1] ^ t[2] ^ t[3]) << 3


def _short(word: str) -> str:
    return word if len(word) <= 60 else word[:57] + "..."


def _fault(line: int | None, what: str, hint: str | None = None) -> FileFault:
    where = f" (line {line})" if line is not None else ""
    return FileFault("PB0811", f"this does not read as BLIF: {what}{where}", hint=hint)


# -- writing -----------------------------------------------------------------------------------------------------------
def write(c: Circuit) -> str:
    """The circuit as a BLIF file, a cover for each gate. Raises FileFault PB0812 for a circuit that is not over bit."""
    if c.ring != BIT:
        raise FileFault("PB0812", f"BLIF has circuits over bit only, and this one is over {c.ring}")
    inputs, state, outputs = signals(c)
    wires = [*inputs, *state, *(f"n{w}" for w in range(c.first, c.wires))]
    lines = [f".model {'_'.join(c.name.split()) or 'circuit'}", _listed(".inputs", inputs), _listed(".outputs", outputs)]
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
