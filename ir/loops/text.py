"""Loop nests as text, one statement a line, and back: `parse(show(kernel)) == kernel` (spans are not written).

    kernel dot(x: f64[n], y: f64[n]; n) -> (out: f64) {
      site PB0701 "index outside its array"
      extern spring(f64) -> f64
      decision i "lanes 1" "spring is not ours, and takes one value at a time"
      cell total: f64 = 0.0
      for i < n parallel {
        a: f64 = x[i]
        b: f64 = y[i] when ok
        c: f64 = fmul(a, b)
        d: f64 = call spring(c)
        total sum= d over f64
      }
      r: f64 = read total
      out := r
    }

A loop that threads share says `for i < n parallel lanes 4 split p threads 2 own grad {`.
Literals carry their kind: `2.0` f64, `2.0_f32`, `+inf`, `+nan`, `2` i64, `2_i32`, `true`. A name that is no identifier
stands in backquotes. `#` starts a comment.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence

from ...core.objects import BOOL, F64, I64
from . import nest
from .nest import Kernel, Operand, Statement
from .parse import RESERVED, parse

__all__ = ["parse", "show", "show_statement"]

_NAME = re.compile(r"[^\W\d][\w.']*")


def show(kernel: Kernel) -> str:
    """The kernel as text, ending in a newline; the same text for equal kernels."""
    inputs = ", ".join(map(_parameter, kernel.inputs))
    sizes = "".join(f"; {', '.join(map(_name, kernel.sizes))}" if kernel.sizes else "")
    outputs = ", ".join(map(_parameter, kernel.outputs))
    lines = [f"kernel {_name(kernel.name)}({inputs}{sizes}) -> ({outputs}) {{"]
    lines += [f"  site {site.code} {json.dumps(site.message, ensure_ascii=False)}" for site in kernel.sites]
    for e in kernel.externs:
        lines.append(f"  extern {_name(e.name)}({', '.join(map(str, e.args))}) -> {e.result}")
    for d in kernel.decisions:
        choice, reason = (json.dumps(text, ensure_ascii=False) for text in (d.choice, d.reason))
        lines.append(f"  decision {_name(d.place)} {choice} {reason}")
    for statement in kernel.body:
        lines += _lines(statement, 1)
    return "\n".join([*lines, "}"]) + "\n"


def show_statement(statement: Statement) -> str:
    """One statement, with what is inside it, without a newline at the end."""
    return "\n".join(_lines(statement, 0))


def _name(name: str) -> str:
    return name if _NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def _operand(operand: Operand) -> str:
    if isinstance(operand, str):
        return _name(operand)
    if operand.kind == BOOL:
        return "true" if operand.value else "false"
    suffix = "" if operand.kind in (F64, I64) else f"_{operand.kind}"
    if not operand.kind.is_float:
        return f"{int(operand.value)}{suffix}"
    value = float(operand.value)
    if math.isfinite(value):
        return f"{value!r}{suffix}"
    return f"{'+nan' if math.isnan(value) else '+inf' if value > 0 else '-inf'}{suffix}"


def _operands(operands: Sequence[Operand]) -> str:
    return ", ".join(map(_operand, operands))


def _parameter(parameter: nest.Array | nest.Number) -> str:
    if isinstance(parameter, nest.Number):
        return f"{_name(parameter.name)}: {parameter.kind}"
    return f"{_name(parameter.name)}: {parameter.element}[{_operands(parameter.shape)}]"


def _when(when: Operand | None) -> str:
    return "" if when is None else f" when {_operand(when)}"


def _split(split: nest.Split | None) -> str:
    if split is None:
        return ""
    own = f" own {', '.join(map(_name, split.own))}" if split.own else ""
    return f" split {_operand(split.parts)} threads {split.threads}{own}"


def _lines(statement: Statement, depth: int) -> Iterator[str]:
    indent = "  " * depth
    match statement:
        case nest.For(index, bound, body):
            flags = " backward" * statement.backward + " parallel" * statement.parallel
            lanes = f" lanes {statement.lanes}" if statement.lanes != 1 else ""
            lanes += f" tile {statement.tile}" if statement.tile else ""
            yield f"{indent}for {_name(index)} < {_operand(bound)}{flags}{lanes}{_split(statement.split)} {{"
            yield from _block(body, depth)
            yield f"{indent}}}"
        case nest.Loop(head, cond, body):
            yield f"{indent}loop {{"
            yield from _block(head, depth)
            yield f"{indent}}} while {_operand(cond)} {{"
            yield from _block(body, depth)
            yield f"{indent}}}"
        case nest.If(cond, then, orelse):
            yield f"{indent}if {_operand(cond)} {{"
            yield from _block(then, depth)
            if orelse:
                yield f"{indent}}} else {{"
                yield from _block(orelse, depth)
            yield f"{indent}}}"
        case _:
            yield indent + _simple(statement)


def _block(body: Sequence[Statement], depth: int) -> Iterator[str]:
    for statement in body:
        yield from _lines(statement, depth + 1)


def _simple(statement: Statement) -> str:
    match statement:
        case nest.Let(name, kind, instruction, args):
            return f"{_name(name)}: {kind} = {instruction}({_operands(args)})"
        case nest.Call(name, kind, function, args):
            return f"{_name(name)}: {kind} = call {_name(function)}({_operands(args)})"
        case nest.Load(name, kind, buffer, indices, when):
            return f"{_name(name)}: {kind} = {_name(buffer)}[{_operands(indices)}]{_when(when)}"
        case nest.Read(name, kind, cell):
            return f"{_name(name)}: {kind} = read {_name(cell)}"
        case nest.Store(buffer, indices, value):
            return f"{_name(buffer)}[{_operands(indices)}] = {_operand(value)}"
        case nest.Accumulate(buffer, indices, value, ring, when):
            return f"{_name(buffer)}[{_operands(indices)}] += {_operand(value)} over {ring}{_when(when)}"
        case nest.Cell(name, kind, init):
            return f"cell {_name(name)}: {kind} = {_operand(init)}"
        case nest.Assign(cell, value):
            return f"{_name(cell)} := {_operand(value)}"
        case nest.Reduce(cell, kind, value, ring, where, index):
            place = f" at {_operand(index)}" if index is not None else ""
            place += f" into {_name(where)}" if where is not None else ""
            return f"{_name(cell)} {kind}= {_operand(value)} over {ring}{place}"
        case nest.Allocate(name, element, shape, zero):
            return f"buffer {_name(name)}: {element}[{_operands(shape)}]{' zero' if zero else ''}"
        case nest.Fill(buffer, value):
            return f"fill {_name(buffer)} with {_operand(value)}"
        case nest.Copy(target, source):
            return f"copy {_name(target)} from {_name(source)}"
        case nest.Swap(left, right):
            return f"swap {_name(left)}, {_name(right)}"
        case nest.Check(ok, site, value, bound):
            return f"check {_operand(ok)} site {site} ({_operand(value)}, {_operand(bound)})"
        case _:
            raise TypeError(f"not a statement: {statement!r}")
