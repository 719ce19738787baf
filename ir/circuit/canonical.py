"""Canonical form: circuits of equal structure become equal arrays, and circuits of equal polynomials often do.

Every wire is α + β·(a node): an affine gate of one wire is no node, whoever reads it reads what is below it, by distributivity.
So inverters and constants vanish into the gates around them, and a file of ands and inverters has the form of one of covers. A
node has a signature, a hash of its polynomial and of the signatures it reads; equal signatures are taken for equal nodes, and
at the end every one of them is checked. So all gates of a level are treated at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...core.semiring import Semiring, semiring
from .circuit import BITS, NOTHING, Bilinear, Circuit, Compare, Kind, make
from .levels import by_levels, reads

Signs = NDArray[np.uint64]
Numbers = NDArray[np.int64]

Phase = Literal["semiring", "function"]

_WIDE = 16
"""Gates to a level from which on levels are treated as arrays."""


def canonical(c: Circuit, phase: Phase = "semiring") -> Circuit:
    """The same polynomials as a circuit that does not depend on how it was put together: no dead gate, no copy, no gate twice,
    no constant or inverter that its reader could take in, operands and gates in an order that only their definitions decide.

    In the phase "semiring" only laws of commutative semirings are used: it may stand before differentiation. In the phase
    "function" also a·a = a over bit and compare(a, a) = 1."""
    for seed in count():
        nodes = _nodes(c, phase, seed)
        root = _representatives(nodes)
        if root is not None:
            return _numbered(c, nodes, root)
    raise AssertionError


# -- the algebra of gates ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Outcome:
    """What a gate is. An affine one is, of the root of its operand ``reads`` (0, 1, or 2 for a constant), the ``form``; a node
    is that plus the polynomial number ``node``, or ``swapped`` where its operands are exchanged."""

    affine: bool
    reads: int
    form: int
    node: int
    swapped: int


@dataclass(frozen=True)
class _Laws:
    """The laws of gates of some kinds, worked out when a gate needs them. Affine forms α + β·x and polynomials of nodes have
    numbers; form 0 is a constant 0, form 1 is x itself."""

    ring: Semiring
    phase: Phase
    kinds: tuple[Kind, ...]
    forms: dict[tuple[int, int], int]
    nodes: dict[Kind, int] = field(default_factory=dict)
    known: dict[tuple[int, int, int, bool], _Outcome] = field(default_factory=dict)

    def form(self, alpha: int, beta: int) -> int:
        return self.forms.setdefault((alpha, beta), len(self.forms))

    def node(self, kind: Kind) -> int:
        return self.nodes.setdefault(kind, len(self.nodes))

    def outcome(self, kind: int, a: int, b: int, same: bool) -> _Outcome:
        """Of a gate on operands of the forms a and b, whose roots are the same or not."""
        key = (kind, a, b, same)
        found = self.known.get(key)
        if found is None:
            forms = list(self.forms)
            gate = self.kinds[kind]
            work = self._compared if isinstance(gate, Compare) else self._combined
            found = self.known[key] = work(gate, forms[a], forms[b], same)  # type: ignore[arg-type]
        return found

    def _combined(self, gate: Bilinear, a: tuple[int, int], b: tuple[int, int], same: bool) -> _Outcome:
        constant, left, right, both = substituted(self.ring, gate, a, b, same, self.phase)
        if both or (left and right):
            node, swapped = self.node(Bilinear(0, left, right, both)), self.node(Bilinear(0, right, left, both))
            return _Outcome(False, 2, self.form(constant, 1), node, swapped)
        return _Outcome(True, 0 if left else 1 if right else 2, self.form(constant, left or right), 0, 0)

    def _compared(self, gate: Compare, a: tuple[int, int], b: tuple[int, int], same: bool) -> _Outcome:
        if self.phase == "function" and (a == b if same else not (a[1] or b[1])):
            return _Outcome(True, 2, self.form(int(a == b), 0), 0, 0)
        node = self.node(gate)
        return _Outcome(False, 2, self.form(0, 1), node, node)


def substituted(
    ring: Semiring, g: Bilinear, a: tuple[int, int], b: tuple[int, int], same: bool, phase: Phase = "semiring"
) -> tuple[int, int, int, int]:
    """The gate on α + β·a and α' + β'·b as one on a and b; where both are the ``same``, the left one is all that counts."""

    def add(x: int, y: int) -> int:
        return int(ring.add(x, y))

    def mul(x: int, y: int) -> int:
        return int(ring.mul(x, y))

    constant = add(add(g.constant, mul(g.left, a[0])), mul(add(g.right, mul(g.both, a[0])), b[0]))
    left = mul(add(g.left, mul(g.both, b[0])), a[1])
    right = mul(add(g.right, mul(g.both, a[0])), b[1])
    both = mul(g.both, mul(a[1], b[1]))
    if same:
        left, right = add(left, right), 0
        if ring.object == BIT and phase == "function":  # a·a = a
            left, both = add(left, both), 0
    return constant, left, right, both


# -- nodes -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Nodes:
    """What each wire is, as arrays over the wires: inputs and state, then the gates by levels, and at last `NOTHING`.

    place: for each wire of the circuit, its number here; bounds: where each level of gates begins, and the last ends
    kind: what gate of the circuit it is; −1 for inputs, state and nothing
    root, form: its value is the form of its root; a node is the root of itself, a constant has nothing for a root
    sign, rank: of its root, a signature, and a number greater than those of the roots it reads
    node: which of the laws' polynomials its root is, if it is a node; −1 for inputs and state
    left, right: what it reads: of a node the roots, of a comparison the wires"""

    laws: _Laws
    place: Numbers
    bounds: list[int]
    kind: Numbers
    root: Numbers
    form: Numbers
    sign: Signs
    rank: Numbers
    node: Numbers
    left: Numbers
    right: Numbers


def _nodes(c: Circuit, phase: Phase, seed: int) -> _Nodes:
    laws = _Laws(semiring(c.ring), phase, c.kinds, {(0, 0): 0, (0, 1): 1})
    order, bounds = by_levels(c)
    nodes = _blank(c, laws, order, [c.first + b for b in bounds], seed)
    if c.gates >= _WIDE * (len(bounds) - 1):
        table = _Lookup(laws)
        for first, last in pairwise(nodes.bounds):
            _by_level(nodes, table, slice(first, last))
    else:
        _one_by_one(nodes, c.first)
    return nodes


def _blank(c: Circuit, laws: _Laws, order: Numbers, bounds: list[int], seed: int) -> _Nodes:
    """All wires with what does not depend on others."""
    size = c.wires + 1
    gates = slice(c.first, c.wires)
    place = np.empty(size, dtype=np.int64)
    place[: c.first] = np.arange(c.first)
    place[c.first + order] = np.arange(c.first, c.wires)
    place[NOTHING] = size - 1
    kind, node = np.full(size, -1), np.full(size, -1)
    kind[gates] = c.op[order]
    left, right = np.full(size, size - 1), np.full(size, size - 1)
    for row, wires in zip((left, right), reads(c), strict=True):
        row[gates] = place[wires[order]]
    sign = np.zeros(size, dtype=np.uint64)
    sign[: c.first] = _mix(np.arange(c.first, dtype=np.uint64), np.full(c.first, _LEAVES + seed, dtype=np.uint64))
    form = np.ones(size, dtype=np.int64)
    form[NOTHING] = 0
    return _Nodes(laws, place, bounds, kind, np.arange(size), form, sign, np.zeros(size, dtype=np.int64), node, left, right)


class _Lookup:
    """The outcomes of laws as arrays; ``at`` learns those it has not met."""

    def __init__(self, laws: _Laws) -> None:
        self.laws, self.room = laws, 0
        self._grow()

    def at(self, kind: Numbers, a: Numbers, b: Numbers, same: NDArray[np.bool_]) -> Numbers:
        """For each gate the row of its outcome."""
        rows: Numbers = self.rows[((kind * self.room + a) * self.room + b) * 2 + same]
        if len(rows) and int(rows.min()) < 0:
            missing = np.flatnonzero(rows < 0)
            for key in set(zip(*(x[missing].tolist() for x in (kind, a, b, same)), strict=True)):
                self.laws.outcome(*key)
            self._grow()
            return self.at(kind, a, b, same)
        return rows

    def _grow(self) -> None:
        """Write down all that the laws know."""
        laws = self.laws
        while self.room < max(4, len(laws.forms)):
            self.room = max(4, 2 * self.room)
        self.rows = np.full(len(laws.kinds) * self.room**2 * 2, -1, dtype=np.int64)
        for row, (kind, a, b, same) in enumerate(laws.known):
            self.rows[((kind * self.room + a) * self.room + b) * 2 + same] = row
        known = list(laws.known.values())
        self.affine = np.array([o.affine for o in known], dtype=bool)
        self.form, self.node, self.swapped, self.reads = (
            np.array([getattr(o, name) for o in known], dtype=np.int64) for name in ("form", "node", "swapped", "reads")
        )
        self.marks, self.form_marks, self.compares = _marks(laws)


def _by_level(n: _Nodes, lookup: _Lookup, here: slice) -> None:
    """Finish the wires of one level."""
    a, b = n.left[here].copy(), n.right[here].copy()  # which are written below
    x, y, p, q = n.sign[a], n.sign[b], n.root[a], n.root[b]
    row = lookup.at(n.kind[here], n.form[a], n.form[b], x == y)
    if lookup.compares.any():
        compare = lookup.compares[lookup.node[row]] & ~lookup.affine[row]
        x = np.where(compare, _mix(x, lookup.form_marks[n.form[a]]), x)
        y = np.where(compare, _mix(y, lookup.form_marks[n.form[b]]), y)
        p, q = np.where(compare, a, p), np.where(compare, b, q)
    swapped = x > y
    node = np.where(swapped, lookup.swapped[row], lookup.node[row])
    n.form[here], n.node[here] = lookup.form[row], node
    n.left[here], n.right[here] = np.where(swapped, q, p), np.where(swapped, p, q)
    n.rank[here] = np.maximum(n.rank[a], n.rank[b]) + 2
    n.sign[here] = _mix(_mix(lookup.marks[node], np.minimum(x, y)), np.maximum(x, y))
    affine = np.flatnonzero(lookup.affine[row])
    if len(affine):
        which = lookup.reads[row[affine]]
        one = np.where(which == 0, p[affine], np.where(which == 1, q[affine], len(n.root) - 1))
        own = here.start + affine
        n.root[own], n.sign[own], n.rank[own], n.node[own] = one, n.sign[one], n.rank[one], n.node[one]


def _one_by_one(n: _Nodes, first: int) -> None:
    """The same as `_by_level` for circuits that are deep and narrow."""
    nothing, laws = len(n.root) - 1, n.laws
    kind, root, form, sign, rank, node, left, right = (
        a.tolist() for a in (n.kind, n.root, n.form, n.sign, n.rank, n.node, n.left, n.right)
    )
    marks = dict[int, int]()
    for w in range(first, nothing):
        a, b = left[w], right[w]
        x, y, p, q = sign[a], sign[b], root[a], root[b]
        key = (kind[w], form[a], form[b], x == y)
        outcome = laws.known.get(key) or laws.outcome(*key)
        form[w] = outcome.form
        if outcome.affine:
            one = p if outcome.reads == 0 else q if outcome.reads == 1 else nothing
            root[w], sign[w], rank[w], node[w] = one, sign[one], rank[one], node[one]
            continue
        if isinstance(laws.kinds[kind[w]], Compare):
            x, y, p, q = _mixed(x, _form_mark(laws, form[a])), _mixed(y, _form_mark(laws, form[b])), a, b
        own = outcome.node
        if x > y:
            x, y, p, q, own = y, x, q, p, outcome.swapped
        mark = marks.get(own)
        if mark is None:
            mark = marks[own] = _mark(list(laws.nodes)[own])
        left[w], right[w], node[w], rank[w] = p, q, own, 2 + (rank[a] if rank[a] > rank[b] else rank[b])
        sign[w] = _mixed(_mixed(mark, x), y)
    n.sign[:] = np.array(sign, dtype=np.uint64)
    for array, found in zip(
        (n.root, n.form, n.rank, n.node, n.left, n.right), (root, form, rank, node, left, right), strict=True
    ):
        array[:] = found


# -- equal nodes, and what remains -------------------------------------------------------------------------------------
def _representatives(n: _Nodes) -> Numbers | None:
    """For each wire the first root that is the same as its own; None where two that are not the same have one signature."""
    roots = np.flatnonzero(n.root == np.arange(len(n.root)))
    order = roots[np.argsort(n.sign[roots])]
    signs = n.sign[order]
    begins = np.flatnonzero(np.concatenate(([True], signs[1:] != signs[:-1])))
    if len(begins) == len(order):  # no two are the same
        return n.root
    leaders = np.repeat(np.minimum.reduceat(order, begins), np.diff(np.append(begins, len(order))))
    first = np.arange(len(n.root))
    first[order] = leaders
    other = order != leaders
    others, like = order[other], leaders[other]
    same = (n.node[others] == n.node[like]) & (n.node[others] >= 0)
    compare = _marks(n.laws)[2][n.node[others]]
    for wires in (n.left, n.right):
        x, y = wires[others], wires[like]
        same &= (first[n.root[x]] == first[n.root[y]]) & (~compare | (n.form[x] == n.form[y]))
    return first[n.root] if bool(same.all()) else None


def _numbered(c: Circuit, n: _Nodes, root: Numbers) -> Circuit:
    """The circuit of the nodes that outputs and the next state depend on, with gates for wires that are affine in them."""
    results = n.place[np.concatenate((c.outputs, c.next)).astype(np.int64)]
    live = _live(c.first, n, root, results)
    nodes = np.flatnonzero(live & (n.node >= 0))
    compares = nodes[_marks(n.laws)[2][n.node[nodes]]]
    wanted = np.concatenate((results, n.left[compares], n.right[compares]))
    shift = _shifts(n, root, wanted)
    # gates for wanted wires that are affine in others
    size, forms = len(root), np.array(list(n.laws.forms))
    affine = np.flatnonzero((n.form[wanted] != 1) & (shift[root[wanted]] == 0))
    distinct, which = np.unique(root[wanted[affine]] * len(forms) + n.form[wanted[affine]], return_inverse=True)
    below, form = distinct // len(forms), distinct % len(forms)
    final = root[wanted]
    final[affine] = size + which
    # all gates in order, and the wires that they become
    rank = np.concatenate((n.rank[nodes], n.rank[below] + 1))
    sign = np.concatenate((n.sign[nodes], _mix(n.sign[below], _marks(n.laws)[1][form])))
    order = np.argsort(sign)
    order = order[np.argsort(_small(rank[order]), kind="stable")]
    number = np.full(size + len(distinct), NOTHING, dtype=np.int64)
    number[: c.first] = np.arange(c.first)
    number[np.concatenate((nodes, size + np.arange(len(distinct))))[order]] = np.arange(c.first, c.first + len(order))
    left, right = root[n.left[nodes]], root[n.right[nodes]]
    kinds, op = _kinds(c, n, shift, nodes, left, right)
    affines = [Bilinear(alpha, beta, 0, 0) for alpha, beta in forms[form].tolist()]
    numbers = {kind: k for k, kind in enumerate(kinds)}
    op = np.concatenate((op, [numbers.setdefault(kind, len(numbers)) for kind in affines])).astype(np.int64)[order]
    left, right = np.concatenate((left, below)), np.concatenate((right, np.full(len(below), size - 1)))
    at = np.searchsorted(nodes, compares)
    left[at], right[at] = final[len(results) :].reshape(2, -1)
    kinds, op = (BITS, op) if c.ring == BIT else _by_use(tuple(numbers), op)
    ends = number[final[: len(results)]]
    cut = len(c.outputs)
    return make(c.ring, c.inputs, op, number[left[order]], number[right[order]], ends[:cut], kinds=kinds, start=c.start,
                next=ends[cut:], names=c.names, name=c.name)  # fmt: skip


def _live(first: int, n: _Nodes, root: Numbers, results: Numbers) -> NDArray[np.bool_]:
    """The roots that results depend on."""
    live = np.zeros(len(root), dtype=bool)
    live[root[results]] = True
    a, b = root[n.left], root[n.right]
    if len(root) - first >= _WIDE * len(n.bounds):
        for begin, end in reversed(list(pairwise(n.bounds))):
            here = np.flatnonzero(live[begin:end]) + begin
            live[a[here]] = live[b[here]] = True
    else:
        found, left, right = live.tolist(), a.tolist(), b.tolist()
        for w in range(len(root) - 2, first - 1, -1):
            if found[w]:
                found[left[w]] = found[right[w]] = True
        live = np.array(found)
    live[NOTHING] = False
    return live


def _shifts(n: _Nodes, root: Numbers, wanted: Numbers) -> Numbers:
    """The constant that is added to each node: where all who want it as it is want it plus the same constant, and readers can
    subtract it, that constant; so no gate is needed that only inverts."""
    shift = np.zeros(len(root), dtype=np.int64)
    ring, forms = n.laws.ring, np.array(list(n.laws.forms))
    roots, form = root[wanted], n.form[wanted]
    low, high = np.full(len(root), len(forms)), np.full(len(root), -1)
    np.minimum.at(low, roots, form)
    np.maximum.at(high, roots, form)
    compare = _marks(n.laws)[2]
    whole = np.flatnonzero((low == high) & (n.node >= 0))
    whole = whole[(forms[low[whole], 1] == 1) & ~compare[n.node[whole]]]
    if ring.has_negation:
        shift[whole] = forms[low[whole], 0]
    return shift


def _kinds(
    c: Circuit, n: _Nodes, shift: Numbers, nodes: Numbers, left: Numbers, right: Numbers
) -> tuple[tuple[Kind, ...], Numbers]:
    """The gates of nodes, each plus its shift, on operands that have theirs."""
    ring, values = n.laws.ring, np.unique(shift)
    shifts = np.searchsorted(values, shift)
    base = len(values)
    key = (((n.node[nodes] * base + shifts[nodes]) * base + shifts[left]) * base + shifts[right]) * 2 + (left == right)
    present = np.flatnonzero(np.bincount(key)) if len(key) else np.zeros(0, dtype=np.int64)
    polynomials, found = list(n.laws.nodes), dict[Kind, int]()
    if c.ring == BIT:
        found.update((kind, k) for k, kind in enumerate(BITS))
    table = np.zeros(int(present[-1]) + 1 if len(present) else 0, dtype=np.int64)
    for k in present.tolist():
        rest, same = divmod(k, 2)
        node, own, a, b = rest // base**3, *(int(values[rest // base**j % base]) for j in (2, 1, 0))
        gate = polynomials[node]
        if isinstance(gate, Bilinear) and (own or a or b):
            minus = [int(ring.neg(v)) for v in (a, b)]  # type: ignore[misc]
            shifted = Bilinear(own, gate.left, gate.right, gate.both)
            gate = Bilinear(*substituted(ring, shifted, (minus[0], 1), (minus[1], 1), bool(same)))
        table[k] = found.setdefault(gate, len(found))
    return tuple(found), table[key]


def _by_use(kinds: tuple[Kind, ...], op: Numbers) -> tuple[tuple[Kind, ...], Numbers]:
    """The kinds there are, numbered as they come."""
    used, at = np.unique(op, return_index=True)
    order = used[np.argsort(at)]
    rank = np.zeros(len(kinds), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return tuple(kinds[k] for k in order.tolist()), rank[op]


def _small(numbers: Numbers) -> NDArray[Any]:
    """In 16 bits, if they fit: NumPy sorts these in a time that is linear."""
    return numbers.astype(np.uint16) if len(numbers) and int(numbers.max()) < 1 << 16 else numbers


# -- signatures --------------------------------------------------------------------------------------------------------
_LEAVES = 0xD1B54A32D192ED03
_MULTIPLIERS = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_STEP = 0x632BE59BD9B4E019


def _mix(x: Signs, y: Signs) -> Signs:
    """64 bits that depend on both, in this order."""
    z = x * np.uint64(_MULTIPLIERS[0]) + y
    z += np.uint64(_STEP)
    z ^= z >> np.uint64(30)
    z *= np.uint64(_MULTIPLIERS[1])
    z ^= z >> np.uint64(31)
    return z


def _mixed(x: int, y: int) -> int:
    """`_mix` of numbers."""
    z = (x * _MULTIPLIERS[0] + y + _STEP) & 0xFFFFFFFFFFFFFFFF
    z = ((z ^ (z >> 30)) * _MULTIPLIERS[1]) & 0xFFFFFFFFFFFFFFFF
    return z ^ (z >> 31)


def _mark(node: Kind) -> int:
    if isinstance(node, Compare):
        return _mixed(0, 1)
    return _mixed(_mixed(_mixed(1, node.left), node.right), node.both)


def _form_mark(laws: _Laws, form: int) -> int:
    alpha, beta = list(laws.forms)[form]
    return _mixed(_mixed(2, alpha), beta)


def _marks(laws: _Laws) -> tuple[Signs, Signs, NDArray[np.bool_]]:
    """The marks of the polynomials of nodes and of affine forms, and which of the former are comparisons (at last: −1)."""
    nodes = np.array([_mark(kind) for kind in laws.nodes] + [0], dtype=np.uint64)
    forms = np.array([_form_mark(laws, k) for k in range(len(laws.forms))], dtype=np.uint64)
    return nodes, forms, np.array([isinstance(kind, Compare) for kind in laws.nodes] + [False])
