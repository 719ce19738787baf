"""All benchmarks, side by side: `make bench`, or `python benchmarks/run.py [PROGRAM ...] [--quick]`.

Each program is measured in a process of its own, first with one thread, then with all. A run of everything is written into
benchmarks/results/, any other into benchmarks/out/: a page, the figures as JSON and a picture.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from harness import machine
from harness.bars import verdicts
from harness.measure import Measured, measure
from harness.picture import draw
from harness.program import Program
from harness.report import page

HERE = Path(__file__).resolve().parent
ALL = ("gmm", "lse", "kmeans", "ba", "lstm", "logistic", "mlp", "convolution", "compile_time", "call_time",
       "circuits")
SECONDS, QUICK_SECONDS = 1.0, 0.2  # that each call is run for, besides what it takes to warm up


def known() -> list[str]:
    """The programs that there are, in the order in which they are shown."""
    there = {f.stem for f in (HERE / "programs").glob("*.py")} - {"__init__"}
    return [name for name in ALL if name in there] + sorted(there - set(ALL))


def program(name: str) -> Program:
    found = import_module(f"programs.{name}").PROGRAM
    assert isinstance(found, Program)
    return found


def work(name: str, threads: int, quick: bool, out: Path) -> None:
    """In a process of its own: measure one program and leave the figures in a file."""
    machine.pin(threads)
    chosen = program(name)
    figures = []
    for size in chosen.chosen(quick) if chosen.running(threads) else ():
        print(f"  {name}, {size}, {threads} thread{'s' * (threads > 1)}", file=sys.stderr, flush=True)
        figures += [m.as_json() for m in measure(chosen, size, threads, QUICK_SECONDS if quick else SECONDS)]
    out.write_text(json.dumps(figures), encoding="utf-8")


def delegate(name: str, threads: int, quick: bool) -> list[Measured]:
    """`work` in a child whose libraries have so many threads."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        command = [sys.executable, __file__, name, "--work", str(threads), "--out", str(out), *["--quick"] * quick]
        subprocess.run(command, check=True, env=machine.environment(threads))
        return [Measured.of_json(fields) for fields in json.loads(out.read_text(encoding="utf-8"))]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description="Measure programs beside JAX, PyTorch and C.")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=f"which ones: {', '.join(known())} (default: all)")
    parser.add_argument("--quick", action="store_true", help="one size of each, a fifth of the time")
    parser.add_argument("--threads", type=int, action="append", metavar="N", help="only with N threads (may be repeated)")
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help="folder of the page, the figures and the picture")
    given = parser.parse_args()
    if unknown := set(given.programs) - set(known()):
        parser.error(f"there is no program {', '.join(sorted(unknown))}; there are {', '.join(known())}")
    return given


def main() -> int:
    given = arguments()
    if given.work:
        work(*given.programs, given.work, given.quick, given.out)
        return 0
    names = given.programs or known()
    counts = given.threads or sorted({1, machine.cores()})
    figures = [m for name in names for threads in counts for m in delegate(name, threads, given.quick)]
    whole = not (given.programs or given.quick or given.threads)
    folder = given.out or HERE / ("results" if whole else "out")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [program(name) for name in names]
    date, facts, bars = datetime.date.today().isoformat(), machine.described(), list(verdicts(chosen, figures))
    drawn = draw(chosen, figures, folder / "ratios.png")
    text = page(date, facts, chosen, figures, bars, "ratios.png" if drawn else "")
    (folder / "table.md").write_text(text, encoding="utf-8")
    (folder / "table.json").write_text(json.dumps({
        "date": date, "machine": facts, "figures": [m.as_json() for m in figures], "bars": [b.as_json() for b in bars],
    }, indent=1) + "\n", encoding="utf-8")
    print(text)
    print(f"written to {folder}")
    return any(m.wrong for m in figures)


if __name__ == "__main__":
    sys.exit(main())
