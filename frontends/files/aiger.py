"""AIGER, ascii and binary: and-inverter graphs with latches (Biere, The AIGER format, 2007; 1.9: Biere and others, 2011).

A literal is twice a variable, plus one where it is inverted; variable 0 is false. Inverters go into the gates that read them:
(a + p)(b + q) = pq + qa + pb + ab. Properties of AIGER 1.9 (bad states, constraints, justice, fairness) are more outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.canonical import canonical
from ...ir.circuit.circuit import BITS, NOT, NOTHING, ONE, UNKNOWN, ZERO, Circuit, Names, make

Numbers = NDArray[np.int64]

_MOST = 2**26
"""Variables a file may announce: more is taken for a mistake, before memory is asked for."""

_UNSEEN = 2**20
"""Variables a file may announce without having lines for them: inputs of the binary form need none."""


@dataclass(frozen=True)
class _Header:
    binary: bool
    variables: int
    inputs: int
    latches: int
    outputs: int
    ands: int
    bad: int
    constraints: int
    justice: int
    fairness: int


def read(data: bytes, name: str = "circuit") -> Circuit:
    """The circuit of a file's contents; ``name`` is what it is called. Raises FileFault PB0811 with the line or byte."""
    end = data.find(b"\n")
    header = _header(data[: end if end >= 0 else len(data)], len(data))
    body = _Lines(data, end + 1 if end >= 0 else len(data))
    if header.binary:
        return _binary(header, body, name)
    return _ascii(header, body, name)


def _header(line: bytes, size: int) -> _Header:
    words = line.split()
    if not words or words[0] not in (b"aag", b"aig"):
        raise _fault(1, "an AIGER file begins with `aag` or `aig`")
    if not 6 <= len(words) <= 10:
        raise _fault(1, f"its header has {len(words) - 1} numbers, and should have 5 to 9")
    numbers = [_number(w, 1) for w in words[1:]] + [0] * (10 - len(words))
    variables, inputs, latches, _, ands = numbers[:5]
    if max(numbers) > _MOST:
        raise _fault(1, f"it announces {max(numbers)} of something, more than a circuit can have ({_MOST})")
    if variables > max(_UNSEEN, 8 * size):
        raise _fault(1, f"it announces {variables} variables, too many for a file of {size} bytes")
    defined = inputs + latches + ands
    if defined > variables or (words[0] == b"aig" and defined != variables):
        raise _fault(1, f"{variables} variables cannot be {inputs} inputs, {latches} latches and {ands} ands")
    return _Header(words[0] == b"aig", *numbers)


class _Lines:
    """Reads the part of a file that is lines, and knows where it is."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at, self.line = data, at, 2

    def numbers(self, count: int, least: int, most: int) -> list[list[int]]:
        """The numbers of the next ``count`` lines, ``least`` to ``most`` on each."""
        rows = []
        for _ in range(count):
            if self.at >= len(self.data):
                raise _fault(self.line, "the file ends too early")
            end = self.data.find(b"\n", self.at)
            end = len(self.data) if end < 0 else end
            words = self.data[self.at : end].split()
            if not least <= len(words) <= most:
                raise _fault(
                    self.line,
                    f"there are {len(words)} numbers, and should be {least if least == most else f'{least} to {most}'}",
                )
            rows.append([_number(w, self.line) for w in words])
            self.at, self.line = end + 1, self.line + 1
        return rows

    def table(self, count: int, width: int) -> Numbers:
        """The numbers of the next ``count`` lines, ``width`` on each: all at once, if they are as they are mostly written."""
        data = np.frombuffer(self.data, dtype=np.uint8, offset=min(self.at, len(self.data)))
        marks = np.flatnonzero(data < 48)[: count * width]  # what is no digit, or comes after them
        line = [32] * (width - 1) + [10]
        plain = len(marks) == count * width and bool(np.all(data[marks].reshape(count, width) == line))
        if plain and count:
            lengths = np.diff(marks, prepend=-1) - 1
            digits = data[: int(marks[-1]) + 1]
            plain = bool(np.all((lengths > 0) & (lengths < 18)) and np.all(digits < 58))
        if not plain or not count:
            return np.array(self.numbers(count, width, width), dtype=np.int64).reshape(-1, width)
        values = np.fromstring(digits.tobytes(), dtype=np.int64, sep=" ").reshape(count, width)
        self.at, self.line = self.at + len(digits), self.line + count
        return values

    def rest(self) -> Iterator[tuple[int, str]]:
        """The lines left, with their numbers, up to the comment."""
        for line in self.data[self.at :].split(b"\n"):
            text = line.decode("utf-8", "replace").rstrip("\r")
            if text == "c":
                return
            if text:
                yield self.line, text
            self.line += 1


def _number(word: bytes, line: int) -> int:
    if not word.isdigit() or len(word) > 18:
        raise _fault(line, f"`{word[:20].decode('utf-8', 'replace')}` is no number")
    return int(word)


# -- the two forms -----------------------------------------------------------------------------------------------------
def _ascii(h: _Header, body: _Lines, name: str) -> Circuit:
    first = body.line
    inputs = body.table(h.inputs, 1)[:, 0]
    latches = body.numbers(h.latches, 2, 3)
    outputs, justice = _results(h, body)
    gates_at = body.line
    gates = body.table(h.ands, 3)
    defined = np.concatenate((inputs, np.array([r[0] for r in latches], dtype=np.int64), gates[:, 0]))
    at = np.concatenate((first + np.arange(h.inputs + h.latches), gates_at + np.arange(h.ands)))
    wrong = (defined & 1 == 1) | (defined < 2) | (defined > 2 * h.variables + 1)
    if wrong.any():
        k = int(np.argmax(wrong))
        raise _fault(int(at[k]), f"{defined[k]} is no literal of a variable that could be defined")
    place = np.full(h.variables + 1, NOTHING, dtype=np.int64)
    place[defined >> 1] = np.arange(len(defined))
    again = place[defined >> 1] != np.arange(len(defined))
    if again.any():
        k = int(place[defined[np.argmax(again)] >> 1])
        raise _fault(int(at[k]), f"variable {defined[k] >> 1} is defined again")
    a, b = (_wires(gates[:, k], place, gates_at) for k in (1, 2))
    order = _sorted(h.inputs + h.latches, a >> 1, b >> 1, gates_at)
    a, b, place = _renumbered(order, h.inputs + h.latches, a, b, place)
    return _circuit(h, name, a, b, latches, outputs, place, first + h.inputs, _names(h, justice, body))


def _binary(h: _Header, body: _Lines, name: str) -> Circuit:
    first = body.line
    latches = [[2 * (h.inputs + k + 1), *r] for k, r in enumerate(body.numbers(h.latches, 1, 2))]
    outputs, justice = _results(h, body)
    deltas, body.at = _deltas(body.data, body.at, 2 * h.ands)
    own = 2 * (h.inputs + h.latches + 1 + np.arange(h.ands, dtype=np.int64))
    a = own - deltas[0::2]
    b = a - deltas[1::2]
    wrong = (deltas[0::2] < 1) | (b < 0)
    if wrong.any():
        gate = int(np.argmax(wrong))
        raise _fault(
            None,
            f"and gate {gate} reads literals {int(a[gate])} and {int(b[gate])}, which are not before its own, {int(own[gate])}",
        )
    place = np.arange(-1, h.variables, dtype=np.int64)
    a, b = (_wires(x, place, None) for x in (a, b))
    return _circuit(h, name, a, b, latches, outputs, place, first, _names(h, justice, body))


def _deltas(data: bytes, at: int, count: int) -> tuple[Numbers, int]:
    """``count`` numbers of seven bits a byte, lowest first, the last byte of each below 128; and where they end."""
    window = np.frombuffer(data, dtype=np.uint8, offset=min(at, len(data)))[: 6 * count]
    ends = np.flatnonzero(window < 128)[:count]
    if len(ends) < count:
        raise _fault(
            None, f"the file ends, or a number has more than five bytes, in and gate {len(ends) // 2} after byte {at}"
        )
    starts = np.concatenate(([0], ends[:-1] + 1)) if count else ends
    lengths = ends - starts + 1
    if count and int(lengths.max()) > 5:
        raise _fault(None, f"a number at byte {at + int(starts[np.argmax(lengths)])} has more than five bytes")
    values = np.zeros(count, dtype=np.int64)
    for k in range(5):
        has = lengths > k
        values[has] |= (window[starts[has] + k].astype(np.int64) & 127) << (7 * k)
    return values, at + (int(ends[-1]) + 1 if count else 0)


# -- literals of the file to wires -------------------------------------------------------------------------------------
def _wires(literals: Numbers, place: Numbers, line: int | None) -> Numbers:
    """Twice the wire, plus the inversion; the constants are −2 and −1. ``line``: that of the first, to say where."""
    wrong = (literals < 0) | (literals >= 2 * len(place))
    if not wrong.any():
        wrong = (place[literals >> 1] == NOTHING) & (literals > 1)
    if wrong.any():
        k = int(np.argmax(wrong))
        raise _fault(None if line is None else line + k, f"literal {int(literals[k])} is of a variable that is not defined")
    return 2 * place[literals >> 1] + (literals & 1)


def _sorted(first: int, a: Numbers, b: Numbers, line: int) -> Numbers:
    """Gates in an order in which each comes after what it reads: the given one, if it is such."""
    own = first + np.arange(len(a))
    if bool(np.all((a < own) & (b < own))):
        return np.arange(len(a))
    left, right, order = (a - first).tolist(), (b - first).tolist(), []
    state = bytearray(len(left))  # 0 not seen, 1 being made, 2 made
    for root in range(len(left)):
        stack = [root]
        while stack:
            gate = stack[-1]
            if state[gate] == 2:
                stack.pop()
                continue
            waiting = [w for w in (left[gate], right[gate]) if w >= 0 and state[w] != 2]
            if not waiting:
                state[gate] = 2
                order.append(stack.pop())
            elif any(state[w] == 1 for w in waiting) or (state[gate] == 1 and waiting == [gate]):
                raise _fault(line + gate, "this gate depends on itself, through others")
            else:
                state[gate] = 1
                stack += waiting
    return np.array(order, dtype=np.int64)


def _renumbered(order: Numbers, first: int, a: Numbers, b: Numbers, place: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    table = np.concatenate((np.arange(first), first + rank, [NOTHING]))  # the last place is that of NOTHING

    def moved(literals: Numbers) -> Numbers:
        return 2 * table[literals >> 1] + (literals & 1)

    return moved(a[order]), moved(b[order]), table[place]


def _circuit(
    h: _Header,
    name: str,
    a: Numbers,
    b: Numbers,
    latches: Sequence[Sequence[int]],
    outputs: Numbers,
    place: Numbers,
    line: int,
    names: Names,
) -> Circuit:
    """Gates for the ands, then one for each inverted or constant literal that a latch or an output is."""
    op = np.full(len(a), 8, dtype=np.int64)
    p, q = a & 1, b & 1
    zero_a, zero_b = a < 0, b < 0  # constants: a value p instead of a wire
    op = np.where(zero_a | zero_b, 0, op | p * q | q << 1 | p << 2)
    only_b, only_a = zero_a & ~zero_b, zero_b & ~zero_a
    op = np.where(only_b, p * (q | 4), np.where(only_a, q * (p | 2), np.where(zero_a & zero_b, p * q, op)))
    extra: dict[int, int] = {}
    first = h.inputs + h.latches

    def wire(literal: int) -> int:
        if literal >= 0 and not literal & 1:
            return literal >> 1
        return extra.setdefault(literal, first + len(a) + len(extra))

    following = _wires(np.array([r[1] for r in latches], dtype=np.int64), place, line)
    results = _wires(outputs, place, line + h.latches)
    next, out = [wire(x) for x in following.tolist()], [wire(x) for x in results.tolist()]
    more = [NOT if x >= 0 else ZERO if x == -2 else ONE for x in extra]
    reads = [x >> 1 if x >= 0 else NOTHING for x in extra]
    start = [_start(r, line + k) for k, r in enumerate(latches)]
    return make(
        BIT,
        h.inputs,
        np.concatenate((op, np.array(more, dtype=np.int64))),
        np.concatenate((a >> 1, np.array(reads, dtype=np.int64))),
        np.concatenate((b >> 1, np.full(len(extra), NOTHING))),
        out,
        kinds=BITS,
        start=start,
        next=next,
        names=names,
        name=name,
    )


def _start(latch: Sequence[int], line: int) -> int:
    if len(latch) < 3 or latch[2] in (0, 1):
        return latch[2] if len(latch) > 2 else 0
    if latch[2] == latch[0]:
        return UNKNOWN
    raise _fault(line, f"a latch starts as 0, as 1 or as itself ({latch[0]}), not as {latch[2]}")


def _results(h: _Header, body: _Lines) -> tuple[Numbers, list[int]]:
    """The literals of outputs and properties, in the order of the file; and how many each justice property has."""
    plain = body.table(h.outputs + h.bad + h.constraints, 1)[:, 0]
    line, sizes = body.line, body.table(h.justice, 1)[:, 0].tolist()
    if sum(sizes) > _MOST:
        raise _fault(line, f"justice properties have {sum(sizes)} literals, more than a circuit can have ({_MOST})")
    rest = body.table(sum(sizes) + h.fairness, 1)[:, 0]
    return np.concatenate((plain, rest)), sizes


def _names(h: _Header, justice: Sequence[int], body: _Lines) -> Names:
    """The symbol table; what it does not name is called i0, l0, o0, b0, c0, j0, f0. The literals of a justice property have its
    name and a number."""
    counts = {"i": h.inputs, "l": h.latches, "o": h.outputs, "b": h.bad, "c": h.constraints, "j": h.justice, "f": h.fairness}
    given: dict[str, dict[int, str]] = {kind: {} for kind in counts}
    for line, text in body.rest():
        kind, word, rest = text[0], *text[1:].partition(" ")[::2]
        if kind not in counts or not (word.isascii() and word.isdigit()) or len(word) > 12 or int(word) >= counts[kind]:
            if kind == "c":  # some tools begin their comment in this line
                break
            raise _fault(line, f"`{text[:40]}` names no input, latch or output")
        given[kind][int(word)] = rest or f"{kind}{word}"
    if not any(given.values()):
        return Names()
    names = {kind: [given[kind].get(k, f"{kind}{k}") for k in range(count)] for kind, count in counts.items()}
    fair = [f"{name}.{k}" for name, size in zip(names["j"], justice, strict=True) for k in range(size)]
    outputs = (*names["o"], *names["b"], *names["c"], *fair, *names["f"])
    return Names(tuple(names["i"]), tuple(names["l"]), outputs)


def _fault(line: int | None, what: str) -> FileFault:
    return FileFault("PB0811", f"this does not read as AIGER: {what}" + (f" (line {line})" if line is not None else ""))


# -- writing -----------------------------------------------------------------------------------------------------------
def write(c: Circuit, binary: bool = True) -> bytes:
    """The circuit as an AIGER file, in canonical form: gates are ands of wires and their complements, an exclusive or is three.
    Raises FileFault PB0812 for a circuit that is not over bit."""
    if c.ring != BIT:
        raise FileFault("PB0812", f"AIGER has circuits over bit only, and this one is over {c.ring}")
    c = canonical(c, "function")
    literals, ands = _as_ands(c)
    own = 2 * (c.first + 1)
    head = f"{'aig' if binary else 'aag'} {c.first + len(ands)} {c.inputs} {c.states} {len(c.outputs)} {len(ands)}\n"
    text = [head]
    if not binary:
        text += [f"{2 * (k + 1)}\n" for k in range(c.inputs)]
    following = literals[c.next].tolist()
    for k, (start, literal) in enumerate(zip(c.start.tolist(), following, strict=True)):
        latch = 2 * (c.inputs + k + 1)
        words = [] if binary else [latch]
        words += [literal, *([] if start == 0 else [latch if start == UNKNOWN else start])]
        text.append(" ".join(map(str, words)) + "\n")
    text += [f"{literal}\n" for literal in literals[c.outputs].tolist()]
    if binary:
        gates = _encoded(ands, own)
    else:
        rows = np.column_stack((own + 2 * np.arange(len(ands)), ands))
        gates = ("%d %d %d\n" * len(rows) % tuple(rows.ravel().tolist())).encode()
    symbols = [
        f"{kind}{k} {_line(name)}\n"
        for kind, names in zip("ilo", (c.names.inputs, c.names.state, c.names.outputs), strict=True)
        for k, name in enumerate(names)
    ]
    return "".join(text).encode() + gates + "".join(symbols).encode("utf-8", "surrogateescape")


def _line(name: str) -> str:
    """A name that is one line, and not empty."""
    return "".join(ch if ch.isprintable() else "_" for ch in name) or "_"


def _as_ands(c: Circuit) -> tuple[Numbers, Numbers]:
    """For a canonical circuit the literal of each wire, and the ands, each a pair of literals with the greater first."""
    op, first = c.op.astype(np.int64), c.first
    product, total = (op & 8) > 0, (op & 14) == 6
    count = np.where(product, 1, np.where(total, 3, 0))
    last = first + np.cumsum(count)  # the variable of each gate's last and: the others come before
    inverted = np.where(product, op ^ op >> 1 & op >> 2, 1 ^ op) & 1
    literals = np.concatenate((2 * np.arange(1, first + 1), 2 * last + inverted))
    affine = np.flatnonzero(count == 0)  # these read no gate of their sort
    reads = np.where(op & 2, c.left, c.right)[affine]
    literals[first + affine] = np.where(op[affine] & 6, literals[reads], 0) ^ (op[affine] & 1)
    x, y = literals[c.left], literals[c.right]
    ands = np.empty((int(count.sum()), 2), dtype=np.int64)
    at = last - first - 1
    ands[at[product]] = np.stack((x ^ op >> 2 & 1, y ^ op >> 1 & 1), axis=1)[product]
    own = 2 * last[total]
    ands[at[total] - 2] = np.stack((x, y ^ 1), axis=1)[total]
    ands[at[total] - 1] = np.stack((x ^ 1, y), axis=1)[total]
    ands[at[total]] = np.stack((own - 1, own - 3), axis=1)
    return literals, np.sort(ands, axis=1)[:, ::-1]


def _encoded(ands: Numbers, own: int) -> bytes:
    """Differences of literals, seven bits a byte."""
    literals = own + 2 * np.arange(len(ands))
    deltas = np.stack((literals - ands[:, 0], ands[:, 0] - ands[:, 1]), axis=1).ravel()
    if not len(deltas):
        return b""
    length = np.ones(len(deltas), dtype=np.int64)
    for k in range(1, 5):
        length += deltas >= 1 << 7 * k
    ends = np.cumsum(length)
    found = np.zeros(int(ends[-1]), dtype=np.uint8)
    starts = ends - length
    for k in range(int(length.max())):
        has = np.flatnonzero(length > k)
        found[starts[has] + k] = (deltas[has] >> 7 * k & 127) | np.where(length[has] > k + 1, 128, 0)
    return found.tobytes()
