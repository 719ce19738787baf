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
from typing import Any

import numpy as np

from ..core.collection import no_collection
from ..core.depth import room, too_deep
from ..core.errors import ArgumentFault, suggestion
from ..core.objects import Scalar, Wire, element, shape
from ..core.sizes import Size
from ..ir.unary.extents import extents
from ..ir.unary.term import Term
from .boundary import checked, fail
from .cache import Cache, compiler, key_of
from .closing import bare_sizes, definitions
from .llvm import image
from .llvm.arguments import Input, Output, Signature, bind_sizes, convert, evaluate_size
from .llvm.image import Image

__all__ = ["BACKENDS", "STAGES", "Executable", "Settings"]

BACKENDS = ("llvm", "numba", "python", "interpreter")
"""``numba`` is the loop nest as Python, compiled by Numba; ``python`` the same text run by CPython, slowly;
``interpreter`` the meaning of unary form, slower still."""

STAGES = ("unary", "graph", "loops", "schedule", "llvm", "optimised", "asm", "numba")
"""What `Executable.as_text` shows, in the order of the way down; numba stands beside it."""

_LANES = tuple(2**k for k in range(9))
MODES = ("strict", "contract", "fastmath")


@dataclass(frozen=True)
class Settings:
    """How to compile.

    backend  one of `BACKENDS`
    mode     floating point: ``strict`` rounds every operation; ``contract`` may fuse a product and a sum; ``fastmath`` may
             do what is true of real numbers, and assumes there are no NaN and no infinities
    level    how much LLVM optimises, 0 to 3
    lanes    in how many lanes of vector registers loops run: a power of two, 1 or False for none, True for what the
             schedule finds best
    threads  how many threads share the loops that are worth it; None: what PULLBACK_THREADS says, else as many as there are
             processors (`llvm/processors.py`). The rounding of sums depends on this number; no result depends on timing

    Raises ArgumentFault PB0609 for anything else."""

    backend: str = "llvm"
    mode: str = "contract"
    level: int = 2
    lanes: bool | int = True
    threads: int | None = None

    def __post_init__(self) -> None:
        for what, given, known in (("backend", self.backend, BACKENDS), ("mode", self.mode, MODES)):
            if given not in known:
                raise ArgumentFault("PB0609", f"there is no {what} {given!r}", hint=_one_of(str(given), known))
        if self.level not in (0, 1, 2, 3):
            raise ArgumentFault("PB0609", f"there is no optimisation level {self.level!r}", hint="it is 0, 1, 2 or 3")
        if not isinstance(self.lanes, bool) and not (type(self.lanes) is int and self.lanes in _LANES):
            raise ArgumentFault("PB0609", f"{self.lanes!r} is no number of lanes",
                                hint="it is a power of two up to 256, or True")
        if self.threads is not None and (type(self.threads) is not int or self.threads < 1):
            raise ArgumentFault("PB0609", f"{self.threads!r} is no number of threads", hint="it is 1 or more, or None")


def _one_of(given: str, known: Sequence[str]) -> str:
    return suggestion(given, known) or f"it is one of {', '.join(known)}"


class Executable:
    """A closed term, compiled lazily and once, safely from several threads.

    ``counts`` gives size parameters that are the value of an i64 input, by its position; ``labels`` are what errors call
    the inputs. ``recipe`` is a text that decides the term, counts and labels: with it machine code is found in the cache
    without the term, which may then be given as what makes it."""

    def __init__(
        self,
        term: Term | Callable[[], Term],
        settings: Settings | None = None,
        counts: Mapping[str, int] = MappingProxyType({}),
        labels: Sequence[str] | None = None,
        recipe: str | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.recipe = recipe
        self.seconds: dict[str, float] = {}
        self._term = term
        self._labels = labels
        self.compiled: tuple[float, float] | None = None
        """When it was compiled, in seconds since the epoch, and how many it took."""
        self._counts = dict(counts)
        self._image: Image | None = None
        self._lock = threading.RLock()

    @cached_property
    def term(self) -> Term:
        return self._term if isinstance(self._term, Term) else self._term()

    def __call__(self, *args: Any) -> tuple[Any, ...]:
        """The results for one argument per input, in order: new C-contiguous arrays, and Python numbers.

        Raises ArgumentFault for arguments that do not fit, and what the program itself raises (IndexFault)."""
        result = self.function(*args)
        return (result,) if len(self.signature.outputs) == 1 else tuple(result)

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
        return f"<Executable {self.signature.name} for {self.settings.backend}>"

    # -- the way down ----------------------------------------------------------------------------------------------
    @cached_property
    def bare(self) -> Term:
        """The term with every size a dimension, or the value, of some input."""
        return bare_sizes(self.term, self._counts)

    @cached_property
    def signature(self) -> Signature:
        if self._image is not None:
            return self._image.signature
        by_input = {position: name for name, position in self._counts.items()}
        labels = self._labels or self.term.names
        inputs = [
            Input(label, _short(wire), shape(wire), by_input.get(k), _modular(wire))
            for k, (label, wire) in enumerate(zip(labels, self.bare.dom, strict=True))
        ]
        outputs = [Output(_short(wire), shape(wire)) for wire in self.bare.cod]
        derived = tuple((a, s) for a, s in self.bare_definitions.items() if s.name != a)
        sizes = self.bare.sizes
        return Signature(self.term.name, tuple(inputs), sizes, tuple(outputs), derived, extents(self.bare))

    @cached_property
    def bare_definitions(self) -> Mapping[str, Size]:
        """Each size parameter of the term by the dimensions of the inputs."""
        return definitions(self.term, self._counts)

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
        lanes = {True: None, False: 1}[self.settings.lanes] if isinstance(self.settings.lanes, bool) else self.settings.lanes
        for step in schedule(host().vector_bytes, processors(self.settings.threads), lanes):
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
                    with no_collection(), room(too_deep):
                        made = self._compiled()
                        made = checked(self.signature, made)
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
                        return fail(self.term.name, self.kernel.sites, error.record)

                return self._slow(call)

    def _machine_code(self) -> Callable[..., Any]:
        from .llvm import emit_foreign, entry, pool

        cache, key = Cache.default(), self._key()
        found = image.find(cache, key) if key is not None else None
        imports: Mapping[str, int] = {}
        if found is None:
            made, _ = found = self._made(cache)
            imports = emit_foreign.imports(self.wide)
            if key is not None and not imports:
                image.keep(cache, key, made)
        here, codes = found
        self._image = here
        if here.shared:
            imports = {**imports, **pool.pool().imports}
        name, sites = here.signature.name, here.sites
        return entry.link(codes, here.signature, here.symbol, lambda record: fail(name, sites, record), imports)

    def _key(self) -> str | None:
        """What the image is called in the cache; nothing where there is no recipe, or every level is to be verified."""
        from .llvm import cpython, jit, target
        from .llvm.processors import processors

        if self.recipe is None or verifying():
            return None
        settings = replace(self.settings, threads=processors(self.settings.threads))
        machine = (np.__version__, jit.toolchain(), target.host().key, str(cpython.supported()))
        return key_of("image", compiler(), *machine, repr(settings), self.recipe)

    def _made(self, cache: Cache) -> tuple[Image, list[bytes]]:
        """Down all the way: the image, and its machine code."""
        from .llvm import emit, entry, jit, library, target

        kernel, options, host = self.wide, jit.Options(level=self.settings.level), target.host()
        text = entry.module(self.llvm, self.signature, kernel.name, host)
        with self._timed("llvm"):
            keys, codes = library.kept_objects(text, options, host, cache)
        return Image(self.signature, kernel.name, tuple(keys), kernel.sites, emit.is_shared(kernel)), codes

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

    # -- looking ---------------------------------------------------------------------------------------------------
    def as_text(self, stage: str = "unary") -> str:
        """The program at a stage of its way (`STAGES`). Raises ArgumentFault PB0609 for a stage there is not."""
        with room(too_deep):
            return self._shown(stage)

    def _shown(self, stage: str) -> str:
        match stage:
            case "unary":
                from ..ir.unary import text as unary

                return unary.show(self.term)
            case "graph":
                from ..ir.graph import text as graph

                return graph.show(self.graph)
            case "loops" | "schedule":
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
            print(f"pullback: {self.signature.name} compiled in {1e3 * total:.1f} ms ({stages})", file=sys.stderr)


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


def _modular(wire: Wire) -> Scalar | None:
    """The z<n> or sat<n> of a wire, if it is of one."""
    return element(wire) if element(wire).modulus is not None else None


def _own(output: Output, value: Any) -> Any:
    """A result as the compiled entry returns it: an array, or a Python number."""
    return value if output.dims else np.asarray(value).item()
