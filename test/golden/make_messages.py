"""Makes data/messages.json: what the libraries print when a loss is misused, by the page that explains it.

Each case provokes one mistake in the installed library and records the last lines that a user would see: the
exception as Python prints it, or the warning. Run by hand; the versions are recorded in the output.
"""

import json
import os
import pathlib
import sys
import traceback
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import sklearn
import sklearn.metrics
import tensorflow as tf
import torch
import torch.nn.functional as F
from torch import nn

cases = []


def said(page, library, act):
    """Records what `act` raises or warns; it is a mistake of this script when that is nothing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            act()
            texts = [f"{warning.category.__name__}: {warning.message}" for warning in caught]
        except Exception as error:  # whatever a library raises is what is asked for here
            texts = ["".join(traceback.format_exception_only(error)).strip()]
    assert texts, f"{page}: {library} says nothing"
    cases.append({"page": page, "library": library, "text": texts[0]})


def t(*shape, dtype=torch.float32, grad=False):
    return torch.full(shape, 0.5, dtype=dtype, requires_grad=grad)


def zeros(*shape):
    return torch.zeros(shape, dtype=torch.long)


def torch_cases():
    def torch_said(page, act):
        said(page, "torch", act)

    torch_said("target-dtype", lambda: F.cross_entropy(t(2, 3), zeros(2).int()))
    torch_said("target-dtype", lambda: F.cross_entropy(t(2, 3), t(2)))
    torch_said("target-dtype", lambda: F.nll_loss(t(2, 3), t(2)))
    torch_said("target-dtype", lambda: F.cross_entropy(t(2, 3), zeros(2, 3)))
    torch_said("target-dtype", lambda: F.binary_cross_entropy(t(3), zeros(3)))
    torch_said("target-dtype", lambda: F.binary_cross_entropy_with_logits(t(3), zeros(3)))
    torch_said("target-dtype", lambda: F.huber_loss(t(3, grad=True), t(3, dtype=torch.float64)).backward())
    torch_said("label-out-of-range", lambda: F.cross_entropy(t(2, 3), zeros(2) + 3))
    torch_said("label-out-of-range", lambda: F.nll_loss(t(2, 3), zeros(2) - 1))
    torch_said("not-a-probability", lambda: F.binary_cross_entropy(t(3) + 1, t(3)))
    torch_said("not-a-probability", lambda: F.binary_cross_entropy(t(3), t(3) + 1))
    torch_said("target-shape", lambda: F.cross_entropy(t(2, 3), zeros(2, 1)))
    torch_said("target-shape", lambda: F.cross_entropy(t(2, 3), zeros(3)))
    torch_said("target-shape", lambda: F.cross_entropy(t(2, 3, 4, 4), zeros(2, 1, 4, 4)))
    torch_said("class-axis", lambda: F.cross_entropy(t(2, 5, 3), zeros(2, 5)))
    torch_said("broadcast", lambda: F.mse_loss(t(3), t(3, 1)))
    torch_said("broadcast", lambda: F.l1_loss(t(3), t(3, 1)))
    torch_said("broadcast", lambda: F.binary_cross_entropy(t(3), t(3, 1)))
    torch_said("broadcast", lambda: F.binary_cross_entropy_with_logits(t(3), t(3, 1)))

    torch_said("kl-mean", lambda: F.kl_div(t(2, 3).log(), t(2, 3)))
    torch_said("old-reduction", lambda: F.mse_loss(t(3), t(3), size_average=False))
    torch_said("old-reduction", lambda: nn.CrossEntropyLoss(reduction="elementwise_mean")(t(2, 3), zeros(2)))
    torch_said("no-gradient", lambda: F.mse_loss(t(3), t(3)).backward())
    torch_said("no-gradient", lambda: F.mse_loss(t(3, grad=True).detach(), t(3)).backward())
    torch_said("not-a-scalar", lambda: F.mse_loss(t(3, grad=True), t(3), reduction="none").backward())
    torch_said("not-called", lambda: nn.MSELoss(t(3), t(3)))
    torch_said("not-called", lambda: nn.CrossEntropyLoss(t(2, 3), zeros(2)))
    torch_said("class-weights", lambda: F.cross_entropy(t(2, 3), zeros(2), weight=torch.ones(2)))
    torch_said("cross-entropy-options", lambda: F.cross_entropy(t(2, 3), zeros(2), label_smoothing=1.1))
    torch_said("cross-entropy-options", lambda: F.cross_entropy(t(2, 3), t(2, 3), ignore_index=1))
    torch_said("ctc-arguments", lambda: ctc(input_lengths=[9, 9]))
    torch_said("ctc-arguments", lambda: ctc(target_lengths=[9, 9]))
    torch_said("ctc-arguments", lambda: ctc(input_lengths=[4]))
    torch_said("ctc-arguments", lambda: ctc(blank=7))
    torch_said("nan-in-backward", nan_in_backward)


def ctc(input_lengths=(4, 4), target_lengths=(2, 2), blank=0):
    log_probs = t(4, 2, 3).log_softmax(2)
    return F.ctc_loss(
        log_probs, zeros(2, 2) + 1, torch.tensor(input_lengths), torch.tensor(target_lengths), blank=blank
    )


def nan_in_backward():
    with torch.autograd.detect_anomaly():
        x = torch.zeros(2, requires_grad=True)
        torch.sqrt(x * 0).mul(0).sum().backward()


def keras_cases():
    losses = keras.losses
    ones, labels = np.ones((2, 3), "float32"), np.zeros((2,), "int32")

    def keras_said(page, act):
        said(page, f"keras on {keras.backend.backend()}", act)

    keras_said("target-shape", lambda: losses.categorical_crossentropy(labels, ones))
    keras_said("target-shape", lambda: losses.CategoricalCrossentropy()(labels, ones))
    keras_said("target-shape", lambda: losses.CategoricalCrossentropy()(np.ones((2, 4)), ones))
    keras_said("target-shape", lambda: losses.BinaryCrossentropy()(np.ones((2, 2)), ones))
    keras_said("target-shape", lambda: losses.SparseCategoricalCrossentropy()(np.ones((2, 2)), ones))
    keras_said("target-shape", lambda: losses.SparseCategoricalCrossentropy()(ones, ones))
    keras_said("label-out-of-range", lambda: losses.SparseCategoricalCrossentropy()(labels + 3, ones))
    keras_said("old-reduction", lambda: losses.MeanSquaredError(reduction="batchmean"))
    keras_said(
        "no-gradient", lambda: keras.optimizers.SGD().apply_gradients([(None, keras.Variable(1.0))])
    )
    keras_said("unknown-loss", lambda: losses.get("cosine_proximity"))


def tensorflow_cases():
    def tf_said(page, act):
        said(page, "tensorflow", act)

    logits, labels = tf.ones((2, 3)), tf.zeros((2,), tf.int32)
    tf_said(
        "label-out-of-range",
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels + 3, logits=logits),
    )
    tf_said(
        "target-shape",
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.zeros((2, 3), tf.int32), logits=logits),
    )
    tf_said(
        "target-shape",
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.zeros((3,), tf.int32), logits=logits),
    )
    tf_said(
        "target-shape",
        lambda: tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(features=logits, labels=tf.zeros((3,), tf.int32)),
    )
    tf_said("target-shape", lambda: tf.nn.softmax_cross_entropy_with_logits(labels=tf.ones((2, 4)), logits=logits))
    tf_said("target-shape", lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.ones((2,)), logits=logits))
    tf_said(
        "target-dtype",
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.zeros((2,)), logits=logits),
    )


def optax_cases():
    def optax_said(page, act):
        said(page, "optax", act)

    ones, labels = jnp.ones((2, 3)), jnp.zeros((2,), jnp.int32)
    optax_said(
        "target-dtype", lambda: optax.softmax_cross_entropy_with_integer_labels(ones, labels.astype(jnp.float32))
    )
    optax_said("target-dtype", lambda: optax.squared_error(jnp.ones(3, jnp.int32), jnp.ones(3)))
    optax_said("broadcast", lambda: optax.squared_error(jnp.ones(3), jnp.ones((3, 1))))
    optax_said("not-a-scalar", lambda: jax.grad(lambda x: optax.l2_loss(x, x * 0))(jnp.ones(3)))
    optax_said("target-dtype", lambda: jax.grad(lambda x: optax.l2_loss(x * 1.0).sum())(jnp.ones(3, jnp.int32)))


def sklearn_cases():
    metrics = sklearn.metrics

    def sklearn_said(page, act):
        said(page, "scikit-learn", act)

    sklearn_said("one-label", lambda: metrics.log_loss([1, 1], [0.5, 0.4]))
    sklearn_said("target-shape", lambda: metrics.log_loss([0, 1, 2], [[0.5, 0.5], [0.4, 0.6], [0.1, 0.9]]))
    sklearn_said("not-a-probability", lambda: metrics.log_loss([0, 1], [[0.5, 0.6], [0.4, 0.6]]))
    sklearn_said("not-a-probability", lambda: metrics.log_loss([0, 1], [-0.5, 0.6]))
    sklearn_said("old-reduction", lambda: metrics.mean_squared_error([0, 1], [0.5, 1], squared=False))


torch_cases()
keras_cases()
tensorflow_cases()
optax_cases()
sklearn_cases()
versions = {
    "torch": torch.__version__.split("+")[0],
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "optax": optax.__version__,
    "jax": jax.__version__,
    "scikit-learn": sklearn.__version__,
}
path = pathlib.Path(__file__).parent / "data" / "messages.json"
path.write_text(json.dumps({"versions": versions, "cases": cases}, indent=1) + "\n")
print(f"{len(cases)} messages", file=sys.stderr)
