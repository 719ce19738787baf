"""A closed term as something to call: compiled when first needed, by the backend one names.

    dot = Executable(term)                                # machine code
    dot(x, y)                                             # a tuple of results, in wire order
    Executable(term, Settings(backend="interpreter"))     # the meaning, slowly

All backends take and refuse the same arguments (`llvm/arguments.py`) and raise the same faults.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np

from ..core.errors import FAMILIES, ArgumentFault, IndexFault, suggestion
from ..core.objects import Wire, element, shape
from ..ir.unary.term import Term
from .closing import bare_sizes
from .llvm.arguments import Input, Output, Signature, bind_sizes, convert, evaluate_size

__all__ = ["BACKENDS", "STAGES", "Executable", "Settings"]

BACKENDS = ("llvm", "numba", "python", "interpreter")
"""``numba`` is the loop nest as Python, compiled by Numba; ``python`` the same text run by CPython, slowly;
``interpreter`` the meaning of unary form, slower still."""

STAGES = ("unary", "graph", "loops", "lanes", "llvm", "optimised", "asm", "numba")
"""What `Executable.as_text` shows, in the order of the way down; numba stands beside it."""

MODES = ("strict", "contract", "fastmath")


@dataclass(frozen=True)
class Settings:
    """How to compile.

    backend  one of `BACKENDS`
    mode     floating point: ``strict`` rounds every operation; ``contract`` may fuse a product and a sum; ``fastmath`` may
             do what is true of real numbers, and assumes there are no NaN and no infinities
    level    how much LLVM optimises, 0 to 3
    lanes    whether loops run in vector registers
    threads  how many threads share the loops that are worth it; None: what PULLBACK_THREADS says, else as many as there are
             processors (`llvm/processors.py`). The rounding of sums depends on this number; no result depends on timing

    Raises ArgumentFault PB0609 for anything else."""

    backend: str = "llvm"
    mode: str = "contract"
    level: int = 2
    lanes: bool = True
    threads: int | None = None

    def __post_init__(self) -> None:
        for what, given, known in (("backend", self.backend, BACKENDS), ("mode", self.mode, MODES)):
            if given not in known:
                raise ArgumentFault("PB0609", f"there is no {what} {given!r}", hint=_one_of(str(given), known))
        if self.level not in (0, 1, 2, 3):
            raise ArgumentFault("PB0609", f"there is no optimisation level {self.level!r}", hint="it is 0, 1, 2 or 3")
        if self.threads is not None and (type(self.threads) is not int or self.threads < 1):
            raise ArgumentFault("PB0609", f"{self.threads!r} is no number of threads", hint="it is 1 or more, or None")


def _one_of(given: str, known: Sequence[str]) -> str:
    return suggestion(given, known) or f"it is one of {', '.join(known)}"


class Executable:
    """A closed term, compiled lazily and once, safely from several threads.

    ``counts`` gives size parameters that are the value of an i64 input, by its position; ``labels`` are what errors call
    the inputs."""

    def __init__(
        self,
        term: Term,
        settings: Settings | None = None,
        counts: Mapping[str, int] = MappingProxyType({}),
        labels: Sequence[str] | None = None,
    ) -> None:
        self.term = term
        self.settings = settings or Settings()
        self.labels = tuple(labels or term.names)
        self.seconds: dict[str, float] = {}
        self.compiled: tuple[float, float] | None = None
        """When it was compiled, in seconds since the epoch, and how many it took."""
        self._counts = dict(counts)
        self._lock = threading.RLock()

    def __call__(self, *args: Any) -> tuple[Any, ...]:
        """The results for one argument per input, in order: new C-contiguous arrays, and Python numbers.

        Raises ArgumentFault for arguments that do not fit, and what the program itself raises (IndexFault)."""
        result = self.function(*args)
        return (result,) if len(self.term.results) == 1 else tuple(result)

    def into(self, results: Sequence[np.ndarray], *args: Any) -> None:
        """Compute the results, all of them arrays, where they are to be: C-contiguous arrays of their shapes and types."""
        from .llvm.entry import Call

        call = getattr(self.function, "__self__", None)
        if isinstance(call, Call):
            call.into(results, args)
            return
        for place, value in zip(results, self(*args), strict=True):
            place[...] = value

    def __repr__(self) -> str:
        return f"<Executable {self.term.name} for {self.settings.backend}>"

    # -- the way down ----------------------------------------------------------------------------------------------
    @cached_property
    def bare(self) -> Term:
        """The term with every size a dimension, or the value, of some input."""
        return bare_sizes(self.term, self._counts)

    @cached_property
    def signature(self) -> Signature:
        by_input = {position: name for name, position in self._counts.items()}
        inputs = [
            Input(label, _short(wire), shape(wire), by_input.get(k))
            for k, (label, wire) in enumerate(zip(self.labels, self.bare.dom, strict=True))
        ]
        outputs = [Output(_short(wire), shape(wire)) for wire in self.bare.cod]
        return Signature(self.term.name, tuple(inputs), self.bare.sizes, tuple(outputs))

    @cached_property
    def graph(self) -> Any:
        from ..ir.evaluate import evaluate

        bare = self.bare
        with self._timed("evaluate"):
            graph = evaluate(bare)
        if verifying():
            from ..ir.graph.verify import verify as verify_graph
            from ..ir.unary.typing import verify as verify_term

            verify_term(bare)
            verify_graph(graph)
        return graph

    @cached_property
    def kernel(self) -> Any:
        """The loop nest."""
        from ..ir.lower import lower

        graph = self.graph
        with self._timed("lower"):
            kernel = lower(graph)
        return _verified(kernel)

    @cached_property
    def wide(self) -> Any:
        """The loop nest as it runs, after every pass of the schedule, under a name that no library has."""
        from ..ir.passes import schedule
        from .llvm.processors import processors
        from .llvm.target import host

        kernel = replace(self.kernel, name=f"pb.kernel.{self.term.name}")
        if self.settings.lanes:
            for step in schedule(host().vector_bytes, processors(self.settings.threads)):
                with self._timed(step.name):
                    kernel = step.run(kernel)
                _verified(kernel)
        return kernel

    @cached_property
    def llvm(self) -> str:
        from .llvm.emit import emit

        kernel = self.wide
        with self._timed("emit"):
            return emit(kernel, self.settings.mode)

    # -- calling ---------------------------------------------------------------------------------------------------
    @property
    def function(self) -> Callable[..., Any]:
        """What is called: one result is returned by itself, several (or none) as a tuple."""
        made = self.__dict__.get("_function")
        if made is None:
            with self._lock:
                made = self.__dict__.get("_function")
                if made is None:
                    start = time.perf_counter()
                    made = self._checked(self._compiled())
                    self.__dict__["_function"] = made
                    total = time.perf_counter() - start
                    self.compiled = (time.time() - total, total)
                    self._report(total)
        return made

    def _compiled(self) -> Callable[..., Any]:
        match self.settings.backend:
            case "llvm":
                return self._machine_code()
            case "interpreter":
                from .interpreter import run

                # Copied, because a result may be an argument, or part of one.
                return self._slow(lambda values, sizes: [np.array(r, order="C") for r in run(self.bare, values, sizes)])
            case backend:
                from .numba.run import KernelError, compile_numba

                kernel = self.kernel
                with self._timed("numba"):
                    compiled = compile_numba(kernel, jit=backend == "numba")

                def call(values: Sequence[Any], sizes: Mapping[str, int]) -> Sequence[Any]:
                    try:
                        return compiled(*values, **sizes)
                    except KernelError as error:
                        return self._fail(error.record)

                return self._slow(call)

    def _machine_code(self) -> Callable[..., Any]:
        from .llvm import emit, entry, jit

        text, options = self.llvm, jit.Options(level=self.settings.level)
        with self._timed("llvm"):
            imports = emit.imports(self.wide)
            return entry.build(text, self.signature, self._fail, options, symbol=self.wide.name, imports=imports)

    def _slow(self, call: Callable[[Sequence[Any], Mapping[str, int]], Sequence[Any]]) -> Callable[..., Any]:
        """A backend in Python with the manners of the compiled entry."""
        signature = self.signature

        def function(*args: Any) -> Any:
            values = convert(signature, args)
            sizes = bind_sizes(signature, values)
            for output in signature.outputs:
                for dim in output.dims:
                    evaluate_size(signature, dim, sizes)
            results = call(values, sizes)
            own = tuple(_own(o, v) for o, v in zip(signature.outputs, results, strict=True))
            return own[0] if len(own) == 1 else own

        return function

    def _checked(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """With checks of what the entry does not look at: that elements of z<n> and sat<n> are below n, that sizes which
        follow from others are not negative. Most functions need neither and stay as they are."""
        moduli = [(k, element(w).modulus) for k, w in enumerate(self.bare.dom) if element(w).modulus is not None]
        derived = {a: s for a, s in self.bare_definitions.items() if s.name != a}
        if not moduli and not derived:
            return function
        signature = self.signature

        def checked(*args: Any) -> Any:
            values = convert(signature, args)
            for k, modulus in moduli:
                _check_modulus(signature.inputs[k], self.bare.dom[k], values[k], modulus or 0, signature.name)
            if derived:
                sizes = bind_sizes(signature, values)
                for atom, value in derived.items():
                    if value.evaluate(sizes) < 0:
                        raise ArgumentFault(
                            "PB0604", f"sizes in the call of `{signature.name}` make `{atom}` = {value.evaluate(sizes)}"
                        )
            return function(*values)

        return checked

    @property
    def bare_definitions(self) -> Mapping[str, Any]:
        """Each size parameter of the term by the dimensions of the inputs."""
        from .closing import definitions

        return definitions(self.term, self._counts)

    def _fail(self, record: tuple[int, int, int, int]) -> NoReturn:
        """Raise what an error record stands for."""
        code, number, value, bound = record
        if code == 2:
            raise MemoryError(f"`{self.term.name}` needs more memory than there is")
        site = self.kernel.sites[number]
        if site.code == "PB0701":
            raise IndexFault("PB0701", f"index {value} is outside an array of {bound}", site.span)
        family = next(fault for prefix, fault in FAMILIES if site.code.startswith(prefix))
        raise family(site.code, site.message, site.span)

    # -- looking ---------------------------------------------------------------------------------------------------
    def as_text(self, stage: str = "unary") -> str:
        """The program at a stage of its way (`STAGES`). Raises ArgumentFault PB0609 for a stage there is not."""
        match stage:
            case "unary":
                from ..ir.unary import text as unary

                return unary.show(self.term)
            case "graph":
                from ..ir.graph import text as graph

                return graph.show(self.graph)
            case "loops" | "lanes":
                from ..ir.loops import text as loops

                return loops.show(self.kernel if stage == "loops" else self.wide)
            case "llvm":
                return self.llvm
            case "optimised" | "asm":
                from .llvm import jit

                show = jit.assembly if stage == "asm" else jit.optimised
                return show(self.llvm, jit.Options(level=self.settings.level))
            case "numba":
                from .numba.printer import source

                return source(self.kernel)
        raise ArgumentFault("PB0609", f"there is no stage {stage!r}", hint=_one_of(str(stage), STAGES))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - start

    def _report(self, total: float) -> None:
        if os.environ.get("PULLBACK_DEBUG", "0") not in ("", "0"):
            stages = ", ".join(f"{name} {1e3 * seconds:.1f}" for name, seconds in self.seconds.items())
            print(f"pullback: {self.term.name} compiled in {1e3 * total:.1f} ms ({stages})", file=sys.stderr)


def verifying() -> bool:
    """Whether every level is verified after every pass (PULLBACK_VERIFY=1, as in the tests)."""
    return os.environ.get("PULLBACK_VERIFY", "0") not in ("", "0")


def _verified(kernel: Any) -> Any:
    if verifying():
        from ..ir.loops.verify import verify

        verify(kernel)
    return kernel


def _short(wire: Wire) -> str:
    """NumPy's short name of the dtype: f8, i4, ?."""
    return np.dtype(element(wire).dtype).str[1:].replace("b1", "?")


def _own(output: Output, value: Any) -> Any:
    """A result as the compiled entry returns it: an array, or a Python number."""
    return value if output.dims else np.asarray(value).item()


def _check_modulus(item: Input, wire: Wire, value: Any, modulus: int, function: str) -> None:
    array = np.asarray(value)
    outside = (array < 0) | (array >= modulus)
    if outside.any():
        kind = element(wire)
        hint = f"reduce it first: `{item.name} % {modulus}`" if kind.kind == "z" else f"`{item.name}.clip(0, {modulus - 1})`"
        raise ArgumentFault(
            "PB0606",
            f"`{item.name}` of `{function}` is {wire}, whose elements are 0 to {modulus - 1}, and has {array[outside].flat[0]}",
            hint=hint,
        )
