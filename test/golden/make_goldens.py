"""Makes the golden data: runs every case on the real library and writes down what it answers.

    python make_goldens.py                      all files, into data/
    python make_goldens.py keras tensorflow     those libraries' files only
    python make_goldens.py optax --only optax.l2_loss   those symbols' cases, into the data that is there
    python make_goldens.py --check              into a temporary folder, and compares with data/
    python make_goldens.py --answer keras jax   one library's answers, as JSON on standard output

A library is a module cases_<library>.py with `cases()`. torch and Keras are asked here; any other module asks its
library itself, with `answers(cases)`, which returns a list of `answer_record`s (or {"error": …}) and the versions.
A module that names packages in `REQUIRES` is left out, and said to be, where one of them is not installed.
"""

import argparse
import importlib
import importlib.util
import json
import math
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE / "data"


# --- Writing: arrays as flat row-major lists, non-finite numbers as strings.


def number(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value == int(value) and abs(value) < 1e15 and math.copysign(1, value) > 0 else value


def flat(values):
    import numpy as np

    if values.dtype == np.float32:
        # The shortest decimal that is this float32, read back through float64.
        return [number(float(np.format_float_scientific(v, unique=True)) if np.isfinite(v) else float(v)) for v in values.ravel()]
    return [number(v) for v in values.ravel().tolist()]


def written(values, dtype=True):
    head = {"dtype": str(values.dtype)} if dtype else {}
    return {**head, "shape": list(values.shape), "data": flat(values)}


def written_case(case, answer):
    record = {
        "symbol": case.symbol,
        "note": case.note,
        "inputs": {name: written(values) for name, values in case.inputs.items()},
        "parameters": {name: number(v) if isinstance(v, float) else v for name, v in case.parameters.items()},
    }
    if case.surrogate:
        record["surrogate"] = True
    return {**record, **answer}


def line(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def write(path, head, key, records):
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n" for name, value in head.items()]
    body = ",\n".join(line(record) for record in records)
    path.write_text("{\n" + "".join(lines) + f'"{key}": [\n{body}\n]\n}}\n', encoding="utf-8")


def answer_record(value, gradients, warning, gradient_error=None):
    # A gradient has its input's dtype; it is written where that is not the value's.
    by_name = {name: written(g, dtype=g.dtype != value.dtype) for name, g in gradients.items()}
    record = {"value": written(value), "gradients": by_name}
    if gradient_error:
        record["gradientError"] = gradient_error
    if warning:
        record["warning"] = warning
    return record


# --- torch


def torch_call(symbol, parameters, tensors):
    import torch

    name = symbol.rsplit(".", 1)[1]
    if symbol.startswith("torch.nn.functional."):
        return getattr(torch.nn.functional, name)(**tensors, **parameters)
    made_with = {n: t for n, t in tensors.items() if n in ("weight", "pos_weight")}
    called_with = {n: t for n, t in tensors.items() if n not in made_with}
    return getattr(torch.nn, name)(**made_with, **parameters)(**called_with)


def torch_answers(cases, call=torch_call):
    """Answers with gradients; `call` runs one symbol on tensors."""
    import warnings

    import torch

    torch.set_num_threads(1)

    def answer(case):
        def run(fixed):
            tensors = {name: torch.from_numpy(values.copy()) for name, values in case.inputs.items()}
            wanted = [name for name, t in tensors.items() if name not in fixed and t.is_floating_point()]
            for name in wanted:
                tensors[name].requires_grad_()
            try:
                return tensors, wanted, call(case.symbol, case.parameters, tensors)
            except RuntimeError as error:
                constant = re.search(r"is not differentiable with respect to argument '(\w+)'", str(error))
                if not constant or constant[1] in fixed:
                    raise
                return run({*fixed, constant[1]})

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                tensors, wanted, value = run(set())
            except Exception as error:  # every refusal is part of the record
                return {"error": str(error)}
            gradients, gradient_error = {}, None
            if value.requires_grad:
                try:
                    found = torch.autograd.grad(value.sum(), [tensors[name] for name in wanted], allow_unused=True)
                    gradients = {name: g.numpy() for name, g in zip(wanted, found) if g is not None}
                except RuntimeError as error:
                    gradient_error = str(error)
        warning = next((str(w.message) for w in caught if issubclass(w.category, UserWarning)), None)
        return answer_record(value.detach().numpy(), gradients, warning, gradient_error)

    return [answer(case) for case in cases], {"torch": torch.__version__}


# --- Keras, on any of its backends (KERAS_BACKEND is set before it is imported)


def keras_differentiator(backend):
    """value, {name: gradient} of a function of named arrays; gradients by the floating-point ones."""
    if backend == "tensorflow":
        import tensorflow as tf

        def differentiate(f, inputs):
            tensors = {name: tf.convert_to_tensor(values) for name, values in inputs.items()}
            wanted = [name for name, t in tensors.items() if t.dtype.is_floating]
            with tf.GradientTape() as tape:
                tape.watch([tensors[name] for name in wanted])
                value = f(**tensors)
                total = tf.reduce_sum(value)
            gradients = tape.gradient(total, [tensors[name] for name in wanted])
            return value.numpy(), {n: tf.convert_to_tensor(g).numpy() for n, g in zip(wanted, gradients) if g is not None}

    elif backend == "torch":
        import numpy as np
        import torch

        def differentiate(f, inputs):
            tensors = {name: torch.from_numpy(np.array(values)) for name, values in inputs.items()}
            wanted = [name for name, t in tensors.items() if t.is_floating_point()]
            for name in wanted:
                tensors[name].requires_grad_()
            # Keras changes weights in place, which torch forbids of what it differentiates by: copies are given.
            value = f(**{name: t.clone() for name, t in tensors.items()})
            if not value.requires_grad:
                return value.numpy(), {}
            gradients = torch.autograd.grad(value.sum(), [tensors[name] for name in wanted], allow_unused=True)
            return value.detach().numpy(), {n: g.numpy() for n, g in zip(wanted, gradients) if g is not None}

    else:
        import jax
        import numpy as np

        def differentiate(f, inputs):
            fixed = {name: values for name, values in inputs.items() if values.dtype.kind != "f"}
            floats = {name: values for name, values in inputs.items() if values.dtype.kind == "f"}
            value = np.asarray(f(**inputs))
            gradients = jax.grad(lambda floats: f(**fixed, **floats).sum())(floats) if floats and value.dtype.kind == "f" else {}
            return value, {name: np.asarray(g) for name, g in gradients.items()}

    return differentiate


def keras_answers(cases, backend):
    import warnings

    import keras

    differentiate = keras_differentiator(backend)

    from cases_keras import undefined

    def answer(case):
        if undefined(case, backend):
            return {"error": f"not asked: {backend} would read memory that is not its own"}
        symbol = getattr(keras.losses, case.symbol.rsplit(".", 1)[1])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                call = symbol(**case.parameters) if isinstance(symbol, type) else lambda **arrays: symbol(**arrays, **case.parameters)
                value, gradients = differentiate(call, case.inputs)
            except Exception as error:
                return {"error": message(error)}
        warning = next((str(w.message) for w in caught if issubclass(w.category, SyntaxWarning)), None)
        return answer_record(value, gradients, warning)

    def message(error):
        # TensorFlow's messages carry the kernel and the device in front and the operation behind.
        return str(error).split("}} ", 1)[-1].split("\n")[0].split(" [Op:")[0].strip()

    versions = {"keras": keras.__version__}
    module = __import__(backend)
    versions[backend] = module.__version__
    return [answer(case) for case in cases], versions


# --- Comparing answers


def same_numbers(a, b, relative):
    """Equal up to `relative` of each number, or of a thousandth of the largest (sums may cancel)."""
    if a["shape"] != b["shape"]:
        return False
    x, y = ([float(v) for v in side["data"]] for side in (a, b))
    finite = [abs(v) for v in x if math.isfinite(v)]
    slack = relative * max(finite, default=0) * 1e-1
    for u, v in zip(x, y):
        if math.isfinite(u) and math.isfinite(v):
            if abs(u - v) > relative * max(abs(u), abs(v)) + slack + 1e-300:
                return False
        elif not (u == v or (math.isnan(u) and math.isnan(v))):
            return False
    return True


def differences(a, b, tolerances):
    """What differs between two answers to one case: 'error', 'value', 'gradients.input' …"""
    if "error" in a or "error" in b:
        return [] if a.get("error") == b.get("error") else ["error"]
    found = []
    # A float64 value of float32 inputs (which their gradients show) is as exact as the float32 parts of it, which processors round differently.
    parts = [part for side in (a, b) for part in (side["value"], *side["gradients"].values())]
    relative = tolerances["float32" if any(part.get("dtype") == "float32" for part in parts) else "float64"]
    if a["value"]["dtype"] != b["value"]["dtype"] or not same_numbers(a["value"], b["value"], relative):
        found.append("value")
    for name in {**a["gradients"], **b["gradients"]}:
        x, y = a["gradients"].get(name), b["gradients"].get(name)
        if x is None or y is None or not same_numbers(x, y, max(relative, *(tolerances[g.get("dtype", a["value"]["dtype"])] for g in (x, y)))):
            found.append(f"gradients.{name}")
    if a.get("warning") != b.get("warning"):
        found.append("warning")
    return found


# --- The files


LIBRARIES = sorted(path.stem.removeprefix("cases_") for path in HERE.glob("cases_*.py"))


def module_of(library):
    sys.path.insert(0, str(HERE))
    return importlib.import_module(f"cases_{library}")


def missing(library):
    """The packages that a library's cases need and this environment lacks."""
    return [name for name in getattr(module_of(library), "REQUIRES", ()) if importlib.util.find_spec(name) is None]


def cases_of(library, only=None):
    cases = module_of(library).cases()
    if only and (unknown := set(only) - {case.symbol for case in cases}):
        sys.exit(f"{library} has no cases of {', '.join(sorted(unknown))}.")
    return [case for case in cases if case.symbol in only] if only else cases


def answers_to(cases, library, backend):
    """In this process, which `environment_of` the backend was made for."""
    if library == "torch":
        return torch_answers(cases)
    if library == "keras":
        return keras_answers(cases, backend)
    return module_of(library).answers(cases)


def environment_of(backend):
    return {**os.environ, "KERAS_BACKEND": backend, "PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}


def ask(library, backend, only=None):
    """Answers of a fresh process: a process can import Keras with one backend only."""
    command = [sys.executable, str(HERE / "make_goldens.py"), "--answer", library, backend]
    command += ["--only", *only] if only else []
    done = subprocess.run(command, env=environment_of(backend), stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def make(folder, libraries):
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}"}
    for library in libraries:
        reference = ask(library, "tensorflow" if library == "keras" else library)
        cases = cases_of(library)
        records = [written_case(case, answer) for case, answer in zip(cases, reference["answers"])]
        write(folder / f"{library}.json", {"versions": reference["versions"], **machine}, "cases", records)
        if library == "keras":
            make_backends(folder, machine, cases, reference)


def make_only(library, only):
    """Puts the answers to the cases of some symbols into the committed data, which has to be of the same versions."""
    path = DATA / f"{library}.json"
    head = json.loads(path.read_text(encoding="utf-8"))
    kept = {}
    for record in head.pop("cases"):
        kept.setdefault(record["symbol"], []).append(record)
    asked = ask(library, library, only)
    if asked["versions"] != head["versions"]:
        sys.exit(f"data/{library}.json was made with {head['versions']}, and {asked['versions']} are installed: make all of it.")
    cases = cases_of(library)
    made = {symbol: [] for symbol in only}
    for case, answer in zip((case for case in cases if case.symbol in made), asked["answers"]):
        made[case.symbol].append(written_case(case, answer))
    in_turn = {symbol: iter(records) for symbol, records in {**kept, **made}.items()}
    # In the order of the cases, as `make` writes them.
    records = [record for case in cases if (record := next(in_turn.get(case.symbol, iter(())), None))]
    write(path, head, "cases", records)


def make_backends(folder, machine, cases, reference):
    """Where Keras' other backends answer otherwise."""
    versions, records = {}, []
    for backend in ("torch", "jax"):
        other = ask("keras", backend)
        versions[backend] = other["versions"]
        for case, ours, theirs in zip(cases, reference["answers"], other["answers"]):
            if "error" in ours and "error" in theirs:
                continue
            differs = differences(ours, theirs, {"float32": 3e-6, "float64": 1e-12})
            if differs:
                records.append({"symbol": case.symbol, "note": case.note, "backend": backend, "differs": differs, **theirs})
    write(folder / "keras-backends.json", {"versions": versions, **machine}, "cases", records)


def check(folder):
    """Compares what was made in `folder` with the committed data; the answers, not their last digits."""
    problems = []
    for name in sorted(path.name for path in folder.glob("*.json")):
        committed, made = (json.loads((place / name).read_text(encoding="utf-8")) for place in (DATA, folder))
        key = lambda record: (record["symbol"], record["note"], record.get("backend"))
        old, new = ({key(record): record for record in side["cases"]} for side in (committed, made))
        problems += [f"{name}: {k} is only in the committed data" for k in old.keys() - new.keys()]
        problems += [f"{name}: {k} is not in the committed data" for k in new.keys() - old.keys()]
        for k in old.keys() & new.keys():
            asked = ("inputs", "parameters", "surrogate", "gradientError", "differs")
            changed = [part for part in asked if old[k].get(part) != new[k].get(part)]
            changed += differences(old[k], new[k], {"float32": 3e-6, "float64": 1e-12})
            if changed:
                problems.append(f"{name}: {k}: {', '.join(changed)}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help=f"of {', '.join(LIBRARIES)}; all unless given")
    parser.add_argument("--check", action="store_true", help="compare with the committed data instead of writing it")
    parser.add_argument("--only", nargs="+", metavar="SYMBOL", help="of one library, not Keras: only these symbols' cases are asked and replaced")
    parser.add_argument("--answer", nargs=2, metavar=("LIBRARY", "BACKEND"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    libraries = arguments.libraries or LIBRARIES
    if arguments.answer:
        library, backend = arguments.answer
        answers, versions = answers_to(cases_of(library, arguments.only), library, backend)
        import numpy

        print(json.dumps({"answers": answers, "versions": {**versions, "numpy": numpy.__version__}}))
        return
    if arguments.only:
        if len(libraries) != 1 or libraries == ["keras"] or arguments.check:
            parser.error("--only takes one library, which is not Keras, and does not check.")
        return make_only(libraries[0], arguments.only)
    left_out = {library: packages for library in libraries if (packages := missing(library))}
    for library, packages in left_out.items():
        print(f"NOT ASKED, data/{library}.json stays as it is: {', '.join(packages)} not installed.")
    libraries = [library for library in libraries if library not in left_out]
    if arguments.check:
        with tempfile.TemporaryDirectory() as folder:
            make(pathlib.Path(folder), libraries)
            problems = check(pathlib.Path(folder))
        for problem in problems:
            print(problem)
        if problems:
            sys.exit(f"{len(problems)} golden answers differ from the installed libraries'.")
        print(f"The installed libraries give the golden answers{' (but see above: not all were asked)' if left_out else ''}.")
    else:
        make(DATA, libraries)


if __name__ == "__main__":
    main()
