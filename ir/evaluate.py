"""Partial evaluation: unary form run on symbols gives the graph.

The context becomes a list of nodes; smart constructors do the rest. A parallel loop is evaluated once, on a variable that
stands for all its iterations: the first one over that bound not already in scope. Loops over one range at one depth
therefore share their variable, whoever wrote them, and hash-consing finds that a loop and its reverse share their body.

Branches are evaluated both, under a path condition: what can fail is checked where the path leads, everything else is total.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.objects import I64, Scalar, Wire, element, shape
from ..core.operations import operation_of
from ..core.sizes import FloorDiv, Size
from .graph.construct import Construct
from .graph.node import Graph, LoopData, Node, Pool
from .graph.outputs import Outputs
from .graph.proof import Prover
from .rules import BY_OP
from .unary import term as t


def evaluate(term: t.Term) -> Graph:
    """The graph of a closed term."""
    pool = Pool(BY_OP)
    run = _Evaluation(pool)
    for name in term.sizes:
        run.atoms[name] = pool.intern("size", (), name)
    inputs = [run.input(k, name, wire) for k, (name, wire) in enumerate(zip(term.names, term.dom, strict=True))]
    context = list(inputs)
    run.steps(term.steps, context)
    return Graph(term.name, tuple(inputs), term.sizes, tuple(context[r] for r in term.results), pool)


class _Evaluation:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.c = Construct(pool)
        self.prover = Prover(pool)
        self.atoms: dict[str, Node] = {}
        self.scope: list[Node] = []
        self.level = 0
        self.path: Node = self.c.true()

    # -- sizes and types ---------------------------------------------------------------------------------------------
    def input(self, k: int, name: str, wire: Wire) -> Node:
        return self.pool.intern("input", (), (k, name), element(wire), self.shape(wire))

    def shape(self, wire: Wire) -> tuple[Node, ...]:
        return tuple(self.size(s) for s in shape(wire))

    def size(self, value: Size) -> Node:
        """A size as an integer node: the sum of its terms over their common denominator."""
        denominator = 1
        for _, coefficient in value.terms:
            denominator = max(denominator, coefficient.denominator)
        while any((c * denominator).denominator != 1 for _, c in value.terms):
            denominator += 1
        total: Node | None = None
        for monomial, coefficient in value.terms:
            factors = [self._base(b) for b, power in monomial for _ in range(power)]
            scale = int(coefficient * denominator)
            node = self.c.integer(abs(scale)) if abs(scale) != 1 or not factors else None
            for f in factors:
                node = f if node is None else self.c.apply("mul", node, f)
            assert node is not None
            if total is None:
                total = self.c.apply("neg", node) if scale < 0 else node
            else:
                total = self.c.apply("sub" if scale < 0 else "add", total, node)
        if total is None:
            return self.c.integer(0)
        return total if denominator == 1 else self.c.apply("floordiv", total, self.c.integer(denominator))

    def _base(self, base: str | FloorDiv) -> Node:
        if isinstance(base, str):
            return self.atoms[base]
        return self.c.apply("floordiv", self.size(base.numerator), self.size(base.divisor))

    # -- steps -------------------------------------------------------------------------------------------------------
    def steps(self, steps: Sequence[t.Step], context: list[Node]) -> None:
        for step in steps:
            if step.span is not None:
                self.pool.span = step.span
            context.extend(self.step(step, context))

    def step(self, step: t.Step, context: list[Node]) -> Sequence[Node]:
        c = self.c
        match step:
            case t.Apply():
                return (self._apply(step, [context[a] for a in step.args]),)
            case t.Constant():
                return (c.constant(step.value, step.kind),)
            case t.Zero():
                return (c.zero(element(step.kind), self.shape(step.kind)),)
            case t.Extent():
                return (self.size(step.size),)
            case t.Open():
                value = c.apply("max", context[step.arg], c.integer(0))
                self.atoms[step.atom] = value
                return (value,)
            case t.Index():
                array = context[step.array]
                return (c.index(array, self._safe(context[step.index], array.shape[0])),)
            case t.OneHot():
                size = self.size(step.size)
                return (c.onehot(size, self._safe(context[step.index], size), context[step.value]),)
            case t.Stop():
                return (context[step.arg],)
            case t.Loop():
                return self._loop(step, context) if step.inits else self._parallel(step, context)
            case t.While():
                return self._while(step, context)
            case t.Branch():
                return self._branch(step, context)
            case t.Custom():
                return self._block(step.primal, context, [context[a] for a in step.args])

    def _apply(self, step: t.Apply, args: list[Node]) -> Node:
        if not args[0].is_scalar:
            return self.c.add(*args)
        operation = operation_of(step.op)
        result = self.c.apply(step.op, *args, to=step.to)
        if operation.guard is None or not args[0].element.is_integer:
            return result
        ok = operation.guard.rule(self.c, *args)
        if self._holds(ok):
            return result
        pinned = (result, ok, self.path, *self.scope)
        fault = f"{operation.guard.code} {operation.guard.message}"
        return self.pool.make("assure", pinned, fault, result.element)

    def _holds(self, ok: Node) -> bool:
        """Whether it is proved that there is nothing to check: a constant, or a divisor above 0."""
        if ok.op == "ne" and ok.args[1].op == "constant" and ok.args[1].data == 0:
            return self.prover.positive(ok.args[0], self.path, self._entered())
        return ok.op == "constant" and ok.data is True

    def _safe(self, index: Node, bound: Node) -> Node:
        """The index itself where it is proved in range everywhere, else a guard on it.

        A guard that holds only under the path condition needs no check, but no memory may be touched elsewhere. It is
        pinned to the loops around it, since what it protects must not be read where one of them is empty; the check
        itself, under the condition that they are not, may leave the loops that the index does not mention."""
        if index.op == "zero":
            index = self.c.integer(0)
        index = self._chosen(index)
        if (index.op == "guard" and index.args[1] is bound) or self.prover.in_range(index, bound, None):
            return index
        if not self.prover.in_range(index, bound, self.path, self._entered()):
            entered, pins = self.path, []
            for v in self.scope:
                if v.op == "carry":
                    pins.append(v)
                elif v not in index.free and v not in bound.free:
                    entered = self.c.apply("and", entered, self.c.apply("gt", v.args[0], self.c.integer(0)))
            index = self.pool.make("guard", (index, bound, entered, *pins), None, I64)
        return self.pool.make("guard", (index, bound, self.path, *self.scope), "proved", I64)

    def _entered(self) -> tuple[Node, ...]:
        """The bounds of the loops around: inside, each is above 0."""
        return tuple(dict.fromkeys(v.args[0] for v in self.scope if v.op == "var"))

    def _chosen(self, index: Node, deep: int = 4) -> Node:
        """Of a greatest or least of two, the one that it is wherever control reaches: max(i - 1, 0) is i - 1 where i > 0."""
        if index.op not in ("max", "min") or deep == 0:
            return index
        one, other = (self._chosen(a, deep - 1) for a in index.args)
        more, less = (one, other) if index.op == "max" else (other, one)
        if self.prover.at_least(more, less, self.path):
            return one
        if self.prover.at_least(less, more, self.path):
            return other
        return index if (one, other) == index.args else self.c.apply(index.op, one, other)

    def _block(self, block: t.Block, context: list[Node], params: Sequence[Node]) -> list[Node]:
        mark, atoms = len(context), dict(self.atoms)
        context.extend(params)
        self.steps(block.steps, context)
        results = [context[r] for r in block.results]
        del context[mark:]
        self.atoms = atoms
        return results

    # -- loops -------------------------------------------------------------------------------------------------------
    def _iteration(self, step: t.Loop, context: list[Node], var: Node, carries: Sequence[Node]) -> list[Node]:
        saved = self.atoms.get(step.index)
        self.atoms[step.index] = var
        self.scope.append(var)
        try:
            return self._block(step.body, context, [var, *carries])
        finally:
            self.scope.pop()
            if saved is None:
                del self.atoms[step.index]
            else:
                self.atoms[step.index] = saved

    def _parallel(self, step: t.Loop, context: list[Node]) -> list[Node]:
        var = self.c.var(self.size(step.bound), self.scope)
        outputs = self._iteration(step, context, var, ())
        return [self.c.output(kind, var, body) for kind, body in zip(step.kinds, outputs, strict=True)]

    def _carries(self, inits: Sequence[Node]) -> list[Node]:
        return [self.pool.intern("carry", (), (self.level, k), n.element, n.shape) for k, n in enumerate(inits)]

    def _loop(self, step: t.Loop, context: list[Node]) -> list[Node]:
        var = self.c.var(self.size(step.bound), self.scope)
        inits = [context[p] for p in step.inits]
        carries = self._carries(inits)
        self.level += 1
        results = self._iteration(step, context, var, carries)
        self.level -= 1
        count = len(inits)
        outputs = Outputs(self.c, var, frozenset((var, *carries)))
        made = [outputs.take(kind, body) for kind, body in zip(step.kinds, results[count:], strict=True)]
        data = LoopData(step.backward, count, tuple(outputs.kinds))
        loop = self.pool.make("loop", (var, *carries, *inits, *results[:count], *outputs.bodies), data)
        parts = [self._get(loop, k) for k in range(count + len(outputs.bodies))]
        return [*parts[:count], *(make(parts[count:]) for make in made)]

    def _get(self, loop: Node, k: int) -> Node:
        """Result ``k`` with its type: a carry's, or what its output kind makes of the body's."""
        if loop.op == "while":
            like = loop.args[loop.data + k]
            return self.pool.make("get", (loop,), k, like.element, like.shape)
        count = loop.data.carries
        body = loop.args[1 + 2 * count + k]
        kind = loop.data.kinds[k - count] if k >= count else None
        size = (loop.args[0].args[0],) if kind == "build" else ()
        scalar: Scalar = I64 if kind in ("argmax", "argmin") else body.element
        like_shape = loop.args[1 + count + k].shape if k < count else (*size, *body.shape)
        return self.pool.make("get", (loop,), k, scalar, like_shape)

    def _while(self, step: t.While, context: list[Node]) -> list[Node]:
        inits = [self.c.integer(0), *(context[p] for p in step.inits)]
        carries = self._carries(inits)
        self.level += 1
        self.scope.append(carries[0])
        (cond,) = self._block(step.cond, context, carries)
        self.scope.pop()
        outer = self.path
        cond = self.c.apply("and", outer, cond)
        self.path = cond
        self.scope.append(carries[0])
        results = self._block(step.body, context, carries)
        self.scope.pop()
        self.path = outer
        self.level -= 1
        trip = self.c.apply("add", carries[0], self.c.integer(1))
        loop = self.pool.make("while", (*carries, *inits, cond, trip, *results), len(carries))
        trips, *finals = (self._get(loop, k) for k in range(len(carries)))
        return [*finals, trips]

    def _branch(self, step: t.Branch, context: list[Node]) -> list[Node]:
        condition, outer = context[step.cond], self.path
        if condition.op == "constant":
            return self._block(step.then if condition.data else step.orelse, context, ())
        self.path = self.c.apply("and", outer, condition)
        then = self._block(step.then, context, ())
        self.path = self.c.apply("and", outer, self.c.apply("not", condition))
        orelse = self._block(step.orelse, context, ())
        self.path = outer
        return [self.c.select(condition, yes, no) for yes, no in zip(then, orelse, strict=True)]
