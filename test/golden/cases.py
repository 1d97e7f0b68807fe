"""A golden case: which symbol is asked, with which arrays and which keyword values."""

from dataclasses import dataclass, field

import numpy as np

INF = float("inf")
NAN = float("nan")


@dataclass
class Case:
    symbol: str
    note: str
    inputs: dict
    parameters: dict = field(default_factory=dict)
    # The library's gradient is known not to be the derivative of its value here, or there is none (a kink).
    surrogate: bool = False


class Cases:
    """Collects cases; a note names a case and is unique within its symbol."""

    def __init__(self):
        self.all = []
        self._seen = set()

    def add(self, symbol, note, inputs, parameters, surrogate):
        key = (symbol, note)
        if key in self._seen:
            raise ValueError(f"two cases of {symbol} are called {note!r}")
        self._seen.add(key)
        self.all.append(Case(symbol, note, inputs, parameters, surrogate))


def array(values, dtype="float64", shape=None):
    result = np.array(values, dtype=dtype)
    return result if shape is None else result.reshape(shape)


def _random(seed, shape, draw):
    # RandomState's streams never change between numpy versions; three decimals keep the files readable.
    return np.round(draw(np.random.RandomState(seed), shape), 3)


def normal(seed, *shape, scale=1.5, dtype="float64"):
    return _random(seed, shape, lambda r, s: r.normal(scale=scale, size=s)).astype(dtype)


def unit(seed, *shape, dtype="float64"):
    """Strictly inside (0, 1)."""
    return _random(seed, shape, lambda r, s: r.uniform(0.02, 0.98, size=s)).astype(dtype)


def binary(seed, *shape, dtype="float64"):
    return np.random.RandomState(seed).randint(0, 2, size=shape).astype(dtype)


def labels(seed, classes, *shape, dtype="int64"):
    return np.random.RandomState(seed).randint(0, classes, size=shape).astype(dtype)


def distribution(seed, *shape, axis=-1, dtype="float64"):
    """Positive, summing to about 1 along `axis` (rounded, so not exactly: users' data do not either)."""
    p = np.random.RandomState(seed).gamma(1.3, size=shape) + 0.05
    return np.round(p / p.sum(axis=axis, keepdims=True), 3).astype(dtype)


def one_hot(indices, classes, axis=-1, dtype="float64"):
    return np.moveaxis(np.eye(classes)[np.asarray(indices)], -1, axis).astype(dtype)
