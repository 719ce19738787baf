"""The cache gives back what was put in, or nothing: never anything else, and never an error."""

import os
import stat
import subprocess
import sys
import threading
import time

import pytest

from pullback.backends import cache as cache_module
from pullback.backends.cache import Cache, compiler
from pullback.backends.llvm import jit
from pullback.backends.llvm.jit import Options, kept_object_code
from pullback.backends.llvm.jit import key_of_object as key_of
from pullback.backends.llvm.target import baseline, host

TEXT = "define i32 @f() {\n  ret i32 7\n}\n"
KEY, OTHER = "ab" * 32, "cd" * 32

as_root = hasattr(os, "getuid") and os.getuid() == 0


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "objects")


@pytest.fixture
def compilations(monkeypatch):
    """Counts how often the compiler really runs."""
    real, calls = jit.object_code, []

    def counted(*args):
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(jit, "object_code", counted)
    return calls


def test_what_was_put_comes_back(cache):
    assert cache.get(KEY) is None
    cache.put(KEY, b"machine code")
    assert cache.get(KEY) == b"machine code"
    assert cache.get(OTHER) is None


def test_a_second_compilation_is_read_from_disk(cache, compilations):
    first = kept_object_code(TEXT, Options(), host(), cache)
    assert kept_object_code(TEXT, Options(), host(), cache) == first
    assert len(compilations) == 1


def test_everything_that_decides_the_code_is_in_the_key(monkeypatch):
    key = key_of(TEXT, Options(), host())
    others = [
        key_of(TEXT + "\n", Options(), host()),
        key_of(TEXT, Options(1), host()),
        key_of(TEXT, Options(), baseline()),
    ]
    monkeypatch.setattr(jit, "toolchain", lambda: "llvmlite 99")
    others.append(key_of(TEXT, Options(), host()))
    assert len({key, *others}) == 5


def test_the_compiler_is_another_one_when_a_file_of_it_changes(tmp_path, monkeypatch):
    (tmp_path / "__init__.py").write_text("__version__ = '1'\n")
    (tmp_path / "ir" / "deep").mkdir(parents=True)
    (tmp_path / "ir" / "deep" / "rule.py").write_text("a = 1\n")
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(cache_module, "__file__", str(tmp_path / "backends" / "cache.py"))

    def now():
        compiler.cache_clear()
        return compiler()

    first = now()
    (tmp_path / "other" / "notes.py").write_text("not ours\n")
    assert now() == first
    os.utime(tmp_path / "ir" / "deep" / "rule.py", (1, 1))
    second = now()
    (tmp_path / "__init__.py").write_text("__version__ = '2'\n")
    third = now()
    compiler.cache_clear()
    assert len({first, second, third}) == 3


def test_the_key_is_the_same_in_another_process():
    program = (
        "from pullback.backends.llvm.jit import Options, key_of_object as key_of;"
        f"from pullback.backends.llvm.target import host; print(key_of({TEXT!r}, Options(), host()))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == key_of(TEXT, Options(), host())


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: b"",
        lambda entry: entry[:-1],
        lambda entry: entry[: len(entry) // 2],
        lambda entry: entry + b"x",
        lambda entry: b"\x7fELF" + entry,
        lambda entry: entry[:-3] + bytes([entry[-3] ^ 1]) + entry[-2:],
        lambda entry: entry.replace(bytes.fromhex(KEY), bytes.fromhex(OTHER)),
        lambda entry: entry.replace(b"entry 2", b"entry 1"),
    ],
)
def test_a_damaged_entry_is_ignored_and_written_anew(cache, damage):
    cache.put(KEY, b"machine code")
    path = cache.folder / KEY
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get(KEY) is None
    cache.put(KEY, b"machine code")
    assert cache.get(KEY) == b"machine code"


def test_an_entry_under_another_name_is_ignored(cache):
    cache.put(KEY, b"machine code")
    os.rename(cache.folder / KEY, cache.folder / OTHER)
    assert cache.get(OTHER) is None


def test_the_folder_is_ours_alone(cache):
    cache.put(KEY, b"x")
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cache.folder / KEY).stat().st_mode) == 0o600


@pytest.mark.parametrize("what", ["folder", "entry"])
def test_what_others_can_write_to_is_not_trusted(cache, what):
    cache.put(KEY, b"x")
    (cache.folder if what == "folder" else cache.folder / KEY).chmod(0o777)
    assert cache.get(KEY) is None


@pytest.mark.skipif(not as_root, reason="only root can give files away")
@pytest.mark.parametrize("what", ["folder", "entry"])
def test_what_belongs_to_others_is_not_trusted(cache, what):
    cache.put(KEY, b"x")
    os.chown(cache.folder if what == "folder" else cache.folder / KEY, 12345, 12345)
    assert cache.get(KEY) is None
    if what == "folder":
        cache.put(OTHER, b"y")
        assert not (cache.folder / OTHER).exists()


def test_a_link_is_not_followed(cache, tmp_path):
    cache.put(KEY, b"x")
    os.rename(cache.folder / KEY, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", cache.folder / KEY)
    assert cache.get(KEY) is None


def test_a_folder_that_cannot_be_made_costs_only_the_cache(tmp_path, compilations):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "objects")
    assert kept_object_code(TEXT, Options(), host(), cache) == kept_object_code(TEXT, Options(), host(), cache)
    assert len(compilations) == 2


def test_a_full_disk_costs_only_the_cache(cache, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.put(KEY, b"x")
    assert cache.get(KEY) is None
    assert list(cache.folder.iterdir()) == []


def test_a_read_only_folder_still_serves(cache, monkeypatch):
    cache.put(KEY, b"x")

    def refused(*args, **kwargs):
        raise PermissionError(30, "Read-only file system")

    for name in ("utime", "replace", "unlink"):
        monkeypatch.setattr(os, name, refused)
    monkeypatch.setattr(cache_module.tempfile, "mkstemp", refused)
    assert cache.get(KEY) == b"x"
    cache.put(OTHER, b"y")
    assert cache.get(OTHER) is None


def test_writers_at_once_leave_whole_entries(cache):
    contents = [bytes([k]) * 50_000 for k in range(8)]

    def work(k):
        for _ in range(20):
            cache.put(KEY, contents[k])
            assert cache.get(KEY) in contents

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.get(KEY) in contents
    assert [p.name for p in cache.folder.iterdir()] == [KEY]


def test_the_oldest_are_removed_beyond_the_limit(tmp_path):
    cache = Cache(tmp_path, limit=3500)
    keys = [f"{k:02x}" * 32 for k in range(4)]
    now = time.time()
    for age, key in enumerate(keys[:3]):
        cache.put(key, bytes(1000))
        os.utime(tmp_path / key, (now - 100 + age, now - 100 + age))
    assert cache.get(keys[0]) is not None  # used just now, so the second is the oldest
    cache.put(keys[3], bytes(1000))
    assert [cache.get(key) is not None for key in keys] == [True, False, True, True]


def test_what_alone_exceeds_the_limit_is_not_kept(tmp_path):
    cache = Cache(tmp_path, limit=100)
    cache.put(KEY, bytes(1000))
    assert cache.get(KEY) is None


def test_the_environment_says_where(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("PULLBACK_CACHE", raising=False)
    assert Cache.default().folder == tmp_path / "xdg" / "pullback"
    monkeypatch.setenv("PULLBACK_CACHE", str(tmp_path / "own"))
    assert Cache.default().folder == tmp_path / "own"
    monkeypatch.setenv("PULLBACK_CACHE", "off")
    assert Cache.default().folder is None
    monkeypatch.setenv("PULLBACK_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert Cache.default().folder.parts[-2:] == (".cache", "pullback")


def test_off_means_no_files(compilations):
    cache = Cache(None)
    assert kept_object_code(TEXT, Options(), host(), cache) == kept_object_code(TEXT, Options(), host(), cache)
    assert len(compilations) == 2


def test_what_alone_exceeds_the_limit_pushes_nothing_out(tmp_path):
    cache = Cache(tmp_path, limit=1000)
    cache.put(OTHER, bytes(100))
    cache.put(KEY, bytes(2000))
    assert cache.get(OTHER) == bytes(100)
