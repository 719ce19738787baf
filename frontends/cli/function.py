"""A function of a program as the commands use it: found by its name, given its arguments, its results told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.errors import suggestion
from ...core.objects import Tuple, Type
from ..language.derivatives import labelled
from ..language.elaborate import elaborate
from ..language.loader import load
from ..language.scope import listed
from ..python.morphism import Morphism, of_language
from ..python.trees import flatten
from . import files
from .usage import UsageFault
from .values import parse_value


def find(file: str, name: str) -> Morphism:
    """A function of the program in a file."""
    return of_language(elaborate(load(file), name))


def arguments(function: Morphism, words: Sequence[str]) -> list[Any]:
    """The leaves of the arguments that ``--arg`` options give. Raises UsageFault, FileFault, ArgumentFault."""
    given = _given(function, words)
    values = [_value(function, p.name, p.type, given) for p in function.parameters]
    return [leaf for p, v in zip(function.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]


def some_arguments(function: Morphism, words: Sequence[str]) -> dict[str, Any]:
    """The parameters that ``--arg`` options give, by name. Raises as `arguments`."""
    given = _given(function, words)
    chosen = [p for p in function.parameters if not given.keys().isdisjoint(_places(p.name, p.type))]
    return {p.name: _value(function, p.name, p.type, given) for p in chosen}


def sizes(words: Sequence[str]) -> dict[str, int]:
    """The sizes that ``--size`` options give. Raises UsageFault."""
    found = {}
    for word in words:
        name, _, number = word.partition("=")
        if not number.strip().isdecimal():
            raise UsageFault("PB0620", f"--size {word} should read NAME=N, as in --size n=1000")
        found[name] = int(number)
    return found


def _given(function: Morphism, words: Sequence[str]) -> dict[str, str]:
    """The texts of ``--arg`` options by the name of the parameter or part."""
    given: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageFault("PB0620", f"--arg {word} should read NAME=VALUE", hint=f"it is {function}")
        if name in given:
            raise UsageFault("PB0607", f"`{name}` of `{function.name}` is given twice")
        given[name] = text
    known = [label for p in function.parameters for label in _places(p.name, p.type)]
    for name in given:
        if name not in known:
            raise UsageFault("PB0607", f"`{function.name}` has no parameter `{name}`",
                             hint=suggestion(name, known) or f"it is {function}")
    return given


def _places(name: str, kind: Type) -> list[str]:
    """The names that may be given: the parameter and each part of it."""
    if not isinstance(kind, Tuple):
        return [name]
    parts = zip(kind.names or range(len(kind.items)), kind.items, strict=True)
    return [name, *(place for key, item in parts for place in _places(f"{name}.{key}", item))]


def _value(function: Morphism, name: str, kind: Type, given: Mapping[str, str]) -> Any:
    if name in given:
        inner = next((other for other in given if other.startswith(f"{name}.")), None)
        if inner is not None and isinstance(kind, Tuple):
            raise UsageFault("PB0607", f"`{name}` of `{function.name}` is given, and its part `{inner}` too")
        found = files.file_of(given[name])
        return files.read(*found, name, kind) if found is not None else parse_value(name, given[name])
    if not isinstance(kind, Tuple) or not any(place in given for place in _places(name, kind)):
        raise UsageFault("PB0601", f"`{name}` of `{function.name}` is missing",
                         hint=f"give it with --arg {name}=VALUE; it is {kind}")
    parts = [_value(function, f"{name}.{key}", item, given)
             for key, item in zip(kind.names or range(len(kind.items)), kind.items, strict=True)]
    return tuple(parts) if kind.names is None else dict(zip(kind.names, parts, strict=True))


def part_names(kind: Type) -> list[str]:
    """What the wires of a result are called in a file: its fields, numbers, or `result`."""
    return [label.removeprefix(".") or "result" for label in labelled("", kind)]


def wrt(function: Morphism, names: str | None) -> tuple[int, ...]:
    """The parameters to differentiate by: those named, or all that have derivatives."""
    from ...core.objects import tangent

    if names is None:
        chosen = tuple(k for k, p in enumerate(function.parameters) if tangent(p.type) is not None)
        if not chosen:
            raise UsageFault("PB0502", f"`{function.name}` has no parameter to differentiate by", hint=f"it is {function}")
        return chosen
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in function.names:
            raise UsageFault("PB0607", f"`{function.name}` has no parameter `{name}`",
                             hint=suggestion(name, function.names) or f"its parameters are {listed(function.names)}")
    return tuple(function.names.index(name) for name in wanted)
