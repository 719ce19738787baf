"""The planner of circuits over bit, written in the compiler's own loop language: 10⁵ gates take it some milliseconds.

It reads a circuit's arrays and writes what the interpreter does (`plan.py` has the results), in five passes:

*reduce*    Constants, copies and inverters go into the gates that read them, by laws of functions (a·a = a too): circuits are
            run after they are differentiated. What is left are gates of four kinds, a·b, a·(1+b), a ∨ b and a + b, and wires
            that may stand for their complement. ``literal`` is twice a gate's wire, plus 1 for the complement; −2, −1: 0, 1.
*live*      What no root depends on goes.
*levels*    Within a window of neighbouring gates, the longest way to each from outside of it.
*order*     In a window, by level and then by kind, so that the interpreter runs many gates of one kind in a row: the processor
            foresees what comes next. Every other level has the kinds in the opposite order, so that runs join.
*places*    A row of memory for each wire, and again for others once nobody reads it any more. Row 0 is always 0.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from ...ir.loops.text import parse
from ..cache import Cache
from ..llvm.emit import emit
from ..llvm.jit import Options, kept_object_code, load
from ..llvm.target import host


@cache
def planner() -> Any:
    """The kernel's machine code: from the address of its slots (`backends/llvm/entry.py`) to 0, or 1 if it failed."""
    kernel = parse(TEXT)
    code = kept_object_code(emit(kernel), Options(level=2), host(), Cache.default())
    loaded = load(code, [kernel.name])
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(loaded[kernel.name])
    function.keeps = loaded  # type: ignore[attr-defined]
    return function


TEXT = """\
kernel `pb.bits.plan`(op: i64[n], left: i64[n], right: i64[n], roots: i64[m], window: i64; n, f, w, m, s) -> (
    code: i32[s], sources: i32[f], results: i32[m], facts: i64[3]) {

  # reduce
  buffer literal: i64[w]
  buffer kind: i64[n]
  buffer a: i64[n]
  buffer b: i64[n]
  for i1 < f {
    l1: i64 = imul(i1, 2)
    literal[i1] = l1
  }
  for g1 < n {
    w1: i64 = iadd(f, g1)
    twice: i64 = imul(w1, 2)
    bits: i64 = op[g1]
    c0: i64 = iand(bits, 1)
    h1: i64 = ishr(bits, 1)
    c1: i64 = iand(h1, 1)
    h2: i64 = ishr(bits, 2)
    c2: i64 = iand(h2, 1)
    c3: i64 = ishr(bits, 3)
    on_left: i64 = ior(c1, c3)
    on_right: i64 = ior(c2, c3)
    reads_left: bool = ieq(on_left, 1)
    reads_right: bool = ieq(on_right, 1)
    at_left: i64 = left[g1] when reads_left
    at_right: i64 = right[g1] when reads_right
    x0: i64 = literal[at_left] when reads_left
    y0: i64 = literal[at_right] when reads_right
    x: i64 = select(reads_left, x0, -2)
    y: i64 = select(reads_right, y0, -2)
    xs: i64 = iand(x, 1)
    ys: i64 = iand(y, 1)
    xw: i64 = ishr(x, 1)
    yw: i64 = ishr(y, 1)
    # a complement x + 1: c0 + c1 + c1·x + (c2 + c3)·y + c3·x·y; a constant: the same with x = 0
    t1: i64 = iand(c1, xs)
    d0: i64 = ixor(c0, t1)
    t2: i64 = iand(c3, xs)
    d2: i64 = ixor(c2, t2)
    x_wire: bool = ige(xw, 0)
    d1: i64 = select(x_wire, c1, 0)
    d3: i64 = select(x_wire, c3, 0)
    t3: i64 = iand(d2, ys)
    e0: i64 = ixor(d0, t3)
    t4: i64 = iand(d3, ys)
    e1: i64 = ixor(d1, t4)
    y_wire: bool = ige(yw, 0)
    e2: i64 = select(y_wire, d2, 0)
    e3: i64 = select(y_wire, d3, 0)
    # one wire twice: c0 + (c1 + c2 + c3)·x
    same: bool = ieq(xw, yw)
    both_wires: bool = band(x_wire, y_wire)
    twin: bool = band(same, both_wires)
    t5: i64 = ixor(e1, e2)
    t6: i64 = ixor(t5, e3)
    k1: i64 = select(twin, t6, e1)
    k2: i64 = select(twin, 0, e2)
    k3: i64 = select(twin, 0, e3)
    product: bool = ieq(k3, 1)
    if product {
      # (x + k2)·(y + k1) + k0 + k1·k2
      t7: i64 = iand(k1, k2)
      r: i64 = ixor(e0, t7)
      swap_them: bool = igt(k2, k1)
      a1: i64 = select(swap_them, yw, xw)
      b1: i64 = select(swap_them, xw, yw)
      a[g1] = a1
      b[g1] = b1
      t8: i64 = iadd(k1, k2)
      kind[g1] = t8
      # of two complements the product is the complement of x ∨ y
      r1: i64 = ixor(r, t7)
      l2: i64 = iadd(twice, r1)
      literal[w1] = l2
    } else {
      terms: i64 = iadd(k1, k2)
      sum: bool = ieq(terms, 2)
      if sum {
        kind[g1] = 3
        a[g1] = xw
        b[g1] = yw
        l3: i64 = iadd(twice, e0)
        literal[w1] = l3
      } else {
        kind[g1] = -1
        of_x: bool = ieq(k1, 1)
        of_y: bool = ieq(k2, 1)
        v1: i64 = select(of_y, yw, -1)
        v2: i64 = select(of_x, xw, v1)
        v3: i64 = imul(v2, 2)
        l4: i64 = iadd(v3, e0)
        literal[w1] = l4
      }
    }
  }

  # live
  buffer live: bool[w] zero
  for r2 < m {
    root2: i64 = roots[r2]
    lit2: i64 = literal[root2]
    to2: i64 = ishr(lit2, 1)
    some2: bool = ige(to2, 0)
    if some2 {
      live[to2] = true
    }
  }
  for g2 < n backward {
    w2: i64 = iadd(f, g2)
    is_live2: bool = live[w2]
    kind2: i64 = kind[g2]
    if is_live2 {
      a2: i64 = a[g2]
      b2: i64 = b[g2]
      live[a2] = true
      live[b2] = true
    } else {
      kind[g2] = -1
    }
  }

  # levels and order
  buffer order: i64[n]
  buffer level: i64[n]
  buffer following: i64[n]
  keys: i64 = imul(window, 4)
  buffer heads: i64[keys]
  fill heads with -1
  cell count: i64 = 0
  whole: i64 = iadd(n, window)
  rounded: i64 = isub(whole, 1)
  windows: i64 = ifloordiv(rounded, window)
  for q < windows {
    from: i64 = imul(q, window)
    rest: i64 = isub(n, from)
    size: i64 = imin(rest, window)
    inside: i64 = iadd(f, from)
    cell highest: i64 = -1
    for j3 < size {
      g3: i64 = iadd(from, j3)
      kind3: i64 = kind[g3]
      there3: bool = ige(kind3, 0)
      if there3 {
        a3: i64 = a[g3]
        b3: i64 = b[g3]
        a3_in: bool = ige(a3, inside)
        b3_in: bool = ige(b3, inside)
        a3_gate: i64 = isub(a3, f)
        b3_gate: i64 = isub(b3, f)
        a3_level: i64 = level[a3_gate] when a3_in
        b3_level: i64 = level[b3_gate] when b3_in
        deepest: i64 = imax(a3_level, b3_level)
        own3: i64 = iadd(deepest, 1)
        level[g3] = own3
        highest max= own3 over i64
      }
    }
    for j4 < size backward {
      g4: i64 = iadd(from, j4)
      kind4: i64 = kind[g4]
      there4: bool = ige(kind4, 0)
      if there4 {
        level4: i64 = level[g4]
        odd4: i64 = iand(level4, 1)
        turned: i64 = isub(3, kind4)
        turns: bool = ieq(odd4, 1)
        rank: i64 = select(turns, turned, kind4)
        above4: i64 = isub(level4, 1)
        base4: i64 = imul(above4, 4)
        key4: i64 = iadd(base4, rank)
        head4: i64 = heads[key4]
        following[g4] = head4
        heads[key4] = g4
      }
    }
    top: i64 = read highest
    levels: i64 = imax(top, 0)
    used: i64 = imul(levels, 4)
    for key5 < used {
      head5: i64 = heads[key5]
      heads[key5] = -1
      cell present: i64 = head5
      loop {
        g5: i64 = read present
        more5: bool = ige(g5, 0)
      } while more5 {
        at5: i64 = read count
        order[at5] = g5
        next5: i64 = iadd(at5, 1)
        count := next5
        after5: i64 = following[g5]
        present := after5
      }
    }
  }
  gates: i64 = read count

  # places
  buffer last: i64[w]
  buffer place: i64[w]
  buffer free: i64[w]
  fill last with -1
  for i6 < gates {
    g6: i64 = order[i6]
    a6: i64 = a[g6]
    b6: i64 = b[g6]
    last[a6] = i6
    last[b6] = i6
  }
  for r6 < m {
    root6: i64 = roots[r6]
    lit6: i64 = literal[root6]
    to6: i64 = ishr(lit6, 1)
    some6: bool = ige(to6, 0)
    if some6 {
      last[to6] = gates
    }
  }
  cell rows: i64 = 1
  for i7 < f {
    last7: i64 = last[i7]
    read7: bool = ige(last7, 0)
    if read7 {
      row7: i64 = read rows
      place[i7] = row7
      short7: i32 = trunc_int(row7)
      sources[i7] = short7
      next7: i64 = iadd(row7, 1)
      rows := next7
    } else {
      sources[i7] = -1_i32
    }
  }
  cell stacked: i64 = 0
  cell length: i64 = 0
  cell run: i64 = 0
  cell running: i64 = -1
  cell many: i64 = 0
  for i8 < gates {
    g8: i64 = order[i8]
    a8: i64 = a[g8]
    b8: i64 = b[g8]
    kind8: i64 = kind[g8]
    row_a: i64 = place[a8]
    row_b: i64 = place[b8]
    last_a: i64 = last[a8]
    last_b: i64 = last[b8]
    done_a: bool = ieq(last_a, i8)
    if done_a {
      s1: i64 = read stacked
      free[s1] = row_a
      s2: i64 = iadd(s1, 1)
      stacked := s2
    }
    done_b: bool = ieq(last_b, i8)
    if done_b {
      s3: i64 = read stacked
      free[s3] = row_b
      s4: i64 = iadd(s3, 1)
      stacked := s4
    }
    have: i64 = read stacked
    some8: bool = igt(have, 0)
    cell row: i64 = 0
    if some8 {
      s5: i64 = isub(have, 1)
      stacked := s5
      row8: i64 = free[s5]
      row := row8
    } else {
      row9: i64 = read rows
      next9: i64 = iadd(row9, 1)
      rows := next9
      row := row9
    }
    own8: i64 = read row
    w8: i64 = iadd(f, g8)
    place[w8] = own8
    same_run: i64 = read running
    other: bool = ine(same_run, kind8)
    if other {
      p1: i64 = read length
      short1: i32 = trunc_int(kind8)
      code[p1] = short1
      p2: i64 = iadd(p1, 1)
      run := p2
      p3: i64 = iadd(p1, 2)
      length := p3
      running := kind8
      many := 0
    }
    many1: i64 = read many
    many2: i64 = iadd(many1, 1)
    many := many2
    head8: i64 = read run
    short2: i32 = trunc_int(many2)
    code[head8] = short2
    p4: i64 = read length
    short3: i32 = trunc_int(row_a)
    code[p4] = short3
    p5: i64 = iadd(p4, 1)
    short4: i32 = trunc_int(row_b)
    code[p5] = short4
    p6: i64 = iadd(p4, 2)
    short5: i32 = trunc_int(own8)
    code[p6] = short5
    p7: i64 = iadd(p4, 3)
    length := p7
  }
  for r9 < m {
    root9: i64 = roots[r9]
    lit9: i64 = literal[root9]
    to9: i64 = ishr(lit9, 1)
    sign9: i64 = iand(lit9, 1)
    some9: bool = ige(to9, 0)
    at9: i64 = place[to9] when some9
    twice9: i64 = imul(at9, 2)
    found9: i64 = iadd(twice9, sign9)
    short9: i32 = trunc_int(found9)
    results[r9] = short9
  }
  all: i64 = read length
  facts[0] = all
  total: i64 = read rows
  facts[1] = total
  facts[2] = gates
}
"""
