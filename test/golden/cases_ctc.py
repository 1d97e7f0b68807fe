"""torch's CTC."""

import numpy as np

from cases import INF, NAN, Cases, array, labels, normal


def log_softmax(x):
    shifted = x - x.max(-1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))).astype(x.dtype)


def scores(seed, *shape, dtype="float64"):
    return np.round(log_softmax(normal(seed, *shape, dtype=dtype)), 6)


def integers(*values):
    return array(values, "int64")


def cases():
    all_cases = Cases()
    for symbol in ("torch.nn.CTCLoss", "torch.nn.functional.ctc_loss"):

        def add(note, log_probs, targets, frames, lengths, **parameters):
            inputs = {"log_probs": log_probs, "targets": targets, "input_lengths": frames, "target_lengths": lengths}
            all_cases.add(symbol, note, inputs, parameters, True)

        both(add)
    return all_cases.all


def both(add):
    x, y = scores(1, 6, 2, 4), array([[1, 2, 0], [3, 3, 1]], "int64")
    full, lengths = integers(6, 5), integers(2, 3)
    for reduction in ("none", "mean", "sum"):
        add(f"two samples, {reduction}", x, y, full, lengths, reduction=reduction)
    add("default", x, y, full, lengths)
    add("targets one after the other", x, integers(1, 2, 3, 3, 1), full, lengths)
    add("int32 all over", x, y.astype("int32"), full.astype("int32"), lengths.astype("int32"))
    add("float32", scores(2, 4, 2, 5, dtype="float32"), y, integers(4, 4), integers(2, 1), reduction="none")
    add("an empty target", x, y, full, integers(0, 3), reduction="none")
    add("an empty target, mean", x, y, full, integers(0, 3))
    add("two frames for two labels", x, y, integers(2, 5), lengths, reduction="none")
    add("three frames for a, a, b fit nothing", x, y, integers(6, 3), lengths, reduction="none")
    add("fits nothing, mean", x, y, integers(6, 3), lengths)
    add("fits nothing, zero_infinity", x, y, integers(6, 3), lengths, reduction="none", zero_infinity=True)
    add("fits nothing, zero_infinity, mean", x, y, integers(6, 3), lengths, zero_infinity=True)
    add("no frames, no labels", x, y, integers(0, 5), integers(0, 3), reduction="none")
    add("no frames, a label", x, y, integers(0, 5), integers(1, 3), reduction="none")
    add("no frames at all is refused", x[:0], y[:, :0], integers(0, 0), integers(0, 0))
    add("no samples is refused", x[:, :0], y[:0], integers(), integers())
    add("blank 3", x, array([[1, 2, 0], [0, 0, 1]], "int64"), full, lengths, reduction="none", blank=3)
    add("the blank among the labels", x, array([[1, 0, 2], [0, 3, 0]], "int64"), full, integers(3, 3), reduction="none")
    add("the blank as the last label, unlikely frames", np.round(log_softmax(normal(6, 8, 1, 5, scale=400.0)), 6), array([[1, 2, 0]], "int64"), integers(8), integers(3), reduction="none")
    add("one sample, [T, C]", x[:, 0], integers(1, 2), array(6, "int64"), array(2, "int64"), reduction="none")
    add("one sample, [T, C], mean", x[:, 0], integers(1, 2), array(6, "int64"), array(2, "int64"))
    add("one sample with more labels than its length is refused", x[:, 0], integers(1, 2), array(6, "int64"), array(1, "int64"))
    add("logits, which are no logarithms of probabilities", normal(3, 6, 2, 4), y, full, lengths, reduction="none")
    add("long and narrow", scores(4, 40, 1, 3), labels(5, 2, 1, 12) + 1, integers(40), integers(12), reduction="none")
    add("unlikely", np.round(log_softmax(normal(6, 8, 1, 5, scale=4.0)), 6), labels(7, 4, 1, 3) + 1, integers(8), integers(3), reduction="none")
    x_inf = x.copy()
    x_inf[2, 0, 1] = -INF
    add("a probability of 0", x_inf, y, full, lengths, reduction="none")
    x_nan = x.copy()
    x_nan[2, 0, 1] = NAN
    add("NaN", x_nan, y, full, lengths, reduction="none")
    add("more frames than there are is refused", x, y, integers(7, 5), lengths)
    add("more labels than there are is refused", x, y, full, integers(4, 3))
    add("a negative length is refused", x, y, full, integers(2, -1))
    add("a blank that is no class is refused", x, y, full, lengths, blank=4)
    add("targets of three axes are refused", x, y[None], full, lengths)
    add("targets too narrow are refused", x, y[:, :1], full, lengths)
    add("one input length for two samples is refused", x, y, integers(6), lengths)


def undefined(case, _backend):
    """Whether torch, which does not check labels, would read memory that is not its own."""
    classes = case.inputs["log_probs"].shape[-1]
    labels = case.inputs["targets"]
    return bool(((labels < 0) | (labels >= classes)).any())


def answers(all_cases):
    from make_goldens import torch_answers

    return torch_answers(all_cases)
