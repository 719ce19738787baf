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

from ...core.errors import SyntaxFault, VerifyFault
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
    if re.fullmatch(r"[^\W\d]\w*", name) and name != "_":
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# -- back --------------------------------------------------------------------------------------------------------------
_NAME = r'(?:"(?:[^"\\]|\\.)*"|[^\W\d]\w*)'
_HEAD = re.compile(rf'circuit ({_NAME}) over (\S+) \(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\) \{{$')
_NUMBER = r"[0-9]{1,18}"
_ITEM = re.compile(rf"\s*(?:({_NAME}|_)(?:\s*=\s*({_NUMBER}|\?))?|({_NUMBER}|\?))\s*(?:,\s*|(?=;)|$)")
_COMPARE = re.compile(rf"compare\(({_NUMBER}), ({_NUMBER})\)$")
_TERM = re.compile(rf"(?:({_NUMBER})\.)?(?:(?(1)\*)({_NUMBER})(?:\*({_NUMBER}))?)?$")


def parse(text: str) -> Circuit:
    """The circuit that `show` wrote. Raises SyntaxFault PB0190 with the line."""
    lines = text.strip("\n").split("\n")
    head, foot = _HEAD.match(lines[0]), re.match(r"\} -> ?(.*)$", lines[-1])
    if head is None or foot is None:
        raise _fault(
            1 if head is None else len(lines), "`circuit NAME over RING (INPUTS; STATE) {` … `} -> OUTPUTS; NEXT` is expected"
        )
    try:
        ring = parse_wire(head[2])
    except ValueError:
        ring = None
    if not isinstance(ring, Scalar) or (ring != BIT and ring.modulus is None):
        raise _fault(1, f"`{head[2][:40]}` is no finite semiring")
    inputs, state = _items(head[3], 1)
    outputs, following = _items(foot[1], len(lines))
    kinds = {k: n for n, k in enumerate(BITS)} if ring == BIT else {}
    op, left, right = [], [], []
    first = len(inputs) + len(state) - 2
    for number, line in enumerate(lines[1:-1], start=2):
        wire, _, gate = line.partition("=")
        if wire.strip() != str(first + number):
            raise _fault(number, f"the gate of wire {first + number} is expected, `{first + number} = …`")
        kind, a, b = _gate(gate.strip(), number)
        op.append(kinds.setdefault(kind, len(kinds)))
        left.append(a)
        right.append(b)
    start = [UNKNOWN if v == "?" else _value(v, 1) for _, v in state]
    named = [tuple(n for n, _ in items if n is not None) for items in (inputs, state, outputs)]
    names = Names(*(n if len(n) == len(items) else () for n, items in zip(named, (inputs, state, outputs), strict=True)))
    results, steps = ([_value(v, len(lines)) for _, v in found] for found in (outputs, following))
    try:
        return make(
            ring,
            len(inputs),
            op,
            left,
            right,
            results,
            kinds=tuple(kinds),
            start=start,
            next=steps,
            names=names,
            name=_unquoted(head[1]),
        )
    except (VerifyFault, OverflowError) as problem:
        what = problem.message if isinstance(problem, VerifyFault) else "a number in it is too large"
        raise SyntaxFault("PB0190", f"this does not read as a circuit: {what}") from None


def _value(word: str, line: int) -> int:
    if not re.fullmatch(_NUMBER, word):
        raise _fault(line, f"a number is expected, and not `{word[:20]}`")
    return int(word)


_Items = list[tuple["str | None", str]]


def _items(text: str, line: int) -> tuple[_Items, _Items]:
    """The two lists of `a, b; c = 0, 1` as pairs of name (`_` says that there is none) and value."""
    halves: tuple[_Items, _Items] = ([], [])
    at, half, text = 0, 0, text.strip()
    while at < len(text):
        if text[at] == ";" and half == 0:
            at, half = at + 1, 1
            continue
        match = _ITEM.match(text, at)
        if match is None or match.end() == at:
            raise _fault(line, f"`{text[at : at + 20]}` is no name, and no number")
        name = _unquoted(match[1]) if match[1] and match[1] != "_" else None
        halves[half].append((name, match[2] or match[3] or ""))
        at = match.end()
    return halves


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], word[1:-1]) if word.startswith('"') else word


def _gate(text: str, line: int) -> tuple[Kind, int, int]:
    compare = _COMPARE.match(text) if text.startswith("compare") else None
    if compare:
        return Compare(), int(compare[1]), int(compare[2])
    constant, alone, both = 0, list[tuple[int, int]](), None
    for word in text.split(" + "):
        match = _TERM.match(word)
        if match is None or not word:
            raise _fault(line, f"`{word}` is no term of a gate")
        coefficient, a, b = int(match[1] or 1), match[2], match[3]
        if a is None:
            constant = int(match[1])
        elif b is None:
            alone.append((int(a), coefficient))
        else:
            both = (int(a), int(b), coefficient)
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
