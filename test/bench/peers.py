"""Times other libraries at a loss and its gradient, when asked by losses.ts.

Reads a JSON object a line and answers each with one:
  {"load": case}               -> {"values": {peer: number}, "failed": {peer: reason}}
  {"time": peer, "runs": n}    -> {"ms": [n numbers]}
  {"versions": true}           -> {peer: version}
A case is {id, symbol, parameters, inputs: {name: {file, dtype, shape}}, threads}; files hold raw numbers.
"""

import importlib
import importlib.util
import json
import sys
import time

import numpy as np

ENABLED = sys.argv[1].split(",") if len(sys.argv) > 1 else ["eager", "compile", "jax"]


def has(module):
    return importlib.util.find_spec(module) is not None


def torch_runs(case, arrays, compiled):
    import torch

    torch.set_num_threads(case["threads"])
    path, name = case["symbol"].rsplit(".", 1)
    function = getattr(importlib.import_module(path), name)
    x = torch.from_numpy(arrays["input"]).requires_grad_()
    target = torch.from_numpy(arrays["target"])
    options = case["parameters"]

    def loss(x, target):
        return function(x, target, **options)

    if compiled:
        torch._dynamo.reset()
        loss = torch.compile(loss)

    def run():
        x.grad = None
        value = loss(x, target)
        value.backward()
        return value.item()

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

    def kl(x, y):
        return jnp.sum(jax.scipy.special.xlogy(y, y) - y * x) / x.shape[0]

    def cross_entropy(x, y):
        log_p = jax.nn.log_softmax(x, axis=1)
        return -jnp.mean(jnp.take_along_axis(log_p, jnp.expand_dims(y, 1), axis=1))

    return {
        "mse": lambda x, y: jnp.mean((x - y) ** 2),
        "mae": lambda x, y: jnp.mean(jnp.abs(x - y)),
        "huber": huber,
        "bce": bce,
        "bce-logits": bce_logits,
        "kl": kl,
        "cross-entropy": cross_entropy,
    }


def jax_runs(case, arrays):
    import jax

    both = jax.jit(jax.value_and_grad(jax_losses(jax)[case["id"]]))
    x = jax.numpy.asarray(arrays["input"])
    target = arrays["target"]
    target = jax.numpy.asarray(target.astype(np.int32) if target.dtype == np.int64 else target)

    def run():
        return float(jax.block_until_ready(both(x, target))[0])

    return run


MAKERS = {
    "eager": lambda case, arrays: torch_runs(case, arrays, compiled=False),
    "compile": lambda case, arrays: torch_runs(case, arrays, compiled=True),
    "jax": jax_runs,
}
NEEDS = {"eager": "torch", "compile": "torch", "jax": "jax"}
prepared = {}


def load(case):
    prepared.clear()
    arrays = {
        name: np.fromfile(of["file"], dtype=of["dtype"]).reshape(of["shape"])
        for name, of in case["inputs"].items()
    }
    values, failed = {}, {}
    for peer in ENABLED:
        if not has(NEEDS[peer]):
            failed[peer] = f"{NEEDS[peer]} is not installed"
            continue
        try:
            run = MAKERS[peer](case, arrays)
            for _ in range(3):
                values[peer] = run()
            prepared[peer] = run
        except Exception as error:  # a peer that cannot do this one is told of, not hidden
            failed[peer] = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
    return {"values": values, "failed": failed}


def measure(peer, runs):
    run = prepared[peer]
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return {"ms": times}


def versions():
    return {
        peer: importlib.import_module(NEEDS[peer]).__version__ for peer in ENABLED if has(NEEDS[peer])
    }


for line in sys.stdin:
    asked = json.loads(line)
    if "load" in asked:
        answer = load(asked["load"])
    elif "time" in asked:
        answer = measure(asked["time"], asked["runs"])
    else:
        answer = versions()
    print(json.dumps(answer), flush=True)
