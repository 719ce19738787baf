"""The graph: hash-consed values with binders, made by partial evaluation of the unary form."""
