"""What an evaluation is, as data: a program, and for each function GradBench asks for how inputs become calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from ..python.function import Function
from ..python.module import Module
from ..python.module import compile as compile_program

__all__ = ["Evaluation", "Task", "listed", "numbers", "program", "simple"]

Input = Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """A function of an evaluation: `prepare` turns an input into a call, which is what is timed, `write` its result into JSON.

    ``functions`` are those that the call may use; they are compiled when the evaluation is defined."""

    functions: tuple[Function, ...]
    prepare: Callable[[Any], Callable[[], Any]]
    write: Callable[[Any], Any]


@dataclass(frozen=True)
class Evaluation:
    """A module of GradBench: its program, and its tasks by the names of its functions."""

    name: str
    tasks: Callable[[Module], Mapping[str, Task]]

    def define(self) -> Mapping[str, Task]:
        """The tasks, compiled. Raises what compilation raises."""
        made = self.tasks(program(self.name))
        for task in made.values():
            for function in task.functions:
                _ = function.executable.function
        return made


def program(name: str) -> Module:
    """The program of that name, beside the evaluations."""
    with as_file(files(f"{__package__}.evals")) as folder:
        return compile_program(folder / f"{name}.pull")


def simple(function: Function, read: Callable[[Any], Sequence[Any]], write: Callable[[Any], Any]) -> Task:
    """A task that is one call of one function."""

    def prepare(given: Any) -> Callable[[], Any]:
        arguments = read(given)
        return lambda: function(*arguments)

    return Task((function,), prepare, write)


def numbers(given: Any, *shape: int, kind: type = float) -> np.ndarray:
    """An array of nested lists, which may be empty, in a shape (-1: as many as there are) or its own. Raises ValueError."""
    found: np.ndarray = np.array(given, dtype=kind)
    if not found.size:
        shape = tuple(max(n, 0) for n in shape)  # how often nothing fits into nothing, NumPy cannot tell
    return found.reshape(shape) if shape else found


def listed(result: Any) -> Any:
    """Arrays and tuples as lists, for JSON."""
    if isinstance(result, np.ndarray):
        return result.tolist()
    if isinstance(result, tuple):
        return [listed(part) for part in result]
    return result
