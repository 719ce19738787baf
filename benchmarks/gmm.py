"""The gradient of a Gaussian mixture's log-likelihood, beside JAX: the same formula, the same numbers, one thread each.

JAX gets the ADBench formulation (the packed triangles as matrices, einsum over all pairs), jitted, blocked until ready.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from harness import Table, side_by_side

import pullback as pb

PROGRAM = Path(__file__).parents[1] / "examples" / "gmm.pull"
SIZES = ((1000, 10, 25), (10000, 10, 25), (1000, 64, 25), (2500, 32, 50))


def data(n: int, d: int, k: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = ((k,), (k, d), (k, d), (k, d * (d - 1) // 2), (n, d))
    return [scale * rng.normal(size=shape) for shape, scale in zip(shapes, (1, 1, 0.1, 0.1, 1), strict=True)]


def jax_gradient() -> Callable[..., Any] | None:
    """JAX's jitted gradient, or None where JAX is not installed."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from jax.scipy.special import logsumexp

    def loglik(alpha: Any, mu: Any, q: Any, l: Any, x: Any) -> Any:
        n, d = x.shape
        columns, rows = np.triu_indices(d, 1)  # column by column, below the diagonal
        lower = jnp.zeros((len(alpha), d, d)).at[:, rows, columns].set(l)
        centred = x[:, None, :] - mu[None]
        z = jnp.exp(q)[None] * centred + jnp.einsum("krc,nkc->nkr", lower, centred)
        beta = alpha + q.sum(1) - (z**2).sum(-1) / 2
        return logsumexp(beta, axis=1).sum() - n * logsumexp(alpha) - n * d * np.log(2 * np.pi) / 2

    return jax.jit(jax.grad(loglik, argnums=(0, 1, 2, 3)))


def tables() -> list[Table]:
    m = pb.compile(PROGRAM)
    ours, theirs = pb.grad(m.loglik, argnums=(0, 1, 2, 3)), jax_gradient()
    rows = []
    for size in SIZES:
        arguments = data(*size)
        calls: dict[str, Callable[[], object]] = {
            "value": lambda a=arguments: m.loglik(*a), "gradient": lambda a=arguments: ours(*a)}  # type: ignore[misc]
        if theirs is not None:
            for a, b in zip(ours(*arguments), theirs(*arguments), strict=True):
                np.testing.assert_allclose(a, np.asarray(b), rtol=1e-8, atol=1e-8 * float(np.abs(b).max()))
            calls["jax"] = lambda a=arguments: [g.block_until_ready() for g in theirs(*a)]  # type: ignore[misc]
        t = side_by_side(calls, seconds=2.0)
        jax = t.get("jax")
        against = f"{t['gradient'].median / jax.median:.3f}" if jax else ""
        own = f"{t['gradient'].median / t['value'].median:.2f}"
        peer = jax.text if jax else "not installed"
        rows.append((", ".join(map(str, size)), t["value"].text, t["gradient"].text, peer, against, own))
    columns = ("n, d, k", "value", "gradient", "JAX's gradient", "gradient / JAX's", "gradient / value")
    return [Table("gmm, f64, one thread", columns, tuple(rows))]
