"""GradBench's protocol: a JSON object a line comes in, a JSON object a line goes out, until there are no more.

`start` is answered with the tool's name, `define` by compiling a module, `evaluate` with a function's output and the time of
each run; any other message with its id alone. A line that is no message is answered too, so that asking and answering stay
in step, and whatever fails is an answer that says so.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from math import isfinite
from types import MappingProxyType
from typing import Any

from ...core.errors import PullbackError
from .evaluation import Evaluation, Task

__all__ = ["NAMES", "Session", "serve"]

TOOL = "pullback"
NAMES = ("ba", "det", "gmm", "hello", "ht", "kmeans", "llsq", "lse", "lstm", "ode", "particle", "saddle")
"""Each is a file of `evals` with an `EVALUATION` and, beside it, its program."""

EARLIER: Mapping[str, str] = MappingProxyType({
    "an_ode": "ode", "det_by_minor": "det", "llsq_obj": "llsq", "logsumexp": "lse"})
"""What GradBench once called its modules."""

Message = Mapping[str, Any]


class Refusal(Exception):
    """A message that cannot be carried out; what it says is the answer's `error`."""


@dataclass
class Session:
    """What a conversation has defined so far."""

    modules: dict[str, Mapping[str, Task]] = field(default_factory=dict)

    def answer(self, line: str) -> Message:
        """The answer to a line. Never raises."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {"id": None, "success": False, "error": f"no JSON: {error}"}
        if not isinstance(message, dict):
            return {"id": None, "success": False, "error": "a message is an object"}
        here = {"id": message.get("id")}
        try:
            return {**here, **self.handled(message)}
        except Refusal as refusal:
            return here | {"success": False, "error": str(refusal)}
        except PullbackError as fault:
            return here | {"success": False, "error": str(fault)}
        except Exception as problem:
            return here | {"success": False, "error": "".join(traceback.format_exception_only(problem)).strip()}

    def handled(self, message: Message) -> Message:
        match message.get("kind"):
            case "start":
                return {"tool": TOOL}
            case "define":
                self.define(named(message, "module"))
                return {"success": True}
            case "evaluate":
                module, function = named(message, "module"), named(message, "function")
                tasks = self.define(module)
                if function not in tasks:
                    raise Refusal(f"`{module}` has no function `{function}`; it has {', '.join(tasks)}")
                return evaluate(tasks[function], message.get("input"))
        return {}

    def define(self, module: str) -> Mapping[str, Task]:
        """The tasks of a module, compiled once."""
        name = EARLIER.get(module, module)
        if name not in NAMES:
            raise Refusal(f"there is no module `{module}`; there are {', '.join(NAMES)}")
        if name not in self.modules:
            evaluation: Evaluation = import_module(f".evals.{name}", __package__).EVALUATION
            self.modules[name] = evaluation.define()
        return self.modules[name]


def named(message: Message, what: str) -> str:
    found = message.get(what)
    if not isinstance(found, str):
        raise Refusal(f"the message names no {what}")
    return found


def evaluate(task: Task, given: Any) -> Message:
    """Run a task as often and as long as the input asks for: `min_runs` times and for `min_seconds`, once without them."""
    start = time.perf_counter_ns()
    call = task.prepare(given)
    timings = [timing("prepare", time.perf_counter_ns() - start)]
    asked = given if isinstance(given, Mapping) else {}
    runs, nanoseconds = max(1, int(asked.get("min_runs", asked.get("runs", 1)))), 1e9 * float(asked.get("min_seconds", 0))
    spent, output = 0, None
    while runs > 0 or spent < nanoseconds:
        start = time.perf_counter_ns()
        output = call()
        took = time.perf_counter_ns() - start
        timings.append(timing("evaluate", took))
        spent, runs = spent + took, runs - 1
    return {"success": True, "output": finite(task.write(output)), "timings": timings}


def timing(name: str, nanoseconds: int) -> Message:
    return {"name": name, "nanoseconds": nanoseconds}


def finite(output: Any) -> Any:
    """The output with null for what JSON has no number for: NaN and the infinities."""
    if isinstance(output, float):
        return output if isfinite(output) else None
    if isinstance(output, list):
        return [finite(part) for part in output]
    return {key: finite(part) for key, part in output.items()} if isinstance(output, dict) else output


def serve(lines: Iterable[str], write: Callable[[str], object]) -> None:
    """Answer every line with a line, until there are no more; empty lines are nothing."""
    session = Session()
    for line in lines:
        if line.strip():
            write(json.dumps(session.answer(line), allow_nan=False) + "\n")
