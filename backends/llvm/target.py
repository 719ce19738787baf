"""The machine code is made for: triple, CPU, features, and the key that tells cached objects apart.

llvmlite is imported when a target is first asked for, not when this module is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

__all__ = ["Target", "baseline", "host"]


@dataclass(frozen=True)
class Target:
    """One kind of processor.

    `features` is LLVM's list ("+avx2,+fma,-avx512f"); `vector_bytes` is the width of its widest vector register, which
    is what schedules count lanes in."""

    triple: str
    cpu: str
    features: str
    data_layout: str
    vector_bytes: int

    @cached_property
    def key(self) -> str:
        """A short text, the same in every process, that differs wherever machine code could."""
        digest = hashlib.sha256("\n".join([self.triple, self.cpu, self.features, self.data_layout]).encode())
        return f"{self.triple}/{self.cpu}/{digest.hexdigest()[:16]}"

    @property
    def header(self) -> str:
        """The lines an LLVM module for this target starts with."""
        return f'target datalayout = "{self.data_layout}"\ntarget triple = "{self.triple}"\n'

    def machine(self, level: int = 2) -> Any:
        """A new llvmlite `TargetMachine` that generates position-independent code at optimisation level 0 to 3."""
        return _machine(self.triple, self.cpu, self.features, level)


def _machine(triple: str, cpu: str, features: str, level: int) -> Any:
    binding = _initialised()
    return binding.Target.from_triple(triple).create_target_machine(
        cpu=cpu, features=features, opt=level, reloc="pic", codemodel="small"
    )


@cache
def _initialised() -> Any:
    """`llvmlite.binding`, with the native target set up once."""
    import llvmlite.binding as binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    binding.initialize_native_asmparser()
    return binding


@cache
def host() -> Target:
    """This process's machine, with every feature its CPU reports."""
    binding = _initialised()
    return _described(binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())


@cache
def baseline() -> Target:
    """The least processor of the host's family (x86-64: SSE2, no fused multiply-add): code every such machine runs."""
    generic = {"x86_64": "x86-64", "aarch64": "generic", "arm64": "generic"}
    return _described(generic.get(_initialised().get_process_triple().split("-")[0], "generic"), "")


def _described(cpu: str, features: str) -> Target:
    triple = _initialised().get_process_triple()
    layout = str(_machine(triple, cpu, features, 2).target_data)
    return Target(triple, cpu, features, layout, _vector_bytes(set(features.split(","))))


def _vector_bytes(features: set[str]) -> int:
    if "+avx512f" in features:
        return 64
    return 32 if "+avx" in features else 16
