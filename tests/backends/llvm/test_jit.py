"""Text becomes machine code, wrong text a fault that shows the line, from any number of threads."""

import ctypes
import gc
import threading

import pytest

from pullback.backends.llvm import jit
from pullback.backends.llvm.jit import Options, assembly, load, object_code, optimised
from pullback.backends.llvm.target import baseline, host
from pullback.core.errors import VerifyFault

SQUARE = """
define double @square(double %x) {
  %y = fmul double %x, %x
  ret double %y
}
"""


def called(code, symbol="square", imports=None):
    loaded = load(code, [symbol], imports)
    return ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(loaded[symbol]), loaded


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_function_runs_at_every_level(level):
    square, loaded = called(object_code(SQUARE, Options(level)))
    assert square(3.0) == 9.0
    assert loaded["square"] == loaded.addresses["square"]


def test_the_same_text_gives_the_same_bytes():
    assert object_code(SQUARE) == object_code(SQUARE)


def test_code_stays_while_its_holder_lives_and_names_may_repeat():
    first, keep = called(object_code(SQUARE))
    other, keep_other = called(object_code(SQUARE.replace("fmul double %x, %x", "fadd double %x, %x")))
    for _ in range(20):
        called(object_code(SQUARE))
    gc.collect()
    assert (first(5.0), other(5.0)) == (25.0, 10.0)
    assert keep["square"] != keep_other["square"]


def test_symbols_come_from_the_process_or_from_the_imports():
    text = "declare double @cos(double)\ndeclare double @ours(double)\n" + SQUARE.replace(
        "%y = fmul double %x, %x", "%c = call double @cos(double %x)\n  %y = call double @ours(double %c)"
    )
    negate = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: -x)
    function, _keep = called(object_code(text), imports={"ours": ctypes.cast(negate, ctypes.c_void_p).value})
    assert function(0.0) == -1.0


def test_a_missing_symbol_is_a_fault():
    text = "declare double @nowhere_to_be_found(double)\n" + SQUARE.replace(
        "fmul double %x, %x", "call double @nowhere_to_be_found(double %x)"
    )
    with pytest.raises(VerifyFault) as caught:
        load(object_code(text), ["square"])
    assert caught.value.code == "PB0951"


def test_text_that_does_not_parse_shows_its_line_and_the_neighbours():
    with pytest.raises(VerifyFault) as caught:
        object_code(SQUARE.replace("fmul double %x, %x", "fmul double %x, %z"))
    fault = caught.value
    assert fault.code == "PB0950"
    assert "undefined value '%z'" in fault.message
    assert fault.span.text.startswith("%z")
    assert "ret double %y" in str(fault) and "define double @square" in str(fault)


def test_text_that_does_not_verify_shows_the_instruction():
    text = """
define double @f(double %x, i1 %c) {
  br i1 %c, label %a, label %b
a:
  %y = fadd double %x, %x
  br label %b
b:
  ret double %y
}
"""
    with pytest.raises(VerifyFault) as caught:
        object_code(text)
    assert "dominate" in caught.value.message
    assert caught.value.span is not None


def test_assembly_and_optimised_text_can_be_read():
    assert "square:" in assembly(SQUARE) and "ret" in assembly(SQUARE)
    assert "define" in optimised(SQUARE) and "target triple" in optimised(SQUARE)


def test_a_baseline_target_uses_no_newer_instructions():
    text = SQUARE.replace("double", "<8 x double>")
    assert "ymm" not in assembly(text, target=baseline()) and "zmm" not in assembly(text, target=baseline())


def test_targets_have_keys_that_tell_them_apart():
    assert host().key == host().key != baseline().key
    assert host().vector_bytes in (16, 32, 64)


def test_levels_are_checked():
    with pytest.raises(ValueError, match="level 4"):
        Options(4)


def test_threads_compile_and_load_at_once():
    results = {}

    def work(k):
        text = SQUARE.replace("fmul double %x, %x", f"fmul double %x, {float(k)}")
        results[k] = [called(object_code(text)) for _ in range(5)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(function(2.0) == 2.0 * k for k, made in results.items() for function, _ in made)
    assert len(results) == 6


def test_toolchain_names_its_versions():
    assert jit.toolchain().startswith("llvmlite ")
