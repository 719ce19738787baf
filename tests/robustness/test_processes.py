"""Interrupted, killed, side by side, and in whatever state the cache is: what comes out is right, or an error."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import pullback as pb
from pullback.backends.cache import Cache, key_of
from pullback.backends.llvm import jit
from pullback.backends.llvm.target import host

pytestmark = pytest.mark.slow  # together they take some seconds

PROGRAM = "def f(x: f64[n], y: f64[n]) = sum i: sin(x[i]) * exp(y[i] / {k}) + {k}.0 * x[i]\n"
SCRIPT = """
import signal
import numpy as np
import pullback as pb
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
x = np.linspace(0, 1, 7)
for k in range({first}, {last}):
    f = pb.compile({program!r}.format(k=k)).f
    want = float(np.sum(np.sin(x) * np.exp(x / k) + k * x))
    assert abs(f(x, x) - want) < 1e-12 * abs(want), k
    g = pb.grad(f)(x, x)
    assert np.allclose(g, np.cos(x) * np.exp(x / k) + k, rtol=1e-12), k
    print(k, flush=True)
"""


def process(folder: Path, first: int = 1, last: int = 3) -> subprocess.Popen[str]:
    script = SCRIPT.format(program=PROGRAM, first=first, last=last)
    environment = os.environ | {"PULLBACK_CACHE": str(folder), "PULLBACK_VERIFY": "0"}
    return subprocess.Popen([sys.executable, "-c", script], env=environment, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def finish(*processes: subprocess.Popen[str]) -> None:
    for p in processes:
        _, errors = p.communicate(timeout=120)
        assert p.returncode == 0, errors


@pytest.mark.slow
def test_processes_side_by_side_on_one_cache(tmp_path: Path) -> None:
    finish(*[process(tmp_path / "cache") for _ in range(2)])
    finish(process(tmp_path / "cache"))
    assert not [p.name for p in (tmp_path / "cache").iterdir() if p.name.startswith(".new-")]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_process_that_is_stopped_leaves_a_cache_that_serves(tmp_path: Path, how: str) -> None:
    """Stopped somewhere in a compilation; whatever it wrote, the next process computes what is right."""
    folder = tmp_path / "cache"
    started = process(folder, 1, 500)
    assert started.stdout is not None and started.stdout.readline() == "1\n"
    time.sleep(0.05)
    started.send_signal(getattr(signal, how))
    started.communicate(timeout=60)
    assert started.returncode != 0
    finish(process(folder))


def test_an_interrupted_compilation_can_be_done_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C in any of its stages: nothing half made is kept, in the function or on disk."""
    monkeypatch.setenv("PULLBACK_CACHE", str(tmp_path))
    x = np.linspace(0, 1, 5)
    f = pb.compile(PROGRAM.format(k=3)).f
    for place, name in (("pullback.ir.lower", "lower"), ("pullback.backends.llvm.emit", "emit"),
                        ("pullback.backends.llvm.jit", "object_code"), ("pullback.backends.llvm.jit", "load"),
                        ("pullback.ir.evaluate", "evaluate")):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(f"{place}.{name}", _interrupted)
            if name == "load":
                patch.setattr("pullback.backends.llvm.entry.load", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                f.with_settings(lanes=1)(x, x) if name == "evaluate" else f(x, x)
    assert abs(f(x, x) - float(np.sum(np.sin(x) * np.exp(x / 3) + 3 * x))) < 1e-12


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_a_cache_that_goes_away_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    started = process(folder, 1, 5)
    for _ in range(40):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.02)
    finish(started)


# -- entries that are not ours -----------------------------------------------------------------------------------------
@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of one compiled function."""
    monkeypatch.setenv("PULLBACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PULLBACK_VERIFY", "0")
    assert _value() == pytest.approx(_wanted())
    assert list((tmp_path / "cache").iterdir())
    return tmp_path / "cache"


def _value() -> float:
    x = np.linspace(0, 1, 5)
    return float(pb.compile(PROGRAM.format(k=5)).f(x, x))


def _wanted() -> float:
    x = np.linspace(0, 1, 5)
    return float(np.sum(np.sin(x) * np.exp(x / 5) + 5 * x))


HOSTILE = {
    "empty": lambda entry, other: b"",
    "noise": lambda entry, other: os.urandom(len(entry)),
    "of another key": lambda entry, other: other,
    "bits flipped": lambda entry, other: entry[:200] + bytes(b ^ 0x10 for b in entry[200:260]) + entry[260:],
    "cut": lambda entry, other: entry[:-7],
    "longer": lambda entry, other: entry + b"\0" * 16,
    "its content alone": lambda entry, other: entry[len(b"pullback entry 2\n") + 64 :],
}


@pytest.mark.parametrize("how", HOSTILE)
def test_what_does_not_carry_its_key_and_checksum_is_not_used(entries: Path, how: str) -> None:
    paths = sorted(entries.iterdir())
    before = [p.read_bytes() for p in paths]
    for p, entry, other in zip(paths, before, before[1:] + before[:1], strict=True):
        p.write_bytes(HOSTILE[how](entry, other))
    assert _value() == pytest.approx(_wanted())


@pytest.mark.parametrize("kind", ["object", "image"])
def test_an_entry_whose_content_is_no_such_thing_is_an_error_or_absent_never_run(entries: Path, kind: str) -> None:
    """Whoever can write entries with right checksums is the user; even so, nonsense is not executed."""
    cache = Cache(entries)
    text = "define i32 @f() {\n  ret i32 7\n}\n"
    key = jit.key_of_object(text, jit.DEFAULT, host()) if kind == "object" else key_of("nonsense")
    cache.put(key, b"no machine code, and no JSON")
    if kind == "object":
        with pytest.raises(pb.PullbackError):
            jit.load(jit.kept_object_code(text, jit.DEFAULT, host(), cache), ["f"])
    else:
        from pullback.backends.llvm import image

        assert image.find(cache, key) is None


def test_a_folder_that_others_can_write_to_is_left_alone(entries: Path) -> None:
    entries.chmod(0o777)
    before = sorted((p.name, p.stat().st_mtime_ns) for p in entries.iterdir())
    assert _value() == pytest.approx(_wanted())
    assert sorted((p.name, p.stat().st_mtime_ns) for p in entries.iterdir()) == before


# -- threads -----------------------------------------------------------------------------------------------------------
def test_many_threads_compile_and_call_at_once() -> None:
    """The same function, its derivatives and other functions; first calls and later ones."""
    x = np.linspace(0, 1, 6)
    module = pb.compile(PROGRAM.format(k=2) + "def g(x: f64[n]) = for i: f(x, x) * x[i]\n")
    wrong: list[object] = []
    ready = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            ready.wait()
            for k in range(3):
                f = pb.compile(PROGRAM.format(k=7 + (number + k) % 3)).f
                value, by = f(x, x), 7 + (number + k) % 3
                if not np.isclose(value, np.sum(np.sin(x) * np.exp(x / by) + by * x)):
                    wrong.append(("value", number, k, value))
                if not np.allclose(pb.grad(module.f)(x, x), np.cos(x) * np.exp(x / 2) + 2):
                    wrong.append(("gradient", number, k))
                if not np.allclose(module.g(x), module.f(x, x) * x):
                    wrong.append(("product", number, k))
        except BaseException as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sys.getrecursionlimit() < 20_000  # room for recursion is given back
