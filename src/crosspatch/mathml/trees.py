"""Formulas from their syntax trees. In goes a Python expression, out comes a node: a function a kind of tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from crosspatch.mathml.pieces import (
    AND_INDEX,
    APPLIED,
    TIMES,
    Bond,
    Node,
    Piece,
    between,
    divided,
    fenced,
    indexed,
    joined,
    negative,
    power,
    series,
    times,
)

OUTCOMES = {name: name.upper() for name in ("tp", "fp", "fn", "tn")}
# Operators that may have a range beneath; without one, a sum alone keeps its sign.
SERIES = {"sum": "∑", "mean": "mean", "max": "max", "min": "min"}
QUANTIFIERS = {"all": "∀", "any": "∃"}
# Functions that are printed as a name and their arguments.
NAMED = (
    "all", "contrast", "cov", "exp", "gradient", "log", "max", "mean", "median", "min", "rank", "std", "var",
)  # fmt: skip
FUNCTIONS = {name: name for name in NAMED} | {
    "chi2_tail": "χ²-tail",
    "kolmogorov_tail": "Kolmogorov-tail",
    "matrix_rank": "rank",
    "normal_tail": "normal-tail",
    "sign": "sgn",
    "ssim": "SSIM",
    "t_tail": "t-tail",
}
RELATIONS = {ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.In: "∈"}
# Binary operators that take more operands as they come: the sign, its bond, and that of what follows it.
SIGNS = {
    ast.Add: ("+", Bond.ADDITION, Bond.SERIES),
    ast.Sub: ("−", Bond.ADDITION, Bond.SERIES),
    ast.BitOr: ("∪", Bond.UNION, Bond.INTERSECTION),
    ast.BitAnd: ("∩", Bond.INTERSECTION, Bond.ADDITION),
}
NO_BREAK_SPACE = "\u00a0"


def typeset(expression: str) -> Node:
    """The expression as MathML. Raises ValueError for what has no notation, and names it."""
    return _piece(ast.parse(expression, mode="eval").body).node


def _piece(tree: ast.expr) -> Piece:
    if type(tree) not in _WRITERS:
        raise _no_notation(tree)
    return _WRITERS[type(tree)](tree)


def _no_notation(tree: ast.AST) -> ValueError:
    return ValueError(f"{type(tree).__name__} has no notation: {ast.unparse(tree)}")


def _at(tree: ast.expr, least: Bond) -> Node:
    """The expression, fenced unless it holds together at least that tightly."""
    return fenced(_piece(tree), least)


def _name(tree: ast.Name) -> Piece:
    return Piece(["mi", OUTCOMES.get(tree.id, tree.id)], Bond.ATOM)


def _number(tree: ast.Constant) -> Piece:
    if type(tree.value) not in (int, float):
        raise _no_notation(tree)
    return Piece(["mn", str(tree.value)], Bond.ATOM)


def _subscripted(tree: ast.Subscript) -> Piece:
    indices = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    letters = all(isinstance(index, ast.Name) and len(index.id) == 1 for index in indices)
    separator = ["mo", AND_INDEX if letters else ","]
    return indexed(_at(tree.value, Bond.ATOM), joined([_piece(index).node for index in indices], separator))


def _signed(tree: ast.UnaryOp) -> Piece:
    if isinstance(tree.op, ast.USub):
        return negative(_piece(tree.operand))
    if isinstance(tree.op, ast.Not):
        return Piece(["mrow", _word("not "), _at(tree.operand, Bond.NOT)], Bond.NOT)
    raise _no_notation(tree)


def _word(text: str) -> Node:
    return ["mtext", text.replace(" ", NO_BREAK_SPACE)]


def _logical(tree: ast.BoolOp) -> Piece:
    word, bond = (" and ", Bond.AND) if isinstance(tree.op, ast.And) else (" or ", Bond.OR)
    return Piece(joined([_at(value, Bond(bond + 1)) for value in tree.values], _word(word)), bond)


def _relation(tree: ast.Compare) -> Piece:
    nodes = [_at(tree.left, Bond.UNION)]
    for operator, right in zip(tree.ops, tree.comparators, strict=True):
        if type(operator) not in RELATIONS:
            raise _no_notation(tree)
        nodes += [["mo", RELATIONS[type(operator)]], _at(right, Bond.UNION)]
    return Piece(["mrow", *nodes], Bond.RELATION)


def _binary(tree: ast.BinOp) -> Piece:
    if isinstance(tree.op, ast.Mult | ast.Div):
        return _product(tree)
    if isinstance(tree.op, ast.Pow):
        return power(_at(tree.left, Bond.ATOM), _at(tree.right, Bond.ADDITION))
    if isinstance(tree.op, ast.MatMult):
        return Piece(joined(list(_matrices(tree)), ["mo", TIMES]), Bond.PRODUCT)
    if type(tree.op) not in SIGNS:
        raise _no_notation(tree)
    sign, bond, next_bond = SIGNS[type(tree.op)]
    return Piece(["mrow", _at(tree.left, bond), ["mo", sign], _at(tree.right, next_bond)], bond)


def _matrices(tree: ast.expr) -> Iterator[Node]:
    """The operands of a product of matrices. Where it begins with a vector, in lower case, that is transposed."""
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.MatMult)):
        node = _at(tree, Bond.FRACTION)
        yield power(node, ["mo", "⊤"]).node if isinstance(tree, ast.Name) and tree.id.islower() else node
        return
    yield from _matrices(tree.left)
    yield _at(tree.right, Bond.FRACTION)


def _product(tree: ast.BinOp) -> Piece:
    (_, first), *others = _operands(tree)
    if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub):
        return negative(_by_turns(first.operand, others))
    return _by_turns(first, others)


def _by_turns(first: ast.expr, others: Sequence[tuple[ast.operator, ast.expr]]) -> Piece:
    """Factors and fractions from left to right: a division takes the factors since the last one as its numerator."""
    factors: list[Piece] = []
    above, since_division = [_piece(first)], True
    for operator, operand in others:
        if isinstance(operator, ast.Div):
            above, since_division = divided(above, _piece(operand)), False
        elif since_division:
            above.append(_piece(operand))
        else:
            factors, above, since_division = factors + above, [_piece(operand)], True
    return times(factors + above)


def _operands(tree: ast.expr) -> Iterator[tuple[ast.operator, ast.expr]]:
    """What is multiplied and divided by, from left to right."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult | ast.Div):
        yield from _operands(tree.left)
        yield tree.op, tree.right
    else:
        yield ast.Mult(), tree


def _called(tree: ast.Call) -> Piece:
    if not isinstance(tree.func, ast.Name) or tree.keywords:
        raise _no_notation(tree)
    name, arguments = tree.func.id, tree.args
    if len(arguments) == 1 and isinstance(over := arguments[0], ast.GeneratorExp):
        if name in SERIES:
            return series(SERIES[name], _range(over.generators), _piece(over.elt))
        if name in QUANTIFIERS:
            return _quantified(QUANTIFIERS[name], over)
    elif (name, len(arguments)) in _NOTATIONS:
        return _NOTATIONS[name, len(arguments)](*arguments)
    elif name in FUNCTIONS:
        return _applied(["mi", FUNCTIONS[name]], arguments)
    raise _no_notation(tree)


def _applied(function: Node, arguments: Sequence[ast.expr]) -> Piece:
    inside = joined([_piece(argument).node for argument in arguments], ["mo", ","])
    return Piece(["mrow", function, ["mo", APPLIED], between("(", inside, ")")], Bond.ATOM)


def _quantified(sign: str, over: ast.GeneratorExp) -> Piece:
    where = joined(_range(over.generators), ["mo", ","])
    return Piece(["mrow", ["mo", sign], where, ["mo", ":"], _at(over.elt, Bond.RELATION)], Bond.NOT)


def _range(generators: Sequence[ast.comprehension]) -> list[Node]:
    """Where the variables of neighbouring generators run, said once where it is the same, then their conditions."""
    domains = []
    for _, alike in groupby(generators, key=lambda generator: ast.dump(generator.iter)):
        group = list(alike)
        names = joined([_piece(generator.target).node for generator in group], ["mo", ","])
        domains.append(_domain(names, group[0].iter))
    conditions = [condition for generator in generators for each in generator.ifs for condition in _conjuncts(each)]
    return [joined(domains, ["mo", ","]), *(_at(condition, Bond.RELATION) for condition in conditions)]


def _domain(names: Node, of: ast.expr) -> Node:
    if isinstance(of, ast.Call) and isinstance(of.func, ast.Name) and of.func.id == "range" and len(of.args) == 1:
        return ["mrow", ["mn", "0"], ["mo", "≤"], names, ["mo", "<"], _at(of.args[0], Bond.UNION)]
    return ["mrow", names, ["mo", "∈"], _at(of, Bond.UNION)]


def _conjuncts(condition: ast.expr) -> list[ast.expr]:
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        return condition.values
    return [condition]


def _enclosed(left: str, right: str) -> Callable[[ast.expr], Piece]:
    return lambda x: Piece(between(left, _at(x, Bond.UNION), right), Bond.ATOM)


def _choose(k: ast.expr, of: ast.expr) -> Piece:
    inside = ["mfrac", {"linethickness": "0"}, _at(k, Bond.ADDITION), _at(of, Bond.ADDITION)]
    return Piece(between("(", inside, ")"), Bond.ATOM)


# Functions that have a notation of their own, by name and number of arguments.
_NOTATIONS: dict[tuple[str, int], Callable[..., Piece]] = {
    ("abs", 1): _enclosed("|", "|"),
    ("choose", 2): _choose,
    ("floor", 1): _enclosed("⌊", "⌋"),
    ("len", 1): _enclosed("|", "|"),
    ("log10", 1): lambda x: _applied(indexed(["mi", "log"], ["mn", "10"]).node, [x]),
    ("mu", 1): lambda x: indexed(["mi", "μ"], _piece(x).node),
    ("percentile", 2): lambda x, share: _applied(indexed(["mi", "percentile"], _piece(share).node).node, [x]),
    ("pinv", 1): lambda x: power(_at(x, Bond.ATOM), ["mo", "+"]),
    ("sqrt", 1): lambda x: Piece(["msqrt", _piece(x).node], Bond.ATOM),
    ("sum", 1): lambda x: series("∑", [], _piece(x)),
}
_WRITERS: dict[type[ast.expr], Callable[[Any], Piece]] = {
    ast.BinOp: _binary,
    ast.BoolOp: _logical,
    ast.Call: _called,
    ast.Compare: _relation,
    ast.Constant: _number,
    ast.Name: _name,
    ast.Subscript: _subscripted,
    ast.UnaryOp: _signed,
}
