"""CPython and NumPy as machine code sees them: addresses of their functions and types, offsets of their fields.

The offsets are those of 64-bit CPython with the GIL; NumPy has kept PyArrayObject's since 1.7. `supported` reads a
known array through them before anything is built on them.
"""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

__all__ = ["FUNCTIONS", "MethodDefinition", "Offsets", "addresses", "builtin", "scalar_types", "supported"]


class Offsets(NamedTuple):
    """Bytes from an object's start to a field."""

    type: int = 8
    scalar_value: int = 16
    """Of float and of NumPy's scalars."""
    array_data: int = 16
    array_nd: int = 24
    array_dimensions: int = 32
    array_descr: int = 56
    array_flags: int = 64


CONTIGUOUS_AND_ALIGNED = 0x1 | 0x100
"""NumPy's flags NPY_ARRAY_C_CONTIGUOUS and NPY_ARRAY_ALIGNED."""

FUNCTIONS: dict[str, str] = {
    "PyObject_Vectorcall": "ptr (ptr, ptr, i64, ptr)",
    "PyObject_CallOneArg": "ptr (ptr, ptr)",
    "PyBytes_FromStringAndSize": "ptr (ptr, i64)",
    "PyErr_Clear": "void ()",
    "PyEval_SaveThread": "ptr ()",
    "PyEval_RestoreThread": "void (ptr)",
    "PyFloat_FromDouble": "ptr (double)",
    "PyLong_AsDouble": "double (ptr)",
    "PyLong_AsLongLong": "i64 (ptr)",
    "PyLong_FromLongLong": "ptr (i64)",
    "PyLong_FromUnsignedLongLong": "ptr (i64)",
    "PyBool_FromLong": "ptr (i64)",
    "PyTuple_New": "ptr (i64)",
    "PyTuple_SetItem": "i32 (ptr, i64, ptr)",
    "Py_IncRef": "void (ptr)",
    "Py_DecRef": "void (ptr)",
    "PyArray_Empty": "ptr (i32, ptr, ptr, i32)",
}
"""The C functions an entry calls, with their types as LLVM writes them."""

_ARRAY_TYPE, _ARRAY_EMPTY = 2, 184  # places in NumPy's C API table, fixed since NumPy 1


class MethodDefinition(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p)
    )  # fmt: skip


METH_FASTCALL = 0x80


def scalar_types() -> dict[str, type]:
    """NumPy's scalar types by dtype name, those an entry reads by itself."""
    return {np.dtype(c).str[1:] if c != "?" else "?": np.dtype(c).type for c in "?bBhHiIlLfd"}


@cache
def _array_api() -> Any:
    """NumPy's table of C functions."""
    umath = import_module("numpy._core._multiarray_umath")
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return (ctypes.c_void_p * 256).from_address(pointer(umath._ARRAY_API, None))


@cache
def addresses() -> dict[str, int]:
    """Every symbol an entry may import: C functions by their names, types and dtypes as `pb.type.X`, `pb.descr.X`."""
    found = {
        name: ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0
        for name in FUNCTIONS
        if not name.startswith("PyArray")
    }
    found["PyArray_Empty"] = _array_api()[_ARRAY_EMPTY]
    found |= {"pb.type.array": id(np.ndarray), "pb.type.float": id(float), "pb.type.int": id(int)}
    found |= {"pb.true": id(True), "pb.false": id(False)}
    for name, scalar in scalar_types().items():
        found[f"pb.type.{name}"] = id(scalar)
        found[f"pb.descr.{name}"] = id(np.dtype(scalar))
    return found


@cache
def supported() -> bool:
    """Whether this interpreter's and NumPy's objects lie as `Offsets` says; entries are made only then."""
    plain = sys.implementation.name == "cpython" and ctypes.sizeof(ctypes.c_void_p) == 8 and sys.byteorder == "little"
    if not plain or (sys.version_info >= (3, 13) and sysconfig.get_config_var("Py_GIL_DISABLED")):
        return False
    try:
        return _layout_is_known()
    except (AttributeError, ImportError, ValueError):
        return False


def _layout_is_known() -> bool:
    at, probe = Offsets(), np.arange(6.0).reshape(2, 3)[:, :2]
    whole, number = np.ascontiguousarray(probe), np.float32(1.5)

    def word(thing: Any, offset: int, kind: Any = ctypes.c_uint64) -> int:
        return int(kind.from_address(id(thing) + offset).value)

    shape = (ctypes.c_int64 * 2).from_address(word(whole, at.array_dimensions))
    flags = [word(a, at.array_flags, ctypes.c_int32) & CONTIGUOUS_AND_ALIGNED for a in (whole, probe)]
    return (
        _array_api()[_ARRAY_TYPE] == id(np.ndarray) == word(whole, at.type)
        and word(whole, at.array_data) == whole.ctypes.data
        and word(whole, at.array_nd, ctypes.c_int32) == 2
        and tuple(shape) == (2, 2)
        and word(whole, at.array_descr) == id(np.dtype("f8"))
        and flags == [CONTIGUOUS_AND_ALIGNED, 0x100]
        and ctypes.c_double.from_address(id(2.5) + at.scalar_value).value == 2.5
        and ctypes.c_float.from_address(id(number) + at.scalar_value).value == 1.5
    )


def builtin(definition: MethodDefinition, owner: object) -> Any:
    """A built-in function object. `owner` must keep the definition and its code alive; the function keeps `owner`."""
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p]
    return make(ctypes.addressof(definition), owner, None)
