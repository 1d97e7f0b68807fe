"""torchvision.ops: the focal loss."""

import sys

import numpy as np

from cases import INF, NAN, Cases, array, binary, normal, unit

SYMBOL = "torchvision.ops.sigmoid_focal_loss"


def answers(cases):
    from make_goldens import torch_answers

    torchvision = import_torchvision()

    def call(symbol, parameters, tensors):
        return getattr(torchvision.ops, symbol.rsplit(".", 1)[1])(**tensors, **parameters)

    records, versions = torch_answers(cases, call)
    return records, {**versions, "torchvision": torchvision.__version__}


def import_torchvision():
    """A torchvision built for another build of torch lacks its compiled operators, which it names on import; no loss uses them."""
    import torch

    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        import_torchvision.operators = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            import_torchvision.operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision
    return torchvision


def cases():
    collected = Cases()

    def add(note, inputs, targets, surrogate=False, **parameters):
        collected.add(SYMBOL, note, {"inputs": inputs, "targets": targets}, parameters, surrogate)

    x, y = normal(1, 2, 3), binary(2, 2, 3)
    add("[2, 3], default: not reduced", x, y)
    for reduction in ("none", "mean", "sum"):
        add(f"[5], {reduction}", normal(3, 5), binary(4, 5), reduction=reduction)
    add("0-D", array(-0.83), array(1.0))
    add("[2, 3, 2, 2]", normal(5, 2, 3, 2, 2), binary(6, 2, 3, 2, 2))
    add("soft targets", x, unit(7, 2, 3))
    add("targets outside [0, 1] run", x, array([[2.0, -1.0, 1.5], [0.0, 1.0, -0.3]]))
    add("alpha -1 leaves the balance out", x, y, alpha=-1)
    for alpha in (0, 0.6, 1):
        add(f"alpha {alpha}", x, y, alpha=alpha, reduction="mean")
    for alpha in (-0.5, 1.5):
        add(f"alpha {alpha} is refused", x, y, alpha=alpha)
    for gamma in (0, 0.5, 1, 3.5):
        add(f"gamma {gamma}", x, y, gamma=gamma)
    add("gamma -1", x, y, gamma=-1)
    add("gamma 0, alpha -1: plain cross-entropy", x, y, gamma=0, alpha=-1, reduction="sum")
    for gamma in (0, 1, 2):
        add(f"large logits, gamma {gamma}", array([20.0, -20, 20, -20]), array([1.0, 0, 0, 1]), gamma=gamma)
        add(f"infinities and NaN, gamma {gamma}", array([INF, -INF, NAN, 800, -800, INF, -INF, 0]), array([1.0, 1, 1, 1, 1, 0, 0, 0]), gamma=gamma, surrogate=True)
    add("soft targets, infinities", array([INF, -INF]), array([0.3, 0.3]), surrogate=True)
    add("float32", x.astype("float32"), y.astype("float32"))
    add("float32, mean", normal(8, 3, 4, dtype="float32"), binary(9, 3, 4, dtype="float32"), reduction="mean")
    add("float32 inputs, float64 targets", x.astype("float32"), y)
    add("float64 inputs, float32 targets", x, y.astype("float32"))
    add("int64 targets", x, y.astype("int64"))
    add("int64 inputs", x.astype("int64"), y)
    add("[2, 3] against [3]", x, y[0])
    add("[2, 3] against [2, 1]", x, y[:, :1])
    for reduction in ("none", "mean", "sum"):
        add(f"empty, {reduction}", np.zeros(0), np.zeros(0), reduction=reduction)
    add("reduction batchmean is none of its", x, y, reduction="batchmean")
    return collected.all
