"""Values with structure: tuples and records of arrays, as the wires a term takes, and back.

A tuple is given as a tuple or list, a record as a dict, a NamedTuple or a dataclass with exactly its fields. Results are
tuples, and NamedTuples with the fields' names; a gradient has the structure of the argument it belongs to.
"""

from __future__ import annotations

import dataclasses
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from ...core.errors import ArgumentFault, suggestion
from ...core.objects import Tuple, Type, Wire, tangent
from ..language.scope import listed

__all__ = ["Mirror", "Result", "flatten", "labels", "map_wires", "plain", "record", "unflatten"]


@dataclass(frozen=True)
class Mirror:
    """A result that is a change of parameter number ``parameter``, of type ``kind``: it takes the argument's structure."""

    parameter: int
    kind: Type

    def __str__(self) -> str:
        return str(tangent(self.kind))


Result = Type | Mirror | tuple["Result", ...]


def plain(result: Result) -> Type:
    """The type of a result."""
    if isinstance(result, tuple):
        return Tuple(tuple(map(plain, result)))
    if isinstance(result, Mirror):
        kind = tangent(result.kind)
        assert kind is not None, "a parameter is differentiated by only if it has a tangent"
        return kind
    return result


def labels(name: str, kind: Type) -> Iterator[str]:
    """What each wire of a value is called in Python: `params['w1']`, `pair[0]`."""
    if isinstance(kind, Tuple):
        for key, item in zip(kind.names or range(len(kind.items)), kind.items, strict=True):
            yield from labels(f"{name}[{key!r}]", item)
    else:
        yield name


def map_wires(function: Callable[[Wire], Type], kind: Type) -> Type:
    """The same products of the images of the wires."""
    if isinstance(kind, Tuple):
        return Tuple(tuple(map_wires(function, item) for item in kind.items), kind.names)
    return function(kind)


# -- taking apart ------------------------------------------------------------------------------------------------------
def flatten(name: str, kind: Type, value: Any) -> Iterator[Any]:
    """The leaves of a value, left to right. Raises ArgumentFault PB0608 where its structure is not the type's."""
    if not isinstance(kind, Tuple):
        yield value
    elif kind.names is None:
        if not isinstance(value, tuple | list):
            raise _mismatch(name, kind, f"the argument is {_what(value)}", f"give {len(kind.items)} values in a tuple")
        if len(value) != len(kind.items):
            raise _mismatch(name, kind, f"a tuple of {len(kind.items)}; the argument has {len(value)}")
        for k, (item, part) in enumerate(zip(kind.items, value, strict=True)):
            yield from flatten(f"{name}[{k}]", item, part)
    else:
        parts = _fields(name, kind, value)
        for key, item in zip(kind.names, kind.items, strict=True):
            yield from flatten(f"{name}[{key!r}]", item, parts[key])


def _fields(name: str, kind: Tuple, value: Any) -> Mapping[str, Any]:
    """The fields of a record by name, exactly those of its type."""
    names = kind.names or ()
    if isinstance(value, Mapping):
        parts: Mapping[Any, Any] = value
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        parts = dict(zip(_names_of(value), value, strict=True))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    elif hasattr(type(value), "__attrs_attrs__"):
        parts = {a.name: getattr(value, a.name) for a in type(value).__attrs_attrs__}
    else:
        raise _mismatch(name, kind, f"the argument is {_what(value)}",
                        "give its fields in a dict, a NamedTuple or a dataclass")
    missing = [key for key in names if key not in parts]
    extra = [key for key in parts if key not in names]
    if missing:
        meant = next((key for key in map(str, extra) if suggestion(key, missing)), None)
        raise _mismatch(name, kind, f"the argument has no {listed(missing)}",
                        meant and f"`{meant}` should be called `{missing[0]}`")
    if extra:
        raise _mismatch(name, kind, f"the argument also has {listed(map(str, extra))}",
                        "leave out what the type does not have")
    return parts


def _mismatch(name: str, kind: Type, what: str, hint: str | None = None) -> ArgumentFault:
    return ArgumentFault("PB0608", f"`{name}` is {kind}; {what}", hint=hint)


def _what(value: Any) -> str:
    if value is None:
        return "None"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


# -- putting together --------------------------------------------------------------------------------------------------
def unflatten(result: Result, leaves: Iterator[Any], args: Sequence[Any]) -> Any:
    """The value of a result whose wires are ``leaves``; ``args`` are the arguments that gradients look like."""
    if isinstance(result, tuple):
        return tuple(unflatten(part, leaves, args) for part in result)
    if isinstance(result, Mirror):
        return _mirror(result.kind, leaves, args[result.parameter])
    if not isinstance(result, Tuple):
        return next(leaves)
    parts = [unflatten(item, leaves, args) for item in result.items]
    return tuple(parts) if result.names is None else record(result.names)(*parts)


def _mirror(kind: Type, leaves: Iterator[Any], like: Any) -> Any:
    """A change of a value of type ``kind`` that looks like ``like``; what is discrete is left out."""
    if not isinstance(kind, Tuple):
        return next(leaves)
    if kind.names is None:
        parts = [_mirror(item, leaves, part) for item, part in zip(kind.items, like, strict=True)
                 if tangent(item) is not None]
        if isinstance(like, list):
            return parts
        return type(like)(*parts) if hasattr(like, "_fields") and len(parts) == len(like) else tuple(parts)
    given = _fields("", kind, like)
    named = {key: _mirror(item, leaves, given[key]) for key, item in zip(kind.names, kind.items, strict=True)
             if tangent(item) is not None}
    if isinstance(like, Mapping):
        return named
    if len(named) < len(kind.names):
        return record(tuple(named))(*named.values())
    if isinstance(like, tuple):
        return type(like)(*(named[key] for key in _names_of(like)))
    return type(like)(**named)


@cache
def record(names: tuple[str, ...]) -> type[tuple[Any, ...]]:
    """The NamedTuple of a record with these fields; one class for the same names, in the same order.

    >>> record(("x", "y"))(1, 2)
    record(x=1, y=2)
    """
    base: Any = namedtuple("record", list(names), rename=True)  # type: ignore[misc]  # a field may be called `lambda`, which Python cannot spell
    odd = {name: property(itemgetter(k)) for k, name in enumerate(names) if base._fields[k] != name}
    own = {"__slots__": (), "__repr__": _repr, "__reduce__": _reduce, "_names": names}
    return type("record", (base,), {**own, **odd})


def _repr(self: Any) -> str:
    return f"record({', '.join(f'{name}={value!r}' for name, value in zip(self._names, self, strict=True))})"


def _names_of(value: Any) -> tuple[str, ...]:
    """The fields of a NamedTuple as the language calls them."""
    return getattr(type(value), "_names", value._fields)


def _reduce(self: Any) -> tuple[Any, ...]:
    """Classes made on demand are pickled by their names."""
    return _again, (self._names, tuple(self))


def _again(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    return record(names)(*values)

