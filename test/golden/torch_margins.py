"""The cases of torch's margin, ranking and likelihood losses; cases_torch.py collects them."""

import numpy as np

from cases import INF, NAN, array, binary, labels, normal, unit


def collect(collected):
    def pair(class_name, function_name, rename=None):
        """Adds a case to the class and to the function; the class may call an input otherwise."""

        def add(note, inputs, only=None, surrogate=False, **parameters):
            if only != "function":
                named = {(rename or {}).get(name, name): values for name, values in inputs.items()}
                collected.add(f"torch.nn.{class_name}", note, named, parameters, surrogate)
            if only != "class":
                collected.add(f"torch.nn.functional.{function_name}", note, inputs, parameters, surrogate)

        return add

    soft_margin(pair("SoftMarginLoss", "soft_margin_loss"))
    multi_margin(pair("MultiMarginLoss", "multi_margin_loss"))
    multilabel_margin(pair("MultiLabelMarginLoss", "multilabel_margin_loss"))
    multilabel_soft_margin(pair("MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss"))
    hinge_embedding(pair("HingeEmbeddingLoss", "hinge_embedding_loss"))
    cosine_embedding(pair("CosineEmbeddingLoss", "cosine_embedding_loss"))
    margin_ranking(pair("MarginRankingLoss", "margin_ranking_loss"))
    triplet(pair("TripletMarginLoss", "triplet_margin_loss"))
    triplet_with_distance(pair("TripletMarginWithDistanceLoss", "triplet_margin_with_distance_loss"))
    gaussian(pair("GaussianNLLLoss", "gaussian_nll_loss"))
    poisson(pair("PoissonNLLLoss", "poisson_nll_loss", {"input": "log_input"}))


def sign(seed, *shape, dtype="float64"):
    return (2 * binary(seed, *shape) - 1).astype(dtype)


def reductions(add, what, inputs, **options):
    for reduction in ("mean", "sum", "none"):
        add(f"{what}, {reduction}", inputs, reduction=reduction, **options)


def spellings(add, inputs, legacy=True):
    """The other names of a reduction; not every loss knows them."""
    add("reduction elementwise_mean", inputs, reduction="elementwise_mean")
    add("reduction batchmean is none of its", inputs, reduction="batchmean")
    if legacy:
        add("size_average false is sum", inputs, size_average=False)
        add("reduce false is none", inputs, reduce=False)
        add("size_average true overrules reduction none", inputs, size_average=True, reduction="none")
        add("reduce true overrules reduction sum", inputs, reduce=True, reduction="sum")


def singles(inputs):
    return {name: a.astype("float32") if a.dtype == np.float64 else a for name, a in inputs.items()}


def soft_margin(add):
    def of(input, target):
        return {"input": input, "target": target}

    plain = of(normal(1, 2, 3), sign(2, 2, 3))
    reductions(add, "[5]", of(normal(3, 5, scale=3), sign(4, 5)))
    add("[2, 3], default", plain)
    add("[2, 3, 2], none", of(normal(5, 2, 3, 2), sign(6, 2, 3, 2)), reduction="none")
    add("0-D", of(array(-0.83), array(1.0)))
    add("float32, mean", singles(plain))
    add("float32, none", singles(plain), reduction="none")
    add("logit 0 and large ones", of(array([0, -0.0, 36, -36, 700, -700]), array([1, -1, 1, 1, 1, 1])), reduction="none")
    add("overflow of exp", of(array([1000, -1000, 1000]), array([1, 1, -1])), reduction="none", surrogate=True)
    add("float32, overflow of exp", singles(of(array([88, -88, 89, -89, 120, -120]), array([1.0] * 6))), reduction="none", surrogate=True)
    add("infinities and NaN", of(array([INF, -INF, NAN, INF, -INF]), array([1.0, 1, 1, -1, 0])), reduction="none", surrogate=True)
    add("labels 0 and 1", of(normal(7, 4), binary(8, 4)), reduction="none")
    add("labels that are no labels", of(normal(7, 4), array([0.5, -2.0, 3.0, NAN])), reduction="none", surrogate=True)
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", of(np.zeros(0), np.zeros(0)), reduction=reduction)
    add("[2, 3] against [3]", of(normal(1, 2, 3), sign(2, 3)), reduction="none")
    add("[2, 3] against [2, 1], mean", of(normal(1, 2, 3), sign(2, 2, 1)))
    add("[3] against [3, 1]", of(normal(1, 3), sign(2, 3, 1)))
    add("[2] against [3]", of(normal(1, 2), sign(2, 3)))
    add("int64 target", of(normal(1, 3), array([1, -1, 1], "int64")))
    add("bool target", of(normal(1, 3), array([1, 0, 1], "bool")))
    add("int64 input", of(array([1, -2], "int64"), array([1.0, -1.0])))
    add("float32 input, float64 target", of(normal(1, 3, dtype="float32"), sign(2, 3)), reduction="none")
    add("float64 input, float32 target", of(normal(1, 3), sign(2, 3, dtype="float32")), reduction="none")
    spellings(add, plain)


def multi_margin(add):
    def of(input, target, weight=None):
        return {"input": input, "target": target, **({} if weight is None else {"weight": weight})}

    x, y = normal(1, 5, 4, scale=0.8), labels(2, 4, 5)
    w = array([1.3, 0.25, 2.0, 0.7])
    reductions(add, "[5, 4]", of(x, y))
    for p in (1, 2):
        reductions(add, f"p {p}, margin 0.4", of(x, y), p=p, margin=0.4)
        reductions(add, f"p {p}, weight", of(x, y, w), p=p)
    add("p 2, weight, margin 1.5", of(x, y, w), p=2, margin=1.5)
    for p in (0, 3):
        add(f"p {p} is refused", of(x, y), p=p)
    add("margin 0", of(x, y), margin=0.0, reduction="none")
    add("margin negative", of(x, y), margin=-1.0, reduction="none")
    add("margin infinite", of(x, y), margin=INF, reduction="none", surrogate=True)
    add("at the margin", of(array([[1.0, 0.0, 2.0], [0.5, 0.5, -0.5]]), array([0, 1], "int64")), reduction="none", surrogate=True)
    for p in (1, 2):
        add(
            f"infinities and NaN, p {p}",
            of(array([[INF, 0, 1], [-INF, 0, 1], [NAN, 0, 1], [0, NAN, 5], [0, INF, 1], [0, -INF, 0]]), np.zeros(6, "int64")),
            p=p,
            reduction="none",
            surrogate=True,
        )
    add("weights zero, negative, NaN", of(array([[2.0, 0, 0], [2, 2, 2], [0, 1, 5]]), array([1, 2, 2], "int64"), array([0.3, 0.0, NAN])), reduction="none", surrogate=True)
    add("weight negative", of(x, y, -w))
    add("float32", singles(of(x, y, w)), p=2)
    add("float32, none", singles(of(x, y)), reduction="none")
    for reduction in ("mean", "none"):
        add(f"[3] with label [], {reduction}", of(normal(3, 3), array(2, "int64")), reduction=reduction)
        add(f"[3] with label [1], {reduction}", of(normal(3, 3), array([2], "int64")), reduction=reduction)
    add("[3] with label [], weight", of(normal(3, 3), array(2, "int64"), w[:3]))
    add("0-D with label []", of(array(0.5), array(0, "int64")), reduction="none")
    add("0-D with label [1]", of(array(0.5), array([0], "int64")), reduction="none")
    add("[1, 3] with label []", of(normal(3, 1, 3), array(2, "int64")), reduction="none")
    add("[4, 1]: one class", of(normal(3, 4, 1), np.zeros(4, "int64")), reduction="none")
    add("[1, 3] with labels [1, 1]", of(normal(3, 1, 3), array([[2]], "int64")))
    add("[3] with labels [2]", of(normal(3, 3), array([2, 1], "int64")))
    add("[2, 3] with labels [3]", of(normal(3, 2, 3), array([2, 1, 0], "int64")))
    add("[1, 2, 3] is refused", of(normal(3, 1, 2, 3), array([2, 1], "int64")))
    add("[2, 0] is refused", of(np.zeros((2, 0)), array([0, 0], "int64")))
    add("empty, none", of(np.zeros((0, 3)), np.zeros(0, "int64")), reduction="none")
    add("label 4 of 4", of(x, array([4, 0, 1, 2, 3], "int64")))
    add("label -1", of(x, array([-1, 0, 1, 2, 3], "int64")))
    for dtype in ("int32", "uint8", "float64"):
        add(f"{dtype} labels", of(x, y.astype(dtype)))
    add("int64 input", of(x.astype("int64"), y))
    add("weight of float32", of(x, y, w.astype("float32")))
    add("weight of int64", of(x, y, array([1, 2, 3, 4], "int64")))
    add("weight [3] for 4 classes", of(x, y, w[:3]))
    add("weight [1, 4]", of(x, y, w[None]))
    spellings(add, of(x, y))


def multilabel_margin(add):
    def of(input, target):
        return {"input": input, "target": target}

    x = normal(1, 3, 4, scale=0.8)
    y = array([[3, 0, -1, 1], [2, -1, -1, -1], [1, 3, 2, -1]], "int64")
    reductions(add, "[3, 4]", of(x, y))
    add("no label, and every label", of(x[:2], array([[-1, 0, 1, 2], [3, 1, 0, 2]], "int64")), reduction="none")
    add("a label twice counts twice", of(x[:1], array([[3, 3, -1, 1]], "int64")), reduction="none")
    add("at the margin", of(array([[1.0, 0.0, 2.0, 0.5]]), array([[2, -1, -1, -1]], "int64")), reduction="none", surrogate=True)
    add(
        "infinities and NaN",
        of(array([[INF, 0, 1], [-INF, 0, 1], [NAN, 0, 1], [0, NAN, 5], [0, INF, 1], [0, -INF, 0]]), array([[0, -1, -1]] * 6, "int64")),
        reduction="none",
        surrogate=True,
    )
    add("float32", singles(of(x, y)))
    add("float32, none", singles(of(x, y)), reduction="none")
    for reduction in ("mean", "none"):
        add(f"[4], {reduction}", of(x[0], y[0]), reduction=reduction)
    add("0-D", of(array(0.4), array(0, "int64")))
    add("0-D with label -1", of(array(0.4), array(-1, "int64")))
    add("0-D with label [1]", of(array(0.4), array([0], "int64")))
    add("[5, 1]: one class", of(normal(2, 5, 1), np.zeros((5, 1), "int64")), reduction="none")
    add("[20, 7], mean", of(normal(4, 20, 7), labels(5, 8, 20, 7) - 1))
    add("empty, none", of(np.zeros((0, 3)), np.zeros((0, 3), "int64")), reduction="none")
    add("[2, 0] is refused", of(np.zeros((2, 0)), np.zeros((2, 0), "int64")))
    add("[1, 2, 3] is refused", of(np.zeros((1, 2, 3)), np.zeros((1, 2, 3), "int64")))
    add("label 4 of 4", of(x[:1], array([[4, 0, -1, 1]], "int64")))
    add("label 4 after the first -1", of(x[:1], array([[0, -1, 4, 1]], "int64")))
    add("label -2", of(x[:1], array([[0, -2, 1, 1]], "int64")))
    add("[3, 4] with labels [3, 3]", of(x, y[:, :3]))
    add("[1, 4] with labels [4]", of(x[:1], y[0]))
    add("[4] with labels [1, 4]", of(x[0], y[:1]))
    for dtype in ("int32", "float64"):
        add(f"{dtype} labels", of(x, y.astype(dtype)))
    add("int64 input", of(x.astype("int64"), y))
    spellings(add, of(x, y))


def multilabel_soft_margin(add):
    def of(input, target, weight=None):
        return {"input": input, "target": target, **({} if weight is None else {"weight": weight})}

    x, y = normal(1, 2, 3), binary(2, 2, 3)
    reductions(add, "[2, 3]", of(x, y))
    add("soft targets", of(x, unit(3, 2, 3)), reduction="none")
    add("targets outside [0, 1] run", of(x, normal(3, 2, 3)), reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"weight [3], {reduction}", of(x, y, array([1.0, 2.0, 0.3])), reduction=reduction)
    add("weight [2, 1]", of(x, y, array([[1.0], [2.0]])), reduction="none")
    add("weight 0-D", of(x, y, array(1.7)), reduction="none")
    add("weight [4, 2, 3] enlarges", of(x, y, np.abs(normal(4, 4, 2, 3))), reduction="none")
    add("weight of int64", of(x, y, array([1, 2, 3], "int64")))
    add("weight [2] for [2, 3]", of(x, y, array([1.0, 2.0])))
    add("[3]", of(x[0], y[0]))
    add("[2, 3, 2], none", of(normal(5, 2, 3, 2), binary(6, 2, 3, 2)), reduction="none")
    add("0-D is refused", of(array(0.3), array(1.0)))
    add("[2, 3] against [3]", of(x, y[0]), reduction="none")
    add("[2, 3] against [2, 1]", of(x, y[:, :1]), reduction="none")
    add("[2, 1] against [2, 3] divides by 1", of(x[:, :1], y), reduction="none")
    add("[3] against [2, 3] sums the other axis", of(x[0], y), reduction="none")
    add("[3] against [2, 3], mean", of(x[0], y))
    add("[2, 3] against [2, 2]", of(x, y[:, :2]))
    large = array([[40.0], [-40.0], [800.0], [-800.0], [0.0]])
    for target in (0.0, 1.0, 0.3):
        add(f"large logits, target {target}", of(large, np.full((5, 1), target)), reduction="none")
        add(f"infinities and NaN, target {target}", of(array([[INF], [-INF], [NAN]]), np.full((3, 1), target)), reduction="none", surrogate=True)
    add("float32", singles(of(x, y, array([1.0, 2.0, 0.3]))))
    add("float32, none", singles(of(x, y)), reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"empty batch, {reduction}", of(np.zeros((0, 3)), np.zeros((0, 3))), reduction=reduction)
    add("no classes", of(np.zeros((2, 0)), np.zeros((2, 0))), reduction="none")
    add("int64 target", of(x, y.astype("int64")))
    add("bool target", of(x, y.astype("bool")))
    add("int64 input", of(x.astype("int64"), y))
    add("float32 input, float64 target", of(x.astype("float32"), y), reduction="none")
    spellings(add, of(x, y))


def hinge_embedding(add):
    def of(input, target):
        return {"input": input, "target": target}

    x, y = np.abs(normal(1, 2, 3)), sign(2, 2, 3)
    reductions(add, "[2, 3]", of(x, y))
    reductions(add, "margin 0.4", of(x, y), margin=0.4)
    add("[2, 2, 2], none", of(normal(3, 2, 2, 2), sign(4, 2, 2, 2)), reduction="none")
    add("0-D", of(array(0.3), array(-1.0)))
    add("margin negative", of(normal(1, 2, 3), y), margin=-1.0, reduction="none")
    add("margin infinite", of(x, y), margin=INF, reduction="none")
    add("at the margin and at 0", of(array([1.0, 1.0, 0.0, 0.0]), array([-1.0, 1.0, -1.0, 1.0])), reduction="none", surrogate=True)
    add("label 0 adds both branches", of(array([0.3, 1.7, -0.4]), np.zeros(3)), reduction="none")
    add("other labels add both branches", of(array([0.3, 1.7, 0.4]), array([2.0, NAN, 0.5])), reduction="none")
    for label in (-1.0, 0.0, 1.0):
        add(f"infinities and NaN, label {label}", of(array([INF, -INF, NAN]), np.full(3, label)), reduction="none", surrogate=True)
    add("float32", singles(of(x, y)))
    add("float32, none", singles(of(x, y)), margin=0.7, reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", of(np.zeros(0), np.zeros(0)), reduction=reduction)
    add("[3] against [2, 1] broadcasts", of(x[0], y[:, :1]), reduction="none")
    add("[3, 1] against [3], mean", of(x[0][:, None], y[0]))
    add("[2] against [3]", of(x[0, :2], y[0]))
    add("int64 target", of(x, y.astype("int64")))
    add("bool target", of(x, y > 0), reduction="none")
    add("int64 input, mean", of(array([1, 0, 2], "int64"), array([1.0, -1.0, -1.0])))
    add("float32 input, float64 target", of(x.astype("float32"), y), reduction="none")
    spellings(add, of(x, y))


def cosine_embedding(add):
    def of(input1, input2, target):
        return {"input1": input1, "input2": input2, "target": target}

    a, b, y = normal(1, 4, 3), normal(2, 4, 3), array([1.0, -1.0, -1.0, 1.0])
    reductions(add, "[4, 3]", of(a, b, y))
    for margin in (0.3, -0.5):
        reductions(add, f"margin {margin}", of(a, b, y), margin=margin)
    add("margin above 1", of(a, b, y), margin=1.5, reduction="none")
    add("every pair dissimilar", of(a, b, -np.ones(4)), reduction="none")
    add("orthogonal: at margin 0", of(array([[1.0, 0.0]]), array([[0.0, 1.0]]), array([-1.0])), reduction="none", surrogate=True)
    add("labels 0, 2 and NaN count nothing", of(a, b, array([0.0, 2.0, NAN, 1.0])), reduction="none")
    add("[3] with label []", of(a[0], b[0], array(1.0)))
    add("[3] with label [], none", of(a[0], b[0], array(-1.0)), reduction="none")
    add("[3] with labels [1]", of(a[0], b[0], y[:1]))
    add("[4, 3] with label []", of(a, b, array(1.0)))
    add("[4, 3] with labels [4, 1]", of(a, b, y[:, None]))
    add("[1, 4, 3]", of(a[None], b[None], y))
    add("[4, 3] and [3]", of(a, b[0], y))
    add("[4, 3] and [1, 3] broadcast", of(a, b[:1], y), reduction="none")
    add("labels [1] broadcast", of(a, b, y[:1]), reduction="none")
    add("[1, 3] twice with labels [4]", of(a[:1], b[:1], y), reduction="none")
    add("[4, 1] and [4, 3] broadcast", of(array([[3], [-2], [5], [4]], "int64"), b, y), reduction="none")
    add("[4, 3] and [4, 2]", of(a, b[:, :2], y))
    add("[4, 3] with labels [3]", of(a, b, y[:3]))
    add("zero vectors", of(a * [[0.0], [1], [0], [0]], b * [[1.0], [0], [0], [0]], array([1.0, -1.0, -1.0, 1.0])), reduction="none", surrogate=True)
    add("tiny vectors", of(a[:2] * 1e-7, b[:2] * 1e-7, array([1.0, -1.0])), reduction="none")
    add("huge vectors", of(a[:2] * 1e200, b[:2], array([1.0, -1.0])), reduction="none", surrogate=True)
    add("infinities and NaN", of(array([[INF, 0], [NAN, 1], [-INF, 1], [1, 2]]), np.ones((4, 2)), array([1.0, 1.0, -1.0, 1.0])), reduction="none", surrogate=True)
    add("infinity where the label counts nothing", of(array([[-INF, 1], [1, 2]]), np.ones((2, 2)), array([0.0, 1.0])), reduction="none", surrogate=True)
    add("float32", singles(of(a, b, y)))
    add("float32, none", singles(of(a, b, y)), margin=0.2, reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"empty batch, {reduction}", of(a[:0], b[:0], y[:0]), reduction=reduction)
    add("vectors of length 0", of(a[:, :0], b[:, :0], y), reduction="none")
    add("int64 target", of(a, b, y.astype("int64")))
    add("bool target", of(a, b, y > 0), reduction="none")
    add("int64 input1", of(array([[1, 2, 0]], "int64"), b[:1], y[:1]))
    add("int64 both", of(array([[1, 2, 0]], "int64"), array([[1, 0, 3]], "int64"), y[:1]))
    add("float32 and float64", of(a.astype("float32"), b, y), reduction="none")
    spellings(add, of(a, b, y))


def margin_ranking(add):
    def of(input1, input2, target):
        return {"input1": input1, "input2": input2, "target": target}

    a, b, y = normal(1, 2, 3), normal(2, 2, 3), sign(3, 2, 3)
    reductions(add, "[2, 3]", of(a, b, y))
    for margin in (0.5, -0.3):
        reductions(add, f"margin {margin}", of(a, b, y), margin=margin)
    add("0-D", of(array(0.3), array(0.9), array(1.0)))
    add("margin infinite", of(a, b, y), margin=INF, reduction="none")
    add("equal scores", of(array([1.0, 2.0, 3.0]), array([1.0, 2.0, 3.0]), array([1.0, -1.0, 0.0])), reduction="none", surrogate=True)
    add("equal to the margin", of(array([1.5, 0.5]), array([1.0, 1.0]), array([1.0, -1.0])), margin=0.5, reduction="none", surrogate=True)
    add("label 0 gives the margin", of(a, b, np.zeros((2, 3))), margin=0.7, reduction="none")
    add("other labels", of(array([0.3, 1.2, 0.1]), array([0.9, 0.2, 0.4]), array([2.0, 0.5, -3.0])), reduction="none")
    add("infinities and NaN", of(array([INF, -INF, NAN, INF, 1, 1]), array([1.0, 1, 1, INF, INF, 1]), array([1.0, 1, 1, 1, 1, NAN])), reduction="none", surrogate=True)
    add("float32", singles(of(a, b, y)), margin=0.2)
    add("float32, none", singles(of(a, b, y)), reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", of(np.zeros(0), np.zeros(0), np.zeros(0)), reduction=reduction)
    add("[3, 1] and [1, 2] with labels [1, 1]", of(a[0][:, None], b[:1, :2], y[:1, :1]), reduction="none")
    add("[2, 3] and [1, 3] with labels [2, 1], mean", of(a, b[:1], y[:, :1]))
    add("[2, 3] and [3]", of(a, b[0], y))
    add("[2, 3] with labels [3]", of(a, b, y[0]))
    add("[2] and [3]", of(a[0, :2], b[0], y[0]))
    add("int64 labels", of(a, b, y.astype("int64")))
    add("bool labels", of(a, b, y > 0))
    add("bool scores", of(a > 0, b > 0, y))
    add("int64 input1", of(array([1, -2, 0], "int64"), b[0], y[0]))
    add("int64 scores", of(array([1, -2, 0], "int64"), array([2, 1, 0], "int64"), y[0]))
    add("int64 all", of(array([1, -2, 0], "int64"), array([2, 1, 0], "int64"), y[0].astype("int64")))
    add("float32 and float64", of(a.astype("float32"), b, y), reduction="none")
    spellings(add, of(a, b, y))


def triplets(add):
    """What both triplet losses share."""

    def of(anchor, positive, negative):
        return {"anchor": anchor, "positive": positive, "negative": negative}

    a, p, n = normal(1, 4, 3), normal(2, 4, 3), normal(3, 4, 3)
    reductions(add, "[4, 3]", of(a, p, n))
    reductions(add, "margin 0.3", of(a, p, n), margin=0.3)
    reductions(add, "swap", of(a, p, n), margin=2.5, swap=True)
    add("swap changes nothing", of(a, a + 0.1, n), swap=True, reduction="none")
    add("swap at a tie of the distances", of(array([[0.0, 1.0]]), array([[0.0, -1.0]]), array([[2.0, 0.0]])), margin=9.0, swap=True, reduction="none")
    close = [(dtype, offset) for dtype in ("float32", "float64") for offset in (0.0, 1e-5, 1e-3)]
    for dtype, offset in close:
        near = of(array([[0.0, 1.0]], dtype), array([[offset, 1.0]], dtype), array([[0.3, 0.1]], dtype))
        add(f"{dtype}, positive {offset} from the anchor", near, reduction="none")
        add(f"{dtype}, negative {offset} from the anchor", of(near["anchor"], near["negative"], near["positive"]), reduction="none")
    for margin in (0.0, -1.0):
        add(f"margin {margin} is refused", of(a, p, n), margin=margin)
    add("margin infinite", of(a, p, n), margin=INF, reduction="none")
    add("[3]", of(a[0], p[0], n[0]))
    add("0-D", of(array(0.1), array(1.2), array(0.4)))
    add("[2, 2, 3], none", of(a.reshape(2, 2, 3), p.reshape(2, 2, 3), n.reshape(2, 2, 3)), reduction="none")
    add("equal vectors", of(a, a, a), reduction="none", surrogate=True)
    add("infinities and NaN", of(array([[INF, 0], [NAN, 0], [0, 0]]), array([[1.0, 0]] * 3), array([[0.0, 1], [0, 1], [INF, 0]])), reduction="none", surrogate=True)
    add("infinities and NaN, swap", of(array([[0.0, 0], [NAN, 0], [0, 0]]), array([[1.0, 0], [1, 0], [NAN, 0]]), array([[0.5, 0], [0, 1], [INF, 0]])), swap=True, reduction="none", surrogate=True)
    add("float32", singles(of(a, p, n)))
    add("float32, none", singles(of(a, p, n)), swap=True, reduction="none")
    add("[1, 3] anchor broadcasts", of(a[:1], p, n), reduction="none")
    add("[1, 3] anchor and positive, swap", of(a[:1], p[:1], n), swap=True, margin=3.0, reduction="none")
    add("[4, 1] anchor and positive", of(a[:, :1], p[:, :1], n), margin=3.0, reduction="none")
    add("[1, 3] positive and [4, 1] negative", of(a, p[:1], n[:, :1]), margin=3.0)
    add("[4, 3] and [3]", of(a, p[0], n))
    add("[4, 3] and [4, 2]", of(a, p[:, :2], n))
    for reduction in ("mean", "sum", "none"):
        add(f"empty batch, {reduction}", of(a[:0], p[:0], n[:0]), reduction=reduction)
    add("vectors of length 0", of(a[:, :0], p[:, :0], n[:, :0]), reduction="none")
    add("int64 anchor", of(array([[1, 2]], "int64"), array([[1.5, 0.0]]), array([[0.0, 2.5]])))
    add("int64 all", of(array([[1, 2]], "int64"), array([[1, 0]], "int64"), array([[0, 3]], "int64")))
    add("bool all", of(a > 0, p > 0, n > 0))
    add("float32 and float64", of(a.astype("float32"), p, n), reduction="none")
    return of, a, p, n


def triplet(add):
    of, a, p, n = triplets(add)
    for norm in (1, 2, 3, 1.5, 0.5, 7.0, -1.0):
        add(f"p {norm}", of(a, p, n), p=norm, margin=2.0, reduction="none")
    add("p 0 counts", of(a, p, n), p=0.0, reduction="none")
    add("p 0 counts, eps 0", of(array([[1.0, 2.0]]), array([[1.0, 3.0]]), array([[1.0, 2.0]])), p=0.0, eps=0.0, reduction="none")
    add("p infinite", of(a, p, n), p=INF, margin=2.0, reduction="none")
    add("p infinite, two largest", of(array([[0.0, 0.0]]), array([[1.0, -1.0]]), array([[0.5, 0.25]])), p=INF, eps=0.0, reduction="none", surrogate=True)
    add("p -infinite", of(a, p, n), p=-INF, margin=2.0, reduction="none")
    add("p infinite, vectors of length 0", of(a[:, :0], p[:, :0], n[:, :0]), p=INF)
    add("p 3, swap, mean", of(a, p, n), p=3, swap=True, margin=2.0)
    add("eps 0.1", of(a, p, n), eps=0.1, margin=2.0, reduction="none")
    add("eps 0, one distance at the margin", of(array([[0.0, 0.0]]), array([[2.0, 0.0]]), array([[0.0, 3.0]])), eps=0.0, reduction="none", surrogate=True)
    add("eps negative", of(a, p, n), eps=-0.2, margin=2.0)
    for norm in (0.5, 1, 1.5, 2, 3, INF):
        add(f"equal vectors, eps 0, p {norm}", of(a, a, n), eps=0.0, p=norm, margin=5.0, reduction="none", surrogate=True)
        add(f"equal coordinates, eps 0, p {norm}", of(array([[1.0, 2.0, 3.0]]), array([[1.0, 2.5, 3.0]]), array([[0.25, 2.0, 5.0]])), eps=0.0, p=norm, margin=9.0, reduction="none", surrogate=True)
    spellings(add, of(a, p, n))


def triplet_with_distance(add):
    of, a, p, n = triplets(add)
    add("distance_function None", of(a, p, n), distance_function=None, margin=2.0)
    spellings(add, of(a, p, n), legacy=False)


def gaussian(add):
    def of(input, target, var):
        return {"input": input, "target": target, "var": var}

    x, y, v = normal(1, 2, 3), normal(2, 2, 3), np.abs(normal(3, 2, 3)) + 0.1
    reductions(add, "[2, 3]", of(x, y, v))
    reductions(add, "full", of(x, y, v), full=True)
    add("full given as false", of(x, y, v), full=False)
    add("eps 0.5", of(x, y, v), eps=0.5, reduction="none", surrogate=True)
    add("eps 0, variance 0", of(x, y, array([[0.0, 1.0, 2.0], [0.5, 0.0, 1.0]])), eps=0.0, reduction="none", surrogate=True)
    add("eps negative", of(x, y, v), eps=-1.0, reduction="none")
    add("variances below eps", of(x, y, array([[0.0, 1e-7, 1e-6], [1e-5, 0.0, 1.0]])), reduction="none", surrogate=True)
    add("0-D", of(array(0.3), array(-0.2), array(0.7)))
    add("[2, 3, 2], none", of(normal(4, 2, 3, 2), normal(5, 2, 3, 2), np.abs(normal(6, 2, 3, 2)) + 0.1), reduction="none")
    add("var [2] for [2, 3]", of(x, y, v[:, 0]), reduction="none")
    add("var [2, 1] for [2, 3]", of(x, y, v[:, :1]), reduction="none")
    add("var [1, 3] for [2, 3]", of(x, y, v[:1]), reduction="none")
    add("var [2, 1, 3] for [2, 4, 3], mean", of(normal(7, 2, 4, 3), normal(8, 2, 4, 3), v[:, None]))
    add("var [] for [3]", of(x[0], y[0], array(v[0, 0])), reduction="none")
    add("var [2] for [2, 2]", of(x[:, :2], y[:, :2], v[0, :2]), reduction="none")
    add("var [3] for [2, 3]", of(x, y, v[0]))
    add("var [] for [2, 3]", of(x, y, array(v[0, 0])))
    add("var [1, 1] for [2, 3]", of(x, y, v[:1, :1]))
    add("var [2, 4] for [2, 3]", of(x, y, np.ones((2, 4))))
    add("negative variance", of(x, y, v - 0.5))
    add("NaN and infinite variance", of(x, y, array([[NAN, INF, 1.0], [1, 1, 1]])), reduction="none", surrogate=True)
    add("infinities and NaN", of(array([INF, -INF, NAN, 1.0]), array([0.0, 0, 0, INF]), np.ones(4)), reduction="none", surrogate=True)
    add("float32", singles(of(x, y, v)), full=True)
    add("float32, variances below eps", singles(of(x, y, array([[0.0, 1e-7, 1.0], [2.0, 0.0, 1.0]]))), reduction="none", surrogate=True)
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", of(np.zeros(0), np.zeros(0), np.zeros(0)), reduction=reduction)
    add("[3] against [2, 3] broadcasts", of(x[0], y, v[0]), reduction="none")
    add("[2, 3] against [3], mean", of(x, y[0], v))
    add("[3] against [3, 1], mean", of(x[0], y[0][:, None], v[0]))
    add("[2, 3] against [2, 2]", of(x, y[:, :2], v))
    add("int64 input", of(array([[1, 2, 0]], "int64"), y[:1], v[:1]))
    add("int64 input and target", of(array([[1, 2, 0]], "int64"), array([[0, 1, 0]], "int64"), v[:1]), reduction="none")
    add("int64 var", of(x, y, array([[1, 2, 3], [1, 1, 1]], "int64")))
    add("bool target", of(x, y > 0, v))
    add("float32 with float64 target", of(x.astype("float32"), y, v.astype("float32")), reduction="none")
    spellings(add, of(x, y, v), legacy=False)


def poisson(add):
    def of(input, target):
        return {"input": input, "target": target}

    x, y = normal(1, 2, 3, scale=1), array([[3.0, 1, 0], [1.5, 0.3, 12]])
    rate = np.exp(x).round(3)
    reductions(add, "[2, 3]", of(x, y))
    reductions(add, "rates", of(rate, y), log_input=False)
    reductions(add, "full", of(x, y), full=True, surrogate=True)
    add("rates, full", of(rate, y), log_input=False, full=True, reduction="none", surrogate=True)
    add("log_input and full given as defaults", of(x, y), log_input=True, full=False)
    add("full, counts around 1", of(np.zeros(4), array([0.999, 1.0, 1.001, 1.5])), full=True, reduction="none")
    add("eps 0.1", of(rate, y), log_input=False, eps=0.1, reduction="none")
    add("eps 0 and rate 0", of(np.zeros(2), array([0.0, 1.0])), log_input=False, eps=0.0, reduction="none", surrogate=True)
    add("rate 0", of(np.zeros(2), array([0.0, 1.0])), log_input=False, reduction="none", surrogate=True)
    add("rates below 0", of(array([-1.0, -1e-9, -0.5]), array([1.0, 1.0, 0.0])), log_input=False, reduction="none", surrogate=True)
    add("eps changes nothing for log-rates", of(x, y), eps=0.5)
    add("0-D", of(array(0.3), array(2.0)))
    add("negative counts", of(x[0], array([-1.0, -2.0, -0.5])), reduction="none")
    add("negative counts, full", of(x[0], array([-1.0, -2.0, -0.5])), full=True, reduction="none", surrogate=True)
    add("infinities and NaN", of(array([NAN, INF, -INF, 0.0, 0.0]), array([1.0, 1, 1, INF, NAN])), reduction="none", surrogate=True)
    add("infinities and NaN, full", of(array([NAN, INF, -INF, 0.0, 0.0]), array([2.0, 2, 2, INF, NAN])), full=True, reduction="none", surrogate=True)
    add("infinite rates", of(array([INF, -INF, NAN]), array([1.0, 1.0, 1.0])), log_input=False, reduction="none", surrogate=True)
    add("overflow", of(array([800.0, -800.0]), array([1.0, 2.0])), reduction="none", surrogate=True)
    add("float32", singles(of(x, y)))
    add("float32, full, none", singles(of(x, y)), full=True, reduction="none", surrogate=True)
    add("float32, rates", singles(of(rate, y)), log_input=False, reduction="none")
    for reduction in ("mean", "sum", "none"):
        add(f"empty, {reduction}", of(np.zeros(0), np.zeros(0)), reduction=reduction)
    add("[3] against [2, 1] broadcasts", of(x[0], y[:, :1]), reduction="none")
    add("[3] against [2, 1], full, mean", of(x[0], y[:, :1]), full=True)
    add("[3, 1] against [3], mean", of(x[0][:, None], y[0]))
    add("[2] against [3]", of(x[0, :2], y[0]))
    counts = array([3, 1, 0], "int64")
    add("int64 target", of(x[0], counts))
    add("int64 target, full", singles(of(x[0], counts)), full=True, reduction="none")
    add("int64 input", singles(of(array([1, 2, 0], "int64"), y[0])))
    add("int64 both", of(array([1, 2, 0], "int64"), counts), reduction="none")
    add("bool target", of(x[0], array([1, 0, 1], "bool")))
    add("bool target, full", of(x[0], array([1, 0, 1], "bool")), full=True)
    add("float32 and float64", of(x.astype("float32"), y), reduction="none")
    add("reduction elementwise_mean", of(x, y), reduction="elementwise_mean")
    add("reduction batchmean is none of its", of(x, y), reduction="batchmean")
    add("size_average false is sum", of(x, y), size_average=False)
    add("reduce false is none", of(x, y), reduce=False)
    add("size_average true overrules reduction none", of(x, y), size_average=True, reduction="none")
    add("reduce true overrules reduction sum", of(x, y), reduce=True, reduction="sum")
