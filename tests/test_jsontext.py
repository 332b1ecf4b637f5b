"""JSON is written once for all ways out: what it reads back as, and what it refuses."""

from __future__ import annotations

import json
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crosspatch
from crosspatch.jsontext import dump

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
)


@given(VALUES)
def test_it_reads_back_as_what_was_written(value: object) -> None:
    assert json.loads(dump(value)) == value


@given(st.lists(NUMBERS | st.none() | TEXTS), st.sampled_from([nan, inf, -inf]), st.data())
def test_a_nan_or_an_infinity_is_a_fault_wherever_it_is(values: list[object], bad: float, data: st.DataObject) -> None:
    values.insert(data.draw(st.integers(0, len(values))), bad)
    for value in (values, {"a": {"b": values}}, [values], (1.5, values)):
        with pytest.raises(ValueError, match="is not JSON"):
            dump(value)


def test_numbers_whose_sum_is_beyond_a_float_are_finite_each() -> None:
    assert json.loads(dump([1e308, 1e308, -1e308])) == [1e308, 1e308, -1e308]


def test_a_report_is_compact_and_in_utf_8(grey_photograph: np.ndarray) -> None:
    report = crosspatch.compare(
        grey_photograph, rectangle=(64, 64), seed=1, labels="otsu", class_names=["Wald", "Gewässer"]
    ).to_dict()
    text = dump(report).decode()
    assert json.loads(text) == report
    assert '"Gewässer"' in text
    assert '": ' not in text
