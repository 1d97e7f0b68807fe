"""Runs every snippet on its library and compares loss and step with what the engine says. Called by snippets.ts."""

import json
import os
import pathlib
import subprocess
import sys
import traceback

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["JAX_ENABLE_X64"] = "1"

import numpy as np

FLOAT32 = {"keras", "tfjs"}


def arrays_of(case, make):
    return {name: make(np.array(a["data"], dtype=a["dtype"]).reshape(a["shape"])) for name, a in case["arrays"].items()}


def execute(case, names):
    exec(compile("\n".join([*case["imports"], case["code"]]), case["name"], "exec"), names)
    return names


def run_torch(case):
    import torch

    if "torchvision" in case["code"] + "".join(case["imports"]):
        from cases_torchvision import import_torchvision

        import_torchvision()

    class Factor(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.factor = torch.nn.Parameter(torch.ones((), dtype=torch.float64))

        def forward(self, x):
            return self.factor * x

    networks = {name: Factor() for name in case["networks"]}
    trained = networks[case["trained"]]
    optimizer = torch.optim.SGD(trained.parameters(), lr=1.0)
    names = {**arrays_of(case, torch.from_numpy), **networks, "optimizer": optimizer, f"{case['trained']}_optimizer": optimizer}
    loss = execute(case, names)["loss"]
    return float(loss.detach()), 1 - float(trained.factor.detach())


def run_keras(case):
    import keras

    class Factor(keras.layers.Layer):
        def build(self, shape):
            self.factor = self.add_weight(shape=(), initializer="ones")

        def call(self, x):
            return self.factor * x

    activations = {
        "probability": [keras.layers.Activation("sigmoid")],
        "distribution": [keras.layers.Activation("softmax")],
        "log-distribution": [keras.layers.Activation("log_softmax")],
        "positive": [keras.layers.Activation("softplus")],
        "direction": [keras.layers.UnitNormalization()],
    }
    own_model = "compute_loss" in case["code"]
    layers = {name: Factor() for name in case["networks"]}
    last = [] if own_model else activations.get(case["activation"], [])
    networks = {name: keras.Sequential([layer, *last]) for name, layer in layers.items()}
    for name, layer in layers.items():
        layer.build(None)
    arrays = arrays_of(case, lambda a: a.astype("float32") if a.dtype == np.float64 else a)
    names = execute(case, {**arrays, **networks, "keras": keras})
    return names["history"].history["loss"][0], 1 - float(layers[case["trained"]].factor.numpy())


def run_optax(case):
    import jax.numpy as jnp
    import optax

    class Factor:
        def apply(self, params, x):
            return params * x

    optimizer = optax.sgd(1.0)
    params = jnp.ones(())
    names = {**arrays_of(case, jnp.asarray), "optimizer": optimizer, "params": params, "opt_state": optimizer.init(params)}
    for name in case["networks"]:
        names[name] = Factor()
        names[f"{name}_params"] = jnp.ones(())
    names = execute(case, names)
    return float(names["loss"]), 1 - float(names["params"])


def run_numpy(case):
    with np.errstate(all="raise", under="ignore"):
        names = execute(case, arrays_of(case, lambda a: a))
    for name, expected in case.get("gradients", {}).items():
        found = names[name]
        wanted = np.array(expected["data"]).reshape(expected["shape"])
        if found.shape != wanted.shape:
            raise AssertionError(f"{name} has shape {found.shape}, not {wanted.shape}")
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-14, err_msg=name)
    return float(names["loss"]), None


RUN = {"torch": run_torch, "keras": run_keras, "optax": run_optax, "numpy": run_numpy}


def problem_of(case, loss, slope):
    close = 2e-5 if case["framework"] in FLOAT32 else 1e-9
    if "equal" in case:
        return None if np.isfinite(loss) and np.isfinite(slope) else f"equal embeddings: loss {loss}, moved by {slope}"
    if "value" not in case:
        return None if np.isfinite(loss) and slope != 0 else f"loss {loss}, moved by {slope}"
    if not abs(loss - case["value"]) <= close * max(1, abs(loss)):
        return f"loss {loss}, the engine says {case['value']}"
    # The engine's slope is a difference quotient.
    if slope is not None and not abs(slope - case["slope"]) <= max(50 * close, 1e-7) * max(1, abs(slope)):
        return f"moved by {slope}, the engine says {case['slope']}"
    return None


def run_tfjs(cases):
    from cases_tfjs import installed

    script = pathlib.Path(__file__).parent / "check_snippets_tfjs.mjs"
    done = subprocess.run(["node", str(script), str(installed())], input=json.dumps(cases), stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def main():
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    only = sys.argv[2:]
    cases = [case for case in cases if not only or case["framework"] in only]
    ours = [case for case in cases if case["framework"] in RUN]
    theirs = [case for case in cases if case["framework"] == "tfjs"]
    answers = []
    for case in ours:
        try:
            answers.append((case, *RUN[case["framework"]](case)))
        except Exception:
            answers.append((case, traceback.format_exc(limit=-2), None))
    if theirs:
        answers += [(case, answer.get("error", answer.get("loss")), answer.get("slope")) for case, answer in zip(theirs, run_tfjs(theirs))]
    failed = 0
    for case, loss, slope in answers:
        problem = loss if isinstance(loss, str) else problem_of(case, loss, slope)
        if problem:
            failed += 1
            print(f"{case['framework']} {case['name']} ({case.get('symbol', 'written out')}): {problem}\n{case['code']}\n")
    counts = {framework: sum(case["framework"] == framework for case in cases) for framework in [*RUN, "tfjs"]}
    print(f"{len(cases)} snippets run, {failed} wrong:", ", ".join(f"{name} {count}" for name, count in counts.items()))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
