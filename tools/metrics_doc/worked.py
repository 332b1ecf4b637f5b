"""Formulas with numbers in them. In go a formula and values of its names, out comes what to calculate."""

from __future__ import annotations

import ast
from collections.abc import Mapping


class _Numbers(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, int]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.names[node.id]) if node.id in self.names else node


def with_numbers(formula: str, names: Mapping[str, int]) -> str:
    """The formula, a Python expression, with each of the names replaced by its value."""
    return ast.unparse(_Numbers(names).visit(ast.parse(formula, mode="eval")))
