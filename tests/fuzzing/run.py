"""Programs without end, run in every way there is: `make fuzz MINUTES=60`, or here `python -m fuzzing.run --minutes 60`.

One program in four goes through every pass and optimisation, the others to unoptimised code. Each worker is a process of its
own: one that dies, or is busy with a program for minutes, has found something, and another takes its place. What is found is
written to `tests/fuzzing/found`, where the tests run it from then on, and there made smaller by a process of its own. Programs
follow from --seed and their number: `--again SEED:NUMBER` makes and runs one once more.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

FOUND = Path(__file__).parent / "found"
WHOLE = 4
"""One program in so many goes all the way."""
STUCK = 120.0
"""Seconds after which a worker that says nothing is given up."""
PATIENCE = 180.0
"""Seconds for making a program smaller; what it is by then is kept."""
BLOCK = 50
"""Programs after which a worker says what it went through, and looks for garbage."""


def work(connection: Connection, seed: int, first: int, step: int) -> None:
    """Programs ``first``, ``first + step``, …: says where it is, and now and then what it went through."""
    from fuzzing.programs import make
    from fuzzing.ways import Coverage, check

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    os.environ.setdefault("PULLBACK_VERIFY", "1")
    coverage, ran, number = Coverage(), Counter[str](), first
    gc.freeze()
    gc.disable()
    while True:
        connection.send(("at", number))
        everything = number // step % WHOLE == 0
        try:
            program = make(seed, number)
            check(program, everything, coverage)
            ran["all the way" if everything else "unoptimised"] += 1
        except Exception as problem:
            connection.send(("wrong", number, kind(problem), "".join(traceback.format_exception(problem))))
        number += step
        if number // step % BLOCK == 0:
            gc.collect()
            connection.send(("through", coverage, ran))
            coverage, ran = Coverage(), Counter()


def kind(problem: BaseException) -> str:
    """What problems of one cause have in common: the error, and the innermost place of ours, or the way."""
    from fuzzing.ways import Wrong

    if isinstance(problem, Wrong):
        return f"wrong {str(problem).partition(':')[0]}"
    place = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{type(problem).__name__} at {Path(place.filename).name}:{place.lineno}"


@dataclass
class Worker:
    process: Any
    connection: Connection
    number: int
    since: float


def start(context: Any, seed: int, first: int, step: int) -> Worker:
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(there, seed, first, step), daemon=True)
    process.start()
    there.close()
    return Worker(process, here, first, time.monotonic())


def search(minutes: float, seed: int, jobs: int, found: Path) -> int:
    """Run for so long; the number of kinds of trouble found."""
    from fuzzing.ways import Coverage

    context = multiprocessing.get_context("spawn")
    coverage, ran, kinds = Coverage(), Counter[str](), Counter[str]()
    begun = said = time.monotonic()
    workers = [start(context, seed, k, jobs) for k in range(jobs)]
    reducers: list[tuple[Any, float]] = []

    def trouble(number: int, what: str, text: str) -> None:
        kinds[what] += 1
        if kinds[what] == 1:
            print(f"\n{seed}:{number}  {what}\n{text.rstrip()}\n", flush=True)
            process = context.Process(target=write, args=(seed, number, what, found), daemon=True)
            process.start()
            reducers.append((process, time.monotonic() + PATIENCE))

    with contextlib.suppress(KeyboardInterrupt):
        while time.monotonic() < begun + 60 * minutes:
            for ready in wait([w.connection for w in workers], timeout=1.0):
                worker = next(w for w in workers if w.connection is ready)
                try:
                    message = worker.connection.recv()
                except (EOFError, OSError):
                    worker.process.join()
                    trouble(worker.number, f"the process died ({worker.process.exitcode})", "")
                    workers[workers.index(worker)] = start(context, seed, worker.number + jobs, jobs)
                    continue
                match message:
                    case ("at", number):
                        worker.number, worker.since = number, time.monotonic()
                    case ("wrong", number, what, text):
                        trouble(number, what, text)
                    case ("through", more, counts):
                        coverage.add(more)
                        ran.update(counts)
            for k, worker in enumerate(workers):
                if time.monotonic() - worker.since > STUCK:
                    worker.process.kill()
                    trouble(worker.number, f"nothing for {STUCK:.0f} s", "")
                    workers[k] = start(context, seed, worker.number + jobs, jobs)
            for process, end in reducers:
                if time.monotonic() > end:
                    process.kill()
            if time.monotonic() > said + 60:
                said = time.monotonic()
                print(f"{(said - begun) / 60:.0f} min: {summary(ran, kinds)}", flush=True)
    for worker in workers:
        worker.process.kill()
    for process, end in reducers:
        process.join(max(end - time.monotonic(), 0.0))
        process.kill()
    print(f"{coverage.show()}\n{summary(ran, kinds)} in {(time.monotonic() - begun) / 60:.1f} minutes with {jobs} processes")
    for what, count in kinds.most_common():
        print(f"  {count} times: {what}")
    return len(kinds)


def summary(ran: Counter[str], kinds: Counter[str]) -> str:
    both = ran["all the way"] + ran["unoptimised"]
    return f"{both:,} programs, {ran['all the way']:,} of them through every pass; {len(kinds)} kinds of trouble"


def write(seed: int, number: int, what: str, found: Path) -> None:
    """The program as a test, each time that it became smaller; a process of its own, for it may die of it."""
    from fuzzing.programs import make
    from fuzzing.reduce import reduced

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    os.environ.setdefault("PULLBACK_VERIFY", "1")

    def keep(program: Any) -> None:
        found.mkdir(parents=True, exist_ok=True)
        place = found / f"{seed}-{number}.program"
        with tempfile.NamedTemporaryFile("w", dir=found, delete=False, encoding="utf-8") as file:
            file.write(f"# {what}\n{program.show()}")
        os.replace(file.name, place)

    try:
        program = make(seed, number)
    except Exception:  # in making it: there is nothing to write
        return
    keep(program)
    if what.startswith("wrong ") or " at " in what:  # else it would take this process with it
        reduced(program, lambda p: outcome(p) == what, keep)


def outcome(program: Any) -> str:
    """The kind of trouble that a program makes: nothing, as a rule."""
    from fuzzing.ways import Coverage, check

    try:
        check(program, True, Coverage())
    except Exception as problem:
        return kind(problem)
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzzing.run", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="another one each time, unless it is given")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--found", type=Path, default=FOUND, help="where to write programs that went wrong")
    parser.add_argument("--again", metavar="SEED:NUMBER", help="make one program, show it, and run it in every way")
    options = parser.parse_args(argv)
    if options.again:
        from fuzzing.programs import make
        from fuzzing.ways import Coverage, check

        program = make(*map(int, options.again.split(":")))
        print(program.show(), flush=True)
        check(program, True, Coverage())
        return 0
    print(f"seed {options.seed}", flush=True)
    return 1 if search(options.minutes, options.seed, options.jobs, options.found) else 0


if __name__ == "__main__":
    sys.exit(main())
