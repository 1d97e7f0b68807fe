"""Times PyTorch and JAX at a loss and its gradients, when python.ts asks.

Reads a JSON object a line and answers each with one. What is asked and answered is in peers.ts.
"""

import functools
import importlib
import importlib.util
import json
import sys
import time

import numpy as np


def torch_losses():
    import torch

    def total_variation(x):
        return (x[..., 1:] - x[..., :-1]).square().sum() + (x[..., 1:, :] - x[..., :-1, :]).square().sum()

    def dice(x, y, smooth):
        return 1 - (2 * (x * y).sum() + smooth) / (x.sum() + y.sum() + smooth)

    return {"total-variation": total_variation, "dice": dice}


def torch_function(case):
    if "." not in case["symbol"]:
        return torch_losses()[case["id"]]
    path, name = case["symbol"].rsplit(".", 1)
    return getattr(importlib.import_module(path), name)


def torch_runs(case, arrays, compiled):
    import torch

    torch.set_num_threads(case["threads"])
    function = torch_function(case)
    tensors = {name: torch.from_numpy(of) for name, of in arrays.items()}
    differentiated = [tensors[name].requires_grad_() for name in case["gradients"]]
    options = case["parameters"]

    def loss(*inputs):
        return function(*inputs, **options)

    if compiled:
        torch._dynamo.reset()
        loss = torch.compile(loss)

    def run():
        for x in differentiated:
            x.grad = None
        value = loss(*tensors.values())
        value.backward()
        return value.item(), [x.grad for x in differentiated]

    return run


def jax_losses(jax):
    jnp = jax.numpy

    def huber(x, y):
        r = jnp.abs(x - y)
        return jnp.mean(jnp.where(r <= 1, 0.5 * r * r, r - 0.5))

    def bce(x, y):
        return -jnp.mean(y * jnp.maximum(jnp.log(x), -100) + (1 - y) * jnp.maximum(jnp.log1p(-x), -100))

    def bce_logits(x, y):
        return jnp.mean(jnp.maximum(x, 0) - x * y + jnp.log1p(jnp.exp(-jnp.abs(x))))

    def kl(x, y, reduction):
        return jnp.sum(jax.scipy.special.xlogy(y, y) - y * x) / x.shape[0]

    def cross_entropy(x, y):
        log_p = jax.nn.log_softmax(x, axis=1)
        return -jnp.mean(jnp.take_along_axis(log_p, jnp.expand_dims(y, 1), axis=1))

    def cosine_embedding(x, y, label):
        squares = (jnp.sum(x * x, 1) + 1e-12) * (jnp.sum(y * y, 1) + 1e-12)
        cosine = jnp.sum(x * y, 1) / jnp.sqrt(squares)
        return jnp.mean(jnp.where(label == 1, 1 - cosine, jnp.maximum(cosine, 0)))

    def triplet(anchor, positive, negative):
        def distance(x):
            return jnp.sqrt(jnp.sum((anchor - x + 1e-6) ** 2, 1))

        return jnp.mean(jnp.maximum(distance(positive) - distance(negative) + 1, 0))

    def total_variation(x):
        return jnp.sum((x[..., 1:] - x[..., :-1]) ** 2) + jnp.sum((x[..., 1:, :] - x[..., :-1, :]) ** 2)

    def dice(x, y, smooth):
        return 1 - (2 * jnp.sum(x * y) + smooth) / (jnp.sum(x) + jnp.sum(y) + smooth)

    def ctc(log_p, targets, frames, lengths):
        import optax

        frame_is_over = jnp.arange(log_p.shape[0])[None] >= frames[:, None]
        label_is_over = jnp.arange(targets.shape[1])[None] >= lengths[:, None]
        each = optax.ctc_loss(
            log_p.transpose(1, 0, 2), frame_is_over.astype("f4"), targets, label_is_over.astype("f4")
        )
        return jnp.mean(each / lengths)

    return {
        "mse": lambda x, y: jnp.mean((x - y) ** 2),
        "mae": lambda x, y: jnp.mean(jnp.abs(x - y)),
        "huber": huber,
        "bce": bce,
        "bce-logits": bce_logits,
        "kl": kl,
        "poisson": lambda x, y: jnp.mean(jnp.exp(x) - y * x),
        "cross-entropy": cross_entropy,
        "cosine-embedding": cosine_embedding,
        "triplet": triplet,
        "dice": dice,
        "total-variation": total_variation,
        "ctc": ctc,
    }


def jax_runs(case, arrays):
    import jax

    loss = functools.partial(jax_losses(jax)[case["id"]], **case["parameters"])
    differentiated = tuple(list(arrays).index(name) for name in case["gradients"])
    both = jax.jit(jax.value_and_grad(loss, argnums=differentiated))
    inputs = [
        jax.numpy.asarray(of.astype(np.int32) if of.dtype == np.int64 else of) for of in arrays.values()
    ]

    def run():
        value, gradients = jax.block_until_ready(both(*inputs))
        return float(value), gradients

    return run


MAKERS = {
    "eager": lambda case, arrays: torch_runs(case, arrays, compiled=False),
    "compile": lambda case, arrays: torch_runs(case, arrays, compiled=True),
    "jax": jax_runs,
}
NEEDS = {"eager": "torch", "compile": "torch", "jax": "jax"}
prepared = {}


def load(peer, case):
    prepared.pop(peer, None)
    arrays = {
        name: np.fromfile(f"{case['folder']}/{name}", dtype=of["dtype"]).reshape(of["shape"])
        for name, of in case["inputs"].items()
    }
    run = MAKERS[peer](case, arrays)
    for _ in range(3):
        start = time.perf_counter()
        value, gradients = run()
        took = (time.perf_counter() - start) * 1e3
    distances = []
    for name, gradient in zip(case["gradients"], gradients):
        ours = np.fromfile(f"{case['folder']}/gradient.{name}", dtype="float32")
        off = np.asarray(gradient).ravel() - ours
        distances.append(float(np.linalg.norm(off) / np.linalg.norm(ours)))
    prepared[peer] = run
    return {"value": value, "distances": distances, "ms": took}


def measure(peer, runs):
    run = prepared[peer]
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def versions():
    return {
        peer: importlib.import_module(module).__version__
        for peer, module in NEEDS.items()
        if importlib.util.find_spec(module)
    }


for line in sys.stdin:
    asked = json.loads(line)
    try:
        if asked["ask"] == "load":
            answer = load(asked["peer"], asked["of"])
        elif asked["ask"] == "time":
            answer = measure(asked["peer"], asked["runs"])
        else:
            answer = versions()
        print(json.dumps({"answer": answer}), flush=True)
    except Exception as error:  # a peer that cannot do this one is told of, not hidden
        print(json.dumps({"error": f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"}), flush=True)
