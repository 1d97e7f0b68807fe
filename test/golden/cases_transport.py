"""Optimal transport: scipy.stats and POT. Values only: neither differentiates NumPy arrays."""

import os
import warnings

import numpy as np

from cases import Cases, array, normal, unit


def cases():
    all_cases = Cases()

    def adder(symbol):
        def add(note, inputs, **parameters):
            all_cases.add(symbol, note, inputs, parameters, False)

        return add

    for symbol in ("scipy.stats.wasserstein_distance", "ot.wasserstein_1d"):
        on_line(adder(symbol), with_p=symbol.startswith("ot."))
    add = adder("ot.wasserstein_1d")
    u, v = np.sort(normal(1, 5)), np.sort(normal(2, 7))
    for require_sort in (True, False):
        add(f"sorted values, require_sort={require_sort}", {"u_values": u, "v_values": v}, require_sort=require_sort)
        add(f"sorted values, p 2, require_sort={require_sort}", {"u_values": u, "v_values": v}, p=2, require_sort=require_sort)
    emd2(adder("ot.emd2"))
    return all_cases.all


def on_line(add, with_p):
    u, v = normal(1, 5), normal(2, 7)
    add("5 and 7 samples", {"u_values": u, "v_values": v})
    add("the same twice", {"u_values": u, "v_values": u.copy()})
    add("one each", {"u_values": array([0.3]), "v_values": array([-1.7])})
    add("one against many", {"u_values": array([0.3]), "v_values": v})
    add("ties", {"u_values": array([1.0, 1.0, 2.0]), "v_values": array([1.0, 2.0, 2.0])})
    add("weights on both", {"u_values": u, "v_values": v, "u_weights": unit(3, 5), "v_weights": unit(4, 7)} if not with_p else
        {"u_values": u, "v_values": v, "u_weights": unit(3, 5) / unit(3, 5).sum(), "v_weights": unit(4, 7) / unit(4, 7).sum()})
    add("weights on one", {"u_values": u, "v_values": v, "u_weights": array([0.1, 0.2, 0.3, 0.15, 0.25])})
    add("a weight of 0", {"u_values": u, "v_values": v, "u_weights": array([0.5, 0.0, 0.2, 0.1, 0.2])})
    add("shuffled", {"u_values": u[[3, 1, 4, 0, 2]], "v_values": v})
    add("far apart", {"u_values": u + 1e6, "v_values": v})
    add("twenty and three", {"u_values": normal(8, 20), "v_values": normal(9, 3)})
    if with_p:
        add("p 2", {"u_values": u, "v_values": v}, p=2)
        add("p 3, weights", {"u_values": u, "v_values": v, "v_weights": array([0.1, 0.1, 0.2, 0.1, 0.2, 0.05, 0.25])}, p=3)
        add("p 0.5 is refused", {"u_values": u, "v_values": v}, p=0.5)
    else:
        add("negative weight is refused", {"u_values": u, "v_values": v, "u_weights": array([0.5, -0.1, 0.2, 0.2, 0.2])})
        add("weights of another length are refused", {"u_values": u, "v_values": v, "u_weights": array([0.5, 0.5])})
        add("no weight at all is refused", {"u_values": u, "v_values": v, "u_weights": array([0.0] * 5)})
        add("empty is refused", {"u_values": array([]), "v_values": v})


def emd2(add):
    def masses(seed, n):
        values = unit(seed, n)
        return values / values.sum()

    for n, m in ((1, 1), (2, 2), (3, 2), (2, 5), (4, 4), (6, 5), (8, 8)):
        add(f"{n} x {m}", {"a": masses(n, n), "b": masses(m + 10, m), "M": unit(n + m, n, m) * 3})
    add("uniform 5 x 5, an assignment", {"a": array([0.2] * 5), "b": array([0.2] * 5), "M": unit(21, 5, 5)})
    add("squared distances", {"a": masses(3, 6), "b": masses(4, 6), "M": (normal(5, 6)[:, None] - normal(6, 6)[None, :]) ** 2})
    add("zero cost", {"a": masses(3, 3), "b": masses(4, 3), "M": array([0.0] * 9, shape=(3, 3))})
    add("equal costs", {"a": masses(3, 3), "b": masses(4, 4), "M": array([2.5] * 12, shape=(3, 4))})
    add("a mass of 0", {"a": array([0.0, 0.4, 0.6]), "b": masses(4, 3), "M": unit(7, 3, 3)})
    add("unequal mass is refused", {"a": array([0.5, 0.5]), "b": array([0.7, 0.7]), "M": unit(8, 2, 2)})


def answers(all_cases):
    # NumPy is all that is asked of POT; it would load every other library that it finds.
    for backend in ("TENSORFLOW", "PYTORCH", "JAX", "CUPY"):
        os.environ[f"POT_BACKEND_DISABLE_{backend}"] = "1"
    import ot
    import scipy
    import scipy.stats

    from make_goldens import answer_record

    functions = {
        "scipy.stats.wasserstein_distance": scipy.stats.wasserstein_distance,
        "ot.wasserstein_1d": ot.wasserstein_1d,
        "ot.emd2": ot.emd2,
    }

    def answer(case):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                value = functions[case.symbol](**case.inputs, **case.parameters)
            except Exception as error:
                return {"error": str(error)}
        return answer_record(np.asarray(value, dtype="float64").reshape(()), {}, None)

    return [answer(case) for case in all_cases], {"scipy": scipy.__version__, "POT": ot.__version__}
