"""Whether what the engine recognises is what the installed libraries export.

    python check_names.py NODE

asks the engine (names.ts, run by NODE) for its symbols and compares:

- every path of a symbol exists in the library and leads to one and the same object;
- every public path under which the library exports that object is one of the symbol's;
- the arguments and defaults that are shown are those of the library's signature;
- the string ids that Keras takes, and what they stand for, are those of the recogniser.

Libraries that are not installed are named, not passed over in silence.
"""

import importlib
import importlib.util
import inspect
import json
import os
import pathlib
import subprocess
import sys
import warnings

os.environ.update({"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"})
warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent

# --- What may differ, and why.

# Recognised in sources that were written for another version than the installed one.
OF_OTHER_VERSIONS = {
    "tf_keras": "Keras 2 as a package of its own, not installed beside Keras 3",
}
# Where nobody imports a loss from.
INTERNAL = (
    "torch.testing.",  # torch's own tests
    "torch.distributed.",
    "torch.overrides.",
    "torch.onnx.",
    "torch.fx.",
    "tensorflow.python.",  # TensorFlow's insides
    "keras.src.",  # Keras' insides
    "tensorflow.keras.src.",
    "jax.",
)
# A name inside a module alone, which the package hides by that module.
UNLISTED = {"monai.losses.ds_loss.ds_loss"}
# Names of a library's own that are not one object with the symbol, and why they are taken for it.
ALSO_MEANT = {
    "torch.nn.NLLLoss2d": "a subclass without a change",
    "torch.nn.modules.NLLLoss2d": "a subclass without a change",
    "torch.nn.modules.loss.NLLLoss2d": "a subclass without a change",
    "tensorflow.compat.v1.nn.": "TensorFlow 1's signature of the same function",
}
# tf.keras of Keras 3 has these functions under their short names alone; that of Keras 2 had both.
ONLY_IN_KERAS_2 = {
    f"tensorflow.{module}.{name}"
    for module in ("keras.losses", "keras.metrics", "losses")
    for name in (
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "log_cosh",
        "kl_divergence",
    )
}
# Arguments whose default means that they have to be given, or that they are not to be.
NO_REAL_DEFAULT = {
    ("tf.nn.sigmoid_cross_entropy_with_logits", "labels"),
    ("tf.nn.sigmoid_cross_entropy_with_logits", "logits"),
    ("sklearn.metrics.log_loss", "y_pred"),
    # A function, written as it is imported.
    ("optax.losses.ranking_softmax_loss", "reduce_fn"),
}
# Ids of Keras 2 that are still recognised in `compile`.
FORMER_IDS = {"logcosh", "huber_loss", "kullback_leibler_divergence"}


def resolve(path):
    parts = path.split(".")
    if parts[0] == "tf":
        parts[0] = "tensorflow"
    # The last part is an attribute, even where a module has the same name.
    for end in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise ImportError(path)


def load_segmentation():
    """
    The losses of packages whose rest needs image readers: kornia's are gathered as its own __init__ does.
    Returns the names of those that cannot be had without the rest.
    """
    import ast

    from cases_segmentation import MODULES, load

    unloaded = set()
    for package in MODULES:
        if importlib.util.find_spec(package.split(".")[0]) is None:
            continue
        load(package)
        home = sys.modules[package]
        source = pathlib.Path(home.__path__[0], "__init__.py").read_text(encoding="utf-8")
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.ImportFrom) and statement.level == 1:
                names = [alias.name for alias in statement.names]
                try:
                    module = importlib.import_module(f"{package}.{statement.module}")
                except ImportError:
                    unloaded.update(f"{package}.{name}" for name in names)
                else:
                    for name in names:
                        setattr(home, name, getattr(module, name))
    return unloaded


def installed(path):
    root = "tensorflow" if path.startswith("tf.") else path.split(".")[0]
    if root == "torchvision":
        from cases_torchvision import import_torchvision

        return bool(import_torchvision())
    return root in sys.modules or importlib.util.find_spec(root) is not None


def exported(objects):
    """Every public dotted path, in what is imported, under which one of the objects (by identity) is found."""
    wanted = {id(thing): name for name, thing in objects.items()}
    found = {}
    for module_name, module in sorted(sys.modules.items()):
        if module is None or any(part.startswith("_") for part in module_name.split(".")) or module_name.startswith(INTERNAL):
            continue
        public = getattr(module, "__all__", None)
        for attribute, value in list(vars(module).items()):
            if attribute.startswith("_") or id(value) not in wanted or (public is not None and attribute not in public):
                continue
            # Without `__all__` a module exports what it defines; a package also what it gathers.
            if public is None and not hasattr(module, "__path__") and getattr(value, "__module__", None) != module_name:
                continue
            if f"{module_name}.{attribute}" not in UNLISTED:
                found.setdefault(wanted[id(value)], set()).add(f"{module_name}.{attribute}")
    return found


def written(arguments):
    """As Python writes a signature, without `self` and what collects the rest."""
    return [(a["name"], a.get("default"), bool(a.get("keywordOnly"))) for a in arguments]


def shown(value):
    text = f"'{value.value}'" if hasattr(value, "value") and isinstance(value.value, str) else repr(value)
    return {"<no value>": "None"}.get(text, text)


def signature(thing):
    parameters = [p for p in inspect.signature(thing).parameters.values() if p.name != "self" and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return [(p.name, None if p.default is p.empty else shown(p.default), p.kind is p.KEYWORD_ONLY) for p in parameters]


def same_default(ours, theirs):
    if ours is None or theirs is None:
        return ours == theirs
    try:
        return eval(ours, {}) == eval(theirs, {"inf": float("inf")})
    except Exception:
        return ours == theirs


def signature_problems(symbol, thing):
    arguments = symbol.get("constructorArguments") if symbol["kind"] == "class" else symbol["callArguments"]
    try:
        theirs = signature(thing.__init__ if isinstance(thing, type) else thing)
    except (TypeError, ValueError):
        # A function that torch.jit has compiled.
        return []
    ours = written(arguments)
    collects = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in inspect.signature(thing).parameters.values())
    return [
        f"{symbol['name']}: {what}"
        for what in [
            *(f"{name} is no argument of the library's" for name, _, _ in ours if not collects and name not in [t[0] for t in theirs]),
            *(f"{name} is missing" for name, _, _ in theirs if name not in [o[0] for o in ours]),
            *(
                f"{name}={a} here, {b} there"
                for name, a, _ in ours
                for other, b, _ in theirs
                if name == other and (symbol["name"], name) not in NO_REAL_DEFAULT and not same_default(a, b)
            ),
            *(["the order differs"] if [o[0] for o in ours if not o[2]] != [t[0] for t in theirs if not t[2]] and {o[0] for o in ours} == {t[0] for t in theirs} else []),
        ]
    ]


def keras_ids():
    import keras
    from keras.src.losses import ALL_OBJECTS_DICT

    names = {*ALL_OBJECTS_DICT, *dir(keras.losses), *FORMER_IDS, *(name.upper() for name in ALL_OBJECTS_DICT), *(name.lower() for name in ALL_OBJECTS_DICT)}
    return sorted(name for name in names if name.isidentifier() and not name.startswith("_"))


def id_problems(recognised):
    import keras

    problems = []
    for name, symbol in recognised.items():
        try:
            taken = keras.losses.get(name)
        except Exception:
            taken = None
        if taken is None or isinstance(taken, type):
            if symbol and name not in FORMER_IDS:
                problems.append(f"the id {name!r} is recognised as {symbol}, and Keras knows none such")
        elif symbol is None:
            # The base class is no loss.
            if name not in {"Loss", "loss"}:
                problems.append(f"Keras takes the id {name!r}, which is not recognised")
        else:
            function = getattr(taken, "fn", taken)
            if function is not resolve(symbol):
                problems.append(f"the id {name!r} is recognised as {symbol}, and Keras takes {function.__name__}")
    return problems


def main():
    sys.path.insert(0, str(HERE))
    unloaded = load_segmentation()
    ids = keras_ids()
    asked = subprocess.run([sys.argv[1], str(HERE / "names.ts")], input=json.dumps(ids), stdout=subprocess.PIPE, check=True, text=True)
    known = json.loads(asked.stdout)
    problems, objects, absent = id_problems(known["ids"]), {}, {}
    recognised = {}
    for symbol in known["symbols"]:
        name = symbol["name"]
        if not installed(name) or name in unloaded:
            absent.setdefault(name.split(".")[0], []).append(name)
            continue
        objects[name] = thing = resolve(name)
        if isinstance(thing, type) != (symbol["kind"] == "class"):
            problems.append(f"{name} is no {symbol['kind']}")
        problems += signature_problems(symbol, thing)
        recognised[name] = {path.replace("tf.", "tensorflow.", 1) if path.startswith("tf.") else path for path in [name, *symbol["paths"]]}
        for path in sorted(recognised[name]):
            if path.split(".")[0] in OF_OTHER_VERSIONS or path in ONLY_IN_KERAS_2:
                continue
            try:
                found = resolve(path)
            except (ImportError, AttributeError):
                problems.append(f"{name}: there is no {path}")
                continue
            if found is not thing and not path.startswith(tuple(ALSO_MEANT)):
                problems.append(f"{name}: {path} is something else")
    for name, paths in exported(objects).items():
        problems += [f"{name} is also exported as {path}" for path in sorted(paths - recognised[name])]
    for problem in problems:
        print(problem)
    for package, names in absent.items():
        print(f"NOT ASKED, for {package} or what it needs is not installed: {', '.join(names)}.")
    if problems:
        sys.exit(f"{len(problems)} differences between what is recognised and what the libraries export.")
    print(f"{len(objects)} symbols and {len(ids)} Keras ids are recognised as the installed libraries export them.")


if __name__ == "__main__":
    main()
