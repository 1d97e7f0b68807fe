"""The cases of TensorFlow.js: tf.losses. The library runs in Node, on its CPU backend, and knows float32 only."""

import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np

from cases import INF, NAN, Cases, array, binary, distribution, labels, normal, one_hot, unit

F = "float32"
VERSION = "4.22.0"
REDUCTIONS = ("SUM_BY_NONZERO_WEIGHTS", "MEAN", "SUM", "NONE")
# The arguments of each function, in order.
ORDER = {
    "tf.losses.absoluteDifference": ("labels", "predictions", "weights", "reduction"),
    "tf.losses.meanSquaredError": ("labels", "predictions", "weights", "reduction"),
    "tf.losses.hingeLoss": ("labels", "predictions", "weights", "reduction"),
    "tf.losses.cosineDistance": ("labels", "predictions", "axis", "weights", "reduction"),
    "tf.losses.huberLoss": ("labels", "predictions", "weights", "delta", "reduction"),
    "tf.losses.logLoss": ("labels", "predictions", "weights", "epsilon", "reduction"),
    "tf.losses.sigmoidCrossEntropy": ("multiClassLabels", "logits", "weights", "labelSmoothing", "reduction"),
    "tf.losses.softmaxCrossEntropy": ("onehotLabels", "logits", "weights", "labelSmoothing", "reduction"),
}

LAYERS = ("meanSquaredError", "meanAbsoluteError", "meanAbsolutePercentageError", "meanSquaredLogarithmicError", "logcosh")
LAYERS += ("hinge", "squaredHinge", "categoricalHinge", "poisson", "kullbackLeiblerDivergence", "cosineProximity")
LAYERS += ("binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy")
ORDER.update({f"tf.layers.{name}": ("yTrue", "yPred") for name in LAYERS})


def cases():
    collected = Cases()

    def symbol(name):
        """Adds cases of one function, both arrays given in order; keywords are parameters, or inputs if they are arrays."""

        def add(note, first, second, surrogate=False, **keywords):
            inputs = dict(zip(ORDER[name], (first, second)))
            inputs.update({k: v for k, v in keywords.items() if isinstance(v, np.ndarray)})
            parameters = {k: v for k, v in keywords.items() if not isinstance(v, np.ndarray)}
            collected.add(name, note, inputs, parameters, surrogate)

        return add

    residuals(symbol("tf.losses.absoluteDifference"))
    residuals(symbol("tf.losses.meanSquaredError"))
    huber(symbol("tf.losses.huberLoss"))
    hinge(symbol("tf.losses.hingeLoss"))
    log_loss(symbol("tf.losses.logLoss"))
    cosine(symbol("tf.losses.cosineDistance"))
    sigmoid_cross_entropy(symbol("tf.losses.sigmoidCrossEntropy"))
    softmax_cross_entropy(symbol("tf.losses.softmaxCrossEntropy"))
    for name in LAYERS:
        layer(symbol(f"tf.layers.{name}"), name)
    return collected.all


def weighted(add, y, p, losses, **options):
    """Reductions and weights, on [3, 4]; `losses` is the shape before the reduction."""
    full = np.linspace(0.2, 2.4, int(np.prod(losses))).astype(F).reshape(losses)
    some = full * (np.arange(full.size).reshape(losses) % 3 > 0).astype(F)
    for reduction in REDUCTIONS:
        add(f"{reduction}", y, p, reduction=reduction, **options)
        add(f"{reduction}, weights", y, p, weights=full, reduction=reduction, **options)
        add(f"{reduction}, some weights 0", y, p, weights=some, reduction=reduction, **options)
        add(f"{reduction}, all weights 0", y, p, weights=np.zeros(losses, F), reduction=reduction, surrogate=True, **options)
        add(f"{reduction}, a number", y, p, weights=array(2.5, F), reduction=reduction, **options)
        if len(losses) == 2:
            add(f"{reduction}, weights [3, 1]", y, p, weights=full[:, :1], reduction=reduction, **options)
    add("a number of 0", y, p, weights=array(0.0, F), surrogate=True, **options)
    add("negative weights", y, p, weights=full - 1, **options)
    add("integer weights", y, p, weights=np.arange(full.size).reshape(losses).astype("int32"), **options)
    add("weights of one dimension less", y, p, weights=np.asarray(full[0]), **options)
    add("weights of one dimension more", y, p, weights=full[None], **options)
    add("weights of another size", y, p, weights=np.ones(tuple(s + 1 for s in losses), F), **options)


def shapes(add, y, p):
    add("[5]", y(5), p(5))
    add("[2, 2, 3]", y(2, 2, 3), p(2, 2, 3))
    add("[3] against [3, 1]", y(3), p(3, 1))
    add("[2, 3] against [3]", y(2, 3), p(3))
    add("[2] against [3]", y(2), p(3))


def residuals(add):
    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    weighted(add, y, p, (3, 4))
    shapes(add, lambda *s: normal(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    add("0-D", array(1.5, F), array(-0.5, F))
    add("float64 becomes float32", normal(5, 6), normal(6, 6))
    add("integer labels", array([1, 4, -2], "int32"), array([1.5, 2.0, -3.0], F))
    add("integers", array([1, 4, -2], "int32"), array([2, 4, 5], "int32"))
    add("bool labels", array([1, 0, 1], "bool"), array([1.5, 2.0, -3.0], F))
    add("equal, and signed zeros", array([1.0, 0.0, -0.0], F), array([1.0, -0.0, 0.0], F), surrogate=True, reduction="NONE")
    add("infinities and NaN", array([INF, -INF, NAN, 1.0, INF], F), array([1.0, 1.0, 1.0, NAN, INF], F), surrogate=True, reduction="NONE")
    add("empty", np.zeros(0, F), np.zeros(0, F))


def huber(add):
    residuals(add)
    y, p = array([0.1, 0.55, 0.1, -0.6, 0.2], F), array([0.4, 1.3, -0.2, 2.9, -2.05], F)
    for delta in (0.3, 2.5, 0.0, -1.0):
        add(f"delta {delta}", y, p, delta=delta)
    add("delta 0.5, weights, MEAN", y, p, weights=array([1.0, 0.0, 2.0, 0.5, 0.1], F), delta=0.5, reduction="MEAN")
    add("at the kink of delta 0.5", array([0.0, 0.0, 0.5], F), array([0.5, -0.5, 1.0], F), delta=0.5, surrogate=True)


def hinge(add):
    y, p = binary(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    weighted(add, y, p, (3, 4))
    shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    add("labels -1 and 1 come out wrong", 2 * y - 1, p)
    add("soft labels", unit(5, 3, 4, dtype=F), p)
    add("integer labels", y.astype("int32"), p)
    add("bool labels", y.astype("bool"), p)
    add("at the kink", array([1.0, 0.0], F), array([1.0, -1.0], F), surrogate=True, reduction="NONE")
    add("infinities and NaN", array([1.0, 0.0, 1.0], F), array([INF, INF, NAN], F), surrogate=True, reduction="NONE")


def log_loss(add):
    y, p = binary(1, 3, 4, dtype=F), unit(2, 3, 4, dtype=F)
    weighted(add, y, p, (3, 4))
    shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: unit(4, *s, dtype=F))
    for epsilon in (1e-3, 0.1):
        add(f"epsilon {epsilon}", y, p, epsilon=epsilon)
    add("epsilon 0", y, p, epsilon=0.0)
    add("soft labels", unit(5, 3, 4, dtype=F), p)
    add("integer labels", y.astype("int32"), p)
    for label in (0.0, 1.0, 0.25):
        add(f"probabilities of 0, 1 and outside, label {label}", np.full(4, label, F), array([0.0, 1.0, 1.5, -0.5], F), surrogate=True, reduction="NONE")
    add("epsilon 0, probabilities of 0 and 1", array([0.0, 1.0, 1.0, 0.0], F), array([0.0, 0.0, 1.0, 1.0], F), epsilon=0.0, surrogate=True, reduction="NONE")
    add("NaN", array([1.0, NAN], F), array([NAN, 0.5], F), surrogate=True, reduction="NONE")


def cosine(add):
    y, p = normal(1, 3, 4, dtype=F), normal(2, 3, 4, dtype=F)
    weighted(add, y, p, (3, 1), axis=1)
    add("axis 0", y, p, axis=0)
    add("axis 0, NONE", y, p, axis=0, reduction="NONE")
    add("axis -1", y, p, axis=-1)
    add("axis 1 of [2, 3, 2], NONE", normal(3, 2, 3, 2, dtype=F), normal(4, 2, 3, 2, dtype=F), axis=1, reduction="NONE")
    add("axis 2 of 2", y, p, axis=2)
    add("[4]", y[0], p[0], axis=0)
    add("vectors of length 1", array([[1, 0], [0.6, 0.8]], F), array([[1, 0], [0.8, 0.6]], F), axis=1)
    add("nothing is normalised", array([[1, 0]], F), array([[1, 1]], F), axis=1)
    add("zero vectors", array([[0, 0]], F), array([[1, 1]], F), axis=1)
    add("[3, 4] against [4]", y, p[0], axis=0)
    add("integer labels", array([[1, 2]], "int32"), array([[0.5, 0.25]], F), axis=1)
    add("weights [3]", y, p, axis=1, weights=array([0.5, 1.0, 2.0], F))
    add("weights [3, 4]", y, p, axis=1, weights=np.ones((3, 4), F))
    add("infinities and NaN", array([[INF, 1], [NAN, 1]], F), array([[1, 1], [1, 1]], F), axis=1, surrogate=True, reduction="NONE")


def sigmoid_cross_entropy(add):
    y, x = binary(1, 3, 4, dtype=F), normal(2, 3, 4, scale=3, dtype=F)
    weighted(add, y, x, (3, 4))
    shapes(add, lambda *s: binary(3, *s, dtype=F), lambda *s: normal(4, *s, dtype=F))
    for smoothing in (0.15, 1.0, 0.0, -0.2):
        add(f"smoothing {smoothing}", y, x, labelSmoothing=smoothing)
    add("soft labels", unit(5, 3, 4, dtype=F), x)
    add("integer labels", y.astype("int32"), x)
    large = array([0.0, -0.0, 20.3, -20.3, 120.0, -120.0], F)
    for label in (0.0, 1.0, 0.3):
        add(f"large and 0, label {label}", np.full(6, label, F), large, reduction="NONE", surrogate=True)
        add(f"infinite and NaN, label {label}", np.full(3, label, F), array([INF, -INF, NAN], F), surrogate=True, reduction="NONE")


def softmax_cross_entropy(add):
    y, x = one_hot(labels(1, 4, 3), 4, dtype=F), normal(2, 3, 4, dtype=F)
    weighted(add, y, x, (3,))
    add("[4], one value", y[0], x[0])
    add("[2, 2, 3], NONE", one_hot(labels(3, 3, 2, 2), 3, dtype=F), normal(4, 2, 2, 3, dtype=F), reduction="NONE")
    for smoothing in (0.15, 1.0, 0.0, -0.2):
        add(f"smoothing {smoothing}", y, x, labelSmoothing=smoothing)
    add("smoothing 0.2 of [2, 2, 3] divides by the second extent", one_hot(labels(3, 3, 2, 2), 3, dtype=F), normal(4, 2, 2, 3, dtype=F), labelSmoothing=0.2, surrogate=True)
    add("smoothing 0.2 of [4]", y[0], x[0], labelSmoothing=0.2, surrogate=True)
    add("soft labels", array([[0.25, 0.5, 0.25, 0.0]] * 3, F), x)
    add("labels that do not sum to 1", array([[0.3, 0.5, 0.4, 0.0], [0.0, 2.0, -0.5, 0.1], [0.0] * 4], F), x, surrogate=True)
    add("integer labels", y.astype("int32"), x)
    add("large logits", array([[0, 1, 0], [1, 0, 0]], F), array([[120, -120, 0], [1e30, -1e30, 1]], F), reduction="NONE")
    add("-inf under labels of 0 and 1", array([[1, 0, 0], [0, 1, 0]], F), array([[1, -INF, 0]] * 2, F), surrogate=True, reduction="NONE")
    add("+inf, NaN, all -inf", array([[1, 0, 0]] * 3, F), array([[1, INF, 0], [1, NAN, 0], [-INF, -INF, -INF]], F), surrogate=True, reduction="NONE")
    add("[3, 4] against [3]", y, x[:, 0])


def layer(add, name):
    """The losses that `compile` knows by a string."""

    def both(seed, *shape, dtype=F):
        if name == "sparseCategoricalCrossentropy":
            return labels(seed, shape[-1], *shape[:-1]).astype(dtype), distribution(seed + 1, *shape, dtype=dtype)
        if name == "categoricalCrossentropy":
            return one_hot(labels(seed, shape[-1], *shape[:-1]), shape[-1], dtype=dtype), distribution(seed + 1, *shape, dtype=dtype)
        if name == "categoricalHinge":
            return one_hot(labels(seed, shape[-1], *shape[:-1]), shape[-1], dtype=dtype), normal(seed + 1, *shape, dtype=dtype)
        if name == "kullbackLeiblerDivergence":
            return distribution(seed, *shape, dtype=dtype), distribution(seed + 1, *shape, dtype=dtype)
        if name == "binaryCrossentropy":
            return binary(seed, *shape, dtype=dtype), unit(seed + 1, *shape, dtype=dtype)
        if name in ("hinge", "squaredHinge"):
            return 2 * binary(seed, *shape, dtype=dtype) - 1, normal(seed + 1, *shape, dtype=dtype)
        if name in ("poisson", "meanSquaredLogarithmicError"):
            return unit(seed, *shape, dtype=dtype) * 4, unit(seed + 1, *shape, dtype=dtype) * 4
        return normal(seed, *shape, dtype=dtype), normal(seed + 1, *shape, dtype=dtype)

    sparse = name == "sparseCategoricalCrossentropy"
    for shape in ((3, 4), (2, 2, 3), (5, 2), (1, 5)):
        add(f"{list(shape)}", *both(sum(shape), *shape))
    y, p = both(20, 4, 3)
    add("float64 becomes float32", *both(30, 4, 3, dtype="float64"))
    add("integer labels", y.astype("int32"), p)
    add("soft labels" if not sparse else "labels with fractions are floored", unit(40, 4, 3, dtype=F) if not sparse else y + 0.75, p)
    add("[3] against [4, 3]", y[0] if not sparse else y, p)
    add("[2, 3] against [4, 3]", y[:2], p)
    bounds = array([[0.0, 1.0, 0.5], [1e-8, 1.0, 0.25], [0.3, 0.3, 0.4], [0.0, 0.0, 0.0]], F)
    add("predictions at and beside the bounds", y, bounds, surrogate=True)
    add("predictions NaN", y[:2], array([[NAN, 0.5, 0.5], [0.25, 0.25, 0.5]], F), surrogate=True)
    if sparse:
        add("labels [4, 1]", y[:, None], p)
        add("labels outside the classes", array([3, -1, 0, 1], F), p, surrogate=True)
    else:
        add("ties", array([[1, 0, 0], [0, 1, -0.0]], F), array([[1, 0, 0], [0.5, 0.5, 0]], F), surrogate=True)
        add("scores, some below 0", array([[0, 1, 0], [1, 0, 0], [1, 0, 0]], F), array([[2, -1, 3], [1, -2, 1], [0.5, -1, 0.2]], F), surrogate=True)
        add("labels of 0", np.zeros((2, 3), F), p[:2], surrogate=True)
    if name.startswith("categorical"):
        add("[3, 3, 1] against [3, 3]", y[:3, :, None].copy(), p[:3], surrogate=True)
    if name == "binaryCrossentropy":
        add("sure and right", array([[0, 1, 0], [1, 1, 1]], F), array([[0, 1, 0], [1, 1, 1]], F), surrogate=True)


def installed():
    """A folder with the library: TFJS_HOME, or one made on first use."""
    home = pathlib.Path(os.environ.get("TFJS_HOME") or pathlib.Path(tempfile.gettempdir()) / f"loss-lens-tfjs-{VERSION}")
    if not (home / "node_modules" / "@tensorflow" / "tfjs").exists():
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(home), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([*command, f"@tensorflow/tfjs@{VERSION}"], check=True)
    return home


def answers(cases):
    from make_goldens import answer_record, number, written

    asked = [
        {
            "name": case.symbol,
            "order": ORDER[case.symbol],
            "inputs": {name: written(values) for name, values in case.inputs.items()},
            "parameters": {name: number(v) if isinstance(v, float) else v for name, v in case.parameters.items()},
        }
        for case in cases
    ]
    script = pathlib.Path(__file__).parent / "answers_tfjs.mjs"
    command = ["node", str(script), str(installed())]
    done = subprocess.run(command, input=json.dumps(asked), stdout=subprocess.PIPE, check=True, text=True)
    found = json.loads(done.stdout)

    def read(values):
        numbers = [float(v) for v in values["data"]]
        return np.array(numbers, dtype=np.float64).astype(values["dtype"]).reshape(values["shape"])

    def record(answer):
        if "error" in answer:
            return {"error": answer["error"].split("\n")[0]}
        gradients = {name: read(g) for name, g in answer["gradients"].items()}
        return answer_record(read(answer["value"]), gradients, None, answer.get("gradientError"))

    versions = {"@tensorflow/tfjs": found["version"], "node": found["node"]}
    return [record(answer) for answer in found["answers"]], versions
