"""The cases of optax: functions of arrays, differentiated by jax.grad of the sum of what they return."""

import numpy as np

from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit
from ctc_situations import full_length, with_lengths

F = "float32"


def cases():
    collected = Cases()

    def symbol(name, *inputs):
        """Adds cases of one function, its arrays given in order; keywords are parameters, or inputs if they are arrays."""

        def add(note, *arrays, surrogate=False, **keywords):
            given = dict(zip(inputs, arrays))
            given.update({k: v for k, v in keywords.items() if isinstance(v, np.ndarray)})
            parameters = {k: v for k, v in keywords.items() if not isinstance(v, np.ndarray)}
            collected.add(name, note, given, parameters, surrogate)

        return add

    pair = ("predictions", "targets")
    residuals(symbol("optax.squared_error", *pair))
    residuals(symbol("optax.l2_loss", *pair))
    huber(symbol("optax.huber_loss", *pair))
    log_cosh(symbol("optax.log_cosh", *pair))
    cosine(symbol("optax.cosine_similarity", *pair))
    cosine(symbol("optax.cosine_distance", *pair))
    sigmoid_cross_entropy(symbol("optax.sigmoid_binary_cross_entropy", "logits", "labels"))
    focal(symbol("optax.sigmoid_focal_loss", "logits", "labels"))
    hinge(symbol("optax.hinge_loss", "predictor_outputs", "targets"))
    hinge(symbol("optax.losses.perceptron_loss", "predictor_outputs", "targets"))
    multiclass(symbol("optax.losses.multiclass_hinge_loss", "scores", "labels"))
    multiclass(symbol("optax.losses.multiclass_perceptron_loss", "scores", "labels"))
    softmax_cross_entropy(symbol("optax.softmax_cross_entropy", "logits", "labels"))
    softmax_cross_entropy(symbol("optax.safe_softmax_cross_entropy", "logits", "labels"), axes=False)
    softmax_cross_entropy(symbol("optax.losses.poly_loss_cross_entropy", "logits", "labels"), epsilon=True)
    integer_cross_entropy(symbol("optax.softmax_cross_entropy_with_integer_labels", "logits", "labels"))
    divergence(symbol("optax.kl_divergence", "log_predictions", "targets"))
    divergence(symbol("optax.generalized_kl_divergence", "log_predictions", "targets"))
    divergence(symbol("optax.convex_kl_divergence", "log_predictions", "targets"))
    divergence(symbol("optax.losses.kl_divergence_with_log_targets", "log_predictions", "log_targets"), log_targets=True)
    ctc(symbol("optax.ctc_loss", "logits", "logit_paddings", "labels", "label_paddings"))
    ctc_with_forward_probabilities(symbol("optax.ctc_loss_with_forward_probs", "logits", "logit_paddings", "labels", "label_paddings"))
    dice(symbol("optax.losses.dice_loss", *pair))
    binary_dice(symbol("optax.losses.binary_dice_loss", *pair))
    generalized_dice(symbol("optax.losses.multiclass_generalized_dice_loss", *pair))
    binary_sparsemax(symbol("optax.losses.sparsemax_loss", "logits", "labels"))
    sparsemax(symbol("optax.losses.multiclass_sparsemax_loss", "scores", "labels"))
    ranking_softmax(symbol("optax.losses.ranking_softmax_loss", "logits", "labels"))
    nt_xent(symbol("optax.ntxent", "embeddings", "labels"))
    triplet(symbol("optax.losses.triplet_margin_loss", "anchors", "positives", "negatives"))
    return collected.all


def residuals(add):
    add("[3, 4]", normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F))
    add("[2, 2, 3]", normal(3, 2, 2, 3, dtype=F), normal(4, 2, 2, 3, dtype=F))
    add("0-D", array(2.5, F), array(1.0, F))
    add("without targets", normal(5, 2, 3, dtype=F))
    add("float64", normal(1, 3, 4), normal(2, 3, 4))
    add("float64 predictions, float32 targets", normal(1, 3, 4), normal(2, 3, 4, dtype=F))
    add("ties and signed zeros", array([1.0, -0.0, 0.0, 3.0], F), array([1.0, 0.0, -0.0, -3.0], F), surrogate=True)
    add("infinities and NaN", array([INF, -INF, NAN, 1.0, INF, INF], F), array([1.0, 1.0, 1.0, NAN, INF, -INF], F), surrogate=True)
    add("overflow", array([1e20, 1e38, -1e-30], F), array([-1e20, -5e37, 1e-30], F))
    add("empty [0]", np.zeros(0, F), np.zeros(0, F))
    add("empty [2, 0]", np.zeros((2, 0), F), np.zeros((2, 0), F))
    add("[3] against [3, 1]", normal(6, 3, dtype=F), normal(7, 3, 1, dtype=F))
    add("[2, 3] against [3]", normal(6, 2, 3, dtype=F), normal(7, 3, dtype=F))
    add("[2] against [3]", normal(6, 2, dtype=F), normal(7, 3, dtype=F))
    add("integer predictions", array([1, 2], "int32"), array([1.0, 3.0], F))
    add("integer targets", normal(8, 3, dtype=F), array([1, 0, -2], "int32"))
    add("bool targets", normal(8, 3, dtype=F), array([1, 0, 1], "bool"))


def huber(add):
    residuals(add)
    x, y = array([0.1, 0.55, 0.1, -0.6, 0.2, 1.0, -2.0, 3.0], F), array([0.4, 1.3, -0.2, 2.9, -2.05, 0.95, -2.4, 0.1], F)
    for delta in (0.3, 2.5, 1e-6, 0.0, -1.0, INF):
        add(f"delta {delta}", x, y, delta=delta)
    add("at the kink of delta 0.5", array([0.5, -0.5, 1.0], F), array([0.0, 0.0, 0.5], F), delta=0.5)
    add("delta 0.1, float64", x.astype("float64"), y.astype("float64"), delta=0.1)


def log_cosh(add):
    residuals(add)
    add("small and large residuals", array([1e-3, -1e-3, 20.0, -90.0, 3e38], F), np.zeros(5, F))
    add("small and large residuals, float64", array([1e-3, -1e-3, 20.0, -700.0, 1e300]), np.zeros(5))


def cosine(add):
    a, b = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    add("[3, 4]", a, b)
    add("[4], one value", a[0], b[0])
    add("[2, 3, 2]", normal(3, 2, 3, 2, dtype=F), normal(4, 2, 3, 2, dtype=F))
    add("float64", normal(1, 3, 4), normal(2, 3, 4))
    for axis in (0, 1, -2, None):
        add(f"axis {axis}", a, b, axis=axis)
    add("axis 1 of [2, 3, 2]", normal(3, 2, 3, 2, dtype=F), normal(4, 2, 3, 2, dtype=F), axis=1)
    add("axis 2 of 2", a, b, axis=2)
    add("parallel, opposite, orthogonal", array([[1, 2], [1, 2], [1, 2]], F), array([[2, 4], [-0.5, -1], [2, -1]], F))
    zeros = array([[0, 0], [1, 2], [0, 0]], F), array([[1, 2], [0, 0], [0, 0]], F)
    add("zero vectors", *zeros, surrogate=True)
    add("zero vectors, epsilon 1e-6", *zeros, epsilon=1e-6, surrogate=True)
    add("epsilon 4, at, under and over the squared norm", array([[2, 0], [0.5, 0.5], [3, 1]], F), array([[1, 1], [3, 1], [0.1, 5]], F), epsilon=4.0, surrogate=True)
    add("infinities and NaN", array([[INF, 1], [NAN, 1], [1, 2]], F), array([[1, 2], [1, 2], [-INF, 1]], F), surrogate=True)
    mask = array([[1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 1]], "bool")
    add("where", a, b, where=mask)
    add("where, axis 0", a, b, where=mask, axis=0)
    add("where [4] is broadcast", a, b, where=mask[0])
    add("where, all masked in a row", a, b, where=array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]], "bool"), surrogate=True)
    add("where, all masked, epsilon", a, b, where=array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]], "bool"), epsilon=1e-3)
    add("[3, 4] against [4]", a, b[0])
    add("[3, 1, 4] against [3, 4]", a[:, None], b)
    add("[3, 4] against [1, 4]", a, b[:1])
    add("[3, 4] against [2, 4]", a, b[:2])
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("empty [2, 0]", np.zeros((2, 0), F), np.zeros((2, 0), F))
    add("integer predictions", array([[1, 2]], "int32"), b[:1, :2])
    add("integer targets", a[:1, :2], array([[1, 2]], "int32"))
    add("0-D", array(2.0, F), array(3.0, F))


def sigmoid_cross_entropy(add):
    x, y = normal(1, 3, 4, scale=3, dtype=F), binary(2, 3, 4, dtype=F)
    add("[3, 4]", x, y)
    add("soft labels", x, unit(3, 3, 4, dtype=F))
    add("[5]", x.ravel()[:5], y.ravel()[:5])
    add("0-D", array(0.3, F), array(1.0, F))
    add("sure and right", array([9, 12, 15, -9, -12, -15], F), array([1, 1, 1, 0, 0, 0], F))
    add("float64", normal(1, 3, 4, scale=3), binary(2, 3, 4))
    add("float64 labels", x, unit(3, 3, 4))
    add("float64 logits", normal(1, 3, 4, scale=3), y)
    add("integer labels", x, y.astype("int32"))
    add("bool labels", x, y.astype("bool"))
    large = array([0.0, -0.0, 20.3, -20.3, 120.0, -120.0, 1e38, -1e38], F)
    for label in (0.0, 1.0, 0.3):
        add(f"large and 0, label {label}", large, np.full(8, label, F))
        # At labels 0 and 1 as integers: the gradient by the labels is of no use there, and not followed.
        infinite = np.full(3, label, F if label == 0.3 else "int32")
        add(f"infinite and NaN, label {label}", array([INF, -INF, NAN], F), infinite, surrogate=True)
    add("labels outside [0, 1] and NaN", array([0.5, -0.7, 1.2], F), array([2.0, -1.0, NAN], F), surrogate=True)
    add("[3, 4] against [4]", x, y[0])
    add("[3] against [3, 1]", x[:, 0], y[:, :1])
    add("[2] against [3]", x[0, :2], y[0, :3])
    add("integer logits", array([1, 2], "int32"), array([1.0, 0.0], F))
    add("empty [0, 2]", np.zeros((0, 2), F), np.zeros((0, 2), F))


def focal(add):
    sigmoid_cross_entropy(add)
    x, y = normal(1, 3, 4, scale=3, dtype=F), binary(2, 3, 4, dtype=F)
    for gamma in (0.0, 0.5, 1.0, 5.0):
        add(f"gamma {gamma}", x, y, gamma=gamma)
    for alpha in (0.25, 0.0, 1.0, None):
        add(f"alpha {alpha}", x, y, alpha=alpha)
    add("alpha 0.25, gamma 1.5, soft labels", x, unit(3, 3, 4, dtype=F), alpha=0.25, gamma=1.5)
    add("alpha 0.25, gamma 3, float64", normal(1, 3, 4, scale=3), binary(2, 3, 4), alpha=0.25, gamma=3.0)
    add("alpha outside [0, 1]", x, y, alpha=1.5)
    add("gamma 0.5, large logits", array([20.0, -20.0, 60.0, -60.0], F), array([1.0, 0.0, 0.0, 1.0], F), gamma=0.5)


def hinge(add):
    x, y = normal(1, 3, 4, dtype=F), 2 * binary(2, 3, 4, dtype=F) - 1
    add("[3, 4]", x, y)
    add("[5]", x.ravel()[:5], y.ravel()[:5])
    add("0-D", array(0.3, F), array(1.0, F))
    add("float64", normal(1, 3, 4), 2 * binary(2, 3, 4) - 1)
    add("soft targets", x, normal(3, 3, 4, dtype=F))
    add("labels 0 and 1 are not moved", x, binary(2, 3, 4, dtype=F))
    add("at the kink", array([1.0, -1.0, 0.5, 0.0, 0.0, -0.0], F), array([1.0, -1.0, 2.0, 1.0, -1.0, 1.0], F), surrogate=True)
    add("infinities and NaN", array([INF, -INF, NAN, 1.0, INF, INF], F), array([1.0, 1.0, 1.0, NAN, -1.0, 0.0], F), surrogate=True)
    add("integer targets", x, y.astype("int32"))
    add("integers", array([1, -2, 0], "int32"), array([1, 1, -1], "int32"))
    add("[3, 4] against [4]", x, y[0])
    add("[3] against [3, 1]", x[:, 0], y[:, :1])
    add("[2] against [3]", x[0, :2], y[0, :3])
    add("empty [0, 2]", np.zeros((0, 2), F), np.zeros((0, 2), F))


def multiclass(add):
    x, y = normal(1, 3, 4, dtype=F), labels(2, 4, 3, dtype="int32")
    add("[3, 4]", x, y)
    add("[4], label 2", x[0], array(2, "int32"))
    add("[2, 3, 2]", normal(3, 2, 3, 2, dtype=F), labels(4, 2, 2, 3, dtype="int32"))
    add("float64", normal(1, 3, 4), labels(2, 4, 3))
    add("int64 labels", x, labels(2, 4, 3))
    add("uint8 labels", x, labels(2, 4, 3, dtype="uint8"))
    add("right by more than the margin", array([[3, 0, 1], [0, 5, 2]], F), array([0, 1], "int32"))
    add("ties", array([[1, 0, 0], [0, 0, 0], [2, 2, 1]], F), array([0, 1, 1], "int32"), surrogate=True)
    add("infinities and NaN", array([[INF, 1, 0], [1, INF, 0], [NAN, 1, 0], [-INF, 1, 0], [-INF, -INF, -INF]], F), array([0, 0, 1, 1, 0], "int32"), surrogate=True)
    add("one class", array([[1.5], [-2.0]], F), array([0, 0], "int32"))
    add("labels outside the classes", x, array([4, -1, 1], "int32"))
    add("float labels", x, array([1.0, 0.0, 3.0], F))
    add("integer scores", array([[1, 3, 0]], "int32"), array([1], "int32"))
    add("[3, 4] with labels [2]", x, array([1, 0], "int32"))
    add("[3, 4] with labels [3, 1]", x, y[:, None])
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros(0, "int32"))


def softmax_cross_entropy(add, axes=True, epsilon=False):
    x, y = normal(1, 3, 4, dtype=F), one_hot(labels(2, 4, 3), 4, dtype=F)
    soft = distribution(3, 3, 4, dtype=F)
    add("one-hot", x, y)
    add("soft labels", x, soft)
    add("[4], one value", x[0], soft[0])
    add("[2, 2, 3]", normal(4, 2, 2, 3, dtype=F), distribution(5, 2, 2, 3, dtype=F))
    add("float64", normal(1, 3, 4), distribution(3, 3, 4))
    add("labels that do not sum to 1", x, array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F))
    add("large logits", array([[120, -120, 0], [1e38, -1e38, 1], [1e-30, 0, -0.0]], F), array([[0, 1, 0], [1, 0, 0], [0, 0, 1]], F))
    add("-inf under a label of 0", array([[1, -INF, 0]], F), array([[1, 0, 0]], F), surrogate=True)
    add("-inf under a label of 1", array([[1, -INF, 0]], F), array([[0, 1, 0]], F), surrogate=True)
    add("-inf under a soft label", array([[1, -INF, 0]], F), array([[0.5, 0.25, 0.25]], F), surrogate=True)
    add("+inf, NaN, all -inf", array([[1, INF, 0], [1, NAN, 0], [-INF, -INF, -INF]], F), array([[0, 1, 0]] * 3, F), surrogate=True)
    add("NaN label", x[:, :3], array([[0, NAN, 1]] * 3, F), surrogate=True)
    add("integer labels", x, y.astype("int32"))
    add("bool labels", x, y.astype("bool"))
    add("integer logits", array([[1, 2]], "int32"), array([[0.0, 1.0]], F))
    add("[3, 4] against [4]", x, soft[0])
    add("[4] against [3, 4]", x[0], soft)
    add("[3, 4] against [3, 1]", x, soft[:, :1])
    add("[3, 1] against [3, 4]", x[:, :1], soft)
    add("[3, 4] against [3, 3]", x, soft[:, :3])
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))
    if axes:
        x3, y3 = normal(6, 2, 3, 4, dtype=F), distribution(7, 2, 3, 4, axis=1, dtype=F)
        for axis in (1, -2, 0, None):
            add(f"axis {axis} of [2, 3, 4]", x3, y3, axis=axis)
        add("axis 3 of [2, 3, 4]", x3, y3, axis=3)
        mask = array([[1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 1, 1]], "bool")
        add("where", x, soft, where=mask, surrogate=True)
        add("where, axis 0", x, soft, where=mask, axis=0, surrogate=True)
        add("where [4] is broadcast", x3, y3, where=array([[[1, 0, 1, 1]]], "bool"), surrogate=True)
        add("where, all masked in a row", x, soft, where=array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]], "bool"), surrogate=True)
        add("where [3] gets the axis", x, soft, where=array([1, 0, 1], "bool"), surrogate=True)
    if epsilon:
        for value in (0.0, 1.0, -1.0, 5.5):
            add(f"epsilon {value}", x, soft, epsilon=value)
        add("epsilon 0.5, axis 1, float64", normal(6, 2, 3, 4), distribution(7, 2, 3, 4, axis=1), epsilon=0.5, axis=1)


def integer_cross_entropy(add):
    x, y = normal(1, 3, 4, dtype=F), labels(2, 4, 3, dtype="int32")
    add("[3, 4]", x, y)
    add("[4], label 2", x[0], array(2, "int32"))
    add("[2, 2, 3]", normal(4, 2, 2, 3, dtype=F), labels(5, 3, 2, 2, dtype="int32"))
    add("float64", normal(1, 3, 4), labels(2, 4, 3))
    add("int64 labels", x, labels(2, 4, 3))
    add("uint8 labels", x, labels(2, 4, 3, dtype="uint8"))
    x3 = normal(6, 2, 3, 4, dtype=F)
    add("axis 1 of [2, 3, 4]", x3, labels(7, 3, 2, 4, dtype="int32"), axis=1)
    add("axis -2 of [2, 3, 4]", x3, labels(7, 3, 2, 4, dtype="int32"), axis=-2)
    add("axis 0 of [2, 3, 4]", x3, labels(7, 2, 3, 4, dtype="int32"), axis=0)
    add("axis 3 of [2, 3, 4]", x3, labels(7, 3, 2, 4, dtype="int32"), axis=3)
    add("large logits", array([[120, -120, 0], [3e38, -3e38, 1], [1e-30, 0, -0.0]], F), array([1, 0, 2], "int32"))
    add("-inf, beside the label and under it", array([[1, -INF, 0], [1, -INF, 0]], F), array([0, 1], "int32"), surrogate=True)
    add("+inf, NaN, all -inf", array([[1, INF, 0], [1, INF, 0], [1, NAN, 0], [1, NAN, 0], [-INF, -INF, -INF]], F), array([1, 0, 1, 0, 1], "int32"), surrogate=True)
    add("labels outside the classes", x, array([4, -1, 1], "int32"), surrogate=True)
    add("labels -4 and -5", x, array([-4, -5, 1], "int32"), surrogate=True)
    mask = array([[1, 1, 0, 1], [1, 1, 1, 1], [0, 0, 1, 1]], "bool")
    add("where", x, array([0, 1, 3], "int32"), where=mask)
    add("where, a masked label", x, array([2, 1, 0], "int32"), where=mask)
    add("where, all masked in a row", x, array([2, 1, 0], "int32"), where=array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]], "bool"), surrogate=True)
    add("where [3] gets the axis", x, y, where=array([1, 0, 1], "bool"), surrogate=True)
    add("where, axis 0", x, array([0, 1, 2, 1], "int32"), where=mask, axis=0)
    add("float labels", x, array([1.0, 0.0, 3.0], F))
    add("integer logits", array([[1, 2]], "int32"), array([1], "int32"))
    add("labels [2] for [3, 4]", x, array([1, 2], "int32"))
    add("labels [1] for [3, 4]", x, array([1], "int32"))
    add("labels [3] for [1, 4]", x[:1], y)
    add("labels [3, 1] for [3, 4]", x, y[:, None])
    add("labels one-hot", x, one_hot(y, 4, dtype="int32"))
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros(0, "int32"))


def divergence(add, log_targets=False):
    def target(seed, *shape, axis=-1, dtype=F):
        p = distribution(seed, *shape, axis=axis, dtype=dtype)
        return np.log(p) if log_targets else p

    q = np.log(distribution(1, 3, 4, dtype=F))
    t = target(2, 3, 4)
    add("[3, 4]", q, t)
    add("[4], one value", q[0], t[0])
    add("[2, 2, 3]", np.log(distribution(3, 2, 2, 3, dtype=F)), target(4, 2, 2, 3))
    add("float64", np.log(distribution(1, 3, 4)), target(2, 3, 4, dtype="float64"))
    add("not normalised", normal(5, 3, 4, dtype=F), np.log(unit(6, 3, 4, dtype=F)) if log_targets else unit(6, 3, 4, dtype=F))
    for axis in (0, 1, -2, None):
        add(f"axis {axis}", q, t, axis=axis)
    add("axis 2 of 2", q, t, axis=2)
    zero = array([[-INF, 0.0, -1.0]], F) if log_targets else array([[0.0, 0.5, 0.5]], F)
    add("a target of no probability", array([[-1.0, -2.0, -0.5]], F), zero, surrogate=True)
    add("a target of no probability at -inf", array([[-INF, -2.0, -0.5]], F), zero, surrogate=True)
    add("-inf under a target", array([[-2.0, -INF, -0.5]], F), target(7, 1, 3), surrogate=True)
    add("negative and NaN targets", array([[-1.0, -2.0, -0.5]] * 2, F), array([[-0.2, 0.5, 0.5], [NAN, 0.5, 0.5]], F), surrogate=True)
    add("NaN and +inf log-predictions", array([[NAN, -2.0, -0.5], [INF, -2.0, -0.5]], F), target(8, 2, 3), surrogate=True)
    mask = array([[1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 0]], "bool")
    add("where", q, t, where=mask)
    add("where, axis 0", q, t, where=mask, axis=0)
    add("where [4] is broadcast", q, t, where=mask[0])
    add("[3, 4] against [4]", q, t[0])
    add("[4] against [3, 4]", q[0], t)
    add("[3, 4] against [3, 1]", q, t[:, :1])
    add("[3, 4] against [2, 4]", q, t[:2])
    add("integer targets", q, array([[1, 0, 0, 0]] * 3, "int32"))
    add("integer log-predictions", array([[1, 0, 0, 0]] * 3, "int32"), t)
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))


def dice_maps(seed, *shape, dtype=F):
    """Logits and a one-hot mask."""
    return normal(seed, *shape, dtype=dtype), one_hot(labels(seed + 1, shape[-1], *shape[:-1]), shape[-1], dtype=dtype)


def dice(add):
    x, y = dice_maps(1, 2, 3, 2, 4)
    add("[2, 3, 2, 4]", x, y)
    add("[2, 5, 3]", *dice_maps(3, 2, 5, 3))
    add("[3, 4], no space", *dice_maps(5, 3, 4))
    add("float64", *dice_maps(1, 2, 3, 2, 4, dtype="float64"))
    add("one class is a sigmoid", normal(7, 2, 5, 1, dtype=F), binary(8, 2, 5, 1, dtype=F))
    add("soft masks", x, distribution(9, 2, 3, 2, 4, dtype=F))
    for smooth in (0.0, 0.1, 1e-6):
        add(f"smooth {smooth}", x, y, smooth=smooth)
    for alpha, beta in ((0.3, 0.7), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        add(f"alpha {alpha}, beta {beta}", x, y, alpha=alpha, beta=beta)
    for reduction in ("mean", "sum", "none"):
        add(f"reduction {reduction}", x, y, reduction=reduction)
        add(f"reduction {reduction}, class weights", x, y, class_weights=array([0.5, 2.0, 0.0, 1.3], F), reduction=reduction)
        add(f"reduction {reduction}, without background", x, y, ignore_background=True, reduction=reduction)
    add("reduction batchmean is none of its", x, y, reduction="batchmean")
    add("class weights, without background", x, y, class_weights=array([0.5, 2.0, 0.0, 1.3], F), ignore_background=True, alpha=0.3)
    add("one class, without background", normal(7, 2, 5, 1, dtype=F), binary(8, 2, 5, 1, dtype=F), ignore_background=True)
    add("class weights [3] for 4", x, y, class_weights=array([0.5, 2.0, 1.0], F))
    add("class weights [1]", x, y, class_weights=array([0.5], F))
    add("class weights [2, 4]", x, y, class_weights=np.ones((2, 4), F))
    p = array([[[0.25, 0.75], [0.5, 0.5]], [[1.0, 0.0], [0.125, 0.875]]], F)
    mask = array([[[0, 1], [1, 0]], [[1, 0], [0, 1]]], F)
    add("probabilities", p, mask, apply_softmax=False)
    add("logits taken for probabilities", x, y, apply_softmax=False)
    for axis in (1, 0, -2, -1):
        add(f"axis {axis} of [2, 5, 3]", *dice_maps(3, 2, 5, 3), axis=axis, reduction="none")
    add("axis 1 of [2, 5, 3], mean", *dice_maps(3, 2, 5, 3), axis=1)
    add("axis 3 of [2, 5, 3]", *dice_maps(3, 2, 5, 3), axis=3)
    add("empty mask, empty prediction, smooth 0", p, np.zeros((2, 2, 2), F), apply_softmax=False, smooth=0.0)
    add("empty mask of one sample", x, y * array([0, 1], F).reshape(2, 1, 1, 1))
    add("infinities and NaN", array([[[INF, 1.0], [0.0, 1.0]], [[NAN, 1.0], [0.0, 1.0]], [[-INF, 1.0], [0.0, 1.0]]], F), array([[[0, 1], [1, 0]]] * 3, F), surrogate=True)
    add("predictions without the class axis", normal(7, 2, 5, dtype=F), binary(8, 2, 5, 1, dtype=F))
    add("targets without the class axis", normal(7, 2, 5, 1, dtype=F), binary(8, 2, 5, dtype=F))
    add("[2, 5, 3] against [2, 5]", normal(7, 2, 5, 3, dtype=F), binary(8, 2, 5, dtype=F))
    add("[2, 5, 3] against [2, 4, 3]", normal(7, 2, 5, 3, dtype=F), binary(8, 2, 4, 3, dtype=F))
    add("integer masks", x, y.astype("int32"))
    add("bool masks", x, y.astype("bool"))
    add("[4]", x[0, 0, 0], y[0, 0, 0])
    add("empty batch", np.zeros((0, 5, 3), F), np.zeros((0, 5, 3), F))


def binary_dice(add):
    x, y = normal(1, 2, 5, dtype=F), binary(2, 2, 5, dtype=F)
    add("[2, 5]", x, y)
    add("[2, 3, 4]", normal(3, 2, 3, 4, dtype=F), binary(4, 2, 3, 4, dtype=F))
    add("[2, 5, 1]", x[..., None], y[..., None])
    add("[5], one map", x[0], y[0])
    add("float64", normal(1, 2, 5), binary(2, 2, 5))
    add("soft masks", x, unit(5, 2, 5, dtype=F))
    for smooth in (0.0, 0.1, 10.0):
        add(f"smooth {smooth}", x, y, smooth=smooth)
    add("smooth 0, empty mask", x, np.zeros_like(y), smooth=0.0)
    add("probabilities are refused", unit(6, 2, 5, dtype=F), y, apply_sigmoid=False)
    add("probabilities of 1", np.ones((2, 5), F), y, apply_sigmoid=False)
    add("half right", array([[2.0, -2.0, -2.0, -2.0]], F), array([[1, 1, 0, 0]], F))
    add("infinities and NaN", array([[INF, 1.0], [NAN, 1.0], [-INF, 1.0]], F), array([[0, 1]] * 3, F), surrogate=True)
    add("[2, 5] against [2, 5, 1]", x, y[..., None])
    add("[2, 5] against [2, 4]", x, y[:, :4])
    add("integer masks", x, y.astype("int32"))
    add("empty maps", np.zeros((2, 0), F), np.zeros((2, 0), F))


def generalized_dice(add):
    x, y = dice_maps(1, 2, 3, 2, 4)
    add("[2, 3, 2, 4]", x, y)
    add("[2, 5, 3]", *dice_maps(3, 2, 5, 3))
    add("[3, 4], no space", *dice_maps(5, 3, 4))
    add("float64", *dice_maps(1, 2, 3, 2, 4, dtype="float64"))
    add("soft masks", x, distribution(9, 2, 3, 2, 4, dtype=F))
    for smooth in (0.0, 0.1):
        add(f"smooth {smooth}", x, y, smooth=smooth)
    add("without background", x, y, ignore_background=True)
    add("a class that does not occur", x, one_hot(labels(2, 3, 2, 3, 2), 4, dtype=F))
    p = array([[[0.25, 0.75], [0.5, 0.5]], [[1.0, 0.0], [0.125, 0.875]]], F)
    add("probabilities", p, array([[[0, 1], [1, 0]], [[1, 0], [0, 1]]], F), apply_softmax=False)
    add("logits taken for probabilities", x, y, apply_softmax=False)
    add("[2, 5, 3] against [2, 5]", normal(7, 2, 5, 3, dtype=F), binary(8, 2, 5, dtype=F))
    add("NaN", array([[[NAN, 1.0], [0.0, 1.0]]], F), array([[[0, 1], [1, 0]]], F), surrogate=True)
    add("integer masks", x, y.astype("int32"))


def binary_sparsemax(add):
    x, y = normal(1, 3, 4, scale=2, dtype=F), labels(2, 2, 3, 4)
    add("[3, 4]", x, y)
    add("[5]", x.ravel()[:5], y.ravel()[:5])
    add("0-D", array(0.3, F), array(1, "int32"))
    add("float64", normal(1, 3, 4, scale=2), y)
    add("bool labels", x, y.astype("bool"))
    add("float labels", x, y.astype(F))
    add("float64 labels", x, y.astype("float64"))
    bends = array([-3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 3.0, 1e30, -1e30], F)
    for label in (0, 1):
        add(f"the bends and large, label {label}", bends, np.full(10, label, "int32"))
        add(f"infinities and NaN, label {label}", array([INF, -INF, NAN], F), np.full(3, label, "int32"), surrogate=True)
    add("labels other than 0 and 1", array([0.3, -0.2, 0.7], F), array([0.5, -1.0, NAN], F))
    add("labels 2 and -1", array([0.3, -0.2], F), array([2, -1], "int32"))
    add("[3] against [3, 1]", x[0, :3], y[:, :1])
    add("[2] against [3]", x[0, :2], y[0, :3])
    add("integer logits", array([1, 2], "int32"), array([1, 0], "int32"))
    add("empty [0]", np.zeros(0, F), np.zeros(0, "int32"))
    add("empty [2, 0]", np.zeros((2, 0), F), np.zeros((2, 0), "int32"))


def sparsemax(add):
    x, y = normal(1, 4, 5, dtype=F), labels(2, 5, 4)
    add("[4, 5]", x, y)
    add("[4, 5], scores near each other", x * np.float32(0.1), y)
    add("[4, 5], scores far apart", x * np.float32(20), y)
    add("two classes", normal(3, 6, 2, dtype=F), labels(4, 2, 6))
    add("one class", normal(3, 2, 1, dtype=F), np.zeros(2, "int32"))
    add("forty classes", normal(5, 3, 40, scale=0.5, dtype=F), labels(6, 40, 3))
    add("float64", normal(1, 4, 5), y)
    add("int64 labels", x, y.astype("int64"))
    add("ties", array([[1, 1, 1, 1], [2, 2, 0, 0], [0.5, 0.5, 0, 0], [0, -0.0, 0, -3]], F), array([0, 2, 1, 3], "int32"))
    add("exactly at the edge of the support", array([[1, 0], [0, 1], [0.5, 0.5], [2, 0]], F), array([0, 0, 1, 0], "int32"), surrogate=True)
    add("large scores", array([[1e30, 1e30, 0], [1e8, 0, -1e8], [-1e30, -3e30, -1e30]], F), array([0, 2, 1], "int32"))
    add("-inf, another class is the label", array([[-INF, 0, 0.3], [-INF, -INF, 1]], F), array([1, 2], "int32"), surrogate=True)
    add("-inf, the class of the label", array([[-INF, 0, 0.3], [-INF, -INF, 1]], F), array([0, 1], "int32"), surrogate=True)
    add("-inf alone", np.full((1, 3), -INF, F), array([1], "int32"), surrogate=True)
    add("infinity and NaN", array([[INF, 0, 1], [INF, INF, 0], [NAN, 0, 1]], F), array([0, 2, 1], "int32"), surrogate=True)
    add("labels that are no classes", x, array([-1, -6, 5, 90], "int32"))
    add("float labels", x, y.astype(F))
    add("bool labels", x[:, :2], array([0, 1, 1, 0], "bool"))
    add("integer scores", array([[1, 2]], "int32"), array([0], "int32"))
    add("labels of another length", x, y[:3])
    add("[5], one row", x[0], y[0])
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros(0, "int32"))
    add("no classes", np.zeros((2, 0), F), np.zeros(2, "int32"))


def ranking_softmax(add):
    x, y = normal(1, 3, 4, dtype=F), np.abs(normal(2, 3, 4, dtype=F))
    w = np.abs(normal(3, 3, 4, dtype=F))
    mask = array([[1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 1]], "bool")
    some = array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]], "bool")
    add("[3, 4]", x, y)
    add("[4], one list", x[0], y[0])
    add("[2, 3, 2]", normal(3, 2, 3, 2, dtype=F), unit(4, 2, 3, 2, dtype=F))
    add("float64", normal(1, 3, 4), unit(2, 3, 4))
    add("float64 labels", x, unit(2, 3, 4))
    add("float64, weights", normal(1, 3, 4), unit(2, 3, 4), weights=unit(5, 3, 4))
    add("integer labels", x, array([[1, 0, 2, 0], [0, 0, 0, 1], [0, 0, 0, 0]], "int32"))
    for reduce_fn in ("sum", None):
        add(f"reduce_fn {reduce_fn}", x, y, reduce_fn=reduce_fn)
        add(f"reduce_fn {reduce_fn}, where", x, y, where=some, reduce_fn=reduce_fn)
        add(f"reduce_fn {reduce_fn}, where and weights", x, y, where=some, weights=w, reduce_fn=reduce_fn, surrogate=True)
        add(f"reduce_fn {reduce_fn}, all masked", x, y, where=np.zeros((3, 4), bool), reduce_fn=reduce_fn)
    add("where", x, y, where=mask)
    add("where, a list all masked", x, y, where=some)
    add("where, all masked", x, y, where=np.zeros((3, 4), bool))
    add("where, all masked, weights", x, y, where=np.zeros((3, 4), bool), weights=w, surrogate=True)
    add("where [4] is broadcast", x, y, where=mask[0])
    add("where [3, 1] is broadcast", x, y, where=array([[1], [0], [1]], "bool"))
    add("weights", x, y, weights=w)
    add("weights [4] are broadcast", x, y, weights=w[0])
    add("weights [3, 1] are broadcast", x, y, weights=w[:, :1])
    add("where and weights", x, y, where=mask, weights=w, surrogate=True)
    add("ties and large scores", array([[1, 1, 1], [1e30, 0, -1e30], [-0.0, 0, 0]], F), array([[1, 1, 1], [1, 0, 0], [0, 3, 0]], F), surrogate=True)
    add("-inf and NaN", array([[-INF, 0, 1], [NAN, 0, 1], [INF, 0, 1]], F), array([[0, 1, 0], [0, 1, 0], [1, 0, 0]], F), surrogate=True, reduce_fn=None)
    add("-inf, NaN and infinity masked", array([[-INF, 0, 1], [NAN, 0, 1], [INF, 0, 1]], F), array([[0, 1, 0], [0, 1, 0], [1, 0, 2]], F), where=array([[0, 1, 1]] * 3, "bool"))
    add("NaN, mean", array([[NAN, 0, 1], [2, 0, 1]], F), array([[0, 1, 0], [0, 1, 0]], F), surrogate=True)
    add("negative labels", x, -y)
    add("[3, 4] against [4]", x, y[0])
    add("[4] against [3, 4]", x[0], y)
    add("[3, 4] against [3, 1]", x, y[:, :1])
    add("[3, 1] against [3, 4]", x[:, :1], y)
    add("[3, 4] against [2, 4]", x, y[:2])
    add("integer logits", array([[1, 2]], "int32"), array([[1, 0]], F))
    add("0-D", array(1.0, F), array(1.0, F))
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F))
    add("empty [2, 0]", np.zeros((2, 0), F), np.zeros((2, 0), F))


def nt_xent(add):
    x, y = normal(1, 6, 3, dtype=F), array([0, 0, 1, 1, 0, 2], "int32")
    add("six rows of three classes", x, y)
    add("float64", normal(1, 6, 3), y)
    add("two views of each sample", normal(2, 8, 4, dtype=F), array([0, 1, 2, 3, 0, 1, 2, 3], "int32"))
    for dtype in ("int64", "uint8", F):
        add(f"{dtype} labels", x, y.astype(dtype))
    add("bool labels", x, array([1, 1, 0, 1, 0, 1], "bool"))
    add("negative labels", x, y - 5)
    for temperature in (0.5, 1.0, 0.01, -1.0, INF):
        add(f"temperature {temperature}", x, y, temperature=temperature)
        add(f"temperature {temperature}, float64", normal(3, 5, 2), y[:5], temperature=temperature)
    add("temperature 0", x, y, temperature=0.0, surrogate=True)
    add("temperature 0, no positive pair", x, np.arange(6, dtype="int32"), temperature=0.0, surrogate=True)
    add("one class: nothing to tell apart", x, np.zeros(6, "int32"))
    add("no positive pair", x, np.arange(6, dtype="int32"), surrogate=True)
    add("one row", x[:1], y[:1], surrogate=True)
    add("two rows of a class", x[:2], y[:2])
    add("NaN labels are their own partners", x, array([0, 0, NAN, 1, NAN, 1], F))
    add("parallel and opposite rows", array([[1, 2], [2, 4], [-1, -2], [2, -1]], F), array([0, 0, 1, 1], "int32"))
    zero = array([[0, 0], [1, 2], [0.5, 1], [-1, 1]], F)
    add("a row of zeros", zero, array([0, 0, 1, 1], "int32"))
    add("a row of zeros, float64", zero.astype("float64"), array([0, 0, 1, 1], "int32"))
    add("a row of zeros, no positive pair", zero, np.arange(4, dtype="int32"), surrogate=True)
    # 2^-23 and 2^-52 are what a squared norm counts as at least.
    add("shorter than the square root of the dtype's epsilon", array([[1e-4, 0], [1e-4, 2e-4], [4e-4, 0], [-1, 1]], F), array([0, 0, 1, 1], "int32"))
    add("shorter than the square root of the dtype's epsilon, float64", array([[1e-9, 0], [1e-9, 5e-9], [2e-8, 0], [-1, 1]]), array([0, 0, 1, 1], "int32"))
    add("as long as it", array([[2.0**-26, 0], [1, 2], [0, 2.0**-26], [-1, 1]]), array([0, 0, 1, 1], "int32"), surrogate=True)
    add("large rows", 1e15 * x, y)
    for broken, name in ((NAN, "NaN"), (INF, "infinity")):
        rows = np.where(x == x[0, 0], np.float32(broken), x)
        add(name, rows, y, surrogate=True)
        add(f"{name}, no positive pair", rows, np.arange(6, dtype="int32"), surrogate=True)
        add(f"{name}, one class", rows, np.zeros(6, "int32"), surrogate=True)
        add(f"{name}, alone in its class", np.where(x == x[5, 0], np.float32(broken), x), y, surrogate=True)
    add("thirty rows of five classes", normal(9, 30, 4, dtype=F), labels(10, 5, 30, dtype="int32"))
    add("no features", np.zeros((4, 0), F), y[:4])
    add("no rows", x[:0], y[:0])
    add("too few labels", x, y[:5])
    add("labels [N, 1]", x, y[:, None])
    add("embeddings of one dimension", x[:, 0], y)
    add("three dimensions", normal(4, 6, 2, 3, dtype=F), y)
    add("integer embeddings", x.astype("int32"), y)


def triplet(add):
    a, p, n = (normal(seed, 4, 3, dtype=F) for seed in (1, 2, 3))
    add("[4, 3]", a, p, n)
    add("[3], one value", a[0], p[0], n[0])
    add("[2, 2, 3]", *(normal(seed, 2, 2, 3, dtype=F) for seed in (4, 5, 6)))
    add("float64", *(normal(seed, 4, 3) for seed in (1, 2, 3)))
    for margin in (0.0, 0.3, 5.0, -1.0):
        add(f"margin {margin}", a, p, n, margin=margin)
    for eps in (1e-3, 0.5):
        add(f"eps {eps}", a, p, n, eps=eps)
    add("axis 0", a, p, n, axis=0)
    add("axis 1 of [2, 2, 3]", *(normal(seed, 2, 2, 3, dtype=F) for seed in (4, 5, 6)), axis=1)
    add("axis 2 of 2", a, p, n, axis=2)
    add("norm_degree 1 takes no absolute values", array([[0.0, 0.0]], F), array([[1.0, 1.0]], F), array([[0.0, -1.5]], F), norm_degree=1)
    add("norm_degree 1", a, p, n, norm_degree=1, surrogate=True)
    add("norm_degree 3, some sums negative", a, p, n, norm_degree=3, surrogate=True)
    add("norm_degree 3, all sums positive", a + 9, p, n, norm_degree=3)
    add("norm_degree 4", a, p, n, norm_degree=4)
    add("norm_degree 2.5", a + 9, p, n, norm_degree=2.5)
    add("norm_degree 2.5 of negative differences", a, p, n, norm_degree=2.5, surrogate=True)
    add("equal points", array([[1, 2], [1, 2], [0, 0]], F), array([[1, 2], [1, 2], [0, 0]], F), array([[1, 2], [3, 0], [0, 0]], F))
    add("exactly at the kink", array([[0.0]], F), array([[0.0]], F), array([[0.0]], F), margin=0.0, surrogate=True)
    add("infinities and NaN", array([[INF, 1], [NAN, 1], [1, 2], [1, 2]], F), array([[1, 2], [1, 2], [INF, 1], [1, 1]], F), array([[1, 2], [1, 1], [0, 1], [-INF, 1]], F), surrogate=True)
    add("[4, 3] against [3]", a, p[0], n)
    add("[4, 3] against [2, 3]", a, p[:2], n)
    add("integer anchors", array([[1, 2, 0]], "int32"), p[:1], n[:1])
    add("integer negatives", a[:1], p[:1], array([[1, 2, 0]], "int32"))
    add("empty [0, 3]", np.zeros((0, 3), F), np.zeros((0, 3), F), np.zeros((0, 3), F))


def paddings(lengths, most, dtype):
    return (np.arange(most) >= lengths[:, None]).astype(dtype)


def padded(case, dtype):
    """A situation in optax's terms."""
    frame, label = paddings(case.frames, case.logits.shape[1], dtype), paddings(case.label_length, case.labels.shape[1], dtype)
    return case.logits, frame, case.labels, label


def ctc(add):
    every = [*full_length(F), *(case for case in with_lengths(F) if case.label_length.min() >= 0)]
    for case in every:
        add(case.note, *padded(case, F), surrogate=True)
    for case in (*full_length("float64"), *with_lengths("float64")):
        add(f"{case.note}, float64", *padded(case, "float64"), surrogate=True)
    doubles = [*full_length("float64")]
    for case, double in [*zip(every, doubles)][:2] + [*zip(every, doubles)][5:7]:
        for blank in (1, 3, -2):
            add(f"{case.note}, blank_id {blank}", *padded(case, F), blank_id=blank, surrogate=True)
        for epsilon in (-50.0, -700, 3.0):
            add(f"{case.note}, log_epsilon {epsilon}", *padded(case, F), log_epsilon=epsilon, surrogate=True)
        for epsilon in (-1e9, 0.0):
            add(f"{case.note}, log_epsilon {epsilon}, float64", *padded(double, "float64"), log_epsilon=epsilon, surrogate=True)
        add(f"{case.note}, float32 logits with float64 paddings", *padded(case, "float64"), surrogate=True)
    x, frame, y, label = padded(every[0], F)
    add("log_epsilon -inf", x, frame, y, label, log_epsilon=-INF, surrogate=True)
    add("blank_id -1", x, frame, y, label, blank_id=-1)
    add("blank_id beyond the classes", x, frame, y, label, blank_id=4)
    add("integer paddings", x, frame.astype("int32"), y, label.astype("int32"), surrogate=True)
    add("bool paddings", x, frame.astype(bool), y, label.astype(bool), surrogate=True)
    add("int64 labels", x, frame, y.astype("int64"), label, surrogate=True)
    add("integer logits", x.astype("int32"), frame, y, label, surrogate=True)
    add("padding in the middle of the frames", x, array([[0, 0, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0]], F), y, label, surrogate=True)
    add("padding in the middle of the labels counts as if at the end", x, frame, y, array([[0, 1, 0], [0, 0, 1]], F), surrogate=True)
    add("half a frame", x, array([[0, 0, 0.5, 0, 0, 0], [0, 0, 0, 0, 0, 0.25]], F), y, label, surrogate=True)
    add("paddings of the labels that add up to 1.5", x, frame, y, array([[0, 0, 1.5], [0, 0, 0.5]], F), surrogate=True)
    add("more padding than labels", x, frame, y, array([[2, 2, 2], [-1, 0, 0]], F), surrogate=True)
    add("no samples", x[:0], frame[:0], y[:0], label[:0], surrogate=True)
    add("no frames at all", x[:, :0], frame[:, :0], y, label, surrogate=True)
    add("logits of two dimensions", x[0], frame[0], y, label)
    add("labels of one dimension", x, frame, y[0], label[0])
    add("paddings of another shape", x, frame[:, :3], y, label)
    add("label paddings of another shape", x, frame, y, label[:, :2])
    add("labels of one sample for two", x, frame, y[:1], label[:1])


def ctc_with_forward_probabilities(add):
    for dtype in (F, "float64"):
        for case in [*full_length(dtype)][:10] + [*with_lengths(dtype)][:4]:
            add(f"{case.note}, {dtype}", *padded(case, dtype), surrogate=True)
    x, frame, y, label = padded(next(full_length(F)), F)
    add("blank_id 2, log_epsilon -300", x, frame, y, label, blank_id=2, log_epsilon=-300.0, surrogate=True)
    add("blank_id beyond the classes", x, frame, y, label, blank_id=4)


def answers(cases):
    """
    float64 arrays are asked about with jax_enable_x64, all others with JAX's default. Paddings, which CTC takes as floats,
    are masks, and labels of NT-Xent, which are only compared: nothing is differentiated by them.
    """
    import functools
    import warnings

    import jax
    import optax
    from make_goldens import answer_record

    def answer(case):
        named = functools.reduce(getattr, case.symbol.split(".")[1:], optax)

        def function(**keywords):
            if keywords.get("reduce_fn"):
                keywords["reduce_fn"] = getattr(jax.numpy, keywords["reduce_fn"])
            value = named(**keywords)
            return value[0] if isinstance(value, tuple) else value

        variable = lambda name: not name.endswith("_paddings") and (case.symbol, name) != ("optax.ntxent", "labels")
        floats = {name: values for name, values in case.inputs.items() if values.dtype.kind == "f" and variable(name)}
        fixed = {name: values for name, values in case.inputs.items() if name not in floats}
        with jax.enable_x64(any(values.dtype == np.float64 for values in case.inputs.values())):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                arrays = {name: jax.numpy.asarray(values) for name, values in fixed.items()}
                variables = {name: jax.numpy.asarray(values) for name, values in floats.items()}
                try:
                    value = np.asarray(function(**arrays, **variables, **case.parameters))
                    gradients = {}
                    if variables and value.dtype.kind == "f":
                        gradients = jax.grad(lambda variables: function(**arrays, **variables, **case.parameters).sum())(variables)
                except Exception as error:  # every refusal is part of the record
                    return {"error": str(error).split("\n")[0]}
        warning = next((str(w.message) for w in caught if issubclass(w.category, DeprecationWarning)), None)
        return answer_record(value, {name: np.asarray(g) for name, g in gradients.items()}, warning)

    return [answer(case) for case in cases], {"optax": optax.__version__, "jax": jax.__version__}
