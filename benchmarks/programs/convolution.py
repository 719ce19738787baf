"""A layer of 3 × 3 convolutions, 16 channels to 32 on images of 28 × 28: forward, and backward from a given cotangent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness.native import function
from harness.program import OURS, Bar, Call, Contender, Data, Program

import pullback as pb

SOURCE = Path(__file__).parents[2] / "examples" / "convolution.pull"
LAYER = (32, 16, 3, 28)
SIZES = {
    "f64, 1 image": ("f8", 1, *LAYER),
    "f64, 8 images": ("f8", 8, *LAYER),
    "f32, 1 image": ("f4", 1, *LAYER),
    "f32, 8 images": ("f4", 8, *LAYER),
}


def data(dtype: str, n: int, o: int, c: int, r: int, y: int) -> Data:
    """Filters, images and the cotangent of the result."""
    rng, out = np.random.default_rng(0), y - r + 1
    return [rng.normal(size=s).astype(dtype) for s in ((o, c, r, r), (n, c, y, y), (n, o, out, out))]


def ours(data: Data) -> Mapping[str, Call]:
    filters, images, cotangent = data
    m = pb.compile(SOURCE)
    layer = m.layer if filters.dtype == np.float64 else m.layer32
    back = pb.reverse(layer)
    return {"forward": lambda: layer(filters, images), "backward": lambda: back(filters, images, cotangent)}


def in_c(data: Data) -> Mapping[str, Call]:
    filters, images, cotangent = data
    (o, c, r, s), (n, _, y, x), kind = filters.shape, images.shape, "f" if filters.dtype == np.float32 else "d"
    out, dfilters, dimages = np.empty_like(cotangent), np.empty_like(filters), np.empty_like(images)
    sizes = (n, o, c, r, s, y, x)
    forward = function("convolution", f"forward_{kind}")(filters, images, out, *sizes)
    backward = function("convolution", f"backward_{kind}")(filters, images, cotangent, dfilters, dimages, *sizes)
    return {"forward": lambda: (forward(), out)[1], "backward": lambda: (backward(), (dfilters, dimages))[1]}


def in_jax(data: Data) -> Mapping[str, Call]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    filters, images, cotangent = (jnp.asarray(a) for a in data)

    def layer(filters: Any, images: Any) -> Any:
        return jax.lax.conv_general_dilated(images, filters, (1, 1), "VALID")

    forward = jax.jit(layer)
    backward = jax.jit(lambda filters, images, cotangent: jax.vjp(layer, filters, images)[1](cotangent))
    return {
        "forward": lambda: jax.block_until_ready(forward(filters, images)),
        "backward": lambda: jax.block_until_ready(backward(filters, images, cotangent)),
    }


def in_torch(data: Data) -> Mapping[str, Call]:
    import torch
    from torch.nn.functional import conv2d

    filters, images, cotangent = (torch.from_numpy(a) for a in data)

    def forward() -> Any:
        with torch.no_grad():
            return conv2d(images, filters)

    def backward() -> Any:
        none, pair = None, [1, 1]
        return torch.ops.aten.convolution_backward(
            cotangent, images, filters, none, pair, [0, 0], pair, False, [0, 0], 1, [True, True, False]
        )[1::-1]

    return {"forward": forward, "backward": backward}


PROGRAM = Program(
    name="convolution",
    title="A convolution, 3 × 3, 16 channels to 32, on 28 × 28",
    sizes=SIZES,
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender("JAX", in_jax),
        Contender("PyTorch", in_torch),
        Contender("C, loops", in_c, threads=False),
    ),
    bars=(
        Bar("forward never slower than JAX and PyTorch", "forward", (("JAX", "forward"), ("PyTorch", "forward")), 1.0),
        Bar("backward never slower than JAX and PyTorch", "backward", (("JAX", "backward"), ("PyTorch", "backward")), 1.0),
        Bar("forward never slower than C", "forward", (("C, loops", "forward"),), 1.0),
    ),
    tolerance=1e-4,
    quick="f64, 1 image",
)
