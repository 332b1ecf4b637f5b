"""Formulas as they are set in print. In goes a Python expression, out comes presentation MathML Core as plain data.

A node is a list, `[tag, *children]`, with a dictionary of attributes in second place where it has any; a leaf's child
is its text. Whoever shows it makes markup of it.
"""

from crosspatch.mathml.pieces import Node
from crosspatch.mathml.trees import typeset

__all__ = ["Node", "typeset"]
