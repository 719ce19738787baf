"""The collector waits while something is compiled, and is then as it was."""

import gc

import pytest

from pullback.core.collection import no_collection


@pytest.fixture
def collector():
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def test_it_waits_and_goes_on(collector):
    with no_collection():
        assert not gc.isenabled()
        with no_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_fault(collector):
    with pytest.raises(ValueError), no_collection():
        raise ValueError
    assert gc.isenabled()


def test_who_does_without_goes_on_without(collector):
    gc.disable()
    with no_collection():
        pass
    assert not gc.isenabled()
