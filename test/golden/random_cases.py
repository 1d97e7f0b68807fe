"""Calls that nobody thought of: the golden cases of a library, their parts exchanged and changed at random."""

import numpy as np

from cases import INF, NAN, Case

# What a float array gets here and there.
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-8, 1e-30, 1e8, 1e30, INF, -INF, NAN]


def random_cases(cases, seed, count):
    """`count` cases of the symbols of `cases`, always the same for a seed. Their notes begin with their numbers."""
    by_symbol = {}
    for case in cases:
        by_symbol.setdefault(case.symbol, []).append(case)
    symbols = sorted(by_symbol)
    values = {symbol: seen_values(by_symbol[symbol]) for symbol in symbols}
    made = []
    for number in range(count):
        random = np.random.RandomState([seed, number])
        symbol = symbols[number % len(symbols)]
        pool = by_symbol[symbol]
        base = pool[random.randint(len(pool))]
        inputs = changed_inputs(random, base, pool)
        parameters = changed_parameters(random, base, pool, values[symbol])
        # An argument is an array or one of the words that stand for it.
        parameters = {name: value for name, value in parameters.items() if name not in inputs}
        made.append(Case(symbol, f"{number}: {base.note}", inputs, parameters, base.surrogate))
    return made


def seen_values(cases):
    """Each parameter's values in the cases."""
    seen = {}
    for case in cases:
        for name, value in case.parameters.items():
            if not any(type(value) is type(other) and repr(value) == repr(other) for other in seen.setdefault(name, [])):
                seen[name].append(value)
    return seen


def changed_parameters(random, base, pool, seen):
    parameters = dict(base.parameters)
    required = {name for name in seen if all(name in case.parameters for case in pool)}
    for name, options in sorted(seen.items()):
        draw = random.rand()
        if draw < 0.25:
            value = options[random.randint(len(options))]
            if isinstance(value, float) and np.isfinite(value) and random.rand() < 0.5:
                value = round(float(value * random.uniform(0.2, 3)), 3)
            parameters[name] = value
        elif draw < 0.32 and name not in required:
            parameters.pop(name, None)
    return parameters


def changed_inputs(random, base, pool):
    inputs = {name: np.array(values) for name, values in base.inputs.items()}
    optional = {name for case in pool for name in case.inputs if not all(name in other.inputs for other in pool)}
    for name in sorted(optional):
        if name in inputs:
            if random.rand() < 0.2:
                del inputs[name]
        elif random.rand() < 0.2:
            fitting = [case.inputs[name] for case in pool if name in case.inputs and same_shapes(case.inputs, inputs)]
            if fitting:
                inputs[name] = np.array(fitting[random.randint(len(fitting))])
    if random.rand() < 0.2:
        inputs = with_rows(random, inputs)
    if random.rand() < 0.25:
        to = ["float32", "float64"][random.randint(2)]
        inputs = {name: values.astype(to) if values.dtype.kind == "f" else values for name, values in inputs.items()}
    for name in sorted(inputs):
        if random.rand() < 0.6:
            inputs[name] = changed_values(random, inputs[name])
        if random.rand() < 0.04:
            inputs[name] = reshaped(random, inputs[name])
        if random.rand() < 0.04 and inputs[name].dtype.kind == "f":
            inputs[name] = inputs[name].astype("float64" if inputs[name].dtype == np.float32 else "float32")
    return inputs


def same_shapes(some, others):
    return all(name not in some or some[name].shape == values.shape for name, values in others.items())


def with_rows(random, inputs):
    """As many rows of all that have the first one's number, some of them twice."""
    rows = next((values.shape[0] for values in inputs.values() if values.ndim > 0), 0)
    if rows == 0:
        return inputs
    chosen = random.randint(rows, size=random.choice([0, 1, 2, 3, rows]))
    return {name: values[chosen] if values.ndim > 0 and values.shape[0] == rows else values for name, values in inputs.items()}


def changed_values(random, values):
    flat = values.ravel().copy()
    if flat.size == 0:
        return values
    draw = random.rand()
    if draw < 0.5:
        flat = random.permutation(flat)
    elif values.dtype.kind == "f":
        # Numbers that are shares, labels or signs mostly stay so.
        if draw < 0.65:
            flat = np.round(flat * random.uniform(0.3, 3), 3).astype(flat.dtype)
        elif draw < 0.8:
            flat = np.where(random.rand(flat.size) < 0.5, flat, 1 - flat).astype(flat.dtype)
        else:
            flat[random.randint(flat.size)] = SPECIAL[random.randint(len(SPECIAL))]
    elif draw > 0.9 and values.dtype.kind in "iu":
        flat[random.randint(flat.size)] = random.choice([-100, -1, 0, 1, 2])
    return flat.reshape(values.shape)


def reshaped(random, values):
    draw = random.randint(4)
    if draw == 0:
        return values[np.newaxis]
    if draw == 1:
        return values[..., np.newaxis]
    if draw == 2:
        return values.reshape(-1)
    return values[:1] if values.ndim > 0 else values
