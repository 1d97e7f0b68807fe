"""Makes data/math-f64.json: points of each function of the wasm backend's mathematics, with results by mpmath.

Arrays are base64 of little-endian float64; `rest` is what rounding the result left, in 1/256 ulp, as int8.
Needs mpmath. Run: python test/golden/make_math_f64.py
"""

import base64
import json
import math
import pathlib
import random
import struct

from mpmath import mp, mpf

mp.dps = 60
random.seed(20)

LN2 = math.log(2)
MAX = 1.7976931348623157e308


def exponents(low, high, count):
    """Positive numbers with exponents spread over [low, high]."""
    return [math.ldexp(1 + random.random(), random.randint(low, high)) for _ in range(count)]


def spread(low, high, count):
    return [low + (high - low) * random.random() for _ in range(count)]


def near(values, count, steps=40):
    """Neighbours of some places, at up to `steps` units in the last place, and a little farther."""
    result = []
    for _ in range(count):
        value = random.choice(values)
        if random.random() < 0.5:
            result.append(value + random.randint(-steps, steps) * math.ulp(value))
        else:
            result.append(value * (1 + random.uniform(-1, 1) * 2.0 ** -random.randint(3, 45)))
    return result


def signed(values):
    return [value if random.random() < 0.5 else -value for value in values]


denormals = [random.randint(1, 2**52) * 2.0**-1074 for _ in range(100)] + [2.0**-1074, 2.0**-1022]
tiny = signed(exponents(-1021, -1, 300) + denormals)
# Where the reduction goes over to the next k.
halves = [(k + 0.5) * LN2 for k in (-3, -2, -1, 0, 1, 2, 3, 7, -30, 60, 500, -500)]
breaks = [math.sqrt(0.5) * 2.0**k for k in (-1000, -3, -2, -1, 0, 1, 2, 3, 30, 600)] + [1.0]

arguments = {
    "exp": spread(-746, 710, 700) + near(halves, 500) + spread(-745.2, -708, 400) + near([709.78, -745.13, -708.4], 100)
    + tiny,
    "expOfNonPositive": [-abs(x) for x in spread(-746, 0, 700) + near(halves, 500) + spread(-745.2, -708, 400) + tiny],
    "expm1": spread(-40, 710, 300) + spread(-1, 1, 500) + near(halves, 600) + spread(-2, 3, 300) + tiny,
    "log": near(breaks, 900) + exponents(-1022, 1023, 600) + spread(0.5, 2, 400) + denormals,
    "log1p": tiny + near([b - 1 for b in breaks if 0.01 < b < 100], 900) + spread(-1, 3, 400) + exponents(-10, 1023, 300)
    + [-1 + 2.0**-k * random.uniform(0.5, 1) for k in range(1, 53)],
    "tanh": tiny + signed(spread(0, 20, 800) + near([h / 2 for h in halves if h < 50], 500) + spread(0, 1, 400)),
    "sigmoid": tiny + spread(-745, 40, 700) + near(halves, 400) + spread(-4, 4, 500) + spread(-745.2, -708, 200),
    "softplus": tiny + spread(-745, 40, 600) + near(halves, 400) + spread(-4, 4, 600) + spread(-745.2, -708, 200),
}


def powers():
    for _ in range(900):
        x = math.ldexp(1 + random.random(), random.choice([random.randint(-1022, 1022), random.randint(-3, 3)]))
        yield x, random.uniform(-740, 709) / math.log(x)
    for x in near(breaks, 600):
        if x != 1:
            yield x, random.uniform(-740, 709) / math.log(x)
    for x in denormals:
        yield x, random.uniform(-0.95, 1)
    for _ in range(200):
        x = random.uniform(0.2, 4)
        yield x, random.uniform(-744, -709) / math.log(x)
    for _ in range(400):
        yield -random.uniform(0.3, 3), random.randint(-300, 300)


functions = {
    "exp": mp.exp,
    "expOfNonPositive": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "pow": lambda x, y: mp.power(x, y),
}


def to_float64(value):
    """Nearest float64, denormals too (float(mpf) rounds twice there)."""
    if not value:
        return 0.0
    exponent = max(mp.frexp(value)[1] - 53, -1074)
    return math.ldexp(int(mp.nint(mp.ldexp(value, -exponent))), exponent)


def encode(form, values):
    return base64.b64encode(struct.pack(f"<{len(values)}{form}", *values)).decode()


def main():
    data = {}
    for name, function in functions.items():
        points = list(powers()) if name == "pow" else [(x,) for x in arguments[name]]
        kept, results, rests = [], [], []
        for point in points:
            exact = function(*(mpf(p) for p in point))
            if abs(exact) > mpf(MAX):
                continue
            result = to_float64(exact)
            rest = (exact - mpf(result)) / mpf(math.ulp(result))
            kept.append(point)
            results.append(result)
            rests.append(max(-128, min(127, round(float(rest) * 256))))
        # Whole vectors of two.
        if len(kept) % 2:
            kept.pop()
            results.pop()
            rests.pop()
        data[name] = {"x": encode("d", [p[0] for p in kept])}
        if name == "pow":
            data[name]["y"] = encode("d", [p[1] for p in kept])
        data[name] |= {"result": encode("d", results), "rest": encode("b", rests)}
        print(name, len(kept))
    path = pathlib.Path(__file__).parent / "data" / "math-f64.json"
    path.write_text(json.dumps(data, indent=1) + "\n")


if __name__ == "__main__":
    main()
