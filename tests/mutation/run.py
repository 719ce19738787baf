"""Makes the faults of `mutants.py` in a copy of the compiler, one by one, and runs the tests that must notice: `make mutants`.

A fault that no test notices is printed, and is the exit code. Each is made in a process of its own, forked from one that has
loaded the large libraries."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
PATIENCE = 90


def copy(folder: Path) -> Path:
    """The files that git knows, and new ones that it does not ignore, as a package of the same name."""
    home = folder / "pullback"
    listing = ["git", "ls-files", "-co", "--exclude-standard"]
    for name in subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n"):
        if name and (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, home / name)
    return home


def run(home: Path, tests: Sequence[str], patience: float = PATIENCE) -> bool:
    """Whether all tests pass, in a process forked from this one."""
    child = os.fork()
    if child == 0:
        os.chdir(home)
        sys.path.insert(0, str(home.parent))
        log = os.open(home.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ["PYTHONPATH"] = str(home.parent)
        os.environ["PULLBACK_CACHE"] = str(home.parent / "cache")
        try:
            import pytest

            os._exit(int(pytest.main(["-x", "-q", *tests])))
        except BaseException:
            os._exit(9)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False  # what does not end is noticed


def survives(home: Path, mutant: Mutant) -> bool:
    path = home / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file} has {text.count(mutant.old)} times, and should have once:\n{mutant.old}")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    try:
        return all(run(home, [test]) for test in mutant.tests)
    finally:
        path.write_text(text, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--only", default="", help="mutants of files whose names have this in them")
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(argv)
    import hypothesis, lark, llvmlite.binding, numpy, pytest  # noqa: E401, F401, I001  # loaded once, for all

    chosen = [m for m in MUTANTS if options.only in m.file][options.first :]
    survivors: list[Mutant] = []
    with tempfile.TemporaryDirectory(prefix="pullback-mutants-") as folder:
        home = copy(Path(folder))
        for test in sorted({t for m in chosen for t in m.tests}):
            if not run(home, [test], 6 * PATIENCE):
                raise SystemExit(f"{test} does not pass without any fault:\n{(home.parent / 'log').read_text()[-2000:]}")
        for k, mutant in enumerate(chosen, 1):
            start = time.monotonic()
            alive = survives(home, mutant)
            survivors += [mutant] * alive
            told = "SURVIVES" if alive else "killed"
            print(f"{k:3} {told} {time.monotonic() - start:5.1f} s  {mutant.file}: {mutant.new.strip()[:70]!r}", flush=True)
    share = 100 - 100 * len(survivors) / len(chosen)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} faults are noticed ({share:.1f} %)")
    for mutant in survivors:
        print(f"  survives: {mutant.file}\n    - {mutant.old}\n    + {mutant.new}")
    return len(survivors)


if __name__ == "__main__":
    sys.exit(main())
