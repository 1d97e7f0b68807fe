"""The cases of sklearn.metrics: the metrics that are losses. They have values only; nothing differentiates them."""

import numpy as np

from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit

F = "float32"
REGRESSION = (
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_log_error",
    "root_mean_squared_log_error",
    "mean_pinball_loss",
)


def cases():
    collected = Cases()

    def symbol(name, prediction="y_pred"):
        """Adds cases of one function; keywords are parameters, or inputs if they are arrays."""

        def add(note, y_true, predicted, /, **keywords):
            inputs = {"y_true": y_true, prediction: predicted}
            inputs.update({k: v for k, v in keywords.items() if isinstance(v, np.ndarray)})
            inputs = {k: v for k, v in inputs.items() if v is not None}
            parameters = {k: v for k, v in keywords.items() if not isinstance(v, np.ndarray)}
            collected.add(f"sklearn.metrics.{name}", note, inputs, parameters, False)

        return add

    for name in REGRESSION:
        regression(symbol(name), logarithmic="log" in name)
    pinball(symbol("mean_pinball_loss"))
    relative(symbol("mean_absolute_percentage_error"))
    deviance(symbol("mean_tweedie_deviance"), 0)
    tweedie(symbol("mean_tweedie_deviance"))
    deviance(symbol("mean_poisson_deviance"), 1)
    deviance(symbol("mean_gamma_deviance"), 2)
    log_loss(symbol("log_loss", "y_proba"))
    brier(symbol("brier_score_loss", "y_proba"))
    hinge(symbol("hinge_loss", "pred_decision"))
    return collected.all


def weights(add, y, p, n, **options):
    """Sample weights for n samples."""
    w = np.linspace(0.3, 2.1, n)
    add("sample_weight", y, p, sample_weight=w, **options)
    add("sample_weight of float32", y, p, sample_weight=w.astype(F), **options)
    add("sample_weight of integers", y, p, sample_weight=np.arange(n), **options)
    add("sample_weight 0-D", y, p, sample_weight=array(2.5), **options)
    add("sample_weight zeros", y, p, sample_weight=np.zeros(n), **options)
    add("sample_weight with a negative one", y, p, sample_weight=array([-0.5] + [1.0] * (n - 1)), **options)
    add("sample_weight of another length", y, p, sample_weight=np.ones(n + 1), **options)
    add("sample_weight [n, 1]", y, p, sample_weight=w[:, None], **options)
    add("sample_weight NaN", y, p, sample_weight=array([NAN] + [1.0] * (n - 1)), **options)


def misfits(add, y, p):
    """Of one dimension."""
    add("another length", y, p[:-1])
    add("0-D", y[0].reshape(()), p[0].reshape(()))
    add("[n] against [n, 1]", y, p[:, None])
    add("[n, 1] against [n]", y[:, None], p)
    add("three dimensions", y[:, None, None], p[:, None, None])
    add("empty", y[:0], p[:0])
    for name, value in (("NaN", NAN), ("infinity", INF)):
        add(f"{name} in y_true", np.where(np.arange(len(y)) == 1, value, y), p)
        add(f"{name} predicted", y, np.where(np.arange(len(p)) == 1, value, p))


def regression(add, logarithmic):
    def draw(seed, *shape, dtype="float64"):
        return unit(seed, *shape, dtype=dtype) * (4 if logarithmic else 1) if logarithmic else normal(seed, *shape, dtype=dtype)

    y, p = draw(1, 5), draw(2, 5)
    y2, p2 = draw(3, 4, 3), draw(4, 4, 3)
    add("[5]", y, p)
    add("[4, 3]", y2, p2)
    add("float32", y.astype(F), p.astype(F))
    add("float32 and float64", y.astype(F), p)
    add("integers", array([1, 4, 2], "int64"), array([2, 2, 7], "int64"))
    add("integers against float32", array([1, 4, 2], "int64"), array([2.5, 2, 7], F))
    add("one sample", y[:1], p[:1])
    add("equal", y, y.copy())
    weights(add, y, p, 5)
    misfits(add, y, p)
    add("[4, 3] against [4, 2]", y2, p2[:, :2])
    add("[4, 3] against [4]", y2, p2[:, 0])
    for choice in ("uniform_average", "raw_values"):
        add(f"multioutput {choice}", y2, p2, multioutput=choice)
        add(f"multioutput {choice}, sample_weight", y2, p2, multioutput=choice, sample_weight=array([0.3, 1.0, 2.0, 0.7]))
    add("multioutput raw_values, [5]", y, p, multioutput="raw_values")
    add("multioutput raw_values, float32", y2.astype(F), p2.astype(F), multioutput="raw_values")
    add("multioutput weights", y2, p2, multioutput=array([0.2, 0.5, 1.1]))
    add("multioutput weights and sample_weight", y2, p2, multioutput=array([0.2, 0.5, 1.1]), sample_weight=array([0.3, 1.0, 2.0, 0.7]))
    add("multioutput weights [2] for 3", y2, p2, multioutput=array([0.2, 0.5]))
    add("multioutput weights [1] for 1", y, p, multioutput=array([0.2]))
    add("multioutput weights that are not finite", y2, p2, multioutput=array([1.0, INF, 0.5]))
    add("multioutput weights that add up to 0", y2, p2, multioutput=array([1.0, -1.0, 0.0]))
    add("multioutput of another name", y2, p2, multioutput="variance_weighted")
    if logarithmic:
        add("above -1", array([-0.5, 0.0, 3.0]), array([0.0, -0.99, 2.0]))
        add("-1 in y_true", array([-1.0, 0.0, 3.0]), array([0.0, 1.0, 2.0]))
        add("below -1 predicted", array([1.0, 0.0, 3.0]), array([0.0, -1.5, 2.0]))
    else:
        add("large", array([1e100, -1e120, 1.0]), array([-1e100, 1e120, 2.0]))


def pinball(add):
    y, p = normal(1, 6), normal(2, 6)
    for alpha in (0.0, 0.1, 0.9, 1.0):
        add(f"alpha {alpha}", y, p, alpha=alpha)
    add("alpha 0.9, float32", y.astype(F), p.astype(F), alpha=0.9)
    add("alpha 1.5", y, p, alpha=1.5)
    add("alpha -0.1", y, p, alpha=-0.1)
    add("alpha 0.2, raw values", normal(3, 4, 2), normal(4, 4, 2), alpha=0.2, multioutput="raw_values")


def relative(add):
    add("y_true of 0", array([0.0, 1.0]), array([1.0, 1.5]))
    add("y_true and y_pred of 0", array([0.0, 1.0]), array([0.0, 1.5]))
    add("y_true of 0, float32", array([0.0, 1.0], F), array([1.0, 1.5], F))
    add("y_true below 2.2e-16", array([1e-17, -1e-15]), array([1.0, 1.5]))
    add("negative y_true", array([-2.0, 4.0]), array([2.0, -1.0]))


def deviance(add, power):
    y, p = unit(1, 5) * 4, unit(2, 5) * 4
    add("[5]", y, p)
    add("float32", y.astype(F), p.astype(F))
    add("float32 and float64", y.astype(F), p)
    add("integers", array([1, 4, 2], "int64"), array([2, 2, 7], "int64"))
    add("equal", y, y.copy())
    weights(add, y, p, 5)
    misfits(add, y, p)
    add("two outputs", y.reshape(-1, 1) * array([[1.0, 2.0]]), p.reshape(-1, 1) * array([[1.0, 2.0]]))
    add("y_true of 0", array([0.0, 1.0, 3.0]), array([0.5, 1.0, 2.0]))
    add("y_true negative", array([-1.0, 1.0, 3.0]), array([0.5, 1.0, 2.0]))
    add("y_pred of 0", array([1.0, 1.0, 3.0]), array([0.0, 1.0, 2.0]))
    add("y_pred negative", array([1.0, 1.0, 3.0]), array([-0.5, 1.0, 2.0]))


def tweedie(add):
    y, p = unit(3, 5) * 4, unit(4, 5) * 4
    for power in (-2.0, -1.0, -0.5, 0.0, 1.0, 1.5, 1.9, 2.0, 2.5, 3.0):
        add(f"power {power}", y, p, power=power)
    add("power 1, integer", y, p, power=1)
    add("power 1.5, float32", y.astype(F), p.astype(F), power=1.5)
    add("power 1.5, y_true of 0", array([0.0, 1.0, 3.0]), array([0.5, 1.0, 2.0]), power=1.5)
    add("power 1.5, y_true negative", array([-0.5, 1.0, 3.0]), array([0.5, 1.0, 2.0]), power=1.5)
    add("power 3, y_true of 0", array([0.0, 1.0, 3.0]), array([0.5, 1.0, 2.0]), power=3)
    add("power -1, y_true negative", array([-0.5, 1.0, 3.0]), array([0.5, 1.0, 2.0]), power=-1)
    add("power -1, y_pred of 0", array([-0.5, 1.0, 3.0]), array([0.0, 1.0, 2.0]), power=-1)
    add("power 0.5", y, p, power=0.5)
    add("power 1.5, sample_weight", y, p, power=1.5, sample_weight=array([1.0, 0.0, 2.0, 0.3, 0.4]))


def probabilities(add):
    """What log_loss and brier_score_loss have in common."""
    y, p = array([0, 1, 1, 0, 1], "int64"), array([0.2, 0.7, 0.9, 0.4, 0.35])
    k, q = array([0, 2, 1, 2], "int64"), distribution(1, 4, 3)
    q = q / q.sum(axis=1, keepdims=True)
    add("binary [5]", y, p)
    add("binary, float32", y, p.astype(F))
    add("binary [5, 1]", y, p[:, None])
    add("binary [5, 2]", y, np.stack([1 - p, p], axis=1))
    add("labels -1 and 1", 2 * y - 1, p)
    add("labels 3 and 7", 4 * y + 3, p)
    add("float labels", y.astype("float64"), p)
    add("float labels 0.5 and 1.5", y + 0.5, p)
    add("bool labels", y.astype("bool"), p)
    add("three classes", k, q)
    add("three classes, float32", k, q.astype(F))
    add("three classes, numbered 5, 1, 9", array([1, 9, 5, 9], "int64"), q)
    add("labels=, a class that does not occur", array([0, 2, 2, 0], "int64"), q, labels=array([0, 1, 2], "int64"))
    add("labels= in another order", k, q, labels=array([2, 0, 1], "int64"))
    add("labels= without one that occurs", k, q, labels=array([0, 1], "int64"))
    add("a class that does not occur", array([0, 2, 2, 0], "int64"), q)
    add("one class only", np.ones(5, "int64"), p)
    add("one class only, labels=", np.ones(5, "int64"), p, labels=array([0, 1], "int64"))
    add("one class only, [5, 2], labels=", np.ones(5, "int64"), np.stack([1 - p, p], axis=1), labels=array([0, 1], "int64"))
    add("three classes for [5]", array([0, 1, 2, 0, 1], "int64"), p)
    add("three classes for [4, 2]", k, q[:, :2] / q[:, :2].sum(axis=1, keepdims=True))
    add("probabilities of 0 and 1", y, array([0.0, 1.0, 0.0, 1.0, 0.5]))
    add("probabilities of 0 and 1, float32", y, array([0.0, 1.0, 0.0, 1.0, 0.5], F))
    add("probabilities beside the clip", y, array([1e-17, 1 - 1e-16, 3e-16, 1e-300, 0.5]))
    add("rows of 0 and 1", k, one_hot(array([0, 2, 2, 2], "int64"), 3))
    add("integer probabilities", y, array([0, 1, 1, 1, 0], "int64"))
    add("above 1", y, array([0.2, 1.7, 0.9, 0.4, 0.3]))
    add("below 0", y, array([-0.2, 0.7, 0.9, 0.4, 0.3]))
    add("rows that do not add up to 1", k, q * 0.5)
    add("rows nearly 1, float32", k, np.round(q, 3).astype(F))
    weights(add, y, p, 5)
    weights_of_rows = array([0.3, 1.0, 2.0, 0.7])
    add("three classes, sample_weight", k, q, sample_weight=weights_of_rows)
    misfits(add, y.astype("float64"), p)
    return y, p, k, q


def log_loss(add):
    y, p, k, q = probabilities(add)
    add("normalize=False", y, p, normalize=False)
    add("normalize=False, sample_weight", y, p, normalize=False, sample_weight=array([1.0, 0.0, 2.0, 0.3, 0.4]))
    add("normalize=False, zero weights", y, p, normalize=False, sample_weight=np.zeros(5))
    add("normalize=True, three classes", k, q, normalize=True)
    add("one-hot y_true", one_hot(k, 3, dtype="int64"), q)
    add("multilabel y_true", array([[1, 1, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]], "int64"), q)
    add("y_pred is deprecated", y, None, y_pred=p)
    add("y_pred and y_proba", y, p, y_pred=p)
    add("neither", y, None)


def brier(add):
    y, p, k, q = probabilities(add)
    add("pos_label 0", y, p, pos_label=0)
    add("pos_label 1", y, p, pos_label=1)
    add("pos_label 7 of 3 and 7", 4 * y + 3, p, pos_label=7)
    add("pos_label 3 of 3 and 7", 4 * y + 3, p, pos_label=3)
    add("pos_label of no class", y, p, pos_label=5)
    for scale in (True, False, "auto"):
        add(f"scale_by_half {scale}, binary", y, p, scale_by_half=scale)
        add(f"scale_by_half {scale}, three classes", k, q, scale_by_half=scale)
        add(f"scale_by_half {scale}, [5, 2]", y, np.stack([1 - p, p], axis=1), scale_by_half=scale)
    add("one-hot y_true", one_hot(k, 3, dtype="int64"), q)


def hinge(add):
    y, x = array([-1, 1, 1, -1, 1], "int64"), normal(1, 5)
    k, s = array([0, 2, 1, 2], "int64"), normal(2, 4, 3)
    add("binary [5]", y, x)
    add("binary, float32", y, x.astype(F))
    add("labels 0 and 1 are moved", (y + 1) // 2, x)
    add("labels 3 and 7 are moved", 2 * y + 5, x)
    add("float labels", y.astype("float64"), x)
    add("bool labels", y == 1, x)
    add("one class only: all are negatives", np.ones(5, "int64"), x)
    add("one class only, labels=", np.ones(5, "int64"), x, labels=array([-1, 1], "int64"))
    add("three classes, of which labels= has two", array([0, -1, 1, 0, 1], "int64"), x, labels=array([-1, 1], "int64"))
    add("at the kink", array([-1, 1], "int64"), array([-1.0, 1.0]))
    add("integer scores", y, array([2, -1, 0, 1, 3], "int64"))
    add("[5, 1]", y, x[:, None])
    add("three classes", k, s)
    add("three classes, float32", k, s.astype(F))
    add("three classes, numbered 5, 1, 9", array([1, 9, 5, 9], "int64"), s)
    add("three classes, right by more than 1", k, 5 * one_hot(k, 3))
    add("three classes for [4]", k, s[:, 0])
    add("labels=, a class that does not occur", array([0, 2, 2, 0], "int64"), s, labels=array([0, 1, 2], "int64"))
    add("a class that does not occur", array([0, 2, 2, 0], "int64"), s)
    add("labels= without one that occurs", k, s, labels=array([0, 1, 3], "int64"))
    add("labels= of four for three columns", k, s, labels=array([0, 1, 2, 3], "int64"))
    add("two classes for [4, 3]", array([0, 1, 1, 0], "int64"), s)
    weights(add, y, x, 5)
    add("three classes, sample_weight", k, s, sample_weight=array([0.3, 1.0, 2.0, 0.7]))
    add("three classes, sample_weight of float32", k, s.astype(F), sample_weight=array([0.3, 1.0, 2.0, 0.7], F))
    misfits(add, y.astype("float64"), x)


def answers(cases):
    """A metric returns a Python float; what it was computed in says how exact that is."""
    import warnings

    import sklearn
    import sklearn.metrics
    from make_goldens import answer_record

    def dtype_of(case):
        """float32 where all that is floating is so."""
        name = case.symbol.rsplit(".", 1)[1]
        if name in ("log_loss", "brier_score_loss"):
            used = [case.inputs.get("y_proba", case.inputs.get("y_pred"))]
        elif name == "hinge_loss":
            scores = case.inputs["pred_decision"]
            used = [scores] if scores.ndim > 1 and scores.shape[1] > 1 else []
        else:
            used = [case.inputs[n] for n in ("y_true", "y_pred", "sample_weight") if n in case.inputs]
        floats = [a.dtype for a in used if a.dtype.kind == "f"]
        return np.result_type(*floats) if floats else np.dtype("float64")

    def answer(case):
        function = getattr(sklearn.metrics, case.symbol.rsplit(".", 1)[1])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                inputs = {name: values.copy() for name, values in case.inputs.items()}
                value = np.asarray(function(**inputs, **case.parameters))
            except Exception as error:  # every refusal is part of the record
                return {"error": str(error).split("\n")[0]}
        wanted = (UserWarning, FutureWarning)
        warning = next((str(w.message) for w in caught if issubclass(w.category, wanted)), None)
        return answer_record(value.astype(dtype_of(case)), {}, warning)

    return [answer(case) for case in cases], {"scikit-learn": sklearn.__version__}
