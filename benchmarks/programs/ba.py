"""ADBench's bundle adjustment: residuals of all observations, and their sparse Jacobian. Ours is made by `pb.sparse_jacobian`
from the program of the residuals and comes as SciPy's CSR array; the others compute its entries in the order of that form
(15 in a row of a reprojection, 1 in that of a weight), knowing the structure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from harness import native, peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

PULL = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "ba.pull"


def data(n: int, m: int, p: int) -> Data:
    """Cameras about the origin, points before them, each observed by some camera."""
    rng = np.random.default_rng(0)
    cameras = np.concatenate([0.2 * rng.normal(size=(n, 3)), 0.1 * rng.normal(size=(n, 3)), rng.uniform(500, 900, size=(n, 1)),
                              rng.normal(size=(n, 2)), 1e-2 * rng.normal(size=(n, 2))], axis=1)
    points = rng.normal(size=(m, 3)) + np.array([0, 0, 8])
    at = np.stack([rng.integers(0, n, p), np.arange(p) % m], axis=1)
    return [cameras, points, rng.normal(size=p), 10 * rng.normal(size=(p, 2)), at]


def ours(given: Data) -> Calls:
    errors = pb.compile(PULL).errors
    jacobian = pb.sparse_jacobian(errors, ("cameras", "points", "weights"))
    return {"value": lambda: errors(*given), "Jacobian": lambda: jacobian(*given)}


def reprojection(xp: Any) -> Any:
    """One observation: where the camera sees the point, less where it was observed, by weight."""

    def rotate(r: Any, x: Any) -> Any:
        square = r @ r
        turned = square > 0
        angle = xp.sqrt(xp.where(turned, square, 1.0))
        axis = r / angle
        cosine = xp.cos(angle)
        general = x * cosine + xp.linalg.cross(axis, x) * xp.sin(angle) + axis * ((axis @ x) * (1 - cosine))
        return xp.where(turned, general, x + xp.linalg.cross(r, x))

    def residual(camera: Any, x: Any, w: Any, seen: Any) -> Any:
        y = rotate(camera[:3], x - camera[3:6])
        p = y[:2] / y[2]
        s = p @ p
        return w * (p * (1 + camera[9] * s + camera[10] * s * s) * camera[6] + camera[7:9] - seen)

    return residual


def jax(given: Data, forward: bool) -> Calls:
    library = peers.jax()
    xp, residual = library.numpy, reprojection(library.numpy)
    rows = library.vmap((library.jacfwd if forward else library.jacrev)(residual, (0, 1, 2)))

    def value(cameras: Any, points: Any, w: Any, seen: Any, at: Any) -> Any:
        return library.vmap(residual)(cameras[at[:, 0]], points[at[:, 1]], w, seen), 1 - w * w

    def jacobian(cameras: Any, points: Any, w: Any, seen: Any, at: Any) -> Any:
        dc, dx, dw = rows(cameras[at[:, 0]], points[at[:, 1]], w, seen)
        return xp.concatenate([xp.concatenate([dc, dx, dw[:, :, None]], axis=2).reshape(-1), -2 * w])

    return {"value": peers.jitted(value, given), "Jacobian": peers.jitted(jacobian, given)}


def torch(given: Data) -> Calls:
    library = peers.torch()
    residual, (cameras, points, w, seen, at) = reprojection(library), peers.tensors(given)
    rows = library.func.vmap(library.func.jacrev(residual, (0, 1, 2)))
    errors = library.func.vmap(residual)

    def jacobian() -> Any:
        dc, dx, dw = rows(cameras[at[:, 0]], points[at[:, 1]], w, seen)
        return library.cat([library.cat([dc, dx, dw[:, :, None]], dim=2).reshape(-1), -2 * w])

    return {"value": lambda: (errors(cameras[at[:, 0]], points[at[:, 1]], w, seen), 1 - w * w), "Jacobian": jacobian}


def c(given: Data) -> Calls:
    p = len(given[2])
    out = np.empty((p, 2)), np.empty(p)
    value = native.function("ba", "ba_value")(p, *given, *out)
    return {"value": lambda: value() or out}


REVERSE, FORWARD = "JAX, reverse", "JAX, forward"

PROGRAM = Program(
    name="ba",
    title=__doc__ + " Sizes are cameras, points, observations.",
    sizes={"49, 7776, 31843": (49, 7776, 31843)},
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender(REVERSE, lambda given: jax(given, forward=False)),
        Contender(FORWARD, lambda given: jax(given, forward=True)),
        Contender("PyTorch", torch),
        Contender("C, loops", c, threads=False),
    ),
    bars=(
        Bar("Jacobian, half of the fastest of JAX and PyTorch", "Jacobian",
            tuple((name, "Jacobian") for name in (REVERSE, FORWARD, "PyTorch")), 1 / 2),
        Bar("Jacobian over own value", "Jacobian", ((OURS, "value"),), 8),
        Bar("value, plain loops in C", "value", (("C, loops", "value"),), 1),
    ),
)
