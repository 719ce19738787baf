"""The transformations everybody knows, on functions of compiled modules and on what the transformations give.

Each is made once for a function and its ``argnums``, so writing `pullback.grad(f)(x)` in a loop costs nothing.
``argnums`` names parameters: an index or a name, or a tuple of them, which makes the result a tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...core.errors import ArgumentFault, NameFault, suggestion
from ...core.objects import tangent
from ..language.scope import listed
from . import derivatives
from .derivatives import Wrt
from .face import Face
from .function import Function
from .morphism import Morphism

if TYPE_CHECKING:
    from .compilations import Compilations
    from .costs import Costs
    from .sparse import SparseJacobian

__all__ = ["cost", "grad", "hessian", "hvp", "jacfwd", "jacobian", "jacrev", "jvp", "linearize", "reverse", "sparse_hessian",
           "sparse_jacobian", "value_and_grad", "vjp", "vmap", "why_recompiled"]

Argnums = int | str | Sequence[int | str]


def grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The gradient of a function that gives one number: ∂f/∂x with the structure of the argument x.

    With ``has_aux`` f gives a pair, of which the first is differentiated: the result is (gradient, second).

    Raises DerivativeFault: PB0501 where an operation on the way has no derivative, PB0502 by what is discrete, PB0503 of
    what is not one number; NameFault PB0203 for a parameter there is not.

    >>> import pullback as pb
    >>> m = pb.compile("def f(x: f64[n]) -> f64 = sum i: x[i] ^ 3")
    >>> pb.grad(m.f)([1.0, 2.0])
    array([ 3., 12.])
    """
    return _transform("grad", f, argnums, lambda m, wrt: derivatives.gradient(m, wrt, False, has_aux), has_aux)


def value_and_grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """(f(x), ∂f/∂x) computed together; with ``has_aux`` ((value, second), gradient). Raises as `grad` does."""
    return _transform("value_and_grad", f, argnums, lambda m, wrt: derivatives.gradient(m, wrt, True, has_aux), has_aux)


def jacrev(f: Function, argnums: Argnums = 0) -> Function:
    """All first derivatives, a row (one reverse derivative) for every element of the result.

    For a result of shape s and an argument of shape t, an array of shape (*s, *t); for trees, the result's structure and
    in it the argument's."""
    return _transform("jacrev", f, argnums, derivatives.jacobian_reverse)


def jacfwd(f: Function, argnums: Argnums = 0) -> Function:
    """All first derivatives as `jacrev` gives them, made from a column (one forward derivative) for every element of the
    argument: for functions with more results than arguments."""
    return _transform("jacfwd", f, argnums, derivatives.jacobian_forward)


def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """All first derivatives as `jacrev` and `jacfwd` give them, at each call by the one that takes less work at its sizes."""
    from .choice import Choice

    function = _checked(f, "jacobian")
    wrt = _wrt(function.face, argnums)
    return function.remembered(("jacobian", wrt), lambda: Choice(jacrev(function, argnums), jacfwd(function, argnums)))


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """All second derivatives: for a function that gives one number, of shape (*s, *s) for an argument of shape s; for others,
    what `jacfwd` of `jacrev` gives."""
    return _transform("hessian", f, argnums, derivatives.hessian)


def sparse_jacobian(f: Function, argnums: Argnums = 0) -> SparseJacobian:
    """All first derivatives that may differ from zero, as `scipy.sparse.csr_array`: `J = sparse_jacobian(f); J(x)`.

    `J.structure(x)` is where they are. It is found from the program, the sizes and the integer arguments, once for as long as
    these stay the same. Raises DerivativeFault as `grad` does, and of what is no real number."""
    from .sparse import SparseJacobian  # with all that finds structures, which most programs never ask for

    function = _checked(f, "sparse_jacobian")
    wrt = _wrt(function.face, argnums)
    chosen = wrt if isinstance(wrt, tuple) else (wrt,)
    return function.remembered(("sparse_jacobian", chosen), lambda: SparseJacobian(function, chosen))


def sparse_hessian(f: Function, argnums: Argnums = 0) -> SparseJacobian:
    """All second derivatives that may differ from zero of a function that gives one number: the sparse Jacobian of its
    gradient."""
    return sparse_jacobian(grad(f, argnums), argnums)


def cost(f: Function, *args: Any, sizes: Mapping[str, int] | None = None, argnums: Argnums | None = None) -> Costs:
    """What a call of f and of its derivative cost, at the sizes of the arguments or at ``sizes`` by name, without running
    either: `print(cost(f, sizes={"n": 1000}))`. ``argnums``: what to differentiate by (everything that has a derivative)."""
    from .costs import costs

    function = _checked(f, "cost")
    wrt = None if argnums is None else _wrt(function.face, argnums)
    return costs(function, args, sizes, (wrt,) if isinstance(wrt, int) else wrt)


def hvp(f: Function, argnums: Argnums = 0) -> Function:
    """The Hessian times a vector, without the Hessian: `hvp(f)(x, v)`. After f's arguments stands one vector for each of
    ``argnums``; a vector has the structure of its argument. Costs a few gradients. Of more than one number, the change of
    the Jacobian along the vectors."""
    return _transform("hvp", f, argnums, derivatives.hvp)


def reverse(f: Function) -> Function:
    """The reverse derivative R[f] : A × B → A itself: f's arguments, then a cotangent of the result; gives the cotangents of
    all arguments that have them (of a single one by itself). Over f64, f32, bit, z<n> and sat<n>."""
    return _checked(f, "reverse").derived("reverse", lambda: derivatives.reverse(f.morphism))


def vjp(f: Function, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """(f(*primals), pull): `pull(cotangent)` gives a tuple with a cotangent for every argument, None for discrete ones."""
    function = _checked(f, "vjp")
    chosen = [k for k, p in enumerate(function.face.parameters) if tangent(p.type) is not None]
    reversed_function = function.derived("pull", lambda: derivatives.reverse(function.morphism, chosen))
    value = function(*primals)

    def pull(cotangent: Any) -> tuple[Any, ...]:
        parts = dict(zip(chosen, reversed_function(*primals, cotangent), strict=True))
        return tuple(parts.get(k) for k in range(len(primals)))

    return value, pull


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """(f(*primals), the change of it along the tangents). A tangent None (for a discrete argument) is no change."""
    function = _checked(f, "jvp")
    m = function.face
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple | list) or len(given) != len(m.parameters):
            raise ArgumentFault("PB0601", f"`{what}` of `jvp` is a tuple with one for each of the {len(m.parameters)} "
                                f"parameters of `{m.name}`", hint="write `jvp(f, (x,), (dx,))`")
    along = tuple(k for k, tangent_of in enumerate(tangents) if tangent_of is not None)
    pushed = function.derived(("push", along), lambda: derivatives.pushforward(function.morphism, along))
    value, change = pushed(*primals, *(tangents[k] for k in along))
    return value, change


def linearize(f: Function, *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """(f(*primals), push): `push(*tangents)` is the change of f along the tangents, a linear map. A tangent None (for a
    discrete argument) is no change. Each call of ``push`` runs the derivative at the primals again: nothing is kept."""
    function = _checked(f, "linearize")
    face = function.face
    value = function(*primals)

    def push(*tangents: Any) -> Any:
        if len(tangents) != len(face.parameters):
            raise ArgumentFault("PB0601", f"`{face.name}` takes {len(face.parameters)} tangents, one for each parameter, not "
                                f"{len(tangents)}", hint="None is the tangent of a discrete argument")
        along = tuple(k for k, tangent_of in enumerate(tangents) if tangent_of is not None)
        pushed = function.derived(("linear", along), lambda: derivatives.pushforward(function.morphism, along, value=False))
        return pushed(*primals, *(tangents[k] for k in along))

    return value, push


def vmap(f: Function, in_axes: int | Sequence[int | None] | None = 0) -> Function:
    """f for every row of its arguments at once: a function of arrays with one more axis in front, whose results have it too.

    ``in_axes`` says for all parameters, or for each, whether it has rows (0) or is the same for all (None):
    `vmap(grad(loss), (None, 0, 0))` gives a gradient for every sample. Raises ArgumentFault PB0609 for another axis."""
    function = _checked(f, "vmap")
    face = function.face
    axes = tuple(in_axes) if isinstance(in_axes, tuple | list) else (in_axes,) * len(face.parameters)
    if len(axes) != len(face.parameters):
        raise ArgumentFault("PB0609", f"`in_axes` has {len(axes)} axes, and `{face.name}` {len(face.parameters)} parameters",
                            hint=f"it is {face}")
    if any(axis not in (0, None) or isinstance(axis, bool) for axis in axes) or all(axis is None for axis in axes):
        raise ArgumentFault("PB0609", "`in_axes` is 0 for a parameter with rows and None for one without, 0 for one at least",
                            hint="move the axis to the front first: `np.moveaxis(x, k, 0)`")
    mapped = tuple(k for k, axis in enumerate(axes) if axis is not None)
    return function.derived(("vmap", mapped), lambda: derivatives.batched(function.morphism, mapped))


def why_recompiled(f: Function) -> Compilations:
    """What has been compiled for a function and what was made of it, when, how long it took, and why: `print` it."""
    from .compilations import compilations

    return compilations(_checked(f, "why_recompiled"))


# -- parts -------------------------------------------------------------------------------------------------------------
def _transform(name: str, f: Any, argnums: Argnums, make: Callable[[Morphism, Wrt], Morphism], *key: Any) -> Function:
    function = _checked(f, name)
    wrt = _wrt(function.face, argnums)
    return function.derived((name, wrt, *key), lambda: make(function.morphism, wrt))


def _checked(f: Any, name: str) -> Function:
    if not isinstance(f, Function):
        what = f"the Python function `{f.__name__}`" if hasattr(f, "__name__") else f"{type(f).__name__} {f!r}"
        raise ArgumentFault("PB0602", f"`{name}` takes a function of a compiled module, not {what}",
                            hint="compile a program first: `m = pullback.compile(text)`, then `m.f`")
    return f


def _wrt(m: Face, argnums: Argnums) -> Wrt:
    """The parameters by number. Raises NameFault PB0203."""
    if isinstance(argnums, int | str):
        return _number(m, argnums)
    wrt = tuple(_number(m, part) for part in argnums)
    if len(set(wrt)) < len(wrt):
        raise NameFault("PB0203", f"a parameter of `{m.name}` is named twice in argnums")
    return wrt


def _number(m: Face, part: int | str) -> int:
    names = m.names
    if isinstance(part, str) and part in names:
        return names.index(part)
    if isinstance(part, int) and -len(names) <= part < len(names):
        return part % len(names)
    hint = suggestion(part, names) if isinstance(part, str) else None
    what = f"`{part}`" if isinstance(part, str) else f"parameter {part}"
    raise NameFault("PB0203", f"`{m.name}` has no {what}", hint=hint or (
        f"its parameters are {listed(names)}" if names else "it has no parameters to differentiate by"))
