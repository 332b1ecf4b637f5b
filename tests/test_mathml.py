"""Formulas in print say what the Python expressions say: each part is there, in order, fenced where it must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import crosspatch
from crosspatch.mathml import Node, typeset

DRAWN = Path(crosspatch.__file__).parent / "web" / "static_files" / "view" / "mathml.js"
UNSEEN = "\u2061\u2062\u2063"
EXPRESSIONS = [text for each in crosspatch.METRICS.values() for text in (each.formula, each.undefined_when)]


def leaves(node: Node) -> Iterator[str]:
    """The texts in reading order, without signs that are not seen."""
    for part in node[1:]:
        if isinstance(part, list):
            yield from leaves(part)
        elif isinstance(part, str) and part not in UNSEEN:
            yield part


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node[1:]:
        if isinstance(part, list):
            yield from nodes(part)


def text(expression: str) -> str:
    return " ".join(leaves(typeset(expression)))


@pytest.mark.parametrize("expression", sorted(set(EXPRESSIONS)))
def test_every_expression_of_the_catalogue_has_a_notation_that_the_page_can_draw(expression: str) -> None:
    script = DRAWN.read_text(encoding="utf-8")
    tags, attributes = (
        set(re.findall(r'"(\w+)"', re.search(rf"const {name} = \[(.*?)\]", script)[1]))  # type: ignore[index]
        for name in ("TAGS", "ATTRIBUTES")
    )
    for tag, *content in nodes(typeset(expression)):
        assert tag in tags
        for part in content:
            assert isinstance(part, str | list) or set(part) <= attributes


@pytest.mark.parametrize("key", crosspatch.METRICS)
def test_nothing_of_a_formula_is_lost(key: str) -> None:
    """Each number and each of the single letters of the expression stands in the print as often as it is read."""
    formula = crosspatch.METRICS[key].formula
    numbers = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)", formula))
    printed = set(leaves(typeset(formula)))
    assert {number for number in numbers if number not in printed} <= {"1", "2"}  # choose(x, 2), a half, an index
    names = set(re.findall(r"\b(tp|fp|fn|tn|rows|columns|levels|classes)\b", formula))
    assert {name.upper() if len(name) == 2 else name for name in names} <= printed


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("tp / (tp + fp + fn)", "TP TP + FP + FN"),
        ("2 * tp / (2 * tp + fp + fn)", "2 TP 2 TP + FP + FN"),
        ("cov(t, s) / sqrt(var(t) * var(s))", "cov ( t , s ) var ( t ) · var ( s )"),
        ("sum(c[i, i] for i in classes) / n", "1 n ∑ i ∈ classes c i i"),
        ("max(abs(F[x] - G[x]) for x in levels)", "max x ∈ levels | F x − G x |"),
        ("mean((s - t)**2)", "mean ( ( s − t ) 2 )"),
        ("mean(s - t)**2", "mean ( s − t ) 2"),
        ("rows[i] * log(n / rows[i])", "rows i log ( n rows i )"),
        ("len(A & B) / len(A | B)", "| A ∩ B | | A ∪ B |"),
        ("n == 0 or tp + fn == 0", "n = 0 \u00a0or\u00a0 TP + FN = 0"),
    ],
)
def test_an_expression_is_printed_in_the_order_in_which_it_is_read(expression: str, printed: str) -> None:
    assert text(expression) == printed


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("n - (tp - fp)", "n − ( TP − FP )"),
        ("(n - tp) - fp", "n − TP − FP"),
        ("(n + tp) * fp", "( n + TP ) · FP"),
        ("n + tp * fp", "n + TP · FP"),
        ("-(tp + fp)", "− ( TP + FP )"),
        ("(tp + fp)**2", "( TP + FP ) 2"),
        ("sum(x for x in p) * n", "( ∑ x ∈ p x ) n"),
        ("not (n == 0 or tp == 0)", "not\u00a0 ( n = 0 \u00a0or\u00a0 TP = 0 )"),
    ],
)
def test_parentheses_stand_where_the_meaning_needs_them_and_nowhere_else(expression: str, printed: str) -> None:
    assert text(expression) == printed


def test_a_division_is_a_fraction_of_all_that_came_before_it() -> None:
    assert typeset("n * tp / fp") == typeset("(n * tp) / fp")
    assert typeset("n * (tp / fp)") != typeset("n * tp / fp")


@pytest.mark.parametrize(
    "expression", ["unheard(n)", "'words'", "n if n else 1", "x.y", "[n]", "n % 2", "sum(n, start=1)"]
)
def test_what_has_no_notation_is_named_and_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="has no notation"):
        typeset(expression)
