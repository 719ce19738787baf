"""LLVM text to machine code, and machine code into this process.

The way is cut in two, so that the first half can be skipped when the cache has its result:

    text --object_code--> bytes of an ELF/Mach-O object --load--> addresses

Passes are few (`FEW`; level 3 runs LLVM's whole row): kernels arrive with their vectors explicit and their loops as they are to
run. The loop and SLP vectorisers, which dominate LLVM's time, stay off at every level. Every function here may be called from
several threads: each compilation has an LLVM context of its own and llvmlite serialises calls into LLVM.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ...core.errors import Source, Span, VerifyFault
from ..cache import Cache, key_of
from . import shelf
from .target import Target, host

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DEFAULT", "Loaded", "Options", "assembly", "kept_object_code", "key_of_object", "load", "object_code", "optimised",
           "toolchain"]


@dataclass(frozen=True)
class Options:
    """How to compile. `level` is 0 (quickest to compile) to 3 (all that LLVM can do, at three times the time)."""

    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in (0, 1, 2, 3):
            raise ValueError(f"optimisation level {self.level} is not one of 0, 1, 2, 3")

    @property
    def key(self) -> str:
        return f"O{self.level}"


DEFAULT = Options()

FEW = ("always_inliner", "global_dead_code_eliminate", "sroa", "simplify_cfg", "instruction_combine", "new_gvn",
       "dead_code_elimination")
"""The passes of levels 1 and 2: emitted code comes with its loops as they are to run, so what is left to do is to keep cells in
registers and to compute nothing twice. LLVM's own row of passes takes four times as long, and makes hardly quicker code."""


@dataclass(frozen=True)
class Loaded:
    """Machine code in this process. The code lives as long as this object."""

    addresses: Mapping[str, int]
    _tracker: Any

    def __getitem__(self, symbol: str) -> int:
        """The address of an exported symbol."""
        return self.addresses[symbol]


def toolchain() -> str:
    """The versions that decide what text becomes: `llvmlite 0.50.0, LLVM 22.1.0`."""
    import llvmlite
    from llvmlite import binding

    return f"llvmlite {llvmlite.__version__}, LLVM {'.'.join(map(str, binding.llvm_version_info))}"


def object_code(text: str, options: Options = DEFAULT, target: Target | None = None) -> bytes:
    """Machine code for a module, as a relocatable object. Raises VerifyFault (PB0950) for text that LLVM refuses."""
    target = target or host()
    with _module(text, options, target) as (module, machine):
        return bytes(machine.emit_object(module))


def key_of_object(text: str, options: Options, target: Target) -> str:
    """What the machine code of a module is called in the cache."""
    return key_of("object", text, options.key, target.key, toolchain())


def kept_object_code(text: str, options: Options, target: Target, cache: Cache) -> bytes:
    """`object_code`, from the cache where it is there, and into it where it is not."""
    key = key_of_object(text, options, target)
    found = cache.get(key)
    if found is None:
        found = object_code(text, options, target)
        cache.put(key, found)
    return found


def assembly(text: str, options: Options = DEFAULT, target: Target | None = None) -> str:
    """The same code as `object_code`, as assembly a person can read."""
    target = target or host()
    with _module(text, options, target) as (module, machine):
        return str(machine.emit_assembly(module))


def optimised(text: str, options: Options = DEFAULT, target: Target | None = None) -> str:
    """The module after the passes, as LLVM text."""
    with _module(text, options, target or host()) as (module, _):
        return str(module)


@contextmanager
def _module(text: str, options: Options, target: Target) -> Iterator[tuple[Any, Any]]:
    """The parsed, verified and optimised module with its target machine; both are gone afterwards."""
    machine = target.machine(options.level)
    from llvmlite import binding

    text = text if "target triple" in text else target.header + text
    # Closed here, inner before outer: left to the garbage collector a module may outlive its context, and crash.
    with machine, binding.create_context() as context:
        try:
            module = binding.parse_assembly(text, context)
        except RuntimeError as error:
            raise _fault(text, str(error)) from None
        with module:
            try:
                module.verify()
            except RuntimeError as error:
                raise _fault(text, str(error)) from None
            _optimise(module, machine, options)
            yield module, machine


def _optimise(module: Any, machine: Any, options: Options) -> None:
    from llvmlite import binding

    if options.level == 0:
        return
    with binding.create_pipeline_tuning_options(speed_level=options.level) as tuning:
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        tuning.loop_interleaving = False
        with binding.create_pass_builder(machine, tuning) as builder:
            whole = options.level == 3
            with builder.getModulePassManager() if whole else binding.create_new_module_pass_manager() as manager:
                for name in () if whole else FEW:
                    getattr(manager, f"add_{name}_pass")()
                manager.run(module, builder)


def _fault(text: str, message: str) -> VerifyFault:
    """LLVM's complaint, shown at its line with ten neighbours (the line is found from `<string>:LINE:COLUMN`, or from
    the instruction the verifier quotes)."""
    lines = text.split("\n")
    found = re.search(r"<string>:(\d+):(\d+): (?:error: )?(.*)", message)
    if found:
        number, column, what = int(found[1]), int(found[2]), found[3]
    else:
        quoted = {line.strip() for line in message.split("\n")[1:] if line.strip()}
        number = next((i for i, line in enumerate(lines, 1) if line.strip() in quoted), 0)
        column, what = 1, " ".join(message.split())
    nearby = range(max(1, number - 5), min(len(lines), number + 5) + 1) if number else range(0)
    excerpt = "\n".join(f"{'>' if i == number else ' '} {i:5} | {lines[i - 1]}" for i in nearby)
    width = max(1, len(lines[number - 1]) + 1 - column) if number else 1
    span = Span(Source("<llvm>", text), number, column, number, column + width) if number else None
    hint = "this is a mistake of the compiler, not of your program: please report it with the program"
    return VerifyFault("PB0950", f"LLVM refuses the code made for it: {what}", span, hint, [(f"around it:\n{excerpt}", None)])


def load(code: bytes, symbols: Iterable[str], imports: Mapping[str, int] | None = None,
         beside: Iterable[bytes] = ()) -> Loaded:
    """Put an object into memory, with others that it calls ``beside`` it, and find its `symbols`. `imports` are addresses of
    symbols it needs; what is not among them is looked up in the process (libm, libc). Raises VerifyFault (PB0951) for a symbol
    that is nowhere."""
    from llvmlite import binding

    library = binding.JITLibraryBuilder().add_current_process()
    for image in (code, *beside):
        library.add_object_img(image)
    for symbol in symbols:
        library.export_symbol(symbol)
    for symbol, address in {"pb.shelf": shelf.address(), **(imports or {})}.items():
        library.import_symbol(symbol, address)
    with _FIRST:  # two engines at once, of which one were dropped with the code in it
        engine = _engine()
    try:
        tracker = library.link(engine, f"pullback.{next(_numbers())}")
    except RuntimeError as error:
        raise VerifyFault("PB0951", f"machine code does not load: {error}") from None
    return Loaded({symbol: tracker[symbol] for symbol in symbols}, tracker)


_FIRST = threading.Lock()


@cache
def _engine() -> Any:
    """The process's one ORC engine; libraries within it come and go with their trackers."""
    machine = host().machine()
    from llvmlite import binding

    return binding.create_lljit_compiler(machine, use_jit_link=True, suppress_errors=True)


@cache
def _numbers() -> itertools.count[int]:
    """A library's name may not be used twice in an engine; `next` on a count is atomic."""
    return itertools.count()
