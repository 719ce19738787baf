"""Sparse Jacobians: `pullback.sparse_jacobian` and `pullback.sparse_hessian`, as SciPy's compressed rows.

Where the non-zeros are is found from the program, the sizes and the integers it is called with (indices of graphs, of
observations), never from the real numbers; it is found once and used until sizes or integers change.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from ...backends.executable import Executable
from ...backends.llvm.arguments import bind_sizes, convert, evaluate_size
from ...core.errors import ArgumentFault, DerivativeFault
from ...core.objects import element, is_differentiable, shape
from ...ir.cost import cost
from ...ir.sparse.colour import colour
from ...ir.sparse.picture import picture
from ...ir.sparse.program import Coefficients, coefficients, coloured
from ...ir.sparse.structure import Axis, Structure, compressed, coordinates, volume
from .function import Function
from .trees import flatten

__all__ = ["SparseJacobian", "Sparsity"]

MOST = 2**28
"""Non-zeros from which a Jacobian is not called sparse: 4 GiB of them."""


@dataclass(frozen=True)
class Sparsity:
    """Where a Jacobian may differ from zero: ``shape``, ``indptr`` and ``indices`` as in SciPy's CSR, and how it is computed.

    As text, it is drawn."""

    shape: tuple[int, int]
    indptr: np.ndarray
    indices: np.ndarray
    how: str

    @property
    def nnz(self) -> int:
        return len(self.indices)

    def __str__(self) -> str:
        rows, columns = self.shape
        share = f", {100 * self.nnz / (rows * columns):.2g} %" if rows * columns else ""
        drawn = picture(self.shape, self.indptr, self.indices)
        return f"{rows} × {columns}, {self.nnz} non-zeros{share}, by {self.how}\n{drawn}"


@dataclass(frozen=True)
class _Plan:
    """What holds for the sizes and integers it was made for."""

    sizes: Mapping[str, int]
    integers: Mapping[int, Any]
    structure: Structure
    executable: Executable
    extra: tuple[Any, ...]
    how: str

    def fits(self, sizes: Mapping[str, int], point: Sequence[Any]) -> bool:
        return self.sizes == sizes and all(np.array_equal(point[k], value) for k, value in self.integers.items())


class SparseJacobian:
    """All first derivatives of a function that may differ from zero; made by `pullback.sparse_jacobian`.

    Called with the function's arguments it gives a `scipy.sparse.csr_array`: a row for every element of the result, a column
    for every element of the arguments it is taken by, arrays and the leaves of trees one after another, each in C order. Its
    values are the caller's own, its structure (``indices``, ``indptr``) is shared by all results and read-only: what changes it
    in place, like ``eliminate_zeros``, needs a ``copy`` first."""

    def __init__(self, function: Function, wrt: tuple[int, ...]) -> None:
        m = function.morphism
        self.function, self.wrt = function, m.differentiable(wrt)
        self.rows = [k for k, w in enumerate(m.term.cod) if is_differentiable(w)]
        if not self.rows:
            raise DerivativeFault("PB0503", f"`sparse_jacobian` of `{m.name}`: its result, {m.result_type}, has no derivative")
        for w in [*(m.term.dom[k] for k in self.wrt), *(m.term.cod[k] for k in self.rows)]:
            if not element(w).is_float:
                raise DerivativeFault("PB0503", f"`sparse_jacobian` of `{m.name}`: SciPy has no sparse arrays of {element(w)}")
        self._kind = np.result_type(*(element(m.term.cod[k]).dtype for k in self.rows))
        self._plan: _Plan | None = None
        self._rooms: deque[tuple[np.ndarray]] = deque(maxlen=2)

    def __repr__(self) -> str:
        return f"<sparse Jacobian of {self.function.face}>"

    def __call__(self, *args: Any, **named: Any) -> Any:
        """The Jacobian at the arguments. Raises what the function itself raises, and ArgumentFault PB0611 without SciPy or
        where the Jacobian is not sparse at all."""
        csr_array = _scipy()
        point = self._point(args, named)
        plan = self._planned(point)
        given, s = [*(plan.integers.get(k, v) for k, v in enumerate(point)), *plan.extra], plan.structure
        room = self._room(s.count)
        if s.take is None:
            _compute(plan.executable, given, room[0])
        else:
            room[0][:] = s.gathered(_compute(plan.executable, given))
        self._rooms.append(room)
        return csr_array((room[0], s.columns, s.starts), shape=s.shape)

    def _room(self, count: int) -> tuple[np.ndarray]:
        """An array for values: that of an earlier result which nobody holds any more, since fresh memory is slow."""
        while self._rooms:
            room = self._rooms.pop()
            if room[0].shape == (count,) and max(map(_references, room)) <= _ALONE:
                return room
        return (np.empty(count, self._kind),)

    def structure(self, *args: Any, **named: Any) -> Sparsity:
        """Where the non-zeros are at the arguments; real numbers among them do not matter."""
        plan = self._planned(self._point(args, named))
        s = plan.structure
        return Sparsity(s.shape, s.starts.copy(), s.columns.copy(), plan.how)

    # -- the plan ----------------------------------------------------------------------------------------------------
    def _point(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        f = self.function
        values = f.arranged(args, named)
        leaves = [leaf for p, v in zip(f.face.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
        return convert(f.executable.signature, leaves)

    def _planned(self, point: Sequence[Any]) -> _Plan:
        bare = bind_sizes(self.function.executable.signature, point)
        plan = self._plan
        if plan is None or not plan.fits(bare, point):
            plan = self._plan = self._made(bare, point)
        return plan

    @cached_property
    def _ways(self) -> tuple[Coefficients, ...]:
        """Forward and in reverse."""
        return tuple(coefficients(self.function.term, self.wrt, forward) for forward in (True, False))

    @cached_property
    def _executables(self) -> tuple[Executable | None, ...]:
        return tuple(None if way.term is None else self._executable(way.term) for way in self._ways)

    @cached_property
    def _by_colours(self) -> tuple[Executable, ...]:
        return tuple(self._executable(coloured(self.function.term, self.wrt, forward)) for forward in (True, False))

    def _executable(self, term: Any) -> Executable:
        m = self.function.morphism
        labels = [*m.labels, *term.names[len(m.labels):]]
        return Executable(term, self.function.settings, m.counts, labels)

    def _made(self, bare: Mapping[str, int], point: Sequence[Any]) -> _Plan:
        term = self.function.term
        sizes = {a: s.evaluate(bare) for a, s in self.function.executable.bare_definitions.items()}
        rows, columns = (Axis(tuple(tuple(s.evaluate(sizes) for s in shape(w)) for w in wires))
                         for wires in ([term.cod[k] for k in self.rows], [term.dom[k] for k in self.wrt]))
        integers = {k: _kept(v) for k, v in enumerate(point) if not element(term.dom[k]).is_float}
        volumes = [sum(volume(b, sizes, point) for b in way.blocks) for way in self._ways]
        costs = [np.inf if e is None or v > MOST else _price(e, bare) for e, v in zip(self._executables, volumes, strict=True)]
        best = int(np.argmin(costs)) if np.isfinite(costs).any() else int(np.argmin(volumes))
        if volumes[best] > MOST:
            raise ArgumentFault("PB0611", f"the Jacobian of `{self.function.name}` has up to {volumes[best]} elements that may "
                                "differ from zero", hint="use products with it instead: `vjp`, `jvp`, `hvp`")
        way, executable = self._ways[best], self._executables[best]
        found = [coordinates(b, way.reading, rows, columns, point, sizes) for b in way.blocks]
        first, second = (np.concatenate([np.zeros(0, np.int64), *(pair[k] for pair in found)]) for k in (0, 1))
        structure = compressed((rows.length, columns.length), first, second)
        if executable is not None:
            how = "forward" if way.reading.forward else "reverse"
            return _Plan(dict(bare), integers, structure, executable, (), f"{how} coefficients")
        return self._coloured(bare, integers, structure, rows, columns)

    def _coloured(self, bare: Mapping[str, int], integers: Mapping[int, Any], s: Structure, rows: Axis, columns: Axis) -> _Plan:
        """Derivatives along colours: of columns, forward, or of rows, in reverse."""
        owners = np.repeat(np.arange(s.shape[0]), np.diff(s.starts))
        widest, tallest = np.diff(s.starts).max(initial=0), np.bincount(s.columns, minlength=1).max(initial=0)
        prices = [_price(e, {**bare, e.bare.sizes[-1]: int(least)})
                  for e, least in zip(self._by_colours, (widest, tallest), strict=True)]
        forward = prices[0] <= prices[1]
        if forward:
            colours, count = colour(s.starts, s.columns, s.shape[1])
            axis, other, own, across = columns, rows, colours[s.columns], owners
        else:
            flipped = np.argsort(s.columns, kind="stable")
            starts = np.concatenate([[0], np.cumsum(np.bincount(s.columns, minlength=s.shape[1]))])
            colours, count = colour(starts, owners[flipped], s.shape[0])
            axis, other, own, across = rows, columns, colours[owners], s.columns
        parts = [colours[axis.offset(k) : axis.offset(k) + prod(shape)].reshape(shape) for k, shape in enumerate(axis.shapes)]
        extra = (*(p if p.ndim else int(p) for p in parts), np.arange(count))
        structure = Structure(s.shape, s.starts, s.columns, _in_rows_of_colours(other, own, across, count))
        how = f"{count} colours of {'columns' if forward else 'rows'}"
        return _Plan(dict(bare), integers, structure, self._by_colours[0 if forward else 1], extra, how)


def _compute(executable: Executable, args: Sequence[Any], data: np.ndarray | None = None) -> np.ndarray:
    """All results, one after another in one array, ``data`` if given."""
    signature = executable.signature
    sizes = bind_sizes(signature, args)
    shapes = [tuple(evaluate_size(signature, d, sizes) for d in o.dims) for o in signature.outputs]
    ends = np.cumsum([prod(s) for s in shapes], dtype=np.int64).tolist()
    kinds = {o.dtype for o in signature.outputs}
    if data is None:
        data = np.empty(ends[-1] if ends else 0, np.result_type(*kinds) if kinds else float)
    parts = [data[end - prod(s) : end].reshape(s) for s, end in zip(shapes, ends, strict=True)]
    if () not in shapes and len(kinds) == 1:
        executable.into(parts, *args)
    else:
        for part, value in zip(parts, executable(*args), strict=True):
            part[...] = value
    return data


def _references(array: np.ndarray) -> int:
    return sys.getrefcount(array)


_ALONE = max(map(_references, (np.empty(1),)))
"""References to an array that one tuple holds and nobody else."""


def _in_rows_of_colours(axis: Axis, own: Any, across: Any, count: int) -> Any:
    """Where a value stands among arrays that have, for each of ``count`` colours, all elements of one array of the axis."""
    lengths = np.array([prod(s) for s in axis.shapes])
    offsets = np.cumsum(lengths) - lengths
    number = np.searchsorted(offsets + lengths, across, side="right")
    return count * offsets[number] + own * lengths[number] + across - offsets[number]


def _price(executable: Executable, sizes: Mapping[str, int]) -> float:
    found = cost(executable.kernel, sizes)
    return float(found.flops + found.loads + found.stores)


def _kept(value: Any) -> Any:
    """Our own copy, so that nobody changes it."""
    return np.array(value) if isinstance(value, np.ndarray) else value


def _scipy() -> Any:
    try:
        from scipy.sparse import csr_array
    except ImportError:
        raise ArgumentFault("PB0611", "a sparse Jacobian is a SciPy array, and SciPy is not installed",
                            hint="pip install 'pullback[sparse]'") from None
    return csr_array
