"""Loops that run several iterations at once, in the lanes of vectors: whole blocks of them, and what is left over.

What an iteration becomes is `emit_lane_body.py`'s. LLVM splits vectors wider than a register.
"""

from __future__ import annotations

from ...core.operation import INSTRUCTIONS
from ...ir.loops import nest
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_body import Body, Slot, better, combined
from .emit_instructions import llvm_type
from .emit_lane_body import LaneBody
from .lanes import Ineligible, analyse
from .text import Value, constant

__all__ = ["run_in_lanes"]

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])

_FEW = 16
"""The most lanes of what runs under a mask: there are hardly more iterations left over, or nothing is gained by more lanes."""

_LONG = 8
"""The most functions of a body that is written twice."""


def run_in_lanes(body: Body, loop: nest.For, start: Value | None, bound: Value) -> bool:
    """Write the iterations from ``start`` (None: the first) on up to ``bound`` with their lanes and return True, or write
    nothing where the loop's form does not allow that.

    What is left over at the end runs one by one, or where the body takes longer in a few lanes at a time, of which the last
    are masked: but not where it takes long to compile."""
    if isinstance(body, LaneBody):
        return False
    try:
        shapes = analyse(loop)
    except Ineligible:
        return False
    w = body.w
    count = bound if start is None else w.sub(bound, start)
    main = w.intrinsic("smax", w.and_(count, -loop.lanes), 0)
    main = main if start is None else w.add(start, main)
    _turns(LaneBody(body, loop.lanes, shapes), loop, start, main)
    functions = sum(isinstance(s, nest.Let) and s.instruction in _FUNCTIONS for s in memory.every(loop.body))
    if functions <= _LONG and (functions or any(isinstance(s, nest.For) for s in loop.body)):
        _turns(LaneBody(body, min(loop.lanes, _FEW), shapes), loop, main, bound, masked=True)
    else:
        with w.rest(loop.lanes):
            body.loop(loop, main, bound)
    return True


def _turns(lanes: LaneBody, loop: nest.For, start: Value | None, bound: Value, masked: bool = False) -> None:
    """All the iterations, as many at a time as there are lanes; ``masked``: those of the last turn need not fill them."""
    w = lanes.w

    def turn(index: Value) -> None:
        if masked:
            lanes.mask = w.icmp("slt", vectors.numbers(lanes.lanes), w.splat(w.sub(bound, index), lanes.lanes))
        lanes.iteration(loop, index)

    _begin_partials(lanes)
    memory.loop(w, bound, turn, start, step=lanes.lanes)
    _end_partials(lanes)


def _begin_partials(lanes: LaneBody) -> None:
    """A cell with a value for each lane, for each cell outside that is reduced into."""
    w = lanes.w
    for name, reduction in lanes.shapes.reduced.items():
        slot = lanes.frame.cells[name]
        type = llvm_type(slot.kind, lanes.lanes)
        partial = lanes.partials[name] = Slot(w.alloca(type), slot.kind, lanes.lanes)
        first = -1 if name == reduction.where else vectors.neutral(reduction.kind, reduction.ring)
        w.store(constant(type, first), partial.pointer)


def _end_partials(lanes: LaneBody) -> None:
    """What the lanes came to, into the cells outside."""
    w, cells = lanes.w, lanes.frame.cells
    for name, r in lanes.shapes.reduced.items():
        if name == r.where:
            continue
        slot, value = cells[name], lanes.now(lanes.partials[name])
        if r.where is None:
            total = vectors.folded(w, r.kind, r.ring, value)
            w.store(combined(w, r.kind, r.ring, lanes.now(slot), total), slot.pointer)
            continue
        place = cells[r.where]
        value, where = vectors.winner(w, r.kind, value, lanes.now(lanes.partials[r.where]))
        best, at = lanes.now(slot), lanes.now(place)
        wins = w.and_(w.icmp("sge", where, 0), w.or_(w.icmp("slt", at, 0), better(w, r.kind, value, best)))
        w.store(w.select(wins, value, best), slot.pointer)
        w.store(w.select(wins, where, at), place.pointer)
