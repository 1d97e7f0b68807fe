"""The cases of torch.nn and torch.nn.functional."""

import numpy as np

import torch_margins
from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit

EMPTY = np.zeros(0)


def cases():
    collected = Cases()

    def pair(class_name, function_name):
        """Adds a case to the class and to the function; `only` narrows it to one of them."""

        def add(note, input, target, only=None, surrogate=False, arrays=None, **parameters):
            inputs = {"input": input, "target": target, **(arrays or {})}
            if only != "function":
                collected.add(f"torch.nn.{class_name}", note, inputs, parameters, surrogate)
            if only != "class":
                collected.add(f"torch.nn.functional.{function_name}", note, inputs, parameters, surrogate)

        return add

    for names in (("MSELoss", "mse_loss"), ("L1Loss", "l1_loss"), ("SmoothL1Loss", "smooth_l1_loss"), ("HuberLoss", "huber_loss")):
        regression(names[0], pair(*names))
    binary_cross_entropy(pair("BCELoss", "binary_cross_entropy"))
    binary_cross_entropy_with_logits(pair("BCEWithLogitsLoss", "binary_cross_entropy_with_logits"))
    cross_entropy(pair("CrossEntropyLoss", "cross_entropy"))
    negative_log_likelihood(pair("NLLLoss", "nll_loss"))
    kl_divergence(pair("KLDivLoss", "kl_div"))
    torch_margins.collect(collected)
    return collected.all


def elementwise_mean(add, input, target):
    add("reduction elementwise_mean is mean", input, target, reduction="elementwise_mean")


def legacy_reductions(add, input, target):
    """Older spellings of the reduction: size_average and reduce overrule it; all of them warn."""
    add("size_average false is sum", input, target, size_average=False)
    add("size_average true overrules reduction none", input, target, size_average=True, reduction="none")
    add("reduce false is none", input, target, reduce=False)
    add("reduce true overrules reduction sum", input, target, reduce=True, reduction="sum")
    add("reduce false wins over size_average", input, target, size_average=False, reduce=False)
    add("size_average false with reduce true", input, target, size_average=False, reduce=True)


def reductions(add, what, input, target, **options):
    for reduction in ("mean", "sum", "none"):
        add(f"{what}, {reduction}", input, target, reduction=reduction, **options)


def regression(name, add):
    huber = name == "HuberLoss"
    reductions(add, "[5]", normal(1, 5), normal(2, 5))
    add("[3, 4], default", normal(3, 3, 4), normal(4, 3, 4))
    add("[2, 3, 2, 2], none", normal(5, 2, 3, 2, 2), normal(6, 2, 3, 2, 2), reduction="none")
    add("0-D", array(1.25), array(-0.31))
    add("float32, mean", normal(7, 2, 5, dtype="float32"), normal(8, 2, 5, dtype="float32"))
    add("float32, none", normal(7, 2, 5, dtype="float32"), normal(8, 2, 5, dtype="float32"), reduction="none")
    add("float32 overflow", array([1e20, 1e38, -1e-30], "float32"), array([-1e20, -5e37, 1e-30], "float32"), reduction="none")
    add("float64 extremes", array([1e200, 5e-324, -1e-170]), array([-1e200, 0.0, 1e-170]), reduction="none")
    add(
        "kinks: residual 0 and ±1",
        array([1.0, 2.0, 0.0, -0.0, 1.5, -1.5]),
        array([1.0, 1.0, 1.0, 0.0, 0.5, -0.5]),
        reduction="none",
        surrogate=True,
    )
    add("infinities and NaN, none", array([NAN, 1.0, INF, -INF, INF, INF]), array([1.0, NAN, 1.0, 1.0, INF, -INF]), reduction="none", surrogate=True)
    add("one NaN, mean", array([0.3, NAN, 1.7]), array([0.1, 0.2, 0.3]), surrogate=True)
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", EMPTY, EMPTY, reduction=reduction)
        add(f"one against none, {reduction}", array([0.31]), EMPTY, reduction=reduction)
    add("[3] against [3, 1] broadcasts", normal(9, 3), normal(10, 3, 1))
    add("[3, 1] against [3], none", normal(9, 3, 1), normal(10, 3), reduction="none")
    add("[1, 3] against [2, 3], sum", normal(11, 1, 3), normal(12, 2, 3), reduction="sum")
    add("[2, 3] against 0-D", normal(11, 2, 3), array(0.77))
    add("[2] against [3]", normal(1, 2), normal(2, 3))
    add("[2, 3] against [3, 2]", normal(1, 2, 3), normal(2, 3, 2))
    add("float32 against float64", normal(13, 4, dtype="float32"), normal(14, 4))
    add("float64 against float32", normal(13, 4), normal(14, 4, dtype="float32"))
    add("int64 target", normal(15, 4), array([1, -2, 0, 3], "int64"))
    add("int64 input", array([1, -2, 0, 3], "int64"), normal(15, 4))
    add("bool target", normal(15, 4), array([1, 0, 0, 1], "bool"))
    add("int64 both", array([1, 2], "int64"), array([3, 5], "int64"))
    add("reduction batchmean is none of its", normal(1, 3), normal(2, 3), reduction="batchmean")
    elementwise_mean(add, normal(1, 3), normal(2, 3))
    if not huber:
        legacy_reductions(add, normal(16, 2, 3), normal(17, 2, 3))
    if name == "SmoothL1Loss":
        x, y = array([0.4, 1.3, -0.2, 2.9, -2.05]), array([0.1, 0.55, 0.1, -0.6, 0.2])
        for beta in (0.3, 2.5):
            reductions(add, f"beta {beta}", x, y, beta=beta)
        add("at the kink of beta 0.5", array([0.5, -0.5, 1.0, 0.0]), array([0.0, 0.0, 0.5, 0.0]), beta=0.5, reduction="none", surrogate=True)
        add("beta 0, bool target", normal(15, 4), array([1, 0, 0, 1], "bool"), beta=0.0)
        add("beta 0 is L1", array([0.0, 0.7, -0.7, NAN]), array([0.0, 0.2, 0.1, 0.0]), beta=0.0, reduction="none", surrogate=True)
        add("beta infinite", x, y, beta=INF, reduction="none")
        add("beta negative", x, y, beta=-1.0)
        add("beta NaN", x, y, beta=NAN)
        add("beta 1e-9", x, y, beta=1e-9, reduction="none")
    if huber:
        x, y = array([0.4, 1.3, -0.2, 2.9, -2.05]), array([0.1, 0.55, 0.1, -0.6, 0.2])
        for delta in (0.3, 2.5):
            reductions(add, f"delta {delta}", x, y, delta=delta)
        add("at the kink of delta 0.5", array([0.5, -0.5, 1.0, 0.0]), array([0.0, 0.0, 0.5, 0.0]), delta=0.5, reduction="none", surrogate=True)
        add("delta infinite", x, y, delta=INF, reduction="none")
        for delta in (0.0, -1.0, NAN):
            add(f"delta {delta} is refused", x, y, delta=delta)
        add("float32, delta 0.1", array([0.1, -0.1, 0.05, 7.3], "float32"), array([0.0] * 4, "float32"), delta=0.1, reduction="none", surrogate=True)
    if name != "SmoothL1Loss":
        x, y, w = normal(18, 2, 3), normal(19, 2, 3), np.abs(normal(20, 2, 3))

        def weighted(note, weight, input=x, target=y, **options):
            add(note, input, target, only="function", arrays={"weight": weight}, **options)

        for reduction in ("mean", "sum", "none"):
            weighted(f"weight, {reduction}", w, reduction=reduction)
        weighted("weight, elementwise_mean is refused", w, reduction="elementwise_mean")
        if not huber:
            weighted("weight, elementwise_mean overruled", w, reduction="elementwise_mean", size_average=False)
        weighted("weight of zeros, mean", np.zeros((2, 3)))
        weighted("weight with a zero and negatives", array([[1.5, 0.0, -0.25], [2.0, 1.0, 0.3]]))
        weighted("weight [3] for [2, 3]", w[0])
        weighted("weight 0-D", array(2.0))
        weighted("weight of float32", w.astype("float32"))
        weighted("weight of int64", array([[1, 2, 3], [0, 1, 2]], "int64"))
        weighted("weight, target broadcast", w, target=y[:1])
        weighted("weight 0 on an infinite residual", array([0.0, 1.0]), array([INF, 0.3]), array([0.0, 0.1]), reduction="none", surrogate=True)
        if huber:
            weighted("weight and delta 0.4, mean", w, delta=0.4)


def binary_cross_entropy(add):
    p, y = unit(1, 2, 3), binary(2, 2, 3)
    reductions(add, "[5]", unit(3, 5), binary(4, 5))
    add("[2, 3], default", p, y)
    add("soft targets, [2, 3]", p, unit(5, 2, 3))
    add("[2, 3, 2, 2], none", unit(6, 2, 3, 2, 2), binary(7, 2, 3, 2, 2), reduction="none")
    add("0-D", array(0.3), array(1.0))
    add("float32, mean", unit(8, 2, 5, dtype="float32"), unit(9, 2, 5, dtype="float32"))
    add("float32, none", unit(8, 2, 5, dtype="float32"), binary(9, 2, 5, dtype="float32"), reduction="none")
    zeros_and_ones = array([0, 0, 1, 1, 0, 1]), array([0, 1, 0, 1, 0.3, 0.3])
    reductions(add, "probabilities 0 and 1", *zeros_and_ones, surrogate=True)
    add("float32, probabilities 0 and 1", *(a.astype("float32") for a in zeros_and_ones), reduction="none", surrogate=True)
    add("targets 0 and 1 against mid probabilities", array([0.25, 0.731, 0.5]), array([0.0, 1.0, 0.5]), reduction="none")
    add("next to 0 and 1", array([5e-324, 1e-320, 1e-30, 1e-13, 1 - 2**-53]), array([1.0, 1.0, 1.0, 0.7, 0.0]), reduction="none", surrogate=True)
    add("float32, next to 0 and 1", array([1e-45, 1e-30, 1 - 2**-24], "float32"), array([1, 1, 0], "float32"), reduction="none", surrogate=True)
    add("probability above 1", array([0.3, 1.1]), array([0.0, 1.0]))
    add("probability below 0", array([0.3, -1e-9]), array([0.0, 1.0]))
    add("probability NaN", array([0.3, NAN]), array([0.0, 1.0]))
    add("probability infinite", array([0.3, INF]), array([0.0, 1.0]))
    add("logits by mistake", normal(10, 4), binary(11, 4))
    add("target above 1", array([0.3, 0.4]), array([1.0, 2.0]))
    add("target below 0", array([0.3, 0.4]), array([1.0, -1.0]))
    add("target NaN", array([0.3, 0.4]), array([1.0, NAN]))
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", EMPTY, EMPTY, reduction=reduction)
    add("[3] against [3, 1]", unit(1, 3), binary(2, 3, 1))
    add("[1, 3] against [2, 3]", unit(1, 1, 3), binary(2, 2, 3))
    add("[2] against [3]", unit(1, 2), binary(2, 3))
    add("int64 target", unit(1, 3), array([0, 1, 1], "int64"))
    add("bool target", unit(1, 3), array([0, 1, 1], "bool"))
    add("int64 both", array([0, 1], "int64"), array([0, 1], "int64"))
    add("float32 against float64", unit(1, 3, dtype="float32"), binary(2, 3))
    add("reduction batchmean is none of its", unit(1, 3), binary(2, 3), reduction="batchmean")
    elementwise_mean(add, unit(12, 2, 3), unit(13, 2, 3))
    legacy_reductions(add, unit(12, 2, 3), unit(13, 2, 3))
    element_weights(add, p, unit(14, 2, 3))


def element_weights(add, input, target):
    """`weight` of the two binary cross-entropies, [2, 3]: it broadcasts, and never divides."""

    def weighted(note, weight, **options):
        add(note, input, target, arrays={"weight": weight}, **options)

    for reduction in ("mean", "sum", "none"):
        weighted(f"weight [3], {reduction}", array([2.0, 0.55, 1.3]), reduction=reduction)
    weighted("weight [2, 1]", array([[2.0], [0.35]]))
    weighted("weight [2, 3]", np.abs(normal(15, 2, 3)))
    weighted("weight [1]", array([1.7]), reduction="none")
    weighted("weight 0-D", array(1.7))
    weighted("weight with a zero and a negative", array([-1.5, 0.0, 1.0]))
    weighted("weight of int64", array([2, 5, 1], "int64"))
    weighted("weight of float32", array([2.0, 0.5, 1.25], "float32"))
    weighted("weight [2] for [2, 3]", array([1.0, 2.0]))
    weighted("weight [1, 2, 3] has more dimensions", np.ones((1, 2, 3)))
    weighted("weight [4, 2, 3] would enlarge", np.ones((4, 2, 3)))


def binary_cross_entropy_with_logits(add):
    x, y = normal(1, 2, 3), binary(2, 2, 3)
    reductions(add, "[5]", normal(3, 5, scale=3), binary(4, 5))
    add("[2, 3], default", x, y)
    add("soft targets, [2, 3]", x, unit(5, 2, 3))
    add("[2, 3, 2, 2], none", normal(6, 2, 3, 2, 2), binary(7, 2, 3, 2, 2), reduction="none")
    add("0-D", array(-0.83), array(1.0))
    add("float32, mean", normal(8, 2, 5, dtype="float32"), unit(9, 2, 5, dtype="float32"))
    add("float32, none", normal(8, 2, 5, dtype="float32", scale=4), binary(9, 2, 5, dtype="float32"), reduction="none")
    add("logit 0", array([0.0, -0.0, 0.0]), array([0.0, 1.0, 0.4]), reduction="none")
    large = [20.3, -20.3, 120.0, -120.0, 800.0, -800.0]
    for target in (0.0, 1.0, 0.3):
        add(f"large logits, target {target}", array(large), array([target] * 6), reduction="none")
        add(f"infinities and NaN, target {target}", array([INF, -INF, NAN]), array([target] * 3), reduction="none", surrogate=True)
    add("float32, large logits", array([88.5, -88.5, 120.0, -120.0, 3e38], "float32"), array([0, 1, 1, 0, 0], "float32"), reduction="none")
    add("target NaN or infinite", array([0.3, 0.3]), array([NAN, INF]), reduction="none", surrogate=True)
    add("targets outside [0, 1] run", array([3.0, 0.4, -0.7]), array([2.0, -1.0, 1.5]), reduction="none")
    add("probabilities by mistake", unit(10, 4), binary(11, 4))
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", EMPTY, EMPTY, reduction=reduction)
        add(f"one against none, {reduction}", array([0.31]), EMPTY, reduction=reduction)
    add("[3] against [3, 1]", normal(1, 3), binary(2, 3, 1))
    add("[1, 3] against [2, 3]", normal(1, 1, 3), binary(2, 2, 3))
    add("int64 target", normal(1, 3), array([0, 1, 1], "int64"))
    add("bool target", normal(1, 3), array([0, 1, 1], "bool"))
    add("int64 both", array([0, 1], "int64"), array([0, 1], "int64"))
    add("float32 logits, float64 target", normal(1, 3, dtype="float32"), binary(2, 3))
    add("float64 logits, float32 target", normal(1, 3), binary(2, 3, dtype="float32"))
    add("reduction batchmean is none of its", normal(1, 3), binary(2, 3), reduction="batchmean")
    elementwise_mean(add, normal(12, 2, 3), unit(13, 2, 3))
    legacy_reductions(add, normal(12, 2, 3), unit(13, 2, 3))
    element_weights(add, x, unit(14, 2, 3))

    def positive(note, pos_weight, input=x, target=y, weight=None, **options):
        arrays = {"pos_weight": pos_weight} if weight is None else {"weight": weight, "pos_weight": pos_weight}
        add(note, input, target, arrays=arrays, **options)

    for reduction in ("mean", "sum", "none"):
        positive(f"pos_weight [C], {reduction}", array([3.0, 0.45, 1.2]), reduction=reduction)
    positive("pos_weight below 1, infinite logits", array(0.4), array([-INF, -INF, INF, INF]), array([0.0, 1.0, 0.0, 1.0]), reduction="none", surrogate=True)
    positive("pos_weight 0-D", array(2.6))
    positive("pos_weight [1]", array([2.6]), reduction="none")
    positive("pos_weight [2, 1]", array([[2.6], [0.3]]), reduction="none")
    positive("pos_weight [C, 1, 1] on [N, C, H, W]", array([1.5, 2.0, 0.7], shape=(3, 1, 1)), normal(16, 2, 3, 1, 2), binary(17, 2, 3, 1, 2), reduction="none")
    positive("pos_weight with soft targets", array([3.0, 0.45, 1.2]), target=unit(18, 2, 3))
    positive("pos_weight and weight", array([3.0, 0.45, 1.2]), weight=array([[0.5], [2.0]]))
    positive("pos_weight 0 and negative", array([0.0, -2.0, 1.0]), reduction="none")
    positive("pos_weight, large logits and logit 0", array(3.0), array([0.0, 120.0, -120.0, 0.0]), array([1.0, 0.0, 1.0, 0.0]), reduction="none")
    positive("pos_weight, infinite logits", array(3.0), array([INF, -INF, INF, -INF]), array([1.0, 1.0, 0.0, 0.0]), reduction="none", surrogate=True)
    positive("pos_weight of int64", array([2, 5, 1], "int64"))
    positive("float32, pos_weight", array([2.5, 5.1, 0.2], "float32"), x.astype("float32"), y.astype("float32"), reduction="none")
    positive("pos_weight [2] for [2, 3]", array([1.0, 2.0]))
    positive("pos_weight [4, 2, 3] would enlarge", np.ones((4, 2, 3)))


def class_indices(add, x2, x4, log):
    """What cross_entropy and nll_loss share: integer targets, class weights, ignore_index. `log` prepares the input."""
    y2, y4 = labels(3, 4, 5), labels(4, 3, 2, 2, 2)
    w4, w3 = array([1.3, 0.25, 2.0, 0.7]), array([0.4, 1.0, 2.5])
    reductions(add, "indices [5]", x2, y2)
    reductions(add, "indices, class weight", x2, y2, arrays={"weight": w4})
    add("[N, C, H, W], mean", x4, y4)
    add("[N, C, H, W], class weight and ignore_index, mean", x4, y4, arrays={"weight": w3}, ignore_index=1)
    add("[N, C, H, W], none", x4, y4, reduction="none", ignore_index=2)
    add("[N, C, d]", log(normal(5, 2, 3, 4)), labels(6, 3, 2, 4))
    add("unbatched [C]", log(normal(7, 4)), array(2, "int64"))
    add("unbatched [C], class weight, none", log(normal(7, 4)), array(2, "int64"), arrays={"weight": w4}, reduction="none")
    add("unbatched, ignored", log(normal(7, 4)), array(-100, "int64"))
    add("unbatched with a target of shape [1]", log(normal(7, 4)), array([2], "int64"))
    add("float32", x2.astype("float32"), y2)
    add("float32, class weight, none", x2.astype("float32"), y2, arrays={"weight": w4.astype("float32")}, reduction="none")
    add("uint8 labels", x2, y2.astype("uint8"))
    ignored = array([1, -100, 3, -100, 0], "int64")
    reductions(add, "ignore_index by default -100", x2, ignored)
    add("ignore_index 3 with class weight", x2, array([3, 1, 3, 0, 2], "int64"), ignore_index=3, arrays={"weight": w4})
    add("ignore_index -1", x2, array([3, -1, 3, 0, -1], "int64"), ignore_index=-1)
    add("ignore_index 255, outside the classes", x2, array([3, 255, 3, 0, 255], "int64"), ignore_index=255, reduction="none")
    reductions(add, "all ignored", x2, array([-100] * 5, "int64"), surrogate=True)
    add("all ignored [N, C, d]", log(normal(5, 2, 3, 4)), array(np.full((2, 4), -100), "int64"), surrogate=True)
    add("class weights 0 where they count", x2, array([0, 0, 1, 0, 1], "int64"), arrays={"weight": array([0.0, 0.0, 1.0, 1.0])}, surrogate=True)
    add("class weight negative", x2, y2, arrays={"weight": array([-0.5, 1.0, 2.0, 1.5])})
    add("class weight NaN of an absent class", x2, array([0, 1, 1, 0, 3], "int64"), arrays={"weight": array([1.0, 2.0, NAN, 0.5])})
    add("class weight of float32 for float64", x2, y2, arrays={"weight": w4.astype("float32")})
    add("class weight [3] for 4 classes", x2, y2, arrays={"weight": w3})
    add("class weight 0-D", x2, y2, arrays={"weight": array(2.0)})
    add("class weight [1, C]", x2, y2, arrays={"weight": w4[None]})
    add("one class", log(normal(8, 3, 1)), array([0, 0, 0], "int64"))
    for reduction in ("mean", "sum", "none"):
        add(f"empty batch, {reduction}", np.zeros((0, 3)), np.zeros(0, "int64"), reduction=reduction)
    add("label C", x2, array([0, 1, 4, 0, 9], "int64"))
    add("label -1", x2, array([0, 1, -1, 0, 2], "int64"))
    add("label out of range beside an ignored one", x2, array([0, -100, 7, 0, 2], "int64"))
    add("label out of range in [N, C, H, W]", x4, array([0, 1, 2, 5, 0, 1, 2, 0], "int64", (2, 2, 2)))
    add("labels of int32", x2, y2.astype("int32"))
    add("labels of float64", x2, y2.astype("float64"))
    add("batch sizes differ", x2, labels(3, 4, 4))
    add("labels [N, 1]", x2, y2[:, None])
    add("[N, T, C] with the classes last", log(normal(5, 2, 4, 3)), labels(6, 3, 2, 4))
    add("int64 input", array([[1, 2, 3]], "int64"), array([1], "int64"))
    add("reduction batchmean is none of its", x2, y2, reduction="batchmean")
    elementwise_mean(add, x2, y2)
    legacy_reductions(add, x2, y2)


def log_softmax(x, axis=1):
    axis = axis if x.ndim > 1 else 0
    shifted = x - x.max(axis=axis, keepdims=True)
    return np.round(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)), 4)


def cross_entropy(add):
    x2, x4 = normal(1, 5, 4), normal(2, 2, 3, 2, 2)
    class_indices(add, x2, x4, lambda x: x)
    y2, y4 = labels(3, 4, 5), labels(4, 3, 2, 2, 2)
    w4, w3 = array([1.3, 0.25, 2.0, 0.7]), array([0.4, 1.0, 2.5])
    with_ignored = array([1, -100, 3, 2, 0], "int64")
    for smoothing in (0.15, 1.0):
        reductions(add, f"smoothing {smoothing}", x2, y2, label_smoothing=smoothing)
        reductions(add, f"smoothing {smoothing}, class weight, ignored", x2, with_ignored, label_smoothing=smoothing, arrays={"weight": w4})
    add("smoothing, ignored", x2, with_ignored, label_smoothing=0.15)
    add("smoothing, [N, C, H, W], class weight, ignore_index", x4, y4, label_smoothing=0.1, arrays={"weight": w3}, ignore_index=0)
    add("smoothing, unbatched", normal(7, 4), array(1, "int64"), label_smoothing=0.3)
    add("smoothing, all ignored", x2, array([-100] * 5, "int64"), label_smoothing=0.1, surrogate=True)
    add("smoothing above 1", x2, y2, label_smoothing=1.1)
    add("smoothing negative runs as 0", x2, y2, label_smoothing=-0.1)
    add("smoothing with class weight [3] for 4 classes", x2, y2, label_smoothing=0.1, arrays={"weight": w3})

    soft = distribution(9, 5, 4)
    reductions(add, "probability targets", x2, soft)
    reductions(add, "probability targets, class weight", x2, soft, arrays={"weight": w4})
    for reduction in ("mean", "none"):
        add(f"probability targets, smoothing and class weight, {reduction}", x2, soft, label_smoothing=0.2, arrays={"weight": w4}, reduction=reduction)
    add("probability targets, smoothing 1", x2, soft, label_smoothing=1.0)
    add("probability targets, [N, C, H, W]", x4, distribution(10, 2, 3, 2, 2, axis=1), arrays={"weight": w3}, label_smoothing=0.05)
    add("probability targets, unbatched", normal(7, 4), distribution(11, 4))
    add("probability targets, one-hot", x2, one_hot(y2, 4), reduction="none")
    add("probability targets that do not sum to 1", x2[:2], array([[0.2, 0.7, 0.3, 0.0], [0.0, 2.0, -0.5, 0.1]]), reduction="none")
    add("probability targets, float32", x2.astype("float32"), soft.astype("float32"))
    add("probability targets of float32 for float64", x2, soft.astype("float32"))
    add("probability targets, ignore_index 1", x2, soft, ignore_index=1)
    add("probability targets, ignore_index -1", x2, soft, ignore_index=-1)
    add("probability targets, smoothing above 1", x2, soft, label_smoothing=1.2)
    add("probability targets, class weight [3]", x2, soft, arrays={"weight": w3})
    add("probability targets of another shape", x2, distribution(9, 5, 3))
    add("one-hot targets of int64", x2, one_hot(y2, 4, dtype="int64"))
    add("probability targets, empty batch", np.zeros((0, 3)), np.zeros((0, 3)))
    add("probability targets, NaN", x2[:2], array([[0.2, NAN, 0.3, 0.5], [0.1, 0.2, 0.3, 0.4]]), reduction="none", surrogate=True)
    add("probabilities by mistake", distribution(12, 5, 4), y2)
    add("large logits", array([[1000.0, -1000.0, 3.0], [800.0, 800.5, -1e30]]), array([1, 2], "int64"), reduction="none")
    add("float32, large logits", array([[1000.0, -1000.0, 3.0], [88.0, 88.5, -1e30]], "float32"), array([1, 2], "int64"), reduction="none")
    rows = {"+inf": [INF, 1.0, 0.1], "-inf": [0.4, -INF, 1.1], "NaN": [0.4, NAN, 1.1], "-inf all": [-INF] * 3, "two +inf": [INF, INF, 1.0]}
    for what, row in rows.items():
        x = array([row, [0.3, 1.2, -0.7]])
        add(f"{what} at the label", x, array([0 if what in ("+inf", "-inf all", "two +inf") else 1, 2], "int64"), reduction="none", surrogate=True)
        add(f"{what} beside the label", x, array([2, 1], "int64"), reduction="none", surrogate=True)
        add(f"{what} with smoothing", x, array([2, 1], "int64"), reduction="none", label_smoothing=0.1, surrogate=True)
        add(f"{what} in an ignored row", x, array([-100, 1], "int64"), surrogate=True)
        add(f"{what} with a one-hot probability target", x, array([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5]]), reduction="none", surrogate=True)


def negative_log_likelihood(add):
    class_indices(add, log_softmax(normal(1, 5, 4)), log_softmax(normal(2, 2, 3, 2, 2)), log_softmax)
    y = array([1, 0], "int64")
    add("probabilities by mistake", distribution(12, 5, 4), labels(3, 4, 5))
    add("positive inputs run", array([[2.0, 1.0, 0.1], [0.0, 3.0, -1.2]]), y, reduction="none")
    add("infinities and NaN at the label", array([[0.0, INF, NAN], [-INF, 1.0, 2.0]]), y, reduction="none")
    add("infinities and NaN beside the label", array([[INF, -1.0, NAN], [-0.5, -INF, NAN]]), y)
    add("NaN in an ignored row", array([[NAN, NAN, NAN], [-0.5, -1.0, -2.0]]), array([-100, 1], "int64"))
    add("class weight 0 on an infinity", array([[-1.0, -INF, -2.0], [-0.5, -1.0, -2.0]]), y, arrays={"weight": array([1.0, 0.0, 1.0])}, reduction="none")
    add("probability targets are refused", log_softmax(normal(1, 5, 4)), distribution(9, 5, 4))


def kl_divergence(add):
    log_q, p = log_softmax(normal(1, 3, 4)), distribution(2, 3, 4)
    all_reductions = ("mean", "batchmean", "sum", "none")
    for reduction in all_reductions:
        add(f"[3, 4], {reduction}", log_q, p, reduction=reduction)
        add(f"log_target, {reduction}", log_q, np.round(np.log(p), 3), reduction=reduction, log_target=True)
    add("default", log_q, p)
    add("[2, 3, 2, 2], batchmean", log_softmax(normal(3, 2, 3, 2, 2)), distribution(4, 2, 3, 2, 2, axis=1), reduction="batchmean")
    add("[4], batchmean divides by 4", log_softmax(normal(5, 4)), distribution(6, 4), reduction="batchmean")
    add("0-D, batchmean", array(-0.9), array(0.37), reduction="batchmean")
    # The function divides by the batch all the same, the class does not.
    for legacy in ({"size_average": False}, {"size_average": True}, {"reduce": False}):
        add(f"batchmean overruled by {legacy}", log_q, p, reduction="batchmean", **legacy)
    add("float32, batchmean", log_q.astype("float32"), p.astype("float32"), reduction="batchmean")
    add("float32, log_target, none", log_q.astype("float32"), np.log(p).astype("float32"), reduction="none", log_target=True)
    add("probabilities by mistake", distribution(7, 3, 4), p, reduction="batchmean")
    add("logits by mistake", normal(8, 3, 4), p, reduction="sum")
    add("target 0 and 1", array([-0.7, -0.7, 0.0, 0.0]), array([0.0, 1.0, 0.0, 1.0]), reduction="none", surrogate=True)
    add("target 0, batchmean", array([[-0.7, -0.6], [-1.2, -0.3]]), array([[0.0, 1.0], [0.25, 0.75]]), reduction="batchmean", surrogate=True)
    add("ties: log q = log p", array([-0.5, -1.5]), np.exp(array([-0.5, -1.5])), reduction="none")
    add("input infinite or NaN", array([-INF, -INF, INF, INF, NAN, NAN]), array([0.0, 0.5, 0.0, 0.5, 0.0, 0.5]), reduction="none", surrogate=True)
    add("target infinite, NaN or negative", array([-1.0, -1.0, -1.0, -1.0]), array([INF, NAN, -0.5, -INF]), reduction="none", surrogate=True)
    add("target above 1 and denormal", array([-1.0, -1.0]), array([1.5, 5e-324]), reduction="none")
    add(
        "log_target, infinite or NaN",
        array([-INF, -INF, -1.0, -1.0, -1.0, NAN]),
        array([-INF, -1.0, -INF, INF, NAN, -1.0]),
        reduction="none",
        log_target=True,
        surrogate=True,
    )
    for reduction in all_reductions:
        add(f"empty, {reduction}", EMPTY, EMPTY, reduction=reduction)
        add(f"one against none, {reduction}", array([0.31]), EMPTY, reduction=reduction)
    add("empty classes, batchmean", np.zeros((3, 0)), np.zeros((3, 0)), reduction="batchmean")
    add("[2, 1] against [2] broadcasts", array([[-1.0], [-2.0]]), array([0.3, 0.7]))
    add("[2] against [3, 2], batchmean", array([-1.0, -2.0]), distribution(9, 3, 2), reduction="batchmean")
    add("[2] against [3]", array([-1.0, -2.0]), array([0.3, 0.7, 0.1]))
    add("float32 against float64", log_q.astype("float32"), p, reduction="batchmean")
    add("float64 against float32", log_q, p.astype("float32"), reduction="sum")
    add("int64 target", array([-1.0, -2.0]), array([1, 0], "int64"), reduction="sum")
    add("int64 input", array([-1, -2], "int64"), array([0.3, 0.7]), reduction="sum")
    add("reduction unknown", log_q, p, reduction="average")
    elementwise_mean(add, log_q, p)
    legacy_reductions(add, log_q, p)
