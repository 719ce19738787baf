"""The language: grammar, parser, checker, elaboration to unary form, formatter."""
