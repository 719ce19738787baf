"""Pictures of circuits: gates in columns by their distance from the inputs, as IEC 60617-12 draws them: `&`, `≥1`, `=1`, with a
ring where a wire is inverted. Gates of other semirings have their polynomials in them.

The layout is that of Sugiyama, Tagawa & Toda (1981): wires that pass columns have places in them; the order in a column is by
the mean of neighbours, and so are heights, as far as gates do not come too near one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.circuit import Bilinear, Circuit, Kind
from ...ir.circuit.levels import levels, reads
from ...ir.circuit.text import polynomial
from .names import signals

MOST_GATES = 3000
"""Of larger circuits nobody sees anything in a picture."""

_SWEEPS = 12
_GATE, _WIRE = 44.0, 12.0
"""Distances of the centres of gates, and of wires that pass."""

_COLUMN = 92.0
_HEIGHT, _MARGIN = 30.0, 18.0

_STYLE = """\
text{font:12px Helvetica,Arial,sans-serif;fill:#1d2733;text-anchor:middle;dominant-baseline:central}
.name{fill:#0b5cad}.in{text-anchor:end}.out{text-anchor:start}
.gate{fill:#f4f7fb;stroke:#33475b;stroke-width:1.2}.latch{fill:#fdf3e1;stroke:#9a6b12;stroke-width:1.2}
.ring{fill:#fff;stroke:#33475b;stroke-width:1.2}.dot{fill:#6b7f94}
path{fill:none;stroke:#6b7f94;stroke-width:1.1}.back{stroke:#c99a3b;stroke-dasharray:4 3}"""


@dataclass
class _Item:
    """A gate, an end, or a place where a wire passes a column."""

    column: int
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    y: float = 0.0
    room: float = _WIRE


@dataclass(frozen=True)
class _Shape:
    """What is written in a gate, and where it has rings: at its left, its right, its end."""

    text: str
    rings: tuple[bool, bool, bool] = (False, False, False)


def write(c: Circuit) -> str:
    """The picture as an SVG file. Raises FileFault PB0812 for a circuit of more than `MOST_GATES` gates."""
    if c.gates > MOST_GATES:
        raise FileFault("PB0812", f"a picture of {c.gates} gates shows nothing ({MOST_GATES} can be drawn)")
    items, columns, routes, ends = _items(c)
    _arrange(items, columns)
    return _drawn(c, items, columns, routes, ends)


# -- places ------------------------------------------------------------------------------------------------------------
def _items(c: Circuit) -> tuple[list[_Item], list[list[int]], dict[tuple[int, int], int], list[int]]:
    """All items, those of each column, the item of each wire in each column it is in, and those of the results."""
    column = levels(c).tolist()
    last = max(column, default=0) + 1
    items = [_Item(k, room=_GATE if w >= c.first else 26.0) for w, k in enumerate(column)]
    columns: list[list[int]] = [[] for _ in range(last + 1)]
    for w, k in enumerate(column):
        columns[k].append(w)
    routes = {(w, k): w for w, k in enumerate(column)}

    def route(wire: int, to: int) -> int:
        """The item of the wire in the column before that."""
        if (wire, to - 1) not in routes:
            before = route(wire, to - 1) if to - 1 > column[wire] + 1 else wire
            routes[wire, to - 1] = len(items)
            columns[to - 1].append(len(items))
            items.append(_Item(to - 1))
            _join(items, before, routes[wire, to - 1])
        return routes[wire, to - 1]

    left, right = (r.tolist() for r in reads(c))
    for gate, operands in enumerate(zip(left, right, strict=True), start=c.first):
        for wire in dict.fromkeys(operands):
            if wire >= 0:
                for k in range(column[wire] + 2, column[gate]):
                    route(wire, k)
                _join(items, route(wire, column[gate]), gate)
    ends = []
    for wire in (*c.outputs.tolist(), *c.next.tolist()):
        ends.append(len(items))
        columns[last].append(len(items))
        items.append(_Item(last, room=26.0))
        for k in range(column[wire] + 2, last):
            route(wire, k)
        _join(items, route(wire, last), ends[-1])
    return items, columns, routes, ends


def _join(items: list[_Item], before: int, after: int) -> None:
    items[before].after.append(after)
    items[after].before.append(before)


def _arrange(items: list[_Item], columns: list[list[int]]) -> None:
    """Give items heights."""
    for column in columns:
        _stack(items, column, [float(k) for k in range(len(column))])
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            wished = []
            for k in column:
                near = items[k].before if forward else items[k].after
                wished.append(sum(items[n].y for n in near) / len(near) if near else items[k].y)
            order = sorted(range(len(column)), key=lambda k: (wished[k], k))
            column[:] = [column[k] for k in order]
            _stack(items, column, [wished[k] for k in order])
    top = min((item.y - item.room / 2 for item in items), default=0.0)
    for item in items:
        item.y += _MARGIN - top


def _stack(items: list[_Item], column: Sequence[int], wished: Sequence[float]) -> None:
    """Heights in this order, as near as can be to those wished for (least squares, by pooling adjacent violators)."""
    offsets, at = [], 0.0
    for n, k in enumerate(column):
        at += (items[k].room + items[column[n - 1]].room) / 2 if n else 0.0
        offsets.append(at)
    pools: list[tuple[float, int]] = []  # (sum of wishes, how many)
    for wish, offset in zip(wished, offsets, strict=True):
        pools.append((wish - offset, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            (s, n), (t, m) = pools[-2:]
            pools[-2:] = [(s + t, n + m)]
    heights = [total / count for total, count in pools for _ in range(count)]
    for k, height, offset in zip(column, heights, offsets, strict=True):
        items[k].y = height + offset


# -- the picture -------------------------------------------------------------------------------------------------------
def _drawn(
    c: Circuit, items: list[_Item], columns: list[list[int]], routes: dict[tuple[int, int], int], ends: list[int]
) -> str:
    inputs, state, outputs = signals(c)
    names = [*inputs, *state]
    shapes = [_shape(c.kinds[op], c.ring == BIT) for op in c.op.tolist()]
    width = max([24.0, *(9.0 + 6.6 * len(s.text) for s in shapes)])
    step = _COLUMN + width - 24
    side = max([20.0, *(7.0 * len(n) + 8 for n in (*names, *outputs))])
    height = max((item.y + item.room / 2 for item in items), default=0.0) + _MARGIN

    def x(column: int) -> float:
        return side + _MARGIN + step * column

    def start(item: int) -> float:
        """Where a wire leaves an item: a name at once, a gate and a place that is passed at the end of their column."""
        return x(items[item].column) + (0 if item < c.first else width / 2)

    lines, boxes = [], []
    left, right = (r.tolist() for r in reads(c))
    for (wire, column), here in routes.items():
        if here != wire:  # a place that is passed
            before = items[here].before[0]
            lines.append(_curve(start(before), items[before].y, x(column) - width / 2, items[here].y, width))
    for gate, (op, a, b) in enumerate(zip(c.op.tolist(), left, right, strict=True), start=c.first):
        item, shape = items[gate], shapes[gate - c.first]
        at = x(item.column) - width / 2
        heights = {0: item.y - 7, 1: item.y + 7} if a >= 0 and b >= 0 else {0: item.y, 1: item.y}
        sources = {k: routes.get((w, item.column - 1), w) for k, w in ((0, a), (1, b)) if w >= 0}
        if len(sources) == 2 and c.ring == BIT and items[sources[0]].y > items[sources[1]].y:
            heights = {0: heights[1], 1: heights[0]}
        for k, source in sources.items():
            ring = 6.0 if shape.rings[k] else 0.0
            lines.append(_curve(start(source), items[source].y, at - ring, heights[k]))
            if ring:
                boxes.append(f'<circle class="ring" cx="{at - 3:.1f}" cy="{heights[k]:.1f}" r="3"/>')
        boxes.append(f'<rect class="gate" x="{at:.1f}" y="{item.y - _HEIGHT / 2:.1f}" width="{width:.1f}" '
                     f'height="{_HEIGHT}" rx="2"><title>{escape(_title(c, op, a, b, names))}</title></rect>')  # fmt: skip
        boxes.append(f'<text x="{x(item.column):.1f}" y="{item.y:.1f}">{escape(shape.text)}</text>')
        if shape.rings[2]:
            boxes.append(f'<circle class="ring" cx="{at + width + 3:.1f}" cy="{item.y:.1f}" r="3"/>')
    for k, name in enumerate(names):
        if k >= c.inputs:
            boxes.append(f'<rect class="latch" x="{x(0) - 9:.1f}" y="{items[k].y - 9:.1f}" width="9" height="18"/>')
        boxes.append(f'<text class="name in" x="{x(0) - 14:.1f}" y="{items[k].y:.1f}">{escape(name)}</text>')
    for k, (end, wire) in enumerate(zip(ends, (*c.outputs.tolist(), *c.next.tolist()), strict=True)):
        item = items[end]
        source = routes.get((wire, item.column - 1), wire)
        lines.append(_curve(start(source), items[source].y, x(item.column), item.y))
        if k < len(outputs):
            boxes.append(f'<text class="name out" x="{x(item.column) + 6:.1f}" y="{item.y:.1f}">{escape(outputs[k])}</text>')
        else:
            at = x(item.column)
            boxes.append(f'<rect class="latch" x="{at:.1f}" y="{item.y - 9:.1f}" width="9" height="18"/>')
            boxes.append(f'<text class="name out" x="{at + 14:.1f}" y="{item.y:.1f}">{escape(state[k - len(outputs)])}</text>')
    whole = x(len(columns) - 1) + side + _MARGIN
    size = f'viewBox="0 0 {whole:.0f} {height:.0f}" width="{whole:.0f}" height="{height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    title = f"<title>{escape(c.name)}</title><style>{_STYLE}</style>"
    return "\n".join((head, title, '<rect width="100%" height="100%" fill="#fff"/>', *lines, *boxes, "</svg>")) + "\n"


def _curve(x: float, y: float, u: float, v: float, further: float = 0.0) -> str:
    """From (x, y) to (u, v), and then straight on."""
    bend, straight = (u - x) / 2, f"h{further:.1f}" if further else ""
    return f'<path d="M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {u - bend:.1f} {v:.1f} {u:.1f} {v:.1f}{straight}"/>'


def _title(c: Circuit, op: int, a: int, b: int, names: Sequence[str]) -> str:
    words = [names[w] if 0 <= w < c.first else f"wire {w}" for w in (a, b)]
    return polynomial(c.kinds[op], *words)


def _shape(kind: Kind, bits: bool) -> _Shape:
    if not bits or not isinstance(kind, Bilinear):
        return _Shape(polynomial(kind, "a", "b").replace("compare(a, b)", "a = b").replace(".", ""))
    if kind.both:  # (a + p)(b + q) + r
        p, q = bool(kind.right), bool(kind.left)
        r = bool(kind.constant) ^ (p and q)
        return _Shape("≥1", (False, False, not r)) if p and q else _Shape("&", (p, q, r))
    if kind.left and kind.right:
        return _Shape("=1", (False, False, bool(kind.constant)))
    if kind.left or kind.right:
        return _Shape("1", (False, False, bool(kind.constant)))
    return _Shape(str(kind.constant))
