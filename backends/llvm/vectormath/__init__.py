"""Elementary and special functions as LLVM IR on vectors of f64 or f32, each with a stated error bound.

`definitions([("exp", "double", 8)])` is the text to put beside a kernel that calls `@pb.exp.f64x8`, and
the kernel needs no library. The same text serves the CPU and the GPU.
"""

from .function import VectorFunction, symbol_of
from .library import CATALOGUE, Request, declaration, definition, definitions, exported, is_symbol, request_of

__all__ = ["CATALOGUE", "Request", "VectorFunction", "declaration", "definition", "definitions", "exported", "is_symbol",
           "request_of", "symbol_of"]
