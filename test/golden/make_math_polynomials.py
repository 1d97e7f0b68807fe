"""Derives the polynomials of engine/backends/wasm/math: prints their coefficients and error bounds.

Each is a weighted minimax approximation (Remez exchange, 60 digits), its coefficients then rounded to the format
they are used in. The bound printed is that of the rounded polynomial in exact arithmetic, relative to the function
it serves; weights that vanish at 0 are held up there, for the exchange needs a positive one.

Needs mpmath. Run: python test/golden/make_math_polynomials.py
"""

import struct

from mpmath import matrix, lu_solve, mp, mpf

mp.dps = 60


def to_float32(value):
    return mpf(struct.unpack("<f", struct.pack("<f", float(value)))[0])


def to_float64(value):
    return mpf(float(value))


def remez(target, weight, low, high, powers):
    """Coefficients c of sum(c * x**p) that minimise max |weight(x) * (target(x) - sum)| on [low, high]."""
    count = len(powers)
    nodes = [
        (low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * (count + 1)))
        for i in range(count + 1)
    ]
    for _ in range(30):
        system = matrix(count + 1, count + 1)
        right = matrix(count + 1, 1)
        for row, x in enumerate(nodes):
            for column, power in enumerate(powers):
                system[row, column] = x**power
            system[row, count] = (-1) ** row / weight(x)
            right[row] = target(x)
        solution = lu_solve(system, right)
        coefficients = [solution[i] for i in range(count)]
        level = abs(solution[count])

        def error(x):
            return weight(x) * (target(x) - sum(c * x**p for c, p in zip(coefficients, powers)))

        steps = 40 * (count + 1)
        grid = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * i / steps) for i in range(steps + 1)]
        errors = [error(x) for x in grid]
        extrema = []
        for i, value in enumerate(errors):
            if extrema and (value > 0) == (errors[extrema[-1]] > 0):
                if abs(value) > abs(errors[extrema[-1]]):
                    extrema[-1] = i
            else:
                extrema.append(i)
        while len(extrema) > count + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < count + 1:
            raise ArithmeticError("fewer extrema than unknowns")
        nodes = [grid[i] for i in extrema]
        if max(abs(errors[i]) for i in extrema) < level * mpf("1.001"):
            return coefficients
    raise ArithmeticError("no convergence")


def rounded(target, weight, low, high, powers, rounding):
    """The coefficients in a format, and the largest weighted error that they leave."""
    fixed = [rounding(c) for c in remez(target, weight, low, high, powers)]
    grid = [low + (high - low) * i / 4000 for i in range(4001)]
    bound = max(
        abs(weight(x) * (target(x) - sum(c * x**p for c, p in zip(fixed, powers)))) for x in grid
    )
    return fixed, bound


def show(name, result):
    coefficients, bound = result
    print(f"{name}: relative error 2^{float(mp.log(bound, 2)):.1f}")
    print("  [" + ", ".join(repr(float(c)) for c in coefficients) + "]")


LN2 = mp.log(2)
ROOT = mp.sqrt(2)
# |x - k ln 2| is at most ln(2) / 2, and a little more because k comes from a rounded product.
HALF = LN2 / 2 * mpf("1.0001")


def exp_tail(r):
    """(e^r - 1 - r) / r^2"""
    if abs(r) < mpf("1e-12"):
        return mpf(1) / 2 + r / 6
    return (mp.expm1(r) - r) / (r * r)


def expm1_weight(r):
    return max(abs(r * r / mp.expm1(r)), mpf("1e-2")) if r else mpf("1e-2")


def exp2_tail(f):
    """(2^f - 1) / f"""
    return mp.expm1(f * LN2) / f if abs(f) > mpf("1e-30") else LN2


def exp2_weight(f):
    return max(abs(f) / mpf(2) ** f, mpf("1e-2"))


def atanh_tail(z):
    """(2 atanh(s) - 2 s) / s^3 with z = s^2"""
    if z < mpf("1e-14"):
        return mpf(2) / 3 + 2 * z / 5
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) - 2 * s) / (s * z)


def atanh_weight(z):
    s = mp.sqrt(z)
    return max(s * z / (2 * mp.atanh(s)), mpf("1e-4")) if z else mpf("1e-4")


def log2_ratio(z):
    """2 atanh(s) / (s ln 2)"""
    return (2 + z * atanh_tail(z)) / LN2


def cubic_tail(z):
    """(3 atanh(s) / s - 3 - z) / z^2: what is left of log m = 2/3 s (3 + z + ...)"""
    if z < mpf("1e-10"):
        return mpf(3) / 5 + 3 * z / 7 + z * z / 3
    s = mp.sqrt(z)
    return (3 * mp.atanh(s) / s - 3 - z) / (z * z)


def cubic_weight(z):
    return max(z * z / 3, mpf("1e-7"))


NEAR_ONE = ((ROOT - 1) / (ROOT + 1)) ** 2 * mpf("1.0001")  # z for a mantissa in [sqrt(1/2), sqrt(2)]
UNIT = mpf(1) / 9 * mpf("1.0001")  # z for log1p(e), e in [0, 1]

if __name__ == "__main__":
    zero = mpf(0)
    half = mpf("0.5001")
    for name, rounding, exp_terms, near_terms, unit_terms in (
        ("float32", to_float32, 5, 3, 4),
        ("float64", to_float64, 10, 7, 10),
    ):
        show(f"{name} exponential tail", rounded(exp_tail, expm1_weight, -HALF, HALF, range(exp_terms), rounding))
        show(f"{name} nearOne", rounded(atanh_tail, atanh_weight, zero, NEAR_ONE, range(near_terms), rounding))
        show(f"{name} upToTwo", rounded(atanh_tail, atanh_weight, zero, UNIT, range(unit_terms), rounding))
    # pow of float32 is computed in float64 lanes, to float32's needs.
    show("log2Short", rounded(log2_ratio, lambda z: 1 / log2_ratio(z), zero, NEAR_ONE, range(5), to_float64))
    show("exp2Short", rounded(exp2_tail, exp2_weight, -half, half, range(6), to_float64))
    show("log2Tail", rounded(cubic_tail, cubic_weight, zero, NEAR_ONE, range(7), to_float64))
    show("exp2Long", rounded(exp2_tail, exp2_weight, -half, half, range(11), to_float64))
