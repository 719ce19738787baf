"""All that a call of a compiled function needs beside its machine code, as data, and as text in the cache.

With it a new process loads a function without reading its program again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...core.errors import Source, Span
from ...core.objects import element
from ...core.objects import parse as parse_wire
from ...core.sizes import Size
from ...core.sizes import parse as parse_size
from ...ir.loops.nest import Site
from ..cache import Cache
from .arguments import Input, Output, Signature

__all__ = ["Image", "find", "keep", "parse", "show"]


@dataclass(frozen=True)
class Image:
    """``symbol`` is the kernel's, ``code`` the keys of its machine code and of what it calls of the library, ``sites`` are the
    places that can fail."""

    signature: Signature
    symbol: str
    code: tuple[str, ...]
    sites: tuple[Site, ...]
    shared: bool
    """Whether threads share loops of it."""


def find(cache: Cache, key: str) -> tuple[Image, list[bytes]] | None:
    """The image under a key and its machine code, where all of it is there."""
    text = cache.get(key)
    if text is None:
        return None
    try:
        image = parse(text.decode())
    except (ValueError, KeyError, TypeError, IndexError):  # nothing that `show` wrote
        return None
    codes = [code for name in image.code if (code := cache.get(name)) is not None]
    return (image, codes) if len(codes) == len(image.code) else None


def keep(cache: Cache, key: str, image: Image) -> None:
    """Put an image into the cache."""
    cache.put(key, show(image).encode())


# -- text --------------------------------------------------------------------------------------------------------------
def show(image: Image) -> str:
    """The image as JSON: sizes and types as they print, spans by the number of their source."""
    sources = list(dict.fromkeys(s.span.source for s in image.sites if s.span is not None))
    signature = image.signature
    return json.dumps({
        "name": signature.name,
        "inputs": [[i.name, i.dtype, _shown(i.dims), i.binds, i.modular and str(i.modular)] for i in signature.inputs],
        "sizes": signature.sizes,
        "outputs": [[o.dtype, _shown(o.dims)] for o in signature.outputs],
        "derived": [[atom, str(value)] for atom, value in signature.derived],
        "extents": _shown(signature.extents),
        "symbol": image.symbol,
        "code": image.code,
        "sites": [[s.code, s.message, _place(s.span, sources)] for s in image.sites],
        "sources": [[s.path, s.text] for s in sources],
        "shared": image.shared,
    })


def parse(text: str) -> Image:
    """The image that `show` wrote."""
    data = json.loads(text)
    sources = [Source(path, content) for path, content in data["sources"]]
    signature = Signature(
        data["name"],
        tuple(Input(name, dtype, _read(dims), binds, element(parse_wire(modular)) if modular else None)
              for name, dtype, dims, binds, modular in data["inputs"]),
        tuple(data["sizes"]),
        tuple(Output(dtype, _read(dims)) for dtype, dims in data["outputs"]),
        tuple((atom, parse_size(value)) for atom, value in data["derived"]),
        _read(data["extents"]),
    )
    sites = tuple(Site(code, message, place and Span(sources[place[0]], *place[1:])) for code, message, place in data["sites"])
    return Image(signature, data["symbol"], tuple(data["code"]), sites, data["shared"])


def _shown(dims: Iterable[Size]) -> list[str]:
    return [str(dim) for dim in dims]


def _read(dims: Iterable[str]) -> tuple[Size, ...]:
    return tuple(parse_size(dim) for dim in dims)


def _place(span: Span | None, sources: list[Source]) -> list[Any] | None:
    return None if span is None else [sources.index(span.source), span.line, span.column, span.end_line, span.end_column]
