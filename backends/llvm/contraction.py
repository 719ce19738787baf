"""Sums of products over boxes of loops (matrix products, convolutions) in register tiles, as functions in LLVM text.

    out[r, c] += Σ a[r, k] · b[k, c]        k runs through up to three nested loops

Every operand is a place in memory and a stride for each loop, so one function does all transposes, and a convolution is a
product whose k moves both rows and columns. Two functions differ in what lies side by side in a vector register:

`outer`  columns. A tile of rows × 3 vectors stays in registers while k runs: of `a` a number is spread over a vector, of
         `b` vectors are read. Columns that are no neighbours in `b`, and long panels of it that many rows read, are first
         copied (Goto and van de Geijn, Anatomy of high-performance matrix multiplication, 2008). One or two rows, and all
         if there is one k, read each number of `b` once or twice: rows of `b` are then added to rows of the result as they
         lie in memory (*streamed*). Rows may be in several loops, which share what was copied.
`dot`    the innermost k, for columns that are few or lie apart. A tile of rows × 3 sums of vectors, or 1 × 4; their lanes
         are added at the end.

A tile that hangs over the last row computes that row again, one that hangs over the last column masks what it reads.
"""

from __future__ import annotations

from ...core.objects import Scalar
from .contraction_dot import DOT, Dot
from .contraction_outer import OUTER, Outer
from .contraction_text import Shape

__all__ = ["declaration", "definition", "is_symbol", "symbol"]


def symbol(form: str, kind: Scalar, lanes: int, rows: int, flags: str) -> str:
    """The symbol of a function: `pb.contract.outer.f64x4.4.contract`; at its end the flags of floating point."""
    return f"pb.contract.{form}.{kind}x{lanes}.{rows}.{flags or 'strict'}"


def is_symbol(name: str) -> bool:
    return name.startswith("pb.contract.")


def declaration(name: str) -> str:
    """What a module says that calls the function."""
    numbers = OUTER if name.split(".")[2] == "outer" else DOT
    parameters = ", ".join(["ptr"] * 3 + ["i64"] * len(numbers) + ["i1"])
    return f"declare void @{name}({parameters}) nounwind willreturn memory(argmem: readwrite)\n"


def definition(name: str) -> str:
    """The text of the function with that symbol."""
    _, _, form, type, rows, flags = name.split(".")
    kind, lanes = type.split("x")
    shape = Shape(Scalar(kind), int(lanes), int(rows), "" if flags == "strict" else flags)
    return (Outer if form == "outer" else Dot)(name, shape).text()
