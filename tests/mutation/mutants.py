# ruff: noqa: E501  # the lines are those of the compiler
"""Faults that somebody could make, each one line of the compiler changed: file, what stands there, what would, and the tests
that must notice. `run.py` makes them in a copy, one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

RULES = ("tests/ir/rules/test_equations.py",)
OPERATIONS = ("tests/core/test_operations.py",)
CACHE = ("tests/backends/test_cache.py",)
ENTRY = ("tests/backends/llvm/test_entry.py",)
LIMITS = ("tests/robustness/test_limits.py",)
SIZES = ("tests/core/test_sizes.py",)
RANGES = ("tests/core/test_ranges.py",)
CAPTURE = ("tests/ir/graph/test_capture.py", "tests/ir/test_readback.py")
GRADIENTS = ("tests/frontends/python/test_transforms.py", "tests/ir/derive/test_faults.py", "tests/fuzzing/test_programs.py")
INDICES = ("tests/robustness/test_indices.py",)
EMITTED = ("tests/backends/test_instructions.py",)
SHARED = ("tests/ir/passes/test_threads.py", "tests/backends/llvm/test_threads.py", "tests/fuzzing/test_programs.py")


@dataclass(frozen=True)
class Mutant:
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def _of(file: str, tests: tuple[str, ...], *changes: tuple[str, str]) -> tuple[Mutant, ...]:
    return tuple(Mutant(file, old, new, tests) for old, new in changes)


MUTANTS: tuple[Mutant, ...] = (
    # rewrite rules
    *_of("ir/rules/scalars.py", RULES,
         ("return right if _is_zero(left) else left if _is_zero(right) else None", "return right if _is_zero(left) else right if _is_zero(right) else None"),
         ("if any(_is_zero(a) for a in node.args) else None", "if any(_is_one(a) for a in node.args) else None"),
         ("return right if _is_one(left) else left if _is_one(right) else None", "return left if _is_one(left) else left if _is_one(right) else None"),
         ('return Construct(pool).apply("neg", right) if _is_zero(left) else None', "return right if _is_zero(left) else None"),
         ('return node.args[0].args[0] if node.args[0].op == "neg" else None', 'return node.args[0] if node.args[0].op == "neg" else None'),
         ('return Construct(pool).apply("sub", node.args[1 - k], a.args[0])', 'return Construct(pool).apply("sub", a.args[0], node.args[1 - k])'),
         ('return Construct(pool).apply("add", node.args[0], right.args[0]) if right.op', 'return Construct(pool).apply("sub", node.args[0], right.args[0]) if right.op'),
         ('return c.apply("neg", c.apply("mul", *(b.args[0]', 'return c.apply("mul", *(b.args[0]'),
         ("if yes is no or _is_true(condition):\n        return yes", "if yes is no or _is_true(condition):\n        return no"),
         ("(condition.args[0], no, yes), None", "(condition.args[0], yes, no), None"),
         ("(condition, yes.args[1], no), None", "(condition, yes.args[2], no), None"),
         ("(condition, yes, no.args[2]), None", "(condition, yes, no.args[1]), None"),
         ('return Construct(pool).apply("or", condition, no) if _is_true(yes) else None', 'return Construct(pool).apply("and", condition, no) if _is_true(yes) else None'),
         ("if _is_false(left) or _is_false(right):", "if _is_false(left) or _is_true(right):"),
         ("return right if _is_false(left) or left is right else left if _is_false(right) else None", "return left if _is_false(left) or left is right else left if _is_false(right) else None"),
         ('if node.element.kind == "bit" and node.args[0] is node.args[1] else None\n\n\ndef _idem', 'if node.args[0] is node.args[1] else None\n\n\ndef _idem'),
         ('return node.args[0] if node.element.kind == "bit" and', "return node.args[0] if"),
         ('_idempotent, "x * x = x in Z2", phase="function"', '_idempotent, "x * x = x in Z2"'),
         ("if yes.op == \"select\" and yes.args[0] is condition:", "if yes.op == \"select\":")),
    *_of("ir/rules/arrays.py", RULES,
         ("return substitute(pool, body, {var: i})", "return body"),
         ("return c.add(c.index(array.args[0], i), c.index(array.args[1], i))", "return c.add(c.index(array.args[0], i), c.index(array.args[0], i))"),
         ("return c.select(c.apply(\"eq\", i, k), value, c.zero_like(value))", "return c.select(c.apply(\"ne\", i, k), value, c.zero_like(value))"),
         ("if k is i:\n                return value", "if k is not i:\n                return value"),
         ("if k is var and size is var.args[0]:\n        return c.build(var, value)", "if k is var or size is var.args[0]:\n        return c.build(var, value)"),
         ("if var not in k.free and var not in size.free:", "if var not in size.free:"),
         ('c.reduce("sum", var, body.args[0]), c.reduce("sum", var, body.args[1])', 'c.reduce("sum", var, body.args[0]), body.args[1]'),
         ("if var in body.free or not body.is_scalar:", "if not body.is_scalar:"),
         ('c.apply("mul", times, body), c.zero_like(body)', "body, c.zero_like(body)"),
         ("if var not in a.free:\n                return", "if var in a.free:\n                return"),
         ('return c.apply("neg", c.reduce("sum", var, body.args[0]))', 'return c.reduce("sum", var, body.args[0])'),
         ("c.select(condition, zero, value) if flip", "c.select(condition, value, zero) if flip"),
         ("lambda a, b: c.select(condition, a, b)", "lambda a, b: c.select(condition, b, a)"),
         ("return c.elementwise(*node.args, body=c.add)", "return c.elementwise(*node.args, body=lambda a, b: a)")),
    *_of("ir/rules/winners.py", RULES,
         ("c.select(choice.args[0], value, c.zero(node.element))", "c.select(choice.args[0], value, choice.args[1])"),
         ("and left.args[0] is right.args[0]:", "and left.args[0] is not None:"),
         ("other is not None and var not in other.free else None", "other is not None else None"),
         ("return c.select(there, value, c.zero_like(node))", "return value"),
         ("return c.onehot(var.args[0], place, row)", "return c.onehot(var.args[0], c.integer(0), row)")),
    *_of("ir/rules/linear.py", RULES,
         ('return c.apply("neg", value) if negative else value', "return value"),
         ("moving = [f for f in _factors(value)[0] if var in f.free]", "moving = [f for f in _factors(value)[0]]"),
         ("value = value if var in f.free else c.apply(\"mul\", f, value)", "value = value")),
    *_of("ir/rules/sequential.py", RULES,
         ("return init if body is carry or body is init else None", "return carry if body is carry or body is init else None"),
         ("init if body is carry or body is init", "init if body is carry or init is init")),
    # derivatives of operations
    *_of("core/operations/ring.py", OPERATIONS,
         ("_sub = derivative(lambda v, x, y, r: v, lambda v, x, y, r: -v)", "_sub = derivative(lambda v, x, y, r: v, lambda v, x, y, r: v)"),
         ("_mul = derivative(lambda v, x, y, r: v * y,", "_mul = derivative(lambda v, x, y, r: v * x,"),
         ("_neg = derivative(lambda v, x, r: -v)", "_neg = derivative(lambda v, x, r: v)")),
    *_of("core/operations/real.py", OPERATIONS,
         ('_unary("exp", np.exp, lambda v, x, r: v * r', '_unary("exp", np.exp, lambda v, x, r: v * x'),
         ('lambda v, x, r: v * (r + 1.0)', 'lambda v, x, r: v * (r - 1.0)'),
         ('_unary("log", np.log, lambda v, x, r: v / x', '_unary("log", np.log, lambda v, x, r: v / r'),
         ("v / (x + 1.0)", "v / (x - 1.0)"),
         ("v / (x * math.log(2.0))", "v / (x * math.log(10.0))"),
         ("lambda v, x, r: (v * 0.5) / r", "lambda v, x, r: (v * 0.5) / x"),
         ("(v * -0.5) * (r / x)", "(v * 0.5) * (r / x)"),
         ('-(v * call("sin", x))', 'v * call("sin", x)'),
         ("v * (r * r + 1.0)", "v * (r * r - 1.0)"),
         ("v * (1.0 - r * r)", "v * (1.0 - r)"),
         ('-(v / call("sqrt", (1.0 - x) * (x + 1.0)))', 'v / call("sqrt", (1.0 - x) * (x + 1.0))'),
         ("v / (x * x + 1.0)", "v / (x + 1.0)"),
         ("v * (r * (1.0 - r))", "v * (r * (1.0 + r))"),
         ('v * (call("exp", -(x * x)) * (-2.0 / math.sqrt(math.pi)))', 'v * (call("exp", -(x * x)) * (2.0 / math.sqrt(math.pi)))'),
         ('v * call("digamma", x)', 'v * call("trigamma", x)'),
         ("return dx.handle, (-(dx * Expression(algebra, result))).handle", "return dx.handle, (dx * Expression(algebra, result)).handle"),
         ("v * select(flat, 0.0, safe *", "v * select(flat, 1.0, safe *"),
         ('call("pow", safe, y) * call("log", safe)', 'call("pow", safe, y) * safe'),
         ("lambda v, y, x, r: -(v * (y / _square_sum(x, y)))", "lambda v, y, x, r: v * (y / _square_sum(x, y))"),
         ('select(call("gt", x, 0.0), v, 0.0), _REALS', 'select(call("ge", x, 0.0), v, 0.0), _REALS')),
    *_of("core/operations/order.py", OPERATIONS,
         ("lambda v, x, y, r: select(call(loses, x, y), v, 0.0)", "lambda v, x, y, r: select(call(loses, x, y), 0.0, v)"),
         ('MIN = _extremum("min", np.minimum, "gt"', 'MIN = _extremum("min", np.minimum, "lt"'),
         ('lambda v, x, r: v * call("sign", x)', "lambda v, x, r: v * x")),
    *_of("core/operations/casts.py", OPERATIONS,
         ("above, below = whole >= float(high), whole < float(low)", "above, below = whole > float(high), whole < float(low)"),
         ("(cotangent if source == algebra.object(result) else", "(cotangent if source != algebra.object(result) else"),
         ("if objects[0].is_float and result.is_integer:", "if objects[0].is_integer and result.is_integer:")),
    # sizes and ranges
    *_of("core/sizes.py", SIZES,
         ("return self - (self // other) * other", "return self - (self // other)")),
    *_of("core/ranges.py", RANGES,
         ("if nonnegative(-rise, inside, depth - 1):\n        return nonnegative(high", "if nonnegative(-rise, inside, depth - 1):\n        return nonnegative(low"),
         ("return nonnegative(low, rest, depth) and nonnegative(high, rest, depth)", "return nonnegative(low, rest, depth)"),
         ("None if here.high is None else here.high - 1", "None if here.high is None else here.high - 2"),
         ("worst = floor.numerator - (b - 1) if slope > 0 else floor.numerator", "worst = floor.numerator"),
         ("Range(r.name, r.low + 1, r.high)", "Range(r.name, r.low + 2, r.high)")),
    # indices proved to be inside
    *_of("ir/graph/proof.py", INDICES,
         ("self._nonnegative(n - 1 - i, facts)", "self._nonnegative(n - i, facts)"),
         ("(self._nonnegative(i, facts) and", "(self._nonnegative(i + 1, facts) and"),
         ("return [right - left]\n            case \"gt\"", "return [right - left - 1]\n            case \"gt\""),
         ("return [left - right]\n        return", "return [left - right - 1]\n        return"),
         ("self.polynomial(_entered(node.args[0], side)) - 1", "self.polynomial(_entered(node.args[0], side)) - 2"),
         ("return ZERO, size(int(node.args[1].data) - 1)", "return ZERO, size(int(node.args[1].data) - 2)"),
         ('_OPPOSITE = {"lt": "ge", "le": "gt"', '_OPPOSITE = {"lt": "gt", "le": "gt"')),
    *_of("ir/evaluate.py", INDICES,
         ("self.path = self.c.apply(\"and\", outer, self.c.apply(\"not\", condition))", "self.path = self.c.apply(\"and\", outer, condition)"),
         ("if not self.prover.in_range(index, bound, self.path):", "if False:")),
    # binders
    *_of("ir/graph/substitute.py", CAPTURE,
         ("k: v for k, v in self.values.items() if k not in bound", "k: v for k, v in self.values.items()"),
         ("while new in self.incoming or (new is not b and any(new in a.free for a in node.args)):\n                k += 1", "while False:\n                k += 1"),
         ("return not node.free.isdisjoint(self.values)", "return False")),
    *_of("ir/readback.py", CAPTURE, ("here = None if node.free & here.own else here.parent", "here = here.parent")),
    # the reverse derivative
    *_of("ir/derive/reverse.py", GRADIENTS,
         ("contributions: Sequence[int | None] = [z, z]", "contributions: Sequence[int | None] = [z, None]"),
         ("backward = not step.backward if inits else step.backward", "backward = step.backward"),
         ("ct.add(step.value, b.index(z, scope[step.index]))", "pass"),
         ("return lambda i: b.index(z, i)", "return lambda i: b.index(z, b.constant(0, I64))"),
         ('b.apply("select", b.apply("eq", i, extra), z, b.zero(b.wires[z]))', "z"),
         ("for way in (False, True))", "for way in (False, False))"),
         ("if a in region.active:\n                ct.add(a, inner[r])", "if a not in region.active:\n                ct.add(a, inner[r])"),
         ("before = [b.index(k, index) for k in kept[:count]]", "before = [b.index(k, b.constant(0, I64)) for k in kept[:count]]"),
         ("captured.extend(p for p in here.captured(position) if p in region.active)\n            return [*before", "captured.extend(p for p in here.captured(position) if p in region.active and False)\n            return [*before")),
    # cache
    *_of("backends/cache.py", CACHE,
         ("head = MAGIC + bytes.fromhex(key)\n    content", "head = MAGIC + entry[len(MAGIC) : len(MAGIC) + 32]\n    content"),
         ("or not hmac.compare_digest(hashlib.sha256(content).digest(), checksum)", ""),
         ("if not entry.startswith(head) or", "if"),
         ("return stat.S_ISDIR(state.st_mode) and _is_ours(state)", "return stat.S_ISDIR(state.st_mode)"),
         ("if not _is_ours(os.fstat(file.fileno())):", "if False:"),
         ("return state.st_uid == os.getuid() and not", "return not"),
         ("and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)", ""),
         ('flags | getattr(os, "O_NOFOLLOW", 0)', "flags"),
         ("exist_ok=True, mode=0o700", "exist_ok=True, mode=0o755"),
         ("digest.update(len(data).to_bytes(8, \"little\") + data)", "digest.update(b\"\")"),
         ("yield f\"{name} {state.st_size} {state.st_mtime_ns}\"", "yield f\"{name} {state.st_size}\""),
         ("for _, size, path in sorted(entries):", "for _, size, path in sorted(entries, reverse=True):"),
         ("if len(entry) > self.limit:", "if False:")),
    *_of("backends/llvm/jit.py", CACHE,
         ('return key_of("object", text, options.key, target.key, toolchain())', 'return key_of("object", text, target.key, toolchain())'),
         ("options.key, target.key, toolchain())", "options.key, toolchain())"),
         ("target.key, toolchain())", "target.key)")),
    # what a call checks
    *_of("backends/llvm/arguments.py", ENTRY,
         ("return have.kind != \"b\" and np.can_cast(have, want, \"safe\")", "return np.can_cast(have, want, \"same_kind\")"),
         ("if found.ndim != len(item.dims):", "if found.ndim < len(item.dims):"),
         ("if len(args) != len(inputs):", "if len(args) > len(inputs):"),
         ("if not info.min <= value <= info.max:", "if not info.min <= value:"),
         ("if math.isinf(rounded) and not math.isinf(number):", "if False:"),
         ("if sizes.setdefault(atom, size) != size:", "if sizes.setdefault(atom, size) < size:"),
         ("if expected != size:", "if expected > size:"),
         ("if value < 0:\n        raise ArgumentFault(\"PB0604\", f\"`{signature.name}` needs an array", "if value < -1:\n        raise ArgumentFault(\"PB0604\", f\"`{signature.name}` needs an array"),
         ("np.require(_checked_dtype(item, found, want, typeless, function), want, [\"C\", \"A\"])", "np.asarray(_checked_dtype(item, found, want, typeless, function))")),
    *_of("backends/boundary.py", LIMITS, ("outside = (elements < 0) | (elements >= kind.modulus)", "outside = (elements < 0) | (elements > kind.modulus)")),
    # the emitter, the schedule, threads
    *_of("backends/llvm/emit_instructions.py", EMITTED,
         ("larger = w.select(w.fcmp(wins, a, b), a, b)", "larger = w.select(w.fcmp(wins, a, b), b, a)"),
         ('return w.select(w.fcmp("uno", a, a), a, larger)', "return larger"),
         ('return _fmax(w, type, a, b, "olt")', 'return _fmax(w, type, a, b, "ogt")'),
         ('w.and_(w.icmp("eq", x, least), w.icmp("eq", y, -1))', 'w.and_(w.icmp("eq", x, least), w.icmp("eq", y, 1))'),
         ("floor = w.select(below, w.add(quotient, -1), quotient)", "floor = quotient"),
         ("positive = w.select(below, w.add(rest, y), rest)", "positive = rest"),
         ("return w.and_(x, 2**k - 1)", "return w.and_(x, 2**k)"),
         ('w.icmp("ult", count, _bits(type))', 'w.icmp("ule", count, _bits(type))')),
    *_of("ir/loops/sharing.py", SHARED,
         ("if not loop.parallel or loop.backward:", "if loop.backward:"),
         ("if name in walk.loaded or name in walk.written:", "if False:"),
         ("if not any(i in self.apart for i in s.indices):", "if False:"),
         ("and sum(moving) == 1 and not any(inside)", "and sum(moving) >= 1"),
         ('raise Inseparable(f"`{s.cell}` is read")', "pass"),
         ('raise Inseparable(f"the whole of `{name}` is written")', "pass")),
    *_of("backends/llvm/emit_parts.py", SHARED,
         ('w.or_(w.icmp("slt", at, 0), better(w, r.kind, value, best))', "better(w, r.kind, best, value)"),
         ("others = w.mul(w.sub(asked, 1), copied)", "others = w.mul(asked, 0)"),
         ('first, others = w.gep("i8", places, w.mul(parts, self.place_bytes)), w.sub(parts, 1)',
          'first, others = w.gep("i8", places, w.mul(parts, self.place_bytes)), w.sub(parts, 2)')),
    *_of("ir/graph/substitute.py", ("tests/robustness/test_indices.py",),
         ('if var.op == "var" for p in conditions(v)', 'if var.op == "none" for p in conditions(v)')),
    *_of("ir/readback.py", ("tests/ir/test_readback.py",), ("paths = conditions(index)", "paths = ()")),
    *_of("backends/bits/gates.py", ("tests/backends/bits/test_elements.py",),
         ("early = top + 2 * top**2 + top**3 >= 1 << 8 * size", "early = False"),
         ("if early and op == \"mul\" else", "if early and name == \"p\" else")),
    *_of("backends/bits/places.loops", ("tests/backends/bits/test_elements.py",),
         ("done_b: bool = band(ends_b, by_itself)", "done_b: bool = band(ends_b, ends_b)")),
    *_of("backends/bits/encode.py", ("tests/backends/bits/test_encode.py",),
         ("(~x >> 4 & 1) << 3, op, modrm", "(~x >> 4 & 0) << 3, op, modrm")),
    *_of("backends/llvm/entry_text.py", ENTRY,
         ('w.branch_if(w.icmp("eq", thing, Value("ptr", "null")), self.unmade, go_on)', 'w.branch_if(w.icmp("eq", thing, Value("ptr", "null")), self.nothing, go_on)')),
)  # fmt: skip
