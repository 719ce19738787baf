"""The verifier: each rule broken alone, and the fault shows the statement among its neighbours."""

import pytest

from pullback.core.errors import VerifyFault
from pullback.ir.loops.text import parse
from pullback.ir.loops.verify import verify

GOOD = """
kernel f(x: f64[n, m], a: f32, k: i64; n, m) -> (y: f64[nm], s: f64) {
  site PB0701 "index outside its array"
  nm: i64 = imul(n, m)
  cell total: f64 = 0.0
  cell where: i64 = -1
  cell flag: bool = true
  buffer t: f64[n]
  buffer u: f64[n] zero
  for i < n parallel lanes 4 {
    v: f64 = x[i, k]
    w: f64 = fadd(v, 1.0)
    ok: bool = flt(v, w)
    t[i] = w
    u[i] += w over f64 when ok
    total argmax= w over f64 at i into where
    flag all= ok over bool
    check ok site 0 (i, n)
  }
  swap t, u
  copy t from u
  fill t with 0.0
  loop {
    r: f64 = read total
    go: bool = flt(r, 0.0)
  } while go {
    total := r
    if go {
      total sum= 1.0 over f64
    }
  }
  z: f64 = fpext(a)
  s := z
}
"""


def test_a_good_kernel_passes():
    verify(parse(GOOD))


BROKEN = [
    ("w: f64 = fadd(v, 1.0)", "w: f64 = fadd(v, 1)", "`fadd` does not take (f64, i64) to f64"),
    ("w: f64 = fadd(v, 1.0)", "w: f64 = fadd(v)", "takes 2 arguments, not 1"),
    ("w: f64 = fadd(v, 1.0)", "w: f32 = fadd(v, 1.0)", "to f32"),
    ("w: f64 = fadd(v, 1.0)", "w: f64 = add(v, 1.0)", "no instruction `add`"),
    ("w: f64 = fadd(v, 1.0)", "v: f64 = fadd(v, 1.0)", "`v` is assigned twice"),
    ("w: f64 = fadd(v, 1.0)", "w: f64 = fadd(v, go)", "no scalar `go` is known here"),
    ("w: f64 = fadd(v, 1.0)", "w: f64 = select(v, v, v)", "chooses by a bool"),
    ("w: f64 = fadd(v, 1.0)", "w: f64 = fpext(v)", "`fpext` from f64 to f64"),
    ("ok: bool = flt(v, w)", "ok: bool = ilt(v, w)", "`ilt` does not take (f64, f64)"),
    ("v: f64 = x[i, k]", "v: f64 = x[i]", "`x` has rank 2 and 1 indices"),
    ("v: f64 = x[i, k]", "v: f64 = x[i, a]", "an index of `x` is i64, not f32"),
    ("v: f64 = x[i, k]", "v: f64 = q[i, k]", "no buffer `q` is known here"),
    ("v: f64 = x[i, k]", "v: f64 = x[i, k] when k", "a condition is bool, not i64"),
    ("t[i] = w", "x[i, k] = w", "`x` is an input and is only read"),
    ("t[i] = w", "t[i] = i", "the value is f64, not i64"),
    ("u[i] += w over f64", "u[i] += w over f32", "f32 is not carried by f64"),
    ("total argmax= w over f64 at i into where", "total argmax= w over f64", "do not go together"),
    ("total argmax= w over f64 at i into where", "total max= w over f64 at i into where", "do not go together"),
    ("total argmax= w over f64 at i into where", "total argmax= w over f64 at w into where", "is i64, not f64"),
    ("total argmax= w over f64 at i into where", "total best= w over f64", "no reduction `best`"),
    ("total argmax= w over f64 at i into where", "total := w", "`total` is assigned in a parallel loop"),
    ("flag all= ok over bool", "total all= w over f64", "`all` is of bool"),
    ("flag all= ok over bool", "flag max= ok over bool", "needs an order"),
    ("site 0 (i, n)", "site 1 (i, n)", "there is no site 1"),
    ("site 0 (i, n)", "site 0 (v, n)", "a word of an error record is i64, not f64"),
    ("for i < n parallel lanes 4", "for i < n lanes 4", "only a parallel loop has lanes"),
    ("for i < n parallel lanes 4", "for i < n parallel lanes 6", "not a power of two"),
    ("for i < n parallel lanes 4", "for i < a parallel", "a bound is i64, not f32"),
    ("swap t, u", "swap t, y", "only local buffers are exchanged"),
    ("copy t from u", "copy t from x", "differ in element or rank"),
    ("fill t with 0.0", "fill t with 0", "the value is f64, not i64"),
    ("cell where: i64 = -1", "cell where: i64 = 9223372036854775808", "is no i64"),
    ("cell where: i64 = -1", "cell where: z<7> = -1", "is not a carrier"),
    ("total := r", "totl := r", "no cell `totl`"),
    ("} while go {", "} while r {", "a condition is bool, not f64"),
    ("z: f64 = fpext(a)", "z: f64 = fadd(r, 0.0)", "no scalar `r` is known here"),
    ("nm: i64 = imul(n, m)", "other: i64 = imul(n, m)", "no scalar `nm`"),
]


@pytest.mark.parametrize("right, wrong, message", BROKEN)
def test_a_broken_kernel_is_refused(right, wrong, message):
    assert right in GOOD
    with pytest.raises(VerifyFault) as fault:
        verify(parse(GOOD.replace(right, wrong, 1)))
    assert fault.value.code == "PB0920" and message in fault.value.message, fault.value.message


def test_the_fault_shows_the_statement_among_its_neighbours(golden):
    with pytest.raises(VerifyFault) as fault:
        verify(parse(GOOD.replace("fadd(v, 1.0)", "fadd(v, ok)")))
    golden(str(fault.value))
