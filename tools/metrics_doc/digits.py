"""Numbers as they are printed. In goes a float, out comes a text that is the same on every machine."""

from __future__ import annotations

import math

# By what share libraries and processors may differ, and far more.
NOISE = 1e-9


def stated(value: float) -> str:
    """Six significant digits, fewer where they say all.

    Raises ValueError for a value whose last digit depends on noise: choose another example then.
    """
    if value == 0:
        return "0"
    low, high = (f"{value * (1 + noise):.6g}" for noise in (-NOISE, NOISE))
    if low != high or abs(value) < NOISE:
        raise ValueError(f"{value!r} is on a rounding edge")
    return low


def sign_of_equality(value: float) -> str:
    """`=` where the stated digits say all, else `≈`."""
    return "=" if math.isclose(float(stated(value)), value, rel_tol=NOISE, abs_tol=0) else "≈"


def limit(value: float) -> str:
    """An end of a range."""
    return f"{value:.6g}".replace("inf", "∞").replace("-", "\N{MINUS SIGN}")
