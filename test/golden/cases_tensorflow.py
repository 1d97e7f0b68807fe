"""The cases of TensorFlow's own losses: tf.nn, tf.compat.v1.losses and tf.image, run eagerly."""

import numpy as np

from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit
from ctc_situations import full_length, with_lengths

F = "float32"
REDUCTIONS = ("none", "weighted_sum", "weighted_mean", "weighted_sum_over_batch_size", "weighted_sum_by_nonzero_weights")


def cases():
    collected = Cases()

    def of(symbol, *names):
        """Adds a case of a symbol whose first arguments are arrays of these names."""

        def add(note, *arrays, surrogate=False, weights=None, **parameters):
            inputs = dict(zip(names, arrays))
            if weights is not None:
                inputs["weights"] = weights
            collected.add(symbol, note, inputs, parameters, surrogate)

        return add

    sigmoid(of("tf.nn.sigmoid_cross_entropy_with_logits", "labels", "logits"))
    weighted(of("tf.nn.weighted_cross_entropy_with_logits", "labels", "logits", "pos_weight"))
    softmax(of("tf.nn.softmax_cross_entropy_with_logits", "labels", "logits"))
    sparse(of("tf.nn.sparse_softmax_cross_entropy_with_logits", "labels", "logits"))
    log_poisson(of("tf.nn.log_poisson_loss", "targets", "log_input"))
    l2(of("tf.nn.l2_loss", "t"))
    total_variation(of("tf.image.total_variation", "images"))
    ctc(of("tf.nn.ctc_loss", "labels", "logits", "label_length", "logit_length"))

    v1 = "tf.compat.v1.losses."
    v1_regression(of(v1 + "mean_squared_error", "labels", "predictions"))
    v1_regression(of(v1 + "absolute_difference", "labels", "predictions"))
    v1_huber(of(v1 + "huber_loss", "labels", "predictions"))
    v1_log(of(v1 + "log_loss", "labels", "predictions"))
    v1_hinge(of(v1 + "hinge_loss", "labels", "logits"))
    v1_cosine(of(v1 + "cosine_distance", "labels", "predictions"))
    v1_sigmoid(of(v1 + "sigmoid_cross_entropy", "multi_class_labels", "logits"))
    v1_softmax(of(v1 + "softmax_cross_entropy", "onehot_labels", "logits"))
    v1_sparse(of(v1 + "sparse_softmax_cross_entropy", "labels", "logits"))
    v1_pairwise(of(v1 + "mean_pairwise_squared_error", "labels", "predictions"))
    return collected.all


def answers(cases):
    import tensorflow as tf
    from make_goldens import answer_record

    def answer(case):
        symbol = tf
        for name in case.symbol.split(".")[1:]:
            symbol = getattr(symbol, name)
        try:
            tensors = {name: tf.convert_to_tensor(values) for name, values in case.inputs.items()}
            wanted = [name for name, tensor in tensors.items() if tensor.dtype.is_floating]
            with tf.GradientTape() as tape:
                tape.watch([tensors[name] for name in wanted])
                value = symbol(**tensors, **case.parameters)
                total = tf.reduce_sum(value)
            gradients = tape.gradient(total, [tensors[name] for name in wanted])
        except Exception as error:
            return {"error": str(error).split("}} ", 1)[-1].split("\n")[0].split(" [Op:")[0].split(" Received weights=")[0].strip()}
        found = {name: tf.convert_to_tensor(g).numpy() for name, g in zip(wanted, gradients) if g is not None}
        return answer_record(value.numpy(), found, None)

    return [answer(case) for case in cases], {"tensorflow": tf.__version__}


def logits_at_edges(add, **options):
    for target in (0.0, 1.0, 0.3):
        values = array([0.0, -0.0, 20.3, -20.3, 120.0, -120.0, 3e38], F)
        add(f"large and 0, label {target}", np.full(7, target, F), values, surrogate=True, **options)
        add(f"infinite and NaN, label {target}", np.full(3, target, F), array([INF, -INF, NAN], F), surrogate=True, **options)


def sigmoid(add):
    add("[3, 4]", binary(1, 3, 4, dtype=F), normal(2, 3, 4, scale=3, dtype=F))
    add("soft labels", unit(3, 3, 4, dtype=F), normal(2, 3, 4, scale=3, dtype=F))
    add("float64", unit(3, 2, 3), normal(2, 2, 3))
    add("0-D", array(1.0, F), array(-0.7, F))
    add("[2, 2, 3]", binary(4, 2, 2, 3, dtype=F), normal(5, 2, 2, 3, dtype=F))
    add("labels outside [0, 1]", array([2.0, -1.0], F), array([0.3, 0.6], F))
    add("sure and right", array([1, 1, 1, 0, 0, 0], F), array([9, 12, 15, -9, -12, -15], F))
    logits_at_edges(add)
    add("label NaN", array([NAN, 1.0], F), array([0.3, 0.6], F), surrogate=True)
    add("empty", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("[2] against [1]", array([1.0, 0.0], F), array([0.3], F))
    add("[2] against [2, 1]", array([1.0, 0.0], F), array([[0.3], [0.2]], F))
    add("float64 labels", binary(1, 3), normal(2, 3, dtype=F))
    add("int64 labels", binary(1, 3, dtype="int64"), normal(2, 3, dtype=F))


def weighted(add):
    y, x, w = binary(1, 3, 4, dtype=F), normal(2, 3, 4, scale=3, dtype=F), array(2.5, F)
    add("[3, 4]", y, x, w)
    add("soft labels", unit(3, 3, 4, dtype=F), x, w)
    add("a weight for each class", y, x, array([0.5, 1.0, 2.0, 7.5], F))
    add("a weight for each row", y, x, array([[0.5], [1.0], [2.0]], F))
    add("weights that enlarge", array([1.0, 0.0], F), array([0.4, -1.2], F), array([[2.0], [3.0]], F))
    add("weight 1", y, x, array(1.0, F))
    add("weight 0", y, x, array(0.0, F))
    add("weight -2", y, x, array(-2.0, F))
    add("float64", unit(3, 2, 3), normal(2, 2, 3), array(1.7))
    add("logits of 0", array([0.0, 1.0, 0.3], F), np.zeros(3, F), array(3.0, F), surrogate=True)
    for target in (0.0, 1.0, 0.3):
        add(f"large, label {target}", np.full(5, target, F), array([20.3, -20.3, 120.0, -120.0, 3e38], F), w)
        add(f"infinite and NaN, label {target}", np.full(3, target, F), array([INF, -INF, NAN], F), w, surrogate=True)
    add("[2] against [1]", array([1.0, 0.0], F), array([0.3], F), w)
    add("weights [3] for [2]", array([1.0, 0.0], F), array([0.3, 0.2], F), array([1.0, 2.0, 3.0], F))
    add("float64 weight", y, x, array(2.5))
    add("int64 labels", binary(1, 3, dtype="int64"), normal(2, 3, dtype=F), w)


def softmax(add):
    y, x = one_hot(labels(1, 4, 3), 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("one-hot, [3, 4]", y, x)
    add("soft labels", array([[0.25, 0.5, 0.125, 0.125], [0.0, 0.75, 0.25, 0.0], [0.5, 0.0, 0.0, 0.5]], F), x)
    add("labels that do not sum to 1", array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F), x, surrogate=True)
    add("float64", one_hot(labels(1, 4, 3), 4), normal(2, 3, 4))
    add("float64 labels are cast", one_hot(labels(1, 4, 3), 4), x)
    add("int64 labels are cast", one_hot(labels(1, 4, 3), 4, dtype="int64"), x)
    add("[4]", one_hot(2, 4, dtype=F), normal(3, 4, dtype=F))
    y3, x3 = one_hot(labels(5, 3, 2, 4), 3, axis=1, dtype=F), normal(7, 2, 3, 4, dtype=F)
    add("axis 1 of [2, 3, 4]", y3, x3, axis=1)
    add("axis 0 of [4, 3]", y.T.copy(), x.T.copy(), axis=0)
    add("axis -1 of [2, 2, 3]", one_hot(labels(8, 3, 2, 2), 3, dtype=F), normal(9, 2, 2, 3, dtype=F), axis=-1)
    add("axis -2", y, x, axis=-2)
    add("axis 2 of 2", y, x, axis=2)
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1], "all -inf": [-INF] * 3, "large": [1000.0, -1000.0, 3.0]}
    for what, row in rows.items():
        add(f"{what}, at the label and beside", array([[1, 0, 0], [0, 1, 0]], F), array([row, row], F), surrogate=True)
    add("one row of labels for all", one_hot([2], 4, dtype=F), x, surrogate=True)
    add("labels [4] for all rows", one_hot(2, 4, dtype=F), x, surrogate=True)
    add("one row of logits", y, x[:1].copy(), surrogate=True)
    add("labels [3, 3] for 4 classes", y[:, :3].copy(), x)
    add("labels [2, 4] for 3 rows", y[:2].copy(), x)
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("0-D", array(1.0, F), array(0.3, F))
    add("int64 logits", y, np.ones((3, 4), "int64"))


def sparse(add):
    y, x = labels(1, 4, 3), normal(2, 3, 4, dtype=F)
    add("[3, 4]", y, x)
    add("int32 labels", y.astype("int32"), x)
    add("float64", y, normal(2, 3, 4))
    add("[4], a single label", array(2, "int64"), normal(3, 4, dtype=F))
    add("[2, 3, 4]", labels(4, 4, 2, 3), normal(5, 2, 3, 4, dtype=F))
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1], "all -inf": [-INF] * 3, "large": [1000.0, -1000.0, 3.0]}
    for what, row in rows.items():
        add(f"{what}, at the label and beside", array([0, 1], "int64"), array([row, row], F), surrogate=True)
    add("label C", array([0, 4, 1], "int64"), x)
    add("label -1", array([0, -1, 1], "int64"), x)
    add("labels [3, 1]", y[:, None], x)
    add("labels [2] for 3 rows", labels(1, 4, 2), x)
    add("uint8 labels", y.astype("uint8"), x)
    add("int16 labels", y.astype("int16"), x)
    add("float labels", y.astype(F), x)
    add("0-D logits", array(0, "int64"), array(0.3, F))
    add("int64 logits", y, np.ones((3, 4), "int64"))
    add("empty [0, 3]", np.zeros(0, "int64"), np.zeros((0, 3), F))


def log_poisson(add):
    y, x = labels(1, 6, 3, 4).astype(F), normal(2, 3, 4, dtype=F)
    add("[3, 4]", y, x)
    add("full", np.maximum(y, 1), x, compute_full_loss=True)
    add("full, stated", y + 0.5, x, compute_full_loss=True)
    add("not full, stated", y, x, compute_full_loss=False)
    add("float64", y.astype("float64") + 1, x.astype("float64"), compute_full_loss=True)
    add("0-D", array(3.0, F), array(0.5, F))
    counts = array([0.0, 0.5, 1.0, 1.5, 2.0, -1.0, INF, NAN], F)
    add("counts at and beside 0 and 1", counts, np.full(8, 0.3, F), surrogate=True)
    add("full, counts at and beside 0 and 1", counts, np.full(8, 0.3, F), compute_full_loss=True, surrogate=True)
    add("infinite and NaN log-rates", array([1.0, 1.0, 0.0, 0.0, 1.0], F), array([INF, -INF, INF, -INF, NAN], F), surrogate=True)
    add("large log-rates", array([3.0, 3.0], F), array([80.0, -200.0], F))
    add("empty", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("[2] against [1]", array([1.0, 0.0], F), array([0.3], F))
    add("[1] against [2]", array([1.0], F), array([0.3, 0.2], F))
    add("float64 targets", y.astype("float64"), x)
    add("int64 targets", y.astype("int64"), x)
    add("int64 both", y.astype("int64"), np.ones((3, 4), "int64"))


def ctc(add):
    def ask(case, note=None, **parameters):
        logits = case.logits if parameters.get("logits_time_major") is False else case.logits.transpose(1, 0, 2)
        add(note or case.note, case.labels, np.ascontiguousarray(logits), case.label_length, case.frames, surrogate=True, **parameters)

    every = [*full_length(F), *with_lengths(F)]
    for case in every:
        ask(case)
    for case in every[:2] + every[5:9] + every[18:23]:
        classes = case.logits.shape[2]
        for blank in (1, classes - 1, -1, -classes, -2):
            ask(case, f"{case.note}, blank_index {blank}", blank_index=blank)
    for case in (every[0], every[5]):
        ask(case, f"{case.note}, batch first", logits_time_major=False)
        ask(case, f"{case.note}, time first", logits_time_major=True)
        ask(case, f"{case.note}, batch first, blank_index 2", logits_time_major=False, blank_index=2)
        ask(case, f"{case.note}, blank_index None", blank_index=None)
    first = every[0]
    y, x, lengths, frames = first.labels, np.ascontiguousarray(first.logits.transpose(1, 0, 2)), first.label_length, first.frames
    add("int64 all over", y.astype("int64"), x, lengths.astype("int64"), frames.astype("int64"), surrogate=True)
    add("float64", y, x.astype("float64"), lengths, frames)
    add("int8 labels", y.astype("int8"), x, lengths, frames, surrogate=True)
    add("uint8 labels", y.astype("uint8"), x, lengths, frames, surrogate=True)
    add("int16 labels", y.astype("int16"), x, lengths, frames)
    add("uint8 lengths", y, x, lengths.astype("uint8"), frames.astype("uint8"), surrogate=True)
    add("float labels", y.astype(F), x, lengths, frames)
    add("integer logits", y, x.astype("int32"), lengths, frames)
    add("no samples", np.zeros((0, 2), "int32"), np.zeros((3, 0, 4), F), np.zeros(0, "int32"), np.zeros(0, "int32"), surrogate=True)
    add("no frames at all", y, x[:0], lengths, frames, surrogate=True)
    add("three rows of labels for two samples", np.concatenate([y, y[:1]]), x, array([1, 1, 1], "int32"), frames)
    add("one row of labels for two samples", y[:1], x, lengths, frames, surrogate=True)
    add("one label length for two samples", y, x, lengths[:1], frames, surrogate=True)
    add("three frame lengths for two samples", y, x, lengths, array([6, 6, 6], "int32"))
    add("logits of two dimensions", y, x[0], lengths, frames)


def l2(add):
    for note, t in {"[3, 4]": normal(1, 3, 4, dtype=F), "[5]": normal(2, 5, dtype=F), "float64": normal(3, 2, 3), "0-D": array(3.0, F), "[2, 1, 2, 3]": normal(4, 2, 1, 2, 3, dtype=F), "zeros": np.zeros(3, F), "empty": np.zeros((0, 3), F), "infinite": array([INF, 1.0], F), "NaN": array([NAN, 1.0], F), "int64": array([1, 2], "int64"), "bool": array([1, 0], "bool"), "small": array([1e-12, 3e-10], F)}.items():
        add(note, t)


def total_variation(add):
    add("[2, 3, 1]", np.arange(6, dtype=F).reshape(2, 3, 1))
    add("[4, 5, 3]", normal(1, 4, 5, 3, dtype=F))
    add("[2, 4, 5, 3]", normal(2, 2, 4, 5, 3, dtype=F))
    add("[3, 2, 2, 1]", normal(3, 3, 2, 2, 1, dtype=F))
    add("float64", normal(4, 2, 3, 4, 2))
    add("one pixel", array([[[0.7]]], F))
    add("one row", normal(5, 1, 6, 2, dtype=F))
    add("one column", normal(6, 6, 1, 2, dtype=F))
    add("constant", np.full((3, 3, 1), 2.0, F), surrogate=True)
    add("infinities and NaN", array([[[1.0], [INF]], [[NAN], [2.0]]], F), surrogate=True)
    add("equal infinities", array([[[INF], [INF]], [[1.0], [2.0]]], F), surrogate=True)
    add("[2, 3]", normal(7, 2, 3, dtype=F))
    add("[1, 2, 3, 4, 1]", normal(8, 1, 2, 3, 4, 1, dtype=F))
    add("int64", labels(9, 9, 3, 4, 2))
    add("no images", np.zeros((0, 3, 3, 1), F))


# --- tf.compat.v1.losses


def v1_options(add, y, p, **options):
    """Weights and reductions, on arrays of shape [3, 4]."""
    kinds = {
        "0-D": array(2.5, F),
        "0-D of 0": array(0.0, F),
        "[3, 1]": array([[2.3], [0.0], [1.1]], F),
        "[1, 4]": array([[2.3, 0.0, 1.1, 0.4]], F),
        "[3, 4]": np.maximum(normal(91, 3, 4, dtype=F), 0),
        "[1, 1]": array([[1.7]], F),
        "zeros": np.zeros((3, 1), F),
    }
    for reduction in REDUCTIONS:
        add(f"reduction {reduction}", y, p, reduction=reduction, **options)
        for kind, weights in kinds.items():
            add(f"reduction {reduction}, weights {kind}", y, p, weights=weights, reduction=reduction, **options)
    add("weights that cancel, weighted_mean", y, p, weights=array([[1.0], [-1.0], [0.0]], F), reduction="weighted_mean", **options)
    add("weights with NaN", y, p, weights=array([[1.0], [NAN], [0.0]], F), surrogate=True, **options)
    add("weights of int64", y, p, weights=array([[3], [0], [1]], "int64"), **options)
    add("weights of float64", y, p, weights=array([[2.3], [0.45], [1.1]]), **options)
    add("weights [3]", y, p, weights=array([1.0, 2.0, 3.0], F), **options)
    add("weights [2, 4]", y, p, weights=np.ones((2, 4), F), **options)
    add("weights [3, 4, 1]", y, p, weights=np.ones((3, 4, 1), F), **options)
    add("reduction mean is none of its", y, p, reduction="mean", **options)


def v1_shapes(add, y, p, **options):
    """Takes makers of arrays by shape."""
    add("[3, 4]", y(3, 4), p(3, 4), **options)
    add("[2, 1, 2, 3], none", y(2, 1, 2, 3), p(2, 1, 2, 3), reduction="none", **options)
    add("[3] against [3, 1]", y(3), p(3, 1), **options)
    add("[1, 3] against [2, 3]", y(1, 3), p(2, 3), **options)
    add("[2] against [3]", y(2), p(3), **options)
    add("empty [0, 3]", y(0, 3), p(0, 3), **options)
    add("float64", y(2, 3).astype("float64"), p(2, 3).astype("float64"), **options)
    add("float64 labels", y(2, 3).astype("float64"), p(2, 3), **options)
    add("int64 labels", y(2, 3).astype("int64"), p(2, 3), **options)
    add("bool labels", y(2, 3).astype("bool"), p(2, 3), **options)


def v1_scalars(add, y, p, **options):
    add("[5]", y(5), p(5), **options)
    add("0-D", y(), p(), **options)
    add("[5], weights [5]", y(5), p(5), weights=array([1.0, 0.0, 2.0, 0.5, 0.0], F), **options)


def v1_regression(add):
    make = lambda seed: lambda *s: normal(seed, *s, dtype=F)
    v1_options(add, make(1)(3, 4), make(2)(3, 4))
    v1_shapes(add, make(3), make(4))
    v1_scalars(add, make(3), make(4))
    add("residual 0", array([1.0, 2.0], F), array([1.0, 2.5], F), surrogate=True)
    non_finite = array([NAN, 1.0, INF, -INF, INF, INF], F), array([1.0, NAN, 1.0, 1.0, INF, -INF], F)
    add("infinities and NaN, none", *non_finite, reduction="none", surrogate=True)
    add("infinities and NaN", *non_finite, surrogate=True)
    add("infinity weighted 0", *non_finite, weights=np.zeros(6, F), reduction="none", surrogate=True)
    add("int64 both", array([[1, 2], [0, 5]], "int64"), array([[2, 4], [7, -5]], "int64"))


def v1_huber(add):
    v1_regression(add)
    y, p = array([[0.1, 0.55, 0.1, -0.6, 0.2], [1.0, -2.0, 0.0, 3.0, 0.3]], F), array([[0.4, 1.3, -0.2, 2.9, -2.05], [0.95, -2.4, 0.7, 0.1, 0.31]], F)
    for delta in (0.3, 2.5, 0.0, -1.0):
        add(f"delta {delta}", y, p, delta=delta, surrogate=delta <= 0)
    add("at the kink of delta 0.5", array([[0.0, 0.0, 0.5]], F), array([[0.5, -0.5, 1.0]], F), delta=0.5, surrogate=True)


def v1_log(add):
    v1_options(add, binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F))
    v1_shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: unit(4, *s, dtype=F))
    v1_scalars(add, lambda *s: binary(3, *s, dtype=F), lambda *s: unit(4, *s, dtype=F))
    add("soft labels", unit(5, 3, 4, dtype=F), unit(6, 3, 4, dtype=F))
    add("probabilities 0 and 1, none", array([0.0, 1.0, 0.0, 1.0], F), array([0.0, 0.0, 1.0, 1.0], F), reduction="none", surrogate=True)
    add("outside [0, 1], none", array([0.0, 1.0, 0.0, 1.0, 1.0], F), array([-0.5, -0.5, 1.5, 1.5, NAN], F), reduction="none", surrogate=True)
    for reduction in REDUCTIONS:
        add(f"outside [0, 1], nothing counts, {reduction}", array([0.0, 1.0, 1.0], F), array([1.5, 1.5, NAN], F), weights=array(0.0, F), reduction=reduction, surrogate=True)
    for epsilon in (0.1, 1e-3):
        add(f"epsilon {epsilon}", binary(7, 3, 4, dtype=F), unit(8, 3, 4, dtype=F), epsilon=epsilon)
    add("epsilon 0.0, probabilities 0 and 1", array([1.0, 0.0], F), array([0.0, 1.0], F), epsilon=0.0, reduction="none", surrogate=True)


def v1_hinge(add):
    v1_options(add, binary(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F))
    v1_shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    v1_scalars(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    add("labels -1 and 1 by mistake", (2 * binary(5, 3, 4) - 1).astype(F), normal(6, 3, 4, dtype=F))
    add("ties", array([0.0, 1.0], F), array([-1.0, 1.0], F), surrogate=True)
    add("infinite and NaN, none", array([1.0, 1.0, 0.0, 1.0], F), array([INF, -INF, INF, NAN], F), reduction="none", surrogate=True)


def v1_cosine(add):
    def both(note, y, p, axis=1, **options):
        add(note, y, p, axis=axis, **options)

    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    # Losses keep the axis, with an extent of 1: weights of that rank.
    for reduction in REDUCTIONS:
        both(f"reduction {reduction}", y, p, reduction=reduction)
        for kind, weights in {"0-D": array(2.5, F), "[3, 1]": array([[2.3], [0.0], [1.1]], F), "[1, 1]": array([[1.7]], F)}.items():
            both(f"reduction {reduction}, weights {kind}", y, p, weights=weights, reduction=reduction)
    both("weights [3]", y, p, weights=array([1.0, 2.0, 3.0], F))
    both("weights [3, 4]", y, p, weights=np.ones((3, 4), F))
    both("reduction mean is none of its", y, p, reduction="mean")
    both("axis 0, none", y, p, axis=0, reduction="none")
    both("axis -1, none", y, p, axis=-1, reduction="none")
    both("axis -2 of [2, 3, 4], none", normal(3, 2, 3, 4, dtype=F), normal(4, 2, 3, 4, dtype=F), axis=-2, reduction="none")
    both("axis 2 of 2", y, p, axis=2)
    add("dim, the deprecated name", y, p, dim=1)
    add("axis and dim", y, p, axis=1, dim=1)
    add("no axis", y, p)
    add("axis None", y, p, axis=None, dim=0)
    both("not normalised", array([[3.0, 4.0]], F), array([[3.0, 4.0]], F))
    both("infinite and NaN", array([[1.0, 0.0], [1.0, 0.0]], F), array([[INF, 1.0], [NAN, 1.0]], F), reduction="none", surrogate=True)
    both("[2, 3] against [3, 2]", normal(5, 2, 3, dtype=F), normal(6, 3, 2, dtype=F))
    both("float64", normal(5, 2, 3), normal(6, 2, 3))
    both("int64 labels", labels(5, 3, 2, 3), normal(6, 2, 3, dtype=F))


def v1_sigmoid(add):
    y, x = binary(1, 3, 4, dtype=F), normal(2, 3, 4, scale=3, dtype=F)
    v1_options(add, y, x)
    v1_shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    v1_scalars(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    add("sure and right, none", array([1, 1, 1, 0, 0, 0], F), array([9, 12, 15, -9, -12, -15], F), reduction="none")
    for smoothing in (0.15, 1.0, 1.5):
        add(f"smoothing {smoothing}", y, x, label_smoothing=smoothing)
    add("smoothing -0.1 is none", y, x, label_smoothing=-0.1)
    add("smoothing 0", y, x, label_smoothing=0)
    logits_at_edges(add, reduction="none")
    add("int64 logits", y, np.ones((3, 4), "int64"))


def v1_softmax(add):
    y, x = one_hot(labels(1, 4, 3), 4, dtype=F), normal(2, 3, 4, dtype=F)
    for reduction in REDUCTIONS:
        add(f"reduction {reduction}", y, x, reduction=reduction)
        for kind, weights in {"0-D": array(2.5, F), "[3]": array([2.3, 0.0, 1.1], F), "[1]": array([1.7], F)}.items():
            add(f"reduction {reduction}, weights {kind}", y, x, weights=weights, reduction=reduction)
    add("weights [3, 1]", y, x, weights=array([[1.0], [2.0], [3.0]], F))
    add("weights [2]", y, x, weights=array([1.0, 2.0], F))
    add("reduction mean is none of its", y, x, reduction="mean")
    for smoothing in (0.15, 1.0, 1.5):
        add(f"smoothing {smoothing}", y, x, label_smoothing=smoothing)
    add("smoothing -0.1 is none", y, x, label_smoothing=-0.1)
    add("labels that do not sum to 1", array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F), x, surrogate=True)
    add("[2, 2, 3], none", one_hot(labels(8, 3, 2, 2), 3, dtype=F), normal(9, 2, 2, 3, dtype=F), reduction="none")
    add("[4]", one_hot(2, 4, dtype=F), normal(3, 4, dtype=F))
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [-INF, 1.0, 0.1], "NaN": [NAN, 1.0, 0.1]}
    for what, row in rows.items():
        add(f"{what}, at the label and beside, none", array([[1, 0, 0], [0, 1, 0]], F), array([row, row], F), reduction="none", surrogate=True)
    add("one row of labels for all", y[:1].copy(), x)
    add("int64 labels", one_hot(labels(1, 4, 3), 4, dtype="int64"), x)
    add("float64", one_hot(labels(1, 4, 3), 4), normal(2, 3, 4))
    add("float64 labels", one_hot(labels(1, 4, 3), 4), x)
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))


def v1_sparse(add):
    y, x = labels(1, 4, 3), normal(2, 3, 4, dtype=F)
    for reduction in REDUCTIONS:
        add(f"reduction {reduction}", y, x, reduction=reduction)
        for kind, weights in {"0-D": array(2.5, F), "[3]": array([2.3, 0.0, 1.1], F), "[1]": array([1.7], F), "[3, 1]": array([[2.3], [0.0], [1.1]], F)}.items():
            add(f"reduction {reduction}, weights {kind}", y, x, weights=weights, reduction=reduction)
    add("weights [1, 3]", y, x, weights=array([[1.0, 2.0, 3.0]], F))
    add("weights [2]", y, x, weights=array([1.0, 2.0], F))
    add("reduction mean is none of its", y, x, reduction="mean")
    add("labels [3, 1]", y[:, None], x)
    add("labels [3, 1], weights [3, 1], none", y[:, None], x, weights=array([[2.3], [0.0], [1.1]], F), reduction="none")
    add("logits [3, 4, 1]", y, x[:, :, None].copy())
    add("labels [3, 4] for logits [3, 4]", labels(6, 4, 3, 4), x)
    add("labels [3, 1] for logits [3, 1, 4]", y[:, None], x[:, None])
    add("[2, 3, 4], none", labels(4, 4, 2, 3), normal(5, 2, 3, 4, dtype=F), reduction="none")
    add("[4], a single label", array(2, "int64"), normal(3, 4, dtype=F))
    add("int32 labels", y.astype("int32"), x)
    add("uint8 labels", y.astype("uint8"), x)
    add("float labels", y.astype(F), x)
    add("label C", array([0, 4, 1], "int64"), x)
    add("label -1 weighted 0", array([0, -1, 1], "int64"), x, weights=array([1.0, 0.0, 1.0], F))
    add("infinite and NaN, none", array([0, 0, 0], "int64"), array([[INF, 1.0], [-INF, 1.0], [NAN, 1.0]], F), reduction="none", surrogate=True)
    add("float64", y, normal(2, 3, 4))
    add("empty [0, 3]", np.zeros(0, "int64"), np.zeros((0, 3), F))


def v1_pairwise(add):
    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("[3, 4]", y, p)
    add("one row", y[:1].copy(), p[:1].copy())
    add("weights 0-D", y, p, weights=array(2.5, F))
    add("weights 0-D of 0", y, p, weights=array(0.0, F))
    add("weights [3, 1]", y, p, weights=array([[2.3], [0.0], [1.1]], F))
    add("weights [3, 4]", y, p, weights=np.maximum(normal(3, 3, 4, dtype=F), 0))
    add("weights [1, 4]", y, p, weights=array([[2.3, 0.0, 1.1, 0.4]], F))
    add("weights [1, 1]", y, p, weights=array([[2.0]], F))
    add("weights zeros", y, p, weights=np.zeros((3, 1), F))
    add("weights with one of a row left", y, p, weights=array([[0.0, 0.0, 1.0, 0.0]] * 3, F))
    add("weights [3]", y, p, weights=array([1.0, 2.0, 3.0], F))
    add("[2, 2, 3]", normal(4, 2, 2, 3, dtype=F), normal(5, 2, 2, 3, dtype=F))
    add("[2, 2, 3], weights [2, 1, 1]", normal(4, 2, 2, 3, dtype=F), normal(5, 2, 2, 3, dtype=F), weights=array([[[0.5]], [[2.0]]], F))
    add("[4, 1]", normal(6, 4, 1, dtype=F), normal(7, 4, 1, dtype=F))
    add("[4, 1], weights [4, 1]", normal(6, 4, 1, dtype=F), normal(7, 4, 1, dtype=F), weights=np.ones((4, 1), F))
    add("infinite and NaN", array([[1.0, 2.0]], F), array([[NAN, 1.0]], F), surrogate=True)
    add("[2, 3] against [3, 2]", normal(8, 2, 3, dtype=F), normal(9, 3, 2, dtype=F))
    add("float64", normal(8, 2, 3), normal(9, 2, 3))
    add("int64 labels", labels(8, 5, 2, 3), normal(9, 2, 3, dtype=F))
