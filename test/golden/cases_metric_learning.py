"""pytorch_metric_learning.losses: pairs and triplets within a batch, with their default distance and reducer."""

from functools import partial

import numpy as np

from cases import INF, NAN, Cases, array, labels, normal

REQUIRES = ("pytorch_metric_learning",)
PREFIX = "pytorch_metric_learning.losses."


def answers(cases):
    import pytorch_metric_learning
    from make_goldens import torch_answers
    from pytorch_metric_learning import losses

    of_call = ("indices_tuple",)

    def call(symbol, parameters, tensors):
        made_with = {name: value for name, value in parameters.items() if name not in of_call}
        called_with = {name: value for name, value in parameters.items() if name in of_call}
        return getattr(losses, symbol.removeprefix(PREFIX))(**made_with)(**tensors, **called_with)

    records, versions = torch_answers(cases, call)
    return records, {**versions, "pytorch_metric_learning": pytorch_metric_learning.__version__}


def cases():
    collected = Cases()

    def adder(name):
        def add(note, embeddings, classes, references=(), surrogate=False, **parameters):
            inputs = {"embeddings": embeddings, "labels": classes, **dict(zip(("ref_emb", "ref_labels"), references))}
            collected.add(PREFIX + name, note, inputs, parameters, surrogate)

        return add

    shared(adder("ContrastiveLoss"))
    shared(adder("TripletMarginLoss"))
    contrastive(adder("ContrastiveLoss"))
    triplet(adder("TripletMarginLoss"))
    # At 0.07 a loss near 0 has few digits: it is the logarithm of a number near 1.
    shared(partial(adder("NTXentLoss"), temperature=0.5))
    nt_xent(adder("NTXentLoss"))
    return collected.all


def shared(add):
    x, y = normal(1, 6, 3), labels(2, 3, 6)
    add("six rows of three classes", x, y)
    add("float32", x.astype("float32"), y)
    add("int32 labels", x, y.astype("int32"))
    add("float labels", x, y.astype("float64"))
    add("defaults written out", x, y, distance=None, reducer=None, embedding_regularizer=None, indices_tuple=None)
    add("two classes in the plane", normal(3, 5, 2), array([0, 0, 1, 1, 0], "int64"))
    add("one class", x, np.zeros(6, "int64"))
    add("all classes differ", x, np.arange(6))
    add("one row", x[:1], y[:1])
    add("no rows", x[:0], y[:0])
    add("negative labels", x, y - 5)
    add("large embeddings", 1e3 * x, y)
    add("tiny embeddings", 1e-3 * x, y)
    add("shorter than 1e-12", 1e-14 * x, y)
    add("a row of zeros", np.where(np.arange(6)[:, None] == 2, 0, x), y)
    add("equal rows of one class", array([[1.0, 2], [1, 2], [-1, 0.5]]), array([0, 0, 1], "int64"))
    add("equal rows of two classes", array([[1.0, 2], [1, 2], [-1, 0.5]]), array([0, 1, 0], "int64"))
    add("parallel rows", array([[1.0, 2], [2, 4], [-1, 0.5], [0.3, 0.1]]), array([0, 0, 1, 0], "int64"))
    add("NaN", np.where(x == x[0, 0], NAN, x), y, surrogate=True)
    add("infinity", np.where(x == x[0, 0], INF, x), y, surrogate=True)
    add("references", x, y, (normal(5, 4, 3), labels(6, 3, 4)))
    add("references are the rows", x, y, (x, y))
    add("references, float32", x.astype("float32"), y, (normal(5, 4, 3, dtype="float32"), labels(6, 3, 4)))
    add("one reference", x[:1], y[:1], (x[1:2], y[:1]))
    add("one reference of another class", x[:1], y[:1], (x[1:2], y[:1] + 1))
    add("references of another length", x, y, (normal(7, 4, 2), labels(8, 3, 4)))
    add("references of another dtype", x, y, (normal(5, 4, 3, dtype="float32"), labels(6, 3, 4)))
    add("int64 embeddings", x.astype("int64"), y)
    add("too few labels", x, y[:5])
    add("labels [N, 1]", x, y[:, None])
    add("embeddings of one dimension", x[:, 0], y)
    add("three dimensions", x[:, None], y)
    add("thirty rows, beyond which distances go through a product", normal(9, 30, 4), labels(10, 5, 30))


def contrastive(add):
    x, y = normal(11, 5, 3), array([0, 1, 0, 1, 1], "int64")
    add("one feature", normal(4, 4, 1), array([0, 1, 0, 1], "int64"))
    for broken, name in ((NAN, "NaN"), (INF, "infinity")):
        rows = np.where(x == x[0, 0], broken, x)
        add(f"{name}, one class", rows, np.zeros(5, "int64"), surrogate=True)
        add(f"{name}, all classes differ", rows, np.arange(5), surrogate=True)
    add("margins 0.5 and 1.5", x, y, pos_margin=0.5, neg_margin=1.5)
    add("nothing is left to pull", x, y, pos_margin=2)
    add("nothing is left to push", x, y, neg_margin=0)
    add("nothing is left", x, y, pos_margin=2, neg_margin=0)
    add("negative margins", x, y, pos_margin=-0.5, neg_margin=-0.5)
    add("margins with references", x, y, (normal(12, 3, 3), array([0, 1, 2], "int64")), pos_margin=0.3, neg_margin=1.7)


def triplet(add):
    x, y = normal(13, 5, 3), array([0, 1, 0, 1, 1], "int64")
    for margin in (0, 0.5, 2.5, -0.3):
        add(f"margin {margin}", x, y, margin=margin)
        add(f"margin {margin}, swap", x, y, margin=margin, swap=True)
        add(f"margin {margin}, smooth", x, y, margin=margin, smooth_loss=True)
    add("swap and smooth", x, y, swap=True, smooth_loss=True)
    add("margin 25, smooth", x, y, margin=25, smooth_loss=True)
    add("margin 18.5, smooth", x, y, margin=18.5, smooth_loss=True)
    add("nothing is left", x, y, margin=-3)
    add("nothing is left, smooth", x, y, margin=-800, smooth_loss=True)
    add("all triplets", x, y, triplets_per_anchor="all")
    add("margin with references", x, y, (normal(12, 3, 3), array([0, 1, 2], "int64")), margin=0.7)
    add("smooth with references", x, y, (normal(12, 3, 3), array([0, 1, 2], "int64")), smooth_loss=True)


def nt_xent(add):
    x, y = normal(14, 6, 3), array([0, 1, 0, 1, 1, 2], "int64")
    add("temperature 0.07 by default", x, y)
    for temperature in (0.5, 1, -1, INF):
        add(f"temperature {temperature}", x, y, temperature=temperature)
    # exp(-2 / 0.002) is less than the least normal number, which is added to it.
    opposite = array([[1.0, 0.1], [-1, 0.2], [0.3, 1]]), array([0, 0, 1], "int64")
    for temperature in (0.1, 0.02, 0.003, 0.001):
        add(f"temperature {temperature}, opposite rows of a class", *opposite, temperature=temperature)
        add(f"temperature {temperature}, opposite rows of a class, float32", opposite[0].astype("float32"), opposite[1], temperature=temperature)
    add("temperature 0", x, y, temperature=0, surrogate=True)
    add("temperature 0, opposite rows", *opposite, temperature=0, surrogate=True)
    for broken, name in ((NAN, "NaN"), (INF, "infinity")):
        rows = np.where(x == x[0, 0], broken, x)
        add(f"{name}, one class", rows, np.zeros(6, "int64"), surrogate=True)
        add(f"{name}, all classes differ", rows, np.arange(6), surrogate=True)
        add(f"{name}, alone in its class", np.where(x == x[5, 0], broken, x), y, surrogate=True)
        add(f"{name} among the references", x, y, (np.where(x == x[0, 0], broken, x)[:3], y[:3]), surrogate=True)
    add("references, some rows without a negative", x, y, (normal(12, 2, 3), array([1, 1], "int64")), temperature=0.6)
    add("references of no class", x, y, (normal(12, 2, 3), array([7, 8], "int64")))
    add("temperature with references", x, y, (normal(12, 3, 3), array([0, 1, 2], "int64")), temperature=0.3)
