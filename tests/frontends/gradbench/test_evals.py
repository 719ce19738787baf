"""Each module's outputs in GradBench's formats, against references of another make: the cases, NumPy, complex steps.

GradBench accepts |x − y| ≤ 1e-4 · max(1, |x| + |y|); here it is 1e-9, and of the norm besides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pullback.frontends.cli.main import main

pytestmark = pytest.mark.slow  # together they take many seconds

CASES = Path(__file__).parents[2] / "cases"
EVALS = Path(__file__).parents[3] / "frontends" / "gradbench" / "evals"
Ask = Callable[..., Any]


def agree(ours: Any, theirs: Any, tolerance: float = 1e-9) -> None:
    """The same structure of objects and lists, and the same numbers."""
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs)
        for name in theirs:
            agree(ours[name], theirs[name], tolerance)
        return
    assert np.shape(ours) == np.shape(theirs)
    x, y = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert np.all(np.abs(x - y) <= tolerance * np.maximum(1, np.abs(x) + np.abs(y)))
    assert np.linalg.norm(x - y) <= tolerance * np.linalg.norm(y)


def by_complex_step(f: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    """The derivatives of an analytic function by each entry of x, exact but for rounding; entries of x are the last axis."""
    h = 1e-30
    return np.stack([np.imag(f(x + 1j * h * unit)) / h for unit in np.eye(len(x))], axis=-1)


@pytest.mark.parametrize(("case", "value", "derivative"), [
    ("gmm_d2_k5_n1000", "objective", "jacobian"), ("lse_n7", "primal", "gradient"), ("lse_n2500", "primal", "gradient"),
    ("kmeans_k3_n20_d2", "cost", "dir"), ("kmeans_k10_n1000_d8", "cost", "dir"), ("lstm_l2_c128", "objective", "jacobian"),
    ("ba_p1000", "objective", "jacobian")])
def test_the_cases(ask: Ask, case: str, value: str, derivative: str) -> None:
    it = json.loads((CASES / f"{case}.json").read_text(encoding="utf-8"))
    agree(ask(it["program"], value, it["input"]), it["value"])
    agree(ask(it["program"], derivative, it["input"]), it["derivative"])


@pytest.mark.parametrize("l", [1, 2, 5, 8])
def test_det(ask: Ask, l: int) -> None:
    a = np.random.default_rng(l).random((l, l))
    given = {"A": a.reshape(-1).tolist(), "ell": l}
    agree(ask("det", "primal", given), np.linalg.det(a))
    agree(ask("det", "gradient", given), (np.linalg.det(a) * np.linalg.inv(a).T).reshape(-1))


@pytest.mark.parametrize(("m", "n"), [(1, 2), (4, 9), (16, 1001)])
def test_llsq(ask: Ask, m: int, n: int) -> None:
    x, t = np.random.default_rng(m).normal(size=m), -1 + np.arange(n) * 2 / (n - 1)
    powers = np.vander(t, m, increasing=True)
    left = np.sign(t) - powers @ x
    given = {"x": x.tolist(), "n": n}
    agree(ask("llsq", "primal", given), left @ left / 2)
    agree(ask("llsq", "gradient", given), -powers.T @ left)


def runge_kutta(x: np.ndarray, s: int) -> np.ndarray:
    """By the classical tableau."""
    def f(y: np.ndarray) -> np.ndarray:
        return x * np.concatenate([[1], y[:-1]])

    y, h = np.zeros_like(x), 2 / s
    for _ in range(s):
        slopes: list[np.ndarray] = []
        for reach in (0, h / 2, h / 2, h):
            slopes.append(f(y + reach * slopes[-1]) if slopes else f(y))
        y = y + h * np.average(slopes, axis=0, weights=[1, 2, 2, 1])
    return y


@pytest.mark.parametrize(("n", "s"), [(1, 1), (3, 4), (10, 7)])
def test_ode(ask: Ask, n: int, s: int) -> None:
    x = np.random.default_rng(n).uniform(0.5, 1.5, size=n)
    given = {"x": x.tolist(), "s": s}
    agree(ask("ode", "primal", given), runge_kutta(x, s))
    agree(ask("ode", "gradient", given), by_complex_step(lambda x: runge_kutta(x, s)[-1], x))


@pytest.mark.parametrize("function", ["ff", "fr", "rf", "rr"])
def test_saddle_and_particle(ask: Ask, function: str) -> None:
    """What GradBench expects of every tool."""
    agree(ask("saddle", function, {"start": [1.0, 1.0]}), [8.246324826140356e-06] * 4)
    agree(ask("particle", function, {"w": 0.0}), 0.2071918746486116)


def hand(mirrored: bool, bones: int = 22, vertices: int = 30, points: int = 12) -> dict[str, Any]:
    """A hand of random bones: a wrist, a palm, five fingers of four, as in ADBench's order."""
    rng = np.random.default_rng(int(mirrored))

    def frames() -> np.ndarray:
        made = np.tile(np.eye(4), (bones, 1, 1))
        made[:, :3] = 0.6 * rng.normal(size=(bones, 3, 4))
        return made

    parents = [-1, 0, *(1 if (k - 2) % 4 == 0 else k - 1 for k in range(2, bones))]
    return {
        "theta": (0.4 * rng.normal(size=26)).tolist(),
        "us": [],
        "data": {
            "model": {
                "bone_count": bones, "bone_names": [f"bone{k}" for k in range(bones)], "parents": parents,
                "base_relatives": frames().tolist(), "inverse_base_absolutes": frames().tolist(),
                "base_positions": np.concatenate([rng.normal(size=(vertices, 3)), np.ones((vertices, 1))], axis=1).tolist(),
                "weights": rng.random((vertices, bones)).tolist(), "triangles": rng.integers(0, vertices, (9, 3)).tolist(),
                "is_mirrored": mirrored},
            "correspondences": rng.integers(0, 9, points).tolist(), "points": rng.normal(size=(points, 3)).tolist()}}


def skin(theta: np.ndarray, model: dict[str, Any]) -> np.ndarray:
    """All vertices of a posed hand, from the definition: three rotations for each joint, matrices all through."""
    angles = np.zeros((len(model["parents"]), 3), dtype=theta.dtype)  # about x, z, y
    for finger in range(5):
        first, own = 2 + 4 * finger, theta[6 + 4 * finger:10 + 4 * finger]
        angles[first, :2], angles[first + 1, 0], angles[first + 2, 0] = own[:2], own[2], own[3]

    def about(axis: int, angle: Any) -> np.ndarray:
        made = np.eye(4, dtype=theta.dtype)
        i, j = (axis + 1) % 3, (axis + 2) % 3
        made[i, i] = made[j, j] = np.cos(angle)
        made[j, i], made[i, j] = np.sin(angle), -np.sin(angle)
        return made

    absolutes: list[np.ndarray] = []
    for k, parent in enumerate(model["parents"]):
        own = np.array(model["base_relatives"][k]) @ about(2, angles[k, 1]) @ about(1, angles[k, 2]) @ about(0, angles[k, 0])
        absolutes.append(own if parent == -1 else absolutes[parent] @ own)
    rest, weights = np.array(model["base_positions"]), np.array(model["weights"])
    moved = sum(weights[:, k, None] * (rest @ (absolutes[k] @ np.array(model["inverse_base_absolutes"][k])).T)
                for k in range(len(absolutes)))
    assert isinstance(moved, np.ndarray)
    places = moved[:, :3] * ([-1, 1, 1] if model["is_mirrored"] else [1, 1, 1])
    angle = np.sqrt(np.sum(theta[:3] ** 2))
    x, y, z = theta[:3] / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    rotation = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return places @ rotation.T + theta[3:6]


@pytest.mark.parametrize("mirrored", [False, True])
def test_ht_at_vertices(ask: Ask, mirrored: bool) -> None:
    given = hand(mirrored)
    data, theta = given["data"], np.array(given["theta"])

    def errors(theta: np.ndarray) -> np.ndarray:
        return (np.array(data["points"]) - skin(theta, data["model"])[data["correspondences"]]).reshape(-1)

    agree(ask("ht", "objective", given), errors(theta))
    agree(ask("ht", "jacobian", given), by_complex_step(errors, theta))


def test_ht_in_triangles(ask: Ask) -> None:
    given = hand(False)
    data, theta = given["data"], np.array(given["theta"])
    us = np.random.default_rng(0).random((len(data["points"]), 2))
    corners = np.array(data["model"]["triangles"])[data["correspondences"]]

    def errors(theta: np.ndarray, us: np.ndarray) -> np.ndarray:
        barycentric = np.stack([us[:, 0], us[:, 1], 1 - us[:, 0] - us[:, 1]], axis=1)
        places = np.einsum("oc,oci->oi", barycentric, skin(theta, data["model"])[corners])
        return (np.array(data["points"]) - places).reshape(-1)

    given["us"] = us.tolist()
    agree(ask("ht", "objective", given), errors(theta, us))
    by_place = np.stack([errors(theta, us + unit) - errors(theta, us) for unit in np.eye(2)], axis=-1)  # it is affine in us
    agree(ask("ht", "jacobian", given), np.concatenate([by_place, by_complex_step(lambda t: errors(t, us), theta)], axis=1))


def test_a_hand_that_is_not_turned_has_no_singular_pose(ask: Ask) -> None:
    """ADBench takes a very small rotation for none."""
    given = hand(False)
    given["theta"][:3] = [0.0, 0.0, 0.0]
    assert np.all(np.isfinite(np.array(ask("ht", "jacobian", given), dtype=float)))


@pytest.mark.slow
def test_the_programs_carry_tests_that_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EVALS)]) == 0, capsys.readouterr().out
