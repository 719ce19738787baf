"""The canonical layout of a program: `format` for texts (comments kept), `unparse` for trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...core.errors import NOWHERE, VerifyFault
from . import syntax
from .comments import Attached, Comment, attach, scan
from .document import HARD, LINE, SOFT, Aside, Document, Either, Group, Nest, concat, join, render
from .parse import parse

WIDTH = 100
"""Lines are kept to this many columns where they can be."""

TIGHTNESS = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4}
TIGHTNESS |= {"+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "^": 8}
COMPARISON, ADDITIVE, SIGNED, POSTFIX, ATOM = 4, 5, 7, 9, 10

OpenEnded = syntax.Loop | syntax.Fold | syntax.While | syntax.If | syntax.Lambda


def format(text: str, path: str = "<text>") -> str:
    """The text in canonical layout, saying the same. Formatting twice changes nothing more.

    Raises `SyntaxFault` where the text is not a program, and `VerifyFault` (PB0901) rather than lose anything.
    """
    module = parse(text, path)
    result = _layout(module, text)
    for _ in range(4):  # a comment may find its place in the second round, once its neighbours have theirs
        again = _layout(parse(result, path), result)
        if again == result:
            break
        result = again
    if parse(result, path) != module or _words(text) != _words(result):
        raise VerifyFault("PB0901", "the formatter would change what the program says; the text is left as it was")
    return result


def unparse(module: syntax.Module) -> str:
    """A text that parses to the tree."""
    return _layout(module, "")


def unparse_expression(expression: syntax.Expression) -> str:
    """A text, on as few lines as can be, that parses to the expression."""
    return render(_Printer(Attached(), []).tail(expression), WIDTH)


def _layout(module: syntax.Module, text: str) -> str:
    attached = attach(module, text)
    printer = _Printer(attached, text.split("\n"))
    pieces: list[str] = []
    previous: syntax.ModuleItem | None = None
    previous_tall = False
    for item in module.items:
        piece = render(printer.item(item), WIDTH)
        tall = isinstance(item, syntax.Function | syntax.ReverseRule | syntax.Test) and "\n" in piece.lstrip("#")
        if pieces:
            own = isinstance(item, syntax.ReverseRule) and isinstance(previous, syntax.Function) and item.name == previous.name
            apart = (tall or previous_tall) and not own  # a rule may stand close to its function
            pieces.append("\n\n" if apart or printer.blank_above(item) else "\n")
        pieces.append(piece)
        previous, previous_tall = item, tall
    if attached.last:
        if pieces:
            pieces.append("\n\n" if printer.blank_before(attached.last[0].line) else "\n")
        pieces.append(render(printer.comments(attached.last), WIDTH))
    return "".join(pieces) + "\n" if pieces else ""


def _words(text: str) -> Counter[str]:
    """What the comments say. Two whose lines became one are read as one comment from then on."""
    return Counter(part.strip() for comment in scan(text) for part in comment.text.split("#") if part.strip())


class _Printer:
    """From nodes to documents; holds the comments and the original lines, for their blank ones."""

    def __init__(self, attached: Attached, lines: Sequence[str]) -> None:
        self._attached = attached
        self._lines = lines

    # Comments and blank lines

    def blank_before(self, line: int) -> bool:
        """Whether the line above the one with that number is blank."""
        return 2 <= line <= len(self._lines) and not self._lines[line - 2].strip()

    def blank_above(self, node: syntax.Node) -> bool:
        """Whether a blank line stands above the node and the comments that lead it."""
        leading = self._attached.leading.get(id(node))
        return self.blank_before(leading[0].line if leading else node.span.line)

    def comments(self, comments: Iterable[Comment], before: int = 0) -> Document:
        """Comments on lines of their own, with the blank lines between them, and before line `before`."""
        parts: list[Document] = []
        last = 0
        for comment in comments:
            if parts:
                parts += [HARD, HARD] if self.blank_before(comment.line) else [HARD]
            parts.append(comment.text)
            last = comment.line
        if before:
            parts += [HARD, HARD] if last < before and self.blank_before(before) else [HARD]
        return concat(*parts)

    def led(self, node: syntax.Node) -> bool:
        """Whether comments lead the node, so that it must start a line."""
        return id(node) in self._attached.leading

    def whole(self, node: syntax.Node, document: Document) -> Document:
        """The node's document with its comments."""
        leading = self._attached.leading.get(id(node), [])
        trailing = self._attached.trailing.get(id(node), [])
        below = self._attached.below.get(id(node), [])
        parts = [self.comments(leading, node.span.line)] if leading else []
        parts += [document, *(Aside(comment.text) for comment in trailing)]
        if below:
            blank = (HARD,) if self.blank_before(below[0].line) else ()
            parts.append(Nest(concat(*blank, HARD, self.comments(below))))
        return concat(*parts)

    def lines(self, nodes: Iterable[tuple[syntax.Node, Document]]) -> Document:
        """One under the other, with at most one blank line kept between two."""
        parts: list[Document] = []
        for node, document in nodes:
            if parts:
                parts += [HARD, HARD] if self.blank_above(node) else [HARD]
            parts.append(self.whole(node, document))
        return concat(*parts)

    # Items

    def item(self, item: syntax.ModuleItem) -> Document:
        """An item with its comments."""
        match item:
            case syntax.Import():
                document = self.import_line(item)
            case syntax.TypeDefinition():
                document = concat(f"type {item.name} = ", self.type(item.type))
            case syntax.Function():
                parameters = self.listed("(", [(part, self.parameter(part)) for part in item.parameters], ")")
                result = concat(" -> ", self.type(item.result)) if item.result else ""
                document = self.opened(concat(f"def {item.name}", parameters, result, " ="), item.body, hug=True)
            case syntax.ReverseRule():
                patterns = self.listed("(", [(part, self.pattern(part)) for part in item.parameters], ")")
                document = self.opened(concat(f"reverse {item.name}", patterns, " ="), item.body, hug=True)
            case syntax.Test():
                document = self.test(item)
        return self.whole(item, document)

    def import_line(self, item: syntax.Import) -> Document:
        path = ".".join(item.path)
        if item.names is None:
            return f"import {path}" if item.alias == item.path[-1] else f"import {path} as {item.alias}"
        names = [part.name if part.alias == part.name else f"{part.name} as {part.alias}" for part in item.names]
        return Group(concat(f"from {path} import ", Nest(join(concat(",", LINE), names))))

    def test(self, item: syntax.Test) -> Document:
        head = f'test "{item.name}":'
        lines = [(line, self.let(line) if isinstance(line, syntax.Let) else self.claim(line)) for line in item.lines]
        if len(lines) == 1 and not isinstance(item.lines[0], syntax.Let) and not self.led(item.lines[0]):
            return concat(head, Group(Nest(concat(LINE, self.whole(*lines[0])))))
        return concat(head, Nest(concat(HARD, self.lines(lines))))

    def claim(self, claim: syntax.Claim) -> Document:
        match claim:
            case syntax.Holds():
                return self.tail(claim.claim)
            case syntax.Near():
                parts = [self.operand(claim.actual, 1), LINE, "~= ", self.operand(claim.expected, 1)]
                if claim.tolerance is not None:
                    parts += [LINE, "within ", self.operand(claim.tolerance, 1)]
                return Group(Nest(concat(*parts)))
            case syntax.Fails():
                return Group(Nest(concat(self.operand(claim.expression, 1), LINE, f"error {claim.code}")))

    # Bodies

    def opened(self, head: Document, body: syntax.Body, hug: bool = False) -> Document:
        """A head that ends in `=` or `:` and its body: beside it, or as a block below it."""
        if isinstance(body, syntax.Block):
            return concat(head, Nest(concat(HARD, self.block(body))))
        if self.led(body):
            return concat(head, Nest(concat(HARD, self.whole(body, self.tail(body)))))
        document = self.whole(body, self.tail(body))
        if hug and isinstance(body, OpenEnded) and not isinstance(body, syntax.If):
            return concat(head, " ", document)
        return concat(head, Group(Nest(concat(LINE, document))))

    def block(self, block: syntax.Block) -> Document:
        lets = [(let, self.let(let)) for let in block.bindings]
        return self.lines([*lets, (block.result, self.tail(block.result))])

    def let(self, let: syntax.Let) -> Document:
        return self.opened(concat("let ", self.annotated(let.pattern, let.annotation), " ="), let.value, hug=True)

    def annotated(self, pattern: syntax.Pattern, annotation: syntax.Type | None) -> Document:
        return concat(self.pattern(pattern), ": ", self.type(annotation)) if annotation else self.pattern(pattern)

    # Expressions

    def tail(self, expression: syntax.Expression) -> Document:
        """An expression with nothing after it on its line but closing brackets."""
        return Group(self.open_ended(expression)) if isinstance(expression, OpenEnded) else self.operand(expression, 1)

    def element(self, expression: syntax.Expression) -> Document:
        """An expression in a list: an open-ended one that takes several lines needs parentheses."""
        if isinstance(expression, OpenEnded):
            return Group(concat(Either("("), self.open_ended(expression), Either(")")))
        return self.operand(expression, 1)

    def operand(self, expression: syntax.Expression, tightness: int, tight: bool = False) -> Document:
        """An expression in parentheses if it binds less tightly than it must."""
        if _tightness(expression) >= tightness:
            return self.bare(expression, tight)
        inner = self.bare(expression, tight) if not isinstance(expression, OpenEnded) else self.tail(expression)
        return concat("(", inner, ")")

    def open_ended(self, expression: OpenEnded) -> Document:
        match expression:
            case syntax.Loop():
                head = concat(f"{expression.kind} ", self.indices(expression.indices), ":")
                return self.opened(head, expression.body)
            case syntax.Fold():
                head = self.state(expression.kind, expression)
                indices = self.indices(expression.indices)
                return self.opened(concat(head, " for ", indices, self.keeping(expression.keeping), ":"), expression.body)
            case syntax.While():
                head = self.state("fold", expression)
                condition = self.operand(expression.condition, 1)
                return self.opened(concat(head, " while ", condition, self.keeping(expression.keeping), ":"), expression.body)
            case syntax.Lambda():
                parameters = join(", ", map(self.pattern, expression.parameters))
                return self.opened(concat("fn ", parameters, ":"), expression.body)
            case syntax.If():
                return self.branches(expression)

    def state(self, word: str, fold: syntax.Fold | syntax.While) -> Document:
        state = self.annotated(fold.state, fold.annotation)
        return concat(f"{word} ", state, " = ", self.operand(fold.initial, 1))

    def keeping(self, keeping: syntax.Keeping | None) -> Document:
        match keeping:
            case None:
                return ""
            case syntax.Checkpoint(every):
                return " checkpoint" if every is None else concat(" checkpoint every ", self.operand(every, ADDITIVE))
            case syntax.Inverse(undo):
                return Group(Nest(concat(LINE, "inverse ", self.operand(undo, 1))))

    def branches(self, expression: syntax.If) -> Document:
        """`if ... then ... else if ... then ... else ...`: all on one line, or each branch a block."""
        parts: list[Document] = []
        rest: syntax.Body = expression
        while isinstance(rest, syntax.If) and not (parts and self.led(rest)):
            parts += ["if ", self.element(rest.condition), " then", self.branch(rest.consequent), LINE, "else"]
            if isinstance(rest.alternative, syntax.If) and not self.led(rest.alternative):
                parts.append(" ")
            rest = rest.alternative
        return concat(*parts, self.branch(rest))

    def branch(self, body: syntax.Body) -> Document:
        if isinstance(body, syntax.Block):
            return Nest(concat(HARD, self.block(body)))
        return Nest(concat(LINE, self.whole(body, self.tail(body))))

    def indices(self, indices: Sequence[syntax.LoopIndex]) -> Document:
        return join(", ", map(self.index, indices))

    def index(self, index: syntax.LoopIndex) -> Document:
        if index.upper is None:
            return index.name
        upper = self.operand(index.upper, ADDITIVE)
        if index.lower is None:
            return concat(f"{index.name} < ", upper)
        return concat(f"{index.name} in ", self.operand(index.lower, ADDITIVE), "..", upper)

    def bare(self, node: syntax.Expression, tight: bool = False) -> Document:
        """An expression without parentheses around it; `tight` leaves out spaces, as in sizes and indices."""
        match node:
            case syntax.Name():
                return node.name
            case syntax.Integer() | syntax.Real() | syntax.Boolean():
                return _literal(node)
            case syntax.Unary():
                if node.operator == "not":
                    return concat("not ", self.operand(node.operand, 3))
                return concat("-", self.operand(node.operand, SIGNED, tight))
            case syntax.Binary():
                return self.binary(node, tight)
            case syntax.Call():
                plain = [(argument, self.element(argument)) for argument in node.arguments]
                named = [(part, concat(f"{part.name}=", self.element(part.value))) for part in node.keywords]
                return concat(self.operand(node.function, POSTFIX), self.listed("(", [*plain, *named], ")"))
            case syntax.Index():
                indices = [(index, self.size(index)) for index in node.indices]
                return concat(self.operand(node.array, POSTFIX), self.listed("[", indices, "]"))
            case syntax.Field():
                return concat(self.head(node.value), f".{node.name}")
            case syntax.Item():
                return concat(self.head(node.value), f".{node.position}")
            case syntax.TupleExpression():
                return self.tuple([(part, self.element(part)) for part in node.elements])
            case syntax.ArrayExpression():
                return self.listed("[", [(part, self.element(part)) for part in node.elements], "]")
            case syntax.RecordExpression():
                fields = [(part, concat(f"{part.name}: ", self.element(part.value))) for part in node.fields]
                return concat(node.type or "", self.listed("{", fields, "}"))
            case _:
                return self.open_ended(node)

    def head(self, value: syntax.Expression) -> Document:
        """What stands before a point; `1.0` would be a number."""
        return self.operand(value, ATOM + 1 if isinstance(value, syntax.Integer | syntax.Real) else POSTFIX)

    def size(self, expression: syntax.Expression, tightness: int = 1) -> Document:
        """A size or an index: `d*(d-1)//2`, `i + 1`, `2*i + 1`."""
        if isinstance(expression, OpenEnded) and tightness == 1:
            return self.element(expression)
        if isinstance(expression, syntax.Binary) and expression.operator in ("+", "-"):
            return self.chain(expression, True, " ")
        return self.operand(expression, tightness, tight=True)

    def binary(self, node: syntax.Binary, tight: bool) -> Document:
        if node.operator == "^":
            return concat(self.operand(node.left, POSTFIX, tight), "^", self.operand(node.right, SIGNED, tight))
        if TIGHTNESS[node.operator] == COMPARISON:
            left, right = (self.operand(side, ADDITIVE, tight) for side in (node.left, node.right))
            return Group(Nest(concat(left, LINE, f"{node.operator} ", right)))
        return self.chain(node, tight, "" if tight and TIGHTNESS[node.operator] >= ADDITIVE else " ")

    def chain(self, node: syntax.Binary, tight: bool, space: str) -> Document:
        """`a + b - c`: operators that bind alike, with line ends before each where it does not fit."""
        level = TIGHTNESS[node.operator]
        line: Document = LINE if space else SOFT
        if level > ADDITIVE:
            line = Group(Nest(line))  # factors fill lines; terms, if they do not fit on one, have one each
        parts: list[Document] = []
        left: syntax.Expression = node
        while isinstance(left, syntax.Binary) and TIGHTNESS[left.operator] == level:
            parts += [self.operand(left.right, level + 1, tight), f"{left.operator}{space}", line]
            left = left.left
        rest = concat(*reversed(parts))
        return Group(concat(self.operand(left, level, tight), rest if level > ADDITIVE else Nest(rest)))

    # Lists, patterns, types

    def listed(self, opening: str, elements: Sequence[tuple[syntax.Node, Document]], closing: str) -> Document:
        """Elements between brackets, on one line or each on its own."""
        if not elements:
            return opening + closing
        documents = [self.whole(node, document) for node, document in elements]
        return Group(concat(opening, Nest(concat(SOFT, join(concat(",", LINE), documents))), SOFT, closing))

    def tuple(self, elements: Sequence[tuple[syntax.Node, Document]]) -> Document:
        return self.listed("(", elements, ",)" if len(elements) == 1 else ")")

    def parameter(self, parameter: syntax.Parameter) -> Document:
        return concat(f"{parameter.name}: ", self.type(parameter.type))

    def pattern(self, pattern: syntax.Pattern) -> Document:
        match pattern:
            case syntax.NamePattern():
                return pattern.name
            case syntax.TuplePattern():
                return self.tuple([(part, self.pattern(part)) for part in pattern.elements])
            case syntax.RecordPattern():
                return self.listed("{", [(part, self.field_pattern(part)) for part in pattern.fields], "}")

    def field_pattern(self, field: syntax.FieldPattern) -> Document:
        if field.pattern == syntax.NamePattern(field.name):
            return field.name
        return concat(f"{field.name}: ", self.pattern(field.pattern))

    def type(self, node: syntax.Type) -> Document:
        match node:
            case syntax.NamedType():
                return node.name
            case syntax.ArrayType():
                element = self.type(node.element)
                if isinstance(node.element, syntax.FunctionType):
                    element = concat("(", element, ")")
                return concat(
                    element, self.listed("[", [(size, self.size(size, ADDITIVE)) for size in node.sizes], "]")
                )
            case syntax.TupleType():
                return self.tuple([(part, self.type(part)) for part in node.elements])
            case syntax.RecordType():
                return self.listed("{", [(part, self.parameter(part)) for part in node.fields], "}")
            case syntax.FunctionType():
                parameters = self.listed("(", [(part, self.type(part)) for part in node.parameters], ")")
                return concat(parameters, " -> ", self.type(node.result))


def _tightness(expression: syntax.Expression) -> int:
    match expression:
        case syntax.Binary():
            return TIGHTNESS[expression.operator]
        case syntax.Unary():
            return 3 if expression.operator == "not" else SIGNED
        case syntax.Call() | syntax.Index() | syntax.Field() | syntax.Item():
            return POSTFIX
        case syntax.Loop() | syntax.Fold() | syntax.While() | syntax.If() | syntax.Lambda():
            return 0
    return ATOM


def _literal(node: syntax.Integer | syntax.Real | syntax.Boolean) -> str:
    """A number as it was written, or as Python writes it if it never was."""
    if isinstance(node, syntax.Boolean):
        return "true" if node.value else "false"
    return node.span.text if node.span != NOWHERE else repr(node.value)
