"""Circuits as text, and back: `parse(show(c)) == c` for a canonical circuit, and one with the same canonical form else.

    circuit adder over bit (a, b; carry = 0) {
      3 = 0 + 1
      4 = 0*1
    } -> sum = 3; 4

Wires are numbers; those of the head are the inputs, then the state with its first values (`?` for any). Behind the arrow stand
the outputs and, after `;`, the next state. A gate is its polynomial: `1`, `0 + 1`, `2.*0` (a coefficient has a point), `0*1`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...core.errors import SyntaxFault
from ...core.objects import BIT, Scalar
from ...core.objects import parse as parse_wire
from .circuit import BITS, NOTHING, UNKNOWN, Bilinear, Circuit, Compare, Kind, Names, make


def show(c: Circuit) -> str:
    """The circuit as text."""
    inputs = _listed(c.names.inputs, [None] * c.inputs)
    state = _listed(c.names.state, ["?" if s == UNKNOWN else str(s) for s in c.start.tolist()])
    lines = [f"circuit {_word(c.name)} over {c.ring} ({inputs}{'; ' + state if state else ''}) {{"]
    for w, (op, a, b) in enumerate(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True), start=c.first):
        lines.append(f"  {w} = {polynomial(c.kinds[op], str(a), str(b))}")
    outputs = _listed(c.names.outputs, [str(w) for w in c.outputs.tolist()])
    return (
        "\n".join([*lines, f"}} -> {outputs}{'; ' + ', '.join(map(str, c.next.tolist())) if c.states else ''}".rstrip()])
        + "\n"
    )


def polynomial(kind: Kind, a: str, b: str) -> str:
    """A gate on wires called ``a`` and ``b``."""
    if isinstance(kind, Compare):
        return f"compare({a}, {b})"
    terms = [(kind.left, a), (kind.right, b), (kind.both, f"{a}*{b}")]
    words = [f"{kind.constant}."] if kind.constant or not any(k for k, _ in terms) else []
    words += [term if k == 1 else f"{k}.*{term}" for k, term in terms if k]
    return " + ".join(words)


def _listed(names: Sequence[str], values: Sequence[str | None]) -> str:
    words = [_word(n) for n in names] if names else ["_"] * len(values)
    return ", ".join(n if v is None else f"{n} = {v}" if names else v for n, v in zip(words, values, strict=True))


def _word(name: str) -> str:
    return (
        name
        if re.fullmatch(r"[^\W\d]\w*", name) and name != "_"
        else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


# -- back --------------------------------------------------------------------------------------------------------------
_NAME = r'(?:"(?:[^"\\]|\\.)*"|[^\W\d]\w*)'
_HEAD = re.compile(rf"circuit ({_NAME}) over (\S+) \(([^()]*)\) \{{$")
_TERM = re.compile(r"(?:(\d+)\.)?(?:(?(1)\*)(\d+)(?:\*(\d+))?)?$")


def parse(text: str) -> Circuit:
    """The circuit that `show` wrote. Raises SyntaxFault PB0190 with the line."""
    lines = text.strip("\n").split("\n")
    head, foot = _HEAD.match(lines[0]), re.match(r"\} -> ?(.*)$", lines[-1])
    if head is None or foot is None:
        raise _fault(
            1 if head is None else len(lines), "`circuit NAME over RING (INPUTS; STATE) {` … `} -> OUTPUTS; NEXT` is expected"
        )
    ring = _ring(head[2])
    inputs, state = _items(head[3], 1)
    outputs, following = _items(foot[1], len(lines))
    kinds = {k: n for n, k in enumerate(BITS)} if ring == BIT else {}
    op, left, right = [], [], []
    for number, line in enumerate(lines[1:-1], start=2):
        kind, a, b = _gate(line.partition("=")[2].strip(), number)
        op.append(kinds.setdefault(kind, len(kinds)))
        left.append(a)
        right.append(b)
    start = [UNKNOWN if v == "?" else _number(v, 1) for _, v in state]
    named = [tuple(n for n, _ in items) for items in (inputs, state, outputs)]
    names = Names(*(() if "_" in found else found for found in named))
    return make(
        ring,
        len(inputs),
        op,
        left,
        right,
        [_number(v, len(lines)) for _, v in outputs],
        kinds=tuple(kinds),
        start=start,
        next=[_number(v, len(lines)) for _, v in following],
        names=names,
        name=_unquoted(head[1]),
    )


def _ring(text: str) -> Scalar:
    try:
        ring = parse_wire(text)
    except ValueError as problem:
        raise _fault(1, str(problem)) from None
    if not isinstance(ring, Scalar):
        raise _fault(1, f"{text} is no semiring")
    return ring


def _number(text: str, line: int) -> int:
    """A count, a wire or a coefficient. More than nine digits are no circuit that fits into memory."""
    if not text.isdecimal() or len(text) > 9:
        raise _fault(line, f"`{text[:20]}` is no number")
    return int(text)


def _items(text: str, line: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The two lists of `a, b; c = 0, 1` as pairs of name (`_` for none) and value."""
    halves: list[list[tuple[str, str]]] = [[], []]
    at, half = 0, 0
    item = re.compile(rf"\s*(?:({_NAME}|_)(?:\s*=\s*(\d+|\?))?|(\d+|\?))\s*(?:,|(?=;|$))")
    while rest := text[at:].strip():
        if rest[0] == ";" and half == 0:
            at, half = text.index(";", at) + 1, 1
            continue
        match = item.match(text, at)
        if match is None:
            raise _fault(line, f"`{rest[:20]}` is no name, and no number")
        halves[half].append((_unquoted(match[1]) if match[1] else "_", match[2] or match[3] or ""))
        at = match.end()
    return halves[0], halves[1]


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


def _gate(text: str, line: int) -> tuple[Kind, int, int]:
    compare = re.fullmatch(r"compare\((\d+), (\d+)\)", text)
    if compare:
        return Compare(), _number(compare[1], line), _number(compare[2], line)
    constant, alone, both = 0, list[tuple[int, int]](), None
    for word in text.split(" + "):
        match = _TERM.match(word)
        if match is None or not word:
            raise _fault(line, f"`{word}` is no term of a gate")
        coefficient, *wires = (None if w is None else _number(w, line) for w in match.groups())
        coefficient, (a, b) = 1 if coefficient is None else coefficient, wires
        if a is None:
            constant = coefficient
        elif b is None:
            alone.append((a, coefficient))
        else:
            both = (a, b, coefficient)
    if both is None:
        if len(alone) > 2:
            raise _fault(line, f"`{text}` is no polynomial in two wires")
        (a, left), (b, right) = [*alone, (NOTHING, 0), (NOTHING, 0)][:2]
        return Bilinear(constant, left, right, 0), a, b
    a, b, product = both
    left = alone.pop(0)[1] if alone and alone[0][0] == a else 0
    right = alone.pop(0)[1] if alone and alone[0][0] == b else 0
    if alone:
        raise _fault(line, f"`{text}` is no polynomial in two wires")
    return Bilinear(constant, left, right, product), a, b


def _fault(line: int, what: str) -> SyntaxFault:
    return SyntaxFault("PB0190", f"this does not read as a circuit: {what} (line {line})")
