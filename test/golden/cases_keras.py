"""The cases of keras.losses: classes and functions."""

import numpy as np

from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit
from ctc_situations import full_length

F = "float32"
REDUCTIONS = ("sum", "sum_over_batch_size", "mean", "mean_with_sample_weight", "none", None)


def cases():
    collected = Cases()

    def pair(class_name, function_name):
        """Adds a case to the class and to the function; what only the class takes goes to the class alone."""

        def add(note, y_true, y_pred, only=None, surrogate=False, sample_weight=None, **parameters):
            inputs = {"y_true": y_true, "y_pred": y_pred}
            for_class = sample_weight is not None or "reduction" in parameters or "dtype" in parameters
            if only != "class" and not for_class:
                collected.add(f"keras.losses.{function_name}", note, inputs, parameters, surrogate)
            if sample_weight is not None:
                inputs = {**inputs, "sample_weight": sample_weight}
            if only != "function":
                collected.add(f"keras.losses.{class_name}", note, inputs, parameters, surrogate)

        return add

    regression(pair("MeanSquaredError", "mean_squared_error"))
    regression(pair("MeanAbsoluteError", "mean_absolute_error"))
    huber(pair("Huber", "huber"))
    binary_crossentropy(pair("BinaryCrossentropy", "binary_crossentropy"))
    categorical_crossentropy(pair("CategoricalCrossentropy", "categorical_crossentropy"))
    sparse_categorical_crossentropy(pair("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"))
    kl_divergence(pair("KLDivergence", "kl_divergence"))
    hinge(pair("Hinge", "hinge"))
    percentage(pair("MeanAbsolutePercentageError", "mean_absolute_percentage_error"))
    logarithmic(pair("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error"))
    log_cosh(pair("LogCosh", "log_cosh"))
    cosine_similarity(pair("CosineSimilarity", "cosine_similarity"))
    hinge(pair("SquaredHinge", "squared_hinge"))
    categorical_hinge(pair("CategoricalHinge", "categorical_hinge"))
    poisson(pair("Poisson", "poisson"))
    binary_focal(pair("BinaryFocalCrossentropy", "binary_focal_crossentropy"))
    categorical_focal(pair("CategoricalFocalCrossentropy", "categorical_focal_crossentropy"))
    overlap(pair("Dice", "dice"))
    tversky(pair("Tversky", "tversky"))
    circle(pair("Circle", "circle"), collected)
    generalized_cross_entropy(pair("CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"))
    ctc(pair("CTC", "ctc"))
    return collected.all


def undefined(case, backend):
    """Whether an answer would be made of memory that is not the library's own: torch does not check the labels of CTC."""
    if backend != "torch" or not case.symbol.lower().endswith(".ctc"):
        return False
    y, x = case.inputs["y_true"], case.inputs["y_pred"]
    return bool(((y < 0) | (y >= x.shape[-1])).any())


def class_options(add, y_true, y_pred, **options):
    """Reductions and sample weights, on y_pred of shape [3, C] (values [3])."""
    for reduction in REDUCTIONS:
        add(f"reduction {reduction}", y_true, y_pred, reduction=reduction, **options)
        add(f"reduction {reduction}, sample_weight [3]", y_true, y_pred, sample_weight=array([2.3, 0.45, 1.1], F), reduction=reduction, **options)
    add("sample_weight 0-D, by Σ weight", y_true, y_pred, sample_weight=array(2.5, F), reduction="mean_with_sample_weight", **options)
    add("sample_weight 0-D", y_true, y_pred, sample_weight=array(2.5, F), **options)
    add("sample_weight [3, 1], none", y_true, y_pred, sample_weight=array([[2.3], [0.45], [1.1]], F), reduction="none", **options)
    add("sample_weight [3, 1], by Σ weight", y_true, y_pred, sample_weight=array([[2.3], [0.45], [1.1]], F), reduction="mean_with_sample_weight", **options)
    add("sample_weight [1]", y_true, y_pred, sample_weight=array([0.7], F), **options)
    add("sample_weight [1, 1], none", y_true, y_pred, sample_weight=array([[0.7]], F), reduction="none", **options)
    add("sample_weight zeros, by Σ weight", y_true, y_pred, sample_weight=array([0.0, 0.0, 0.0], F), reduction="mean_with_sample_weight", **options)
    add("sample_weight negative", y_true, y_pred, sample_weight=array([-1.0, 0.0, 2.0], F), **options)
    add("sample_weight of int64", y_true, y_pred, sample_weight=array([3, 0, 1], "int64"), **options)
    add("sample_weight of float64", y_true, y_pred, sample_weight=array([2.3, 0.45, 1.1]), **options)
    add("sample_weight [2] for 3 values", y_true, y_pred, sample_weight=array([1.0, 2.0], F), **options)
    add("sample_weight of y_pred's shape", y_true, y_pred, sample_weight=np.ones((3, y_pred.shape[1]), F) if y_pred.shape[1] != 3 else np.ones((3, 4), F), **options)
    add("reduction batchmean is none of its", y_true, y_pred, reduction="batchmean", **options)
    add("dtype float64", y_true.astype("float64"), y_pred.astype("float64"), dtype="float64", **options)
    add("dtype None is float32", y_true.astype("float64"), y_pred.astype("float64"), dtype=None, **options)
    add("dtype float32", y_true.astype("float64"), y_pred.astype("float64"), dtype="float32", **options)
    add("dtype float64, from float32, weighted, none", y_true, y_pred, sample_weight=array([2.3, 0.45, 1.1]), reduction="none", dtype="float64", **options)


def shapes(add, y_true, y_pred):
    """Ranks that differ by one, and broadcasting; takes makers of arrays by shape."""
    add("[3] against [3, 1]", y_true(3), y_pred(3, 1))
    add("[3, 1] against [3]", y_true(3, 1), y_pred(3))
    add("[3] against [3, 1], none", y_true(3), y_pred(3, 1), reduction="none")
    add("[2, 3, 1] against [2, 3]", y_true(2, 3, 1), y_pred(2, 3))
    add("[2, 3] against [2, 3, 1]", y_true(2, 3), y_pred(2, 3, 1))
    add("[2, 3] against [2, 3, 1], none", y_true(2, 3), y_pred(2, 3, 1), reduction="none")
    add("[1, 3] against [2, 3]", y_true(1, 3), y_pred(2, 3))
    add("[3] against [2, 3]", y_true(3), y_pred(2, 3))
    add("[2] against [3]", y_true(2), y_pred(3))
    add("[2, 3] against [3, 2]", y_true(2, 3), y_pred(3, 2))
    add("0-D", y_true(), y_pred())
    add("[4], a single value", y_true(4), y_pred(4))
    add("[4], a single value, none", y_true(4), y_pred(4), reduction="none")
    add("[4], sample_weight [4]", y_true(4), y_pred(4), sample_weight=array([1.0, 2.0, 0.5, 0.1], F))
    add("[4], sample_weight [4], by Σ weight, none", y_true(4), y_pred(4), sample_weight=array([1.0, 2.0, 0.5, 0.1], F), reduction="none")
    add("[2, 2, 3]", y_true(2, 2, 3), y_pred(2, 2, 3))
    add("[2, 2, 3], sample_weight [2] multiplies columns", y_true(2, 2, 3), y_pred(2, 2, 3), sample_weight=array([2.0, 0.3], F))
    add("[2, 2, 3], sample_weight [2, 1], none", y_true(2, 2, 3), y_pred(2, 2, 3), sample_weight=array([[2.0], [0.3]], F), reduction="none")
    add("[2, 2, 3], sample_weight [2, 2], by Σ weight", y_true(2, 2, 3), y_pred(2, 2, 3), sample_weight=array([[2.0, 0.3], [1.0, 0.7]], F), reduction="mean_with_sample_weight")
    add("[2, 2, 3], sample_weight [2, 2, 1]", y_true(2, 2, 3), y_pred(2, 2, 3), sample_weight=array([[[2.0], [0.3]], [[1.0], [0.7]]], F))
    add("[2, 1, 2, 3], none", y_true(2, 1, 2, 3), y_pred(2, 1, 2, 3), reduction="none")
    add("empty [0]", y_true(0), y_pred(0))
    add("empty [0, 3]", y_true(0, 3), y_pred(0, 3))
    add("empty [0, 3], sum", y_true(0, 3), y_pred(0, 3), reduction="sum")
    for reduction in ("sum_over_batch_size", "mean_with_sample_weight"):
        add(f"empty [0, 2, 3], {reduction}", y_true(0, 2, 3), y_pred(0, 2, 3), reduction=reduction)


def regression(add, is_huber=False, int_function=True):
    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("[3, 4]", y, p)
    add("[2, 3, 2, 2]", normal(3, 2, 3, 2, 2, dtype=F), normal(4, 2, 3, 2, 2, dtype=F))
    class_options(add, y, p)
    shapes(add, lambda *s: normal(5, *s, dtype=F), lambda *s: normal(6, *s, dtype=F))
    add("kinks: residual 0 and ±1", array([[1.0, 2.0, 0.0], [0.0, 1.5, -1.5]], F), array([[1.0, 1.0, 1.0], [-0.0, 0.5, -0.5]], F), surrogate=True)
    non_finite = array([[NAN], [1.0], [INF], [-INF], [INF], [INF]], F), array([[1.0], [NAN], [1.0], [1.0], [INF], [-INF]], F)
    add("infinities and NaN", *non_finite, surrogate=True)
    add("infinities and NaN, none", *non_finite, reduction="none", surrogate=True)
    add("infinity weighted 0", non_finite[0][2:4], non_finite[1][2:4], sample_weight=array([0.0, 1.0], F), reduction="none", surrogate=True)
    add("overflow", array([[1e20, 1e38, -1e-30]], F), array([[-1e20, -5e37, 1e-30]], F))
    # The function huber computes integers in integers, with its ½ as 0: nothing to follow.
    add("int64 both", array([[1, 2], [0, 5]], "int64"), array([[2, 4], [7, -5]], "int64"), only="class" if is_huber or not int_function else None)
    add("int64 y_true", array([[1, 2], [0, 5]], "int64"), normal(7, 2, 2, dtype=F))
    add("float64 both", normal(8, 2, 3), normal(9, 2, 3))
    add("float64 y_true", normal(8, 2, 3), normal(9, 2, 3, dtype=F))
    add("float64 y_pred", normal(8, 2, 3, dtype=F), normal(9, 2, 3))
    add("bool y_true", array([[1, 0], [0, 1]], "bool"), normal(7, 2, 2, dtype=F))


def huber(add):
    regression(add, is_huber=True)
    y, p = array([[0.1, 0.55, 0.1, -0.6, 0.2], [1.0, -2.0, 0.0, 3.0, 0.3]], F), array([[0.4, 1.3, -0.2, 2.9, -2.05], [0.95, -2.4, 0.7, 0.1, 0.31]], F)
    for delta in (0.3, 2.5, 1e-6, 0.0, -1.0):
        add(f"delta {delta}", y, p, delta=delta)
    add("delta 0.5, sum", y, p, delta=0.5, reduction="sum")
    add("delta 0.1, float64", y.astype("float64"), p.astype("float64"), delta=0.1, dtype="float64")
    add("at the kink of delta 0.5", array([[0.0, 0.0, 0.5]], F), array([[0.5, -0.5, 1.0]], F), delta=0.5, surrogate=True)
    add("at the kink of delta 0.1", array([[0.0, 0.0]], F), array([[0.1, -0.1]], F), delta=0.1, surrogate=True)


def binary_crossentropy(add):
    y, p, x = binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F), normal(3, 3, 4, scale=3, dtype=F)
    add("[3, 4]", y, p)
    add("from_logits", y, x, from_logits=True)
    add("soft targets", unit(4, 3, 4, dtype=F), p)
    add("from_logits, soft targets", unit(4, 3, 4, dtype=F), x, from_logits=True)
    for smoothing in (0.15, 1.0):
        add(f"smoothing {smoothing}", y, p, label_smoothing=smoothing)
        add(f"from_logits, smoothing {smoothing}", y, x, label_smoothing=smoothing, from_logits=True)
    add("smoothing 1.5 runs", y, p, label_smoothing=1.5)
    add("smoothing -0.1 runs", y, p, label_smoothing=-0.1)
    add("axis 0", y, p, axis=0)
    add("axis 0, none", y, p, axis=0, reduction="none")
    add("axis 1 of [2, 3, 2], none", binary(5, 2, 3, 2, dtype=F), unit(6, 2, 3, 2, dtype=F), axis=1, reduction="none")
    add("axis -2 of [2, 3, 2], from_logits", binary(5, 2, 3, 2, dtype=F), normal(6, 2, 3, 2, dtype=F), axis=-2, from_logits=True)
    add("axis 2 of 2", y, p, axis=2)
    class_options(add, y, p)
    class_options_logits = {"from_logits": True}
    add("from_logits, sum, sample_weight [3]", y, x, sample_weight=array([2.3, 0.45, 1.1], F), reduction="sum", **class_options_logits)
    add("from_logits, dtype float64", y.astype("float64"), x.astype("float64"), dtype="float64", **class_options_logits)
    shapes(add, lambda *s: binary(7, *s, dtype=F), lambda *s: unit(8, *s, dtype=F))
    bounds = array([0.0, 1e-8, 1e-7, 2e-7, 0.5, 1 - 2**-23, 1 - 2**-24, 1.0], F)
    for target in (0.0, 1.0, 0.3):
        add(f"probabilities at and beside the clip bounds, target {target}", np.full((8, 1), target, F), bounds[:, None], surrogate=True)
        add(f"outside [0, 1], infinite, NaN, target {target}", np.full((5, 1), target, F), array([[1.5], [-0.5], [INF], [-INF], [NAN]], F), surrogate=True)
        logits = array([[0.0], [-0.0], [20.3], [-20.3], [120.0], [-120.0], [3e38]], F)
        add(f"from_logits, large and 0, target {target}", np.full((7, 1), target, F), logits, from_logits=True)
        add(f"from_logits, infinite and NaN, target {target}", np.full((3, 1), target, F), array([[INF], [-INF], [NAN]], F), from_logits=True, surrogate=True)
    add("float64, clip bounds", np.ones((1, 4)), array([[0.0, 1e-8, 1e-7, 1.0]]), surrogate=True)
    add("dtype float64, clip bounds", np.zeros((1, 4)), array([[0.0, 1e-7, 1 - 1e-7, 1.0]]), dtype="float64", surrogate=True)
    add("y_true outside [0, 1] or NaN", array([[2.0, -1.0], [NAN, 0.5]], F), array([[0.3, 0.6], [0.2, 0.7]], F), surrogate=True)
    add("logits by mistake", y, x, surrogate=True)
    add("probabilities as logits by mistake", y, p, from_logits=True)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 y_pred", y, array([[0, 1, 1, 0]] * 3, "int64"))
    add("float64 both", y.astype("float64"), p.astype("float64"))
    add("float64 y_true", y.astype("float64"), p)
    add("bool y_true", y.astype("bool"), p)


def categorical_crossentropy(add):
    y, p, x = one_hot(labels(1, 4, 3), 4, dtype=F), distribution(2, 3, 4, dtype=F), normal(3, 3, 4, dtype=F)
    soft = distribution(4, 3, 4, dtype=F)
    add("one-hot, [3, 4]", y, p)
    add("from_logits", y, x, from_logits=True)
    add("soft targets", soft, p)
    add("from_logits, soft targets", array([[0.25, 0.5, 0.125, 0.125], [0.0, 0.75, 0.25, 0.0], [0.5, 0.0, 0.0, 0.5]], F), x, from_logits=True)
    add("from_logits, targets that do not sum to 1", array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F), x, from_logits=True, surrogate=True)
    add("targets that do not sum to 1", array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F), p)
    add("probabilities that do not sum to 1", y, array([[0.2, 0.7, 0.3, 0.4], [3.0, 1.0, 0.5, 2.0], [0.01, 0.02, 0.01, 0.03]], F))
    for smoothing in (0.15, 1.0):
        add(f"smoothing {smoothing}", y, p, label_smoothing=smoothing)
        add(f"from_logits, smoothing {smoothing}", y, x, label_smoothing=smoothing, from_logits=True)
    add("smoothing 1.5 runs", y, p, label_smoothing=1.5)
    y3, p3, x3 = one_hot(labels(5, 3, 2, 4), 3, axis=1, dtype=F), distribution(6, 2, 3, 4, axis=1, dtype=F), normal(7, 2, 3, 4, dtype=F)
    add("axis 1 of [2, 3, 4]", y3, p3, axis=1)
    add("axis 1 of [2, 3, 4], none", y3, p3, axis=1, reduction="none")
    add("axis 1 of [2, 3, 4], from_logits", y3, x3, axis=1, from_logits=True)
    add("axis -2 of [2, 3, 4], from_logits, sum", y3, x3, axis=-2, from_logits=True, reduction="sum")
    add("axis 1 of [2, 3, 4], smoothing divides by the last extent", y3, p3, axis=1, label_smoothing=0.2)
    add("axis 0 of [4, 3]", y.T.copy(), p.T.copy(), axis=0)
    add("axis 2 of [2, 2, 3, 2], from_logits, none", one_hot(labels(8, 3, 2, 2, 2), 3, axis=2, dtype=F), normal(9, 2, 2, 3, 2, dtype=F), axis=2, from_logits=True, reduction="none")
    add("axis 5", y, p, axis=5)
    class_options(add, y, p)
    add("from_logits, by Σ weight", y, x, sample_weight=array([2.3, 0.45, 1.1], F), reduction="mean_with_sample_weight", from_logits=True)
    add("from_logits, dtype float64", y.astype("float64"), x.astype("float64"), dtype="float64", from_logits=True)
    add("axis 1 of [2, 3, 4], sample_weight [2, 4]", y3, p3, axis=1, sample_weight=np.abs(normal(10, 2, 4, dtype=F)))
    add("axis 1 of [2, 3, 4], sample_weight [2, 1]", y3, p3, axis=1, sample_weight=array([[0.3], [1.8]], F))
    add("[2, 2, 3]", one_hot(labels(11, 3, 2, 2), 3, dtype=F), distribution(12, 2, 2, 3, dtype=F))
    add("[4], a single value", one_hot(2, 4, dtype=F), distribution(13, 4, dtype=F))
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("empty [0, 3], sum", np.zeros((0, 3), F), np.zeros((0, 3), F), reduction="sum")
    add("one class warns", np.ones((2, 1), F), array([[0.2], [0.4]], F), surrogate=True)
    add("exact one-hot prediction, right and wrong", array([[0, 1, 0], [0, 1, 0]], F), array([[0, 1, 0], [1, 0, 0]], F), surrogate=True)
    add("prediction beside the clip bound", array([[0, 1, 0], [1, 0, 0]], F), array([[0.5, 2e-7, 0.5], [5e-8, 0.5, 0.5]], F), surrogate=True)
    add("a row of zeros, negatives", array([[0, 1, 0], [0, 1, 0]], F), array([[0, 0, 0], [-0.2, 0.7, 0.9]], F), surrogate=True)
    add("prediction NaN or infinite", array([[0, 1, 0], [0, 1, 0], [0, 1, 0]], F), array([[0.2, NAN, 0.3], [0.2, INF, 0.3], [INF, 0.2, 0.3]], F), surrogate=True)
    add("target NaN", array([[0, NAN, 1]], F), array([[0.2, 0.5, 0.3]], F), surrogate=True)
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1], "all -inf": [-INF] * 3, "large": [1000.0, -1000.0, 3.0]}
    for what, row in rows.items():
        add(f"from_logits, {what}, at the label and beside", array([[1, 0, 0], [0, 1, 0]], F), array([row, row], F), from_logits=True, surrogate=True)
    add("logits by mistake", y, x, surrogate=True)
    add("index targets", array([1, 0, 2], "int64"), p)
    add("shapes differ", y[:, :3].copy(), p)
    add("[1, 4] against [3, 4]", y[:1].copy(), p)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 y_pred", y, np.ones((3, 4), "int64"))
    add("float64 both", y.astype("float64"), p.astype("float64"))
    add("float64 y_true", soft.astype("float64"), p)


def sparse_categorical_crossentropy(add):
    y, p, x = labels(1, 4, 3), distribution(2, 3, 4, dtype=F), normal(3, 3, 4, dtype=F)
    add("[3, 4]", y, p)
    add("from_logits", y, x, from_logits=True)
    add("int32 labels", y.astype("int32"), p)
    add("uint8 labels", y.astype("uint8"), p)
    add("float labels", y.astype(F), p)
    add("float labels are truncated", array([1.7, 0.2, 2.99], F), p)
    add("labels [3, 1]", y[:, None], p)
    add("labels [3, 1], from_logits", y[:, None], x, from_logits=True)
    add("probabilities that do not sum to 1", y, array([[0.2, 0.7, 0.3, 0.4], [0.9, 0.8, 0.5, 0.6], [0.01, 0.02, 0.01, 0.03]], F))
    add("[2, 3, 4]", labels(4, 4, 2, 3), distribution(5, 2, 3, 4, dtype=F))
    add("[2, 3, 4], labels [2, 3, 1], from_logits", labels(4, 4, 2, 3, 1), normal(5, 2, 3, 4, dtype=F), from_logits=True)
    add("[2, 2, 2, 3], from_logits, none", labels(6, 3, 2, 2, 2), normal(7, 2, 2, 2, 3, dtype=F), from_logits=True, reduction="none")
    add("[4], a single value", array(2, "int64"), distribution(8, 4, dtype=F))
    add("axis 1 of [2, 3, 4]", labels(9, 3, 2, 4), distribution(10, 2, 3, 4, axis=1, dtype=F), axis=1)
    add("axis 2 of [2, 3, 4] is the last", labels(4, 4, 2, 3), distribution(5, 2, 3, 4, dtype=F), axis=2)
    class_options(add, y, p)
    add("from_logits, by Σ weight", y, x, sample_weight=array([2.3, 0.45, 1.1], F), reduction="mean_with_sample_weight", from_logits=True)
    add("from_logits, dtype float64", y, x.astype("float64"), dtype="float64", from_logits=True)
    for ignored in (-1, 255, 2):
        some = array([0, ignored, 3], "int64")
        add(f"ignore_class {ignored}", some, p, ignore_class=ignored)
        add(f"ignore_class {ignored}, from_logits", some, x, ignore_class=ignored, from_logits=True)
    some = array([0, -1, 3], "int64")
    for reduction in REDUCTIONS:
        add(f"ignore_class, reduction {reduction}", some, p, ignore_class=-1, reduction=reduction)
        add(f"ignore_class, reduction {reduction}, sample_weight [3]", some, p, ignore_class=-1, reduction=reduction, sample_weight=array([2.3, 0.45, 1.1], F))
    add("ignore_class, sample_weight [3, 1]", some, p, ignore_class=-1, sample_weight=array([[2.3], [0.45], [1.1]], F))
    add("ignore_class, sample_weight 0-D, by Σ weight", some, p, ignore_class=-1, sample_weight=array(2.5, F), reduction="mean_with_sample_weight")
    add("ignore_class, labels [3, 1]", some[:, None], p, ignore_class=-1)
    add("ignore_class, [2, 3, 4]", array([[0, 255, 3], [255, 255, 1]], "int64"), distribution(5, 2, 3, 4, dtype=F), ignore_class=255)
    add("ignore_class, all ignored", array([-1, -1, -1], "int64"), p, ignore_class=-1)
    add("ignore_class, all ignored, by Σ weight", array([-1, -1, -1], "int64"), p, ignore_class=-1, reduction="mean_with_sample_weight", sample_weight=array([1.0, 2.0, 3.0], F))
    add("ignore_class, NaN in the ignored row", some, array([[0.2, 0.3, 0.4, 0.1], [NAN, INF, 0.2, 0.1], [0.25, 0.3, 0.05, 0.4]], F), ignore_class=-1)
    add("ignore_class beside a label out of range", array([-1, 7, 0], "int64"), p, ignore_class=-1)
    add("label C", array([0, 4, 1], "int64"), p)
    add("label -1", array([0, -1, 1], "int64"), p)
    add("label out of range, from_logits", array([0, 9, 1], "int64"), x, from_logits=True)
    add("label NaN", array([0.0, NAN, 1.0], F), p)
    add("batch sizes differ", labels(1, 4, 2), p)
    add("one-hot targets", one_hot(y, 4, dtype=F), p)
    add("exact one-hot prediction, right and wrong", array([1, 2], "int64"), array([[0, 1, 0], [1, 0, 0]], F), surrogate=True)
    add("prediction beside the clip bound", array([1, 0], "int64"), array([[0.5, 2e-7, 0.5], [5e-8, 0.5, 0.5]], F), surrogate=True)
    add("prediction NaN, infinite, negative, zeros", array([1, 1, 1, 1], "int64"), array([[0.2, NAN, 0.3], [0.2, INF, 0.3], [-0.2, 0.7, 0.9], [0, 0, 0]], F), surrogate=True)
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1], "all -inf": [-INF] * 3, "large": [1000.0, -1000.0, 3.0]}
    for what, row in rows.items():
        add(f"from_logits, {what}, at the label and beside", array([0, 1], "int64"), array([row, row], F), from_logits=True, surrogate=True)
    add("logits by mistake", y, x, surrogate=True)
    add("empty [0, 3]", np.zeros(0, "int64"), np.zeros((0, 3), F))
    add("int64 y_pred", y, np.ones((3, 4), "int64"))
    add("float64 y_pred", y, distribution(2, 3, 4))


def kl_divergence(add):
    t, p = distribution(1, 3, 4, dtype=F), distribution(2, 3, 4, dtype=F)
    add("[3, 4]", t, p)
    add("[2, 3, 4]", distribution(3, 2, 3, 4, dtype=F), distribution(4, 2, 3, 4, dtype=F))
    class_options(add, t, p)
    shapes(add, lambda *s: unit(5, *s, dtype=F), lambda *s: unit(6, *s, dtype=F))
    add("not normalised", array([[0.4, 0.9, 0.3]], F), array([[0.1, 0.7, 0.6]], F))
    add("target 0 and 1, prediction 0 and 1", array([[0.0], [0.0], [0.0], [1.0], [1.0], [0.5], [0.5]], F), array([[0.0], [0.5], [1.0], [0.0], [1.0], [0.0], [1.0]], F), surrogate=True)
    add("at and beside the clip bounds", array([[1e-7], [1e-8], [2e-7], [0.5], [0.5]], F), array([[1e-7], [0.5], [0.5], [1e-8], [2e-7]], F), surrogate=True)
    add("outside [0, 1]", array([[1.5], [0.5], [-1.0], [0.5]], F), array([[0.5], [1.5], [0.5], [-1.0]], F), surrogate=True)
    add("infinite and NaN", array([[NAN], [0.5], [INF], [0.5], [-INF]], F), array([[0.5], [NAN], [0.5], [INF], [0.5]], F), surrogate=True)
    add("ties: equal distributions", t, t)
    add("log-probabilities by mistake", t, np.round(np.log(p), 3).astype(F), surrogate=True)
    add("int64 y_true", array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]], "int64"), p)
    add("int64 y_pred", t, np.ones((3, 4), "int64"), surrogate=True)
    add("float64 both", t.astype("float64"), p.astype("float64"))
    add("float64, at the clip bounds", array([[0.0, 1.0, 1e-7]]), array([[0.5, 0.0, 1e-7]]), surrogate=True)
    add("float64 y_true", distribution(1, 3, 4), p)


def hinge(add):
    y, p = (2 * binary(1, 3, 4) - 1).astype(F), normal(2, 3, 4, dtype=F)
    add("labels ±1, [3, 4]", y, p)
    add("labels 0 and 1 are converted", binary(3, 3, 4, dtype=F), p)
    add("labels all 1", np.ones((2, 3), F), normal(4, 2, 3, dtype=F))
    add("labels all 0", np.zeros((2, 3), F), normal(4, 2, 3, dtype=F))
    add("labels all -1", -np.ones((2, 3), F), normal(4, 2, 3, dtype=F))
    add("labels -1, 0 and 1 are kept", array([[-1, 0, 1], [1, -1, 0]], F), normal(5, 2, 3, dtype=F))
    add("one label 0.5 keeps all", array([[0.5, 0, 1], [1, 1, 0]], F), normal(5, 2, 3, dtype=F))
    add("[2, 3, 4]", (2 * binary(6, 2, 3, 4) - 1).astype(F), normal(7, 2, 3, 4, dtype=F))
    class_options(add, y, p)
    shapes(add, lambda *s: (2 * binary(8, *s) - 1).astype(F), lambda *s: normal(9, *s, dtype=F))
    add("ties: y·ŷ = 1", array([[-1, 1, 1]], F), array([[-1, 1, 1.5]], F), surrogate=True)
    add("ties with labels 0 and 1", array([[0, 1, 1]], F), array([[-1, 1, 0.2]], F), surrogate=True)
    add("labels 0 and 1, none, sample_weight [3]", binary(3, 3, 4, dtype=F), p, reduction="none", sample_weight=array([2.3, 0.45, 1.1], F))
    add("infinite and NaN predictions", array([[-1], [1], [1], [-1]], F), array([[NAN], [INF], [-INF], [INF]], F), surrogate=True)
    add("infinite and NaN labels", array([[NAN], [INF], [-INF], [INF]], F), array([[0.3], [0.3], [0.3], [-0.2]], F), surrogate=True)
    add("probabilities by mistake", y, unit(10, 3, 4, dtype=F))
    add("int64 y_true", y.astype("int64"), p)
    add("int64 y_true, 0 and 1", binary(3, 3, 4, dtype="int64"), p)
    add("int64 both", array([[0, 1, 1]], "int64"), array([[0, 1, 2]], "int64"))
    add("float64 both", y.astype("float64"), p.astype("float64"))
    add("bool y_true", binary(3, 3, 4, dtype="bool"), p)


def percentage(add):
    # The function divides integers by an epsilon of 0: nothing to follow.
    regression(add, int_function=False)
    targets = array([[0.0], [0.0], [-0.0], [1e-8], [1e-7], [-1e-7], [2e-7], [-3.0], [1e30]], F)
    add("targets at and beside 1e-7", targets, array([[0.5], [0.0], [-2.0], [1e-8], [1.0], [1.0], [1.0], [2.0], [0.0]], F), surrogate=True)
    add("targets at and beside 1e-7, none", targets, array([[0.5], [0.0], [-2.0], [1e-8], [1.0], [1.0], [1.0], [2.0], [0.0]], F), reduction="none", surrogate=True)
    add("float64, a target of 0 and of 1e-7", array([[0.0, 1e-7, 1e-8]]), array([[0.5, 1.0, 1.0]]), surrogate=True)


def logarithmic(add):
    regression(add, int_function=False)
    ones = array([[0.0, 1e-8, 1e-7, -1e-7, -0.5, -3.0, 2e-7]], F)
    add("y_pred at and beside 1e-7", np.full((1, 7), 0.7, F), ones, surrogate=True)
    add("y_true at and beside 1e-7", ones, np.full((1, 7), 0.7, F), surrogate=True)
    add("counts", array([[0, 3, 100], [7, 1, 12]], F), array([[0.4, 2.5, 180.0], [6.0, 0.0, 1e6]], F), surrogate=True)
    add("float64, at the bound", array([[0.0, 1e-7, 0.3]]), array([[0.5, 1.0, 1e-7]]), surrogate=True)


def log_cosh(add):
    regression(add)
    add("large and small residuals", np.zeros((1, 8), F), array([[100.0, -100.0, 1e4, -1e4, 1e-3, -1e-3, 20.0, -20.0]], F))
    add("no residuals", normal(1, 2, 3, dtype=F), normal(1, 2, 3, dtype=F))
    add("no residuals, float64", normal(1, 2, 3), normal(1, 2, 3), dtype="float64")
    add("large residuals, float64", np.zeros((1, 4)), array([[700.0, -700.0, 1e-5, -1e-9]]), dtype="float64")


def cosine_similarity(add):
    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("[3, 4]", y, p)
    add("axis 0", unit(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F), axis=0)
    add("axis 0, none", y, p, axis=0, reduction="none")
    add("axis 1 of [2, 3, 4], none", normal(3, 2, 3, 4, dtype=F), normal(4, 2, 3, 4, dtype=F), axis=1, reduction="none")
    add("axis -2 of [2, 3, 4]", normal(3, 2, 3, 4, dtype=F), normal(4, 2, 3, 4, dtype=F), axis=-2)
    add("axis 2 of 2", y, p, axis=2)
    class_options(add, y, p)
    # ±1, so that vectors of one component have a gradient of exactly 0, not of rounding.
    shapes(add, lambda *s: (2 * binary(5, *s) - 1).astype(F), lambda *s: (2 * binary(6, *s) - 1).astype(F))
    add("equal, opposite, orthogonal", array([[1, 2], [1, 2], [1, 2]], F), array([[1, 2], [-1, -2], [2, -1]], F))
    add("zero vectors", array([[0, 0], [1, 2], [0, 0]], F), array([[1, 2], [0, 0], [0, 0]], F), surrogate=True)
    add("tiny vectors", array([[1e-7, 0], [1e-8, 0], [1e-4, 2e-4]], F), array([[1, 2], [1, 1], [1e-9, 0]], F), surrogate=True)
    add("tiny vectors, float64", array([[1e-7, 0], [1e-6, 0], [1e-9, 1e-9]]), array([[1, 2], [1e-6, 1e-6], [1.0, 0]]), surrogate=True)
    add("large vectors", array([[1e18, 2e18]], F), array([[1e18, 1e18]], F), surrogate=True)
    add("infinities and NaN", array([[INF, 1], [NAN, 1], [1, 2]], F), array([[1, 2], [1, 2], [INF, 1]], F), surrogate=True)
    add("int64 both", array([[1, 2], [0, 5]], "int64"), array([[2, 4], [7, -5]], "int64"), only="class")
    add("int64 y_true", array([[1, 2], [0, 5]], "int64"), normal(7, 2, 2, dtype=F))
    add("float64 both", normal(8, 2, 3), normal(9, 2, 3))
    add("float64 y_true", normal(8, 2, 3), normal(9, 2, 3, dtype=F))


def categorical_hinge(add):
    y, p = one_hot(labels(1, 4, 3), 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("one-hot, [3, 4]", y, p)
    add("[2, 3, 4]", one_hot(labels(3, 4, 2, 3), 4, dtype=F), normal(4, 2, 3, 4, dtype=F))
    class_options(add, y, p)
    shapes(add, lambda *s: binary(5, *s, dtype=F), lambda *s: normal(6, *s, dtype=F))
    add("soft targets", distribution(7, 3, 4, dtype=F), p)
    add("labels -1 and 1", (2 * binary(8, 3, 4) - 1).astype(F), p)
    add("satisfied by far", one_hot([0, 1], 3, dtype=F), array([[5, 0.5, -1], [-3, 4, -2]], F))
    add("ties: the margin is exactly 0", one_hot([0, 1], 3, dtype=F), array([[2, 1, -1], [0.5, 1.5, 0.25]], F), surrogate=True)
    add("ties: two wrong classes are equal", one_hot([0, 1], 3, dtype=F), array([[2, 1.5, 1.5], [0.7, 1.5, 0.7]], F), surrogate=True)
    add("ties: all scores below 0, so the largest wrong score is the 0 of the true class", one_hot([0, 1], 3, dtype=F), array([[-0.3, -1, -2], [-1, 0.4, -2]], F))
    add("infinities and NaN", one_hot([0, 0, 0, 0], 3, dtype=F), array([[INF, 1, 2], [1, INF, 2], [NAN, 1, 2], [1, -INF, 2]], F), surrogate=True)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 both", y.astype("int64"), array([[1, 2, 0, 1]] * 3, "int64"), only="class", surrogate=True)
    add("float64 both", y.astype("float64"), p.astype("float64"))


def poisson(add):
    y, p = labels(1, 6, 3, 4).astype(F), np.round(np.abs(normal(2, 3, 4)) + 0.05, 3).astype(F)
    add("counts, [3, 4]", y, p)
    add("[2, 3, 4]", labels(3, 6, 2, 3, 4).astype(F), unit(4, 2, 3, 4, dtype=F))
    class_options(add, y, p)
    shapes(add, lambda *s: labels(5, 4, *s).astype(F), lambda *s: unit(6, *s, dtype=F))
    add("expected 0 and beside it", array([[0.0], [1.0], [1.0], [2.0], [0.0]], F), array([[0.0], [0.0], [1e-7], [1e-8], [1e-30]], F))
    add("negative expectations", array([[0.0], [1.0], [1.0]], F), array([[-0.5], [-0.5], [-1e-7]], F), surrogate=True)
    add("negative and fractional counts", array([[-1.0, 0.5]], F), array([[0.7, 1.2]], F))
    add("infinities and NaN", array([[1.0], [0.0], [1.0], [NAN], [INF], [0.0]], F), array([[INF], [INF], [NAN], [0.5], [0.5], [NAN]], F), surrogate=True)
    add("log-rates by mistake", y, normal(7, 3, 4, dtype=F), surrogate=True)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 both", y.astype("int64"), array([[1, 2, 3, 4]] * 3, "int64"), only="class")
    add("float64 both", y.astype("float64"), p.astype("float64"))
    add("float64, expected 0", array([[0.0, 1.0]]), array([[0.0, 0.0]]))


def binary_focal(add):
    y, p, x = binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F), normal(3, 3, 4, scale=3, dtype=F)
    add("[3, 4]", y, p)
    add("from_logits", y, x, from_logits=True)
    add("soft targets", unit(4, 3, 4, dtype=F), p)
    add("from_logits, soft targets", unit(4, 3, 4, dtype=F), x, from_logits=True)
    for gamma in (0.0, 0.5, 1.0, 3.0):
        add(f"gamma {gamma}", y, p, gamma=gamma)
        add(f"from_logits, gamma {gamma}", y, x, gamma=gamma, from_logits=True)
    add("gamma -1 runs", y, p, gamma=-1.0)
    for alpha in (0.25, 0.75, 1.0, 2.0):
        add(f"balanced, alpha {alpha}", y, p, apply_class_balancing=True, alpha=alpha)
    add("alpha without balancing changes nothing", y, p, alpha=0.9)
    add("balanced, from_logits, soft targets", unit(4, 3, 4, dtype=F), x, apply_class_balancing=True, alpha=0.3, from_logits=True)
    for smoothing in (0.15, 1.0):
        add(f"smoothing {smoothing}", y, p, label_smoothing=smoothing)
        add(f"from_logits, smoothing {smoothing}", y, x, label_smoothing=smoothing, from_logits=True)
    add("balanced, smoothing", y, p, apply_class_balancing=True, label_smoothing=0.2)
    add("axis 0", y, p, axis=0)
    add("axis 1 of [2, 3, 2], none", binary(5, 2, 3, 2, dtype=F), unit(6, 2, 3, 2, dtype=F), axis=1, reduction="none")
    add("axis -2 of [2, 3, 2], from_logits", binary(5, 2, 3, 2, dtype=F), normal(6, 2, 3, 2, dtype=F), axis=-2, from_logits=True)
    class_options(add, y, p)
    add("from_logits, dtype float64", y.astype("float64"), x.astype("float64"), dtype="float64", from_logits=True)
    shapes(add, lambda *s: binary(7, *s, dtype=F), lambda *s: unit(8, *s, dtype=F))
    bounds = array([0.0, 1e-8, 1e-7, 2e-7, 0.5, 1 - 2**-23, 1 - 2**-24, 1.0], F)
    for target in (0.0, 1.0, 0.3):
        add(f"probabilities at and beside the clip bounds, target {target}", np.full((8, 1), target, F), bounds[:, None], surrogate=True)
        add(f"outside [0, 1], infinite, NaN, target {target}", np.full((5, 1), target, F), array([[1.5], [-0.5], [INF], [-INF], [NAN]], F), surrogate=True)
        add(f"from_logits, large and 0, target {target}", np.full((6, 1), target, F), array([[0.0], [-0.0], [12.3], [-12.3], [120.0], [-120.0]], F), from_logits=True, surrogate=True)
        add(f"from_logits, beyond every bound, target {target}", np.full((4, 1), target, F), array([[40.0], [-40.0], [120.0], [-120.0]], F), from_logits=True, surrogate=True)
        add(f"from_logits, infinite and NaN, target {target}", np.full((3, 1), target, F), array([[INF], [-INF], [NAN]], F), from_logits=True, surrogate=True)
    add("gamma 0, at the bounds", array([[0, 1, 0, 1]], F), array([[0, 0, 1, 1]], F), gamma=0.0, surrogate=True)
    add("gamma 0.5, at the bounds", array([[0, 1, 0, 1]], F), array([[0, 0, 1, 1]], F), gamma=0.5, surrogate=True)
    add("float64, clip bounds", np.ones((1, 4)), array([[0.0, 1e-8, 1e-7, 1.0]]), surrogate=True)
    add("logits by mistake", y, x, surrogate=True)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 y_pred", y, array([[0, 1, 1, 0]] * 3, "int64"), surrogate=True)
    add("float64 both", y.astype("float64"), p.astype("float64"))
    add("bool y_true", y.astype("bool"), p)


def categorical_focal(add):
    y, p, x = one_hot(labels(1, 4, 3), 4, dtype=F), distribution(2, 3, 4, dtype=F), normal(3, 3, 4, dtype=F)
    add("one-hot, [3, 4]", y, p)
    add("from_logits", y, x, from_logits=True)
    add("soft targets", distribution(4, 3, 4, dtype=F), p)
    add("from_logits, soft targets", distribution(4, 3, 4, dtype=F), x, from_logits=True)
    for gamma in (0.0, 0.5, 1.0, 3.0):
        add(f"gamma {gamma}", y, p, gamma=gamma)
        add(f"from_logits, gamma {gamma}", y, x, gamma=gamma, from_logits=True)
    for alpha in (0.75, 1.0, 0.0):
        add(f"alpha {alpha}", y, p, alpha=alpha)
    for smoothing in (0.15, 1.0):
        add(f"smoothing {smoothing}", y, p, label_smoothing=smoothing)
        add(f"from_logits, smoothing {smoothing}", y, x, label_smoothing=smoothing, from_logits=True)
    y3, p3, x3 = one_hot(labels(5, 3, 2, 4), 3, axis=1, dtype=F), distribution(6, 2, 3, 4, axis=1, dtype=F), normal(7, 2, 3, 4, dtype=F)
    add("axis 1 of [2, 3, 4]", y3, p3, axis=1)
    add("axis 1 of [2, 3, 4], none", y3, p3, axis=1, reduction="none")
    add("axis -2 of [2, 3, 4], from_logits, sum", y3, x3, axis=-2, from_logits=True, reduction="sum")
    add("axis 1 of [2, 3, 4], smoothing divides by the last extent", y3, p3, axis=1, label_smoothing=0.2)
    add("axis 5", y, p, axis=5)
    class_options(add, y, p)
    shapes(add, lambda *s: unit(17, *s, dtype=F), lambda *s: unit(18, *s, dtype=F))
    add("from_logits, dtype float64", y.astype("float64"), x.astype("float64"), dtype="float64", from_logits=True)
    add("probabilities that do not sum to 1", y, array([[0.2, 0.7, 0.3, 0.4], [3.0, 1.0, 0.5, 2.0], [0.01, 0.02, 0.01, 0.03]], F))
    add("one class warns", np.ones((2, 1), F), array([[0.2], [0.4]], F), surrogate=True)
    add("exact one-hot prediction, right and wrong", array([[0, 1, 0], [0, 1, 0]], F), array([[0, 1, 0], [1, 0, 0]], F), surrogate=True)
    add("exact one-hot prediction, gamma 0.5", array([[0, 1, 0], [0, 1, 0]], F), array([[0, 1, 0], [1, 0, 0]], F), gamma=0.5, surrogate=True)
    add("a row of zeros, negatives", array([[0, 1, 0], [0, 1, 0]], F), array([[0, 0, 0], [-0.2, 0.7, 0.9]], F), surrogate=True)
    add("prediction NaN or infinite", array([[0, 1, 0], [0, 1, 0], [0, 1, 0]], F), array([[0.2, NAN, 0.3], [0.2, INF, 0.3], [INF, 0.2, 0.3]], F), surrogate=True)
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1], "large": [1000.0, -1000.0, 3.0]}
    for what, row in rows.items():
        add(f"from_logits, {what}, at the label and beside", array([[1, 0, 0], [0, 1, 0]], F), array([row, row], F), from_logits=True, surrogate=True)
    add("logits by mistake", y, x, surrogate=True)
    add("int64 y_true", y.astype("int64"), p)
    add("int64 y_pred", y, np.ones((3, 4), "int64"), only="class", surrogate=True)
    add("float64 both", y.astype("float64"), p.astype("float64"))


def overlap(add, **options):
    y, p = binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F)
    add("[3, 4]", y, p, **options)
    add("soft targets", unit(3, 3, 4, dtype=F), p, **options)
    add("axis 0", y, p, axis=0, **options)
    add("axis 1, none", y, p, axis=1, reduction="none", **options)
    add("axis -1 of [2, 3, 4], sum", binary(4, 2, 3, 4, dtype=F), unit(5, 2, 3, 4, dtype=F), axis=-1, reduction="sum", **options)
    add("axis 1 of [2, 3, 4], none", binary(4, 2, 3, 4, dtype=F), unit(5, 2, 3, 4, dtype=F), axis=1, reduction="none", **options)
    add("axis 2 of 2", y, p, axis=2, **options)
    add("axis None", y, p, axis=None, **options)
    class_options(add, y, p, axis=-1, **options)
    shapes(add, lambda *s: binary(6, *s, dtype=F), lambda *s: unit(7, *s, dtype=F))
    for reduction in REDUCTIONS:
        add(f"axis None, reduction {reduction}", y, p, reduction=reduction, **options)
        add(f"axis None, reduction {reduction}, sample_weight [3]", y, p, sample_weight=array([2.3, 0.45, 1.1], F), reduction=reduction, **options)
    add("axis None, sample_weight 0-D", y, p, sample_weight=array(2.5, F), **options)
    add("axis None, sample_weight 0-D, by Σ weight", y, p, sample_weight=array(2.5, F), reduction="mean_with_sample_weight", **options)
    add("axis None, sample_weight [3, 4], none", y, p, sample_weight=unit(8, 3, 4, dtype=F), reduction="none", **options)
    add("axis 0: [3] against [2, 3]", binary(6, 3, dtype=F), unit(7, 2, 3, dtype=F), axis=0, **options)
    add("axis -1: [3] against [2, 3]", binary(6, 3, dtype=F), unit(7, 2, 3, dtype=F), axis=-1, **options)
    add("axis 0: [1, 3] against [2, 3]", binary(6, 1, 3, dtype=F), unit(7, 2, 3, dtype=F), axis=0, **options)
    add("both empty masks", np.zeros((2, 3), F), np.zeros((2, 3), F), **options)
    add("an empty mask, predicted", np.zeros((2, 3), F), np.full((2, 3), 0.5, F), **options)
    add("nearly the right mask", binary(9, 2, 3, dtype=F), 0.9 * binary(9, 2, 3, dtype=F) + np.float32(0.05), **options)
    add("the opposite mask", binary(9, 2, 3, dtype=F), 1 - binary(9, 2, 3, dtype=F), **options)
    add("logits by mistake", y, normal(10, 3, 4, dtype=F), **options)
    add("infinities and NaN", array([[1, 0], [1, 0], [1, NAN]], F), array([[INF, 0.5], [NAN, 0.5], [0.5, 0.5]], F), axis=1, surrogate=True, **options)
    add("int64 y_true", y.astype("int64"), p, **options)
    add("int64 both", y.astype("int64"), binary(11, 3, 4, dtype="int64"), only="class", **options)
    add("bool y_true", y.astype("bool"), p, **options)
    add("float64 both", y.astype("float64"), p.astype("float64"), **options)
    add("[2, 3, 2, 2]", binary(12, 2, 3, 2, 2, dtype=F), unit(13, 2, 3, 2, 2, dtype=F), **options)


def tversky(add):
    overlap(add)
    y, p = binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F)
    for alpha, beta in ((0.3, 0.7), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-1.0, 2.0)):
        add(f"alpha {alpha}, beta {beta}", y, p, alpha=alpha, beta=beta)
    add("false negatives only, alpha 1, beta 0", array([[1, 1, 0, 0]], F), array([[1, 0, 0, 0]], F), alpha=1.0, beta=0.0)
    add("false positives only, alpha 1, beta 0", array([[1, 0, 0, 0]], F), array([[1, 1, 0, 0]], F), alpha=1.0, beta=0.0)


def circle(add, collected):
    def vectors(seed, rows, width=4):
        v = normal(seed, rows, width)
        return np.round(v / np.linalg.norm(v, axis=1, keepdims=True), 3).astype(F)

    y, p = array([0, 1, 0], "int64"), vectors(1, 3)
    # Rows 0 and 2 have a partner, row 1 has none and counts for nothing.
    class_options(add, y, p)
    many, embeddings = array([0, 1, 2, 0, 1, 2, 0], "int64"), vectors(2, 7)
    add("7 rows of 3 classes", many, embeddings)
    for gamma, margin in ((1.0, 0.25), (256.0, 0.4), (10.0, 0.0), (0.0, 0.4), (-5.0, 0.4)):
        add(f"gamma {gamma}, margin {margin}", many, embeddings, gamma=gamma, margin=margin)
    add("with the diagonal", many, embeddings, remove_diagonal=False)
    add("without the diagonal, stated", many, embeddings, remove_diagonal=True)
    add("labels [7, 1]", many[:, None], embeddings)
    add("float labels are truncated", array([0.2, 1.7, 0.9], F), p)
    add("int32 labels", many.astype("int32"), embeddings)
    add("one class only", np.zeros(3, "int64"), p)
    add("no two of a class", array([0, 1, 2], "int64"), p)
    add("one row", array([0], "int64"), p[:1].copy())
    add("equal embeddings", array([0, 0, 1], "int64"), array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]], F), surrogate=True)
    add("opposite embeddings", array([0, 0, 1], "int64"), array([[1, 0], [-1, 0], [0, 1]], F), surrogate=True)
    add("not of length 1", many, 3 * embeddings, surrogate=True)
    add("labels [2] for 3 rows", array([0, 1], "int64"), p)
    add("float64", many, embeddings.astype("float64"))
    add("float64 dtype", many, embeddings.astype("float64"), dtype="float64")
    reference = {"ref_labels": array([1, 0, 2, 1], "int64"), "ref_embeddings": vectors(3, 4)}
    for note, inputs, parameters in (
        ("references", reference, {}),
        ("references, with the diagonal", reference, {"remove_diagonal": False}),
        ("longer references", {**reference, "ref_embeddings": vectors(3, 4, 5)}, {}),
        ("references [4, 1]", {**reference, "ref_labels": reference["ref_labels"][:, None]}, {"gamma": 5.0, "remove_diagonal": False}),
    ):
        collected.add("keras.losses.circle", note, {"y_true": y, "y_pred": p, **inputs}, parameters, False)


def generalized_cross_entropy(add):
    # The function has no default for q.
    def both(note, y_true, y_pred, **options):
        add(note, y_true, y_pred, **{"q": 0.5, **options})

    y, p = labels(1, 4, 3), distribution(2, 3, 4, dtype=F)
    both("[3, 4]", y, p)
    add("no q", y, p)
    for q in (0.1, 0.7, 0.999):
        both(f"q {q}", y, p, q=q)
    for q in (0.0, 1.0, 1.5, -0.5):
        both(f"q {q}", y, p, q=q)
    both("int32 labels", y.astype("int32"), p)
    both("float labels", y.astype(F), p)
    both("float labels are truncated", array([1.7, 0.2, 2.99], F), p)
    both("labels [3, 1]", y[:, None], p)
    both("[2, 3, 4]", labels(4, 4, 2, 3), distribution(5, 2, 3, 4, dtype=F))
    both("[2, 3, 4], labels [2, 3, 1]", labels(4, 4, 2, 3, 1), distribution(5, 2, 3, 4, dtype=F))
    both("[4], a single value", array(2, "int64"), distribution(8, 4, dtype=F))
    class_options(both, y, p)
    both("label 4 and -1 of 4 classes", array([0, 4, -1], "int64"), p, surrogate=True)
    both("labels [2] for 3 rows", labels(1, 4, 2), p)
    both("labels [4] for 3 rows", labels(1, 4, 4), p)
    both("labels [1] for 3 rows", labels(1, 4, 1), p)
    both("one-hot targets", one_hot(y, 4, dtype=F), p)
    both("probabilities 0 and 1", array([0, 1], "int64"), array([[0, 1], [0, 1]], F), surrogate=True)
    both("probabilities that do not sum to 1, negative, above 1", array([0, 0, 0], "int64"), array([[0.2, 0.7], [-0.3, 0.5], [1.7, 0.2]], F), surrogate=True)
    both("infinities and NaN", array([0, 0, 1], "int64"), array([[INF, 0.5], [NAN, 0.5], [NAN, 0.5]], F), surrogate=True)
    both("empty [0, 3]", np.zeros(0, "int64"), np.zeros((0, 3), F))
    both("int64 y_pred", y, np.ones((3, 4), "int64"), only="class", surrogate=True)
    both("float64 y_pred", y, distribution(2, 3, 4))


def ctc(add):
    for case in full_length(F):
        # Keras has no lengths: every label but 0 counts, and every frame.
        y = np.where(np.arange(case.labels.shape[1]) < case.label_length[:, None], case.labels, 0).astype("int32")
        add(case.note, y, case.logits, surrogate=True)
    x, y = normal(1, 2, 6, 4, dtype=F), array([[1, 2, 0], [3, 3, 1]], "int32")
    add("padded with -1, which counts as labels", array([[1, 2, -1], [3, -1, -1]], "int32"), x, surrogate=True)
    add("0 between labels counts them short", array([[1, 0, 2], [0, 3, 1]], "int32"), x, surrogate=True)
    add("int64 labels", y.astype("int64"), x, surrogate=True)
    add("float labels", y.astype(F), x, surrogate=True)
    add("float labels are truncated", y.astype(F) + np.float32(0.3), x, surrogate=True)
    add("float64 logits", y, x.astype("float64"), surrogate=True)
    add("int64 logits", y, x.astype("int64"), surrogate=True)
    add("dtype float64", y, normal(1, 2, 6, 4), dtype="float64", surrogate=True)
    add("dtype float32 of float64", y, normal(1, 2, 6, 4), dtype="float32", surrogate=True)
    add("no samples", y[:0], x[:0], surrogate=True)
    for reduction in REDUCTIONS:
        add(f"reduction {reduction}", y, x, reduction=reduction, surrogate=True)
        add(f"reduction {reduction}, sample_weight [2]", y, x, sample_weight=array([2.3, 0.45], F), reduction=reduction, surrogate=True)
        add(f"reduction {reduction}, fits nothing", y, x[:, :3], reduction=reduction, surrogate=True)
    add("sample_weight 0-D, by Σ weight", y, x, sample_weight=array(2.5, F), reduction="mean_with_sample_weight", surrogate=True)
    add("sample_weight 0-D", y, x, sample_weight=array(2.5, F), surrogate=True)
    add("sample_weight [2, 1], none", y, x, sample_weight=array([[2.3], [0.45]], F), reduction="none", surrogate=True)
    add("sample_weight [1], none", y, x, sample_weight=array([0.7], F), reduction="none", surrogate=True)
    add("sample_weight [1, 1], none", y, x, sample_weight=array([[0.7]], F), reduction="none", surrogate=True)
    add("sample_weight [3, 2]", y, x, sample_weight=array([[1, 2], [3, 4], [5, 6]], F), surrogate=True)
    add("sample_weight zeros, by Σ weight", y, x, sample_weight=array([0.0, 0.0], F), reduction="mean_with_sample_weight", surrogate=True)
    add("sample_weight 0 of what fits nothing", y, x[:, :3], sample_weight=array([1.0, 0.0], F), surrogate=True)
    add("sample_weight [3] for 2 values", y, x, sample_weight=array([1.0, 2.0, 3.0], F))
    add("reduction batchmean is none of its", y, x, reduction="batchmean")
    add("labels of one dimension", y[0], x)
    add("logits of two dimensions", y, x[0])
    add("three rows of labels for two samples", array([[1], [2], [3]], "int32"), x)
    add("one row of labels for two samples", y[:1], x, surrogate=True)
