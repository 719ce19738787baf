"""From lark's tree to our syntax tree: one method per rule or alias of `grammar.lark`."""

from __future__ import annotations

from typing import Any

from lark import Token, v_args
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from ...core.errors import NOWHERE, Source, Span, SyntaxFault
from . import syntax

Children = list[Any]

LONGEST_INTEGER = 1000


@v_args(meta=True)
class Builder(Transformer_NonRecursive):
    """Builds the nodes of one source."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def _span(self, meta: Meta) -> Span:
        if meta.empty:
            return NOWHERE
        return Span(self._source, meta.line, meta.column, meta.end_line, meta.end_column)

    # Modules and definitions

    def module(self, meta: Meta, items: Children) -> syntax.Module:
        return syntax.Module(_present(items), span=self._span(meta))

    def path(self, meta: Meta, names: Children) -> tuple[str, ...]:
        return tuple(names)

    def import_line(self, meta: Meta, children: Children) -> syntax.Import:
        path, alias = children
        return syntax.Import(path, alias or path[-1], span=self._span(meta))

    def from_import(self, meta: Meta, children: Children) -> syntax.Import:
        path, *names = children
        return syntax.Import(path, None, tuple(names), span=self._span(meta))

    def imported_name(self, meta: Meta, children: Children) -> syntax.ImportedName:
        name, alias = children
        return syntax.ImportedName(name, alias or name, span=self._span(meta))

    def type_definition(self, meta: Meta, children: Children) -> syntax.TypeDefinition:
        name, type_ = children
        return syntax.TypeDefinition(name, type_, span=self._span(meta))

    def function(self, meta: Meta, children: Children) -> syntax.Function:
        name, *parameters, result, body = children
        return syntax.Function(name, _present(parameters), result, body, span=self._span(meta))

    def reverse_rule(self, meta: Meta, children: Children) -> syntax.ReverseRule:
        name, *parameters, body = _present(children)
        return syntax.ReverseRule(name, tuple(parameters), body, span=self._span(meta))

    def parameter(self, meta: Meta, children: Children) -> syntax.Parameter:
        name, type_ = children
        return syntax.Parameter(name, type_, span=self._span(meta))

    def test(self, meta: Meta, children: Children) -> syntax.Test:
        name, *lines = children
        return syntax.Test(name[1:-1], tuple(lines), span=self._span(meta))

    def holds(self, meta: Meta, children: Children) -> syntax.Holds:
        return syntax.Holds(children[0], span=self._span(meta))

    def near(self, meta: Meta, children: Children) -> syntax.Near:
        return syntax.Near(*children, span=self._span(meta))

    def fails(self, meta: Meta, children: Children) -> syntax.Fails:
        expression, code = children
        return syntax.Fails(expression, str(code), span=self._span(meta))

    # Bodies and patterns

    def body(self, meta: Meta, children: Children) -> syntax.Body:
        return children[0]

    def block(self, meta: Meta, children: Children) -> syntax.Block:
        *bindings, result = children
        return syntax.Block(tuple(bindings), result, span=self._span(meta))

    def let(self, meta: Meta, children: Children) -> syntax.Let:
        pattern, annotation, value = children
        return syntax.Let(pattern, annotation, value, span=self._span(meta))

    def name(self, meta: Meta, children: Children) -> str:
        return str(children[0])

    def name_pattern(self, meta: Meta, children: Children) -> syntax.NamePattern:
        return syntax.NamePattern(children[0], span=self._span(meta))

    def tuple_pattern(self, meta: Meta, children: Children) -> syntax.TuplePattern:
        return syntax.TuplePattern(tuple(children), span=self._span(meta))

    def record_pattern(self, meta: Meta, children: Children) -> syntax.RecordPattern:
        return syntax.RecordPattern(tuple(children), span=self._span(meta))

    def field_pattern(self, meta: Meta, children: Children) -> syntax.FieldPattern:
        name, pattern = children
        span = self._span(meta)
        return syntax.FieldPattern(name, pattern or syntax.NamePattern(name, span=span), span=span)

    # Loops and branches

    def free_index(self, meta: Meta, children: Children) -> syntax.LoopIndex:
        return syntax.LoopIndex(str(children[0]), span=self._span(meta))

    def bounded_index(self, meta: Meta, children: Children) -> syntax.LoopIndex:
        return syntax.LoopIndex(str(children[0]), None, children[1], span=self._span(meta))

    def range_index(self, meta: Meta, children: Children) -> syntax.LoopIndex:
        return syntax.LoopIndex(str(children[0]), children[1], children[2], span=self._span(meta))

    def loop(self, meta: Meta, children: Children) -> syntax.Loop:
        kind, *indices, body = children
        return syntax.Loop(kind.value, tuple(indices), body, span=self._span(meta))

    def fold(self, meta: Meta, children: Children) -> syntax.Fold:
        return self._fold("fold", meta, children)

    def scan(self, meta: Meta, children: Children) -> syntax.Fold:
        return self._fold("scan", meta, children)

    def _fold(self, kind: Any, meta: Meta, children: Children) -> syntax.Fold:
        state, annotation, initial, *indices, keeping, body = children
        return syntax.Fold(kind, state, annotation, initial, tuple(indices), body, keeping, span=self._span(meta))

    def while_loop(self, meta: Meta, children: Children) -> syntax.While:
        state, annotation, initial, condition, keeping, body = children
        return syntax.While(state, annotation, initial, condition, body, keeping, span=self._span(meta))

    def checkpoint(self, meta: Meta, children: Children) -> syntax.Checkpoint:
        return syntax.Checkpoint(children[0], span=self._span(meta))

    def inverse(self, meta: Meta, children: Children) -> syntax.Inverse:
        return syntax.Inverse(children[0], span=self._span(meta))

    def conditional(self, meta: Meta, children: Children) -> syntax.If:
        return syntax.If(*children, span=self._span(meta))

    def function_literal(self, meta: Meta, children: Children) -> syntax.Lambda:
        *parameters, body = children
        return syntax.Lambda(tuple(parameters), body, span=self._span(meta))

    # Operators

    def binary(self, meta: Meta, children: Children) -> syntax.Binary:
        left, operator, right = children
        return syntax.Binary(operator.value, left, right, span=self._span(meta))

    def unary(self, meta: Meta, children: Children) -> syntax.Unary:
        operator, operand = children
        return syntax.Unary(operator.value, operand, span=self._span(meta))

    # What stands after a value

    def call(self, meta: Meta, children: Children) -> syntax.Call:
        function, *arguments = _present(children)
        plain = tuple(argument for argument in arguments if not isinstance(argument, syntax.Keyword))
        keywords = tuple(argument for argument in arguments if isinstance(argument, syntax.Keyword))
        for argument in arguments[: len(plain)]:
            if isinstance(argument, syntax.Keyword):
                raise SyntaxFault(
                    "PB0106",
                    "an argument without a name comes after one with a name",
                    next(argument.span for argument in reversed(plain)),
                    f"move it before `{argument.name}=`",
                )
        return syntax.Call(function, plain, keywords, span=self._span(meta))

    def keyword(self, meta: Meta, children: Children) -> syntax.Keyword:
        name, value = children
        return syntax.Keyword(name, value, span=self._span(meta))

    record_field = keyword

    def index_expression(self, meta: Meta, children: Children) -> syntax.Index:
        array, *indices = children
        return syntax.Index(array, tuple(indices), span=self._span(meta))

    def field(self, meta: Meta, children: Children) -> syntax.Field:
        value, name = children
        return syntax.Field(value, name, span=self._span(meta))

    def item(self, meta: Meta, children: Children) -> syntax.Item:
        value, position = children
        return syntax.Item(value, self._integer(position, position[1:]), span=self._span(meta))

    def named_record(self, meta: Meta, children: Children) -> syntax.RecordExpression:
        head, *fields = children
        name = _qualified(head)
        if name is None:
            raise SyntaxFault("PB0107", "a record's fields stand after the name of a type", head.span)
        return syntax.RecordExpression(name, _present(fields), span=self._span(meta))

    # Atoms

    def variable(self, meta: Meta, children: Children) -> syntax.Name:
        return syntax.Name(str(children[0]), span=self._span(meta))

    def integer(self, meta: Meta, children: Children) -> syntax.Integer:
        return syntax.Integer(self._integer(children[0], children[0].replace("_", "")), span=self._span(meta))

    def real(self, meta: Meta, children: Children) -> syntax.Real:
        value = float(children[0].replace("_", ""))
        if value == float("inf"):
            raise SyntaxFault("PB0108", "number too large for f64", self._span(meta), "write `inf` for infinity")
        return syntax.Real(value, span=self._span(meta))

    def _integer(self, token: Token, digits: str) -> int:
        if len(digits) > LONGEST_INTEGER:
            raise SyntaxFault("PB0108", f"number of {len(digits)} digits", self._token_span(token))
        return int(digits)

    def _token_span(self, token: Token) -> Span:
        assert token.line and token.column and token.end_line and token.end_column
        return Span(self._source, token.line, token.column, token.end_line, token.end_column)

    def boolean(self, meta: Meta, children: Children) -> syntax.Boolean:
        return syntax.Boolean(children[0].type == "TRUE", span=self._span(meta))

    def tuple_expression(self, meta: Meta, children: Children) -> syntax.TupleExpression:
        return syntax.TupleExpression(_present(children), span=self._span(meta))

    def array_expression(self, meta: Meta, children: Children) -> syntax.ArrayExpression:
        return syntax.ArrayExpression(_present(children), span=self._span(meta))

    def record_expression(self, meta: Meta, children: Children) -> syntax.RecordExpression:
        return syntax.RecordExpression(None, _present(children), span=self._span(meta))

    # Types

    def named_type(self, meta: Meta, children: Children) -> syntax.NamedType:
        head = children[0]
        return syntax.NamedType(str(head) if isinstance(head, str) else ".".join(head), span=self._span(meta))

    def array_type(self, meta: Meta, children: Children) -> syntax.ArrayType:
        element, *sizes = children
        return syntax.ArrayType(element, _present(sizes), span=self._span(meta))

    def tuple_type(self, meta: Meta, children: Children) -> syntax.TupleType:
        return syntax.TupleType(_present(children), span=self._span(meta))

    def record_type(self, meta: Meta, children: Children) -> syntax.RecordType:
        return syntax.RecordType(_present(children), span=self._span(meta))

    def function_type(self, meta: Meta, children: Children) -> syntax.FunctionType:
        *parameters, result = children
        return syntax.FunctionType(_present(parameters), result, span=self._span(meta))


def _present(children: Any) -> tuple[Any, ...]:
    """The children that are there; lark gives None for an optional part that is not."""
    return tuple([child for child in children if child is not None])


def _qualified(head: syntax.Expression) -> str | None:
    """`Point` or `shapes.Point` as a name, or None for any other expression."""
    if isinstance(head, syntax.Name):
        return head.name
    if isinstance(head, syntax.Field):
        inner = _qualified(head.value)
        return None if inner is None else f"{inner}.{head.name}"
    return None
