"""Prints arrays, Series and DataFrames with the real libraries, over shapes, dtypes and print options, one JSON object
a line, for `printed.ts` to read back.

    python test/corpus/printed.py --count 100000 --seed 1 | node test/corpus/printed.ts
    python test/corpus/printed.py --behind --count 10000 --seed 1 | node test/corpus/printed.ts
    python test/corpus/printed.py --odd --count 10000 --seed 1 | node test/corpus/printed.ts

An array's case: `text`, `library`, and `dtype`, `shape`, `numbers` (the printed numerals, read again by Python as that
dtype, as they are held, in hexadecimal bytes), or `refused`: it is not all there, or holds no real numbers. `original`
are the array's own bytes where the options print every digit: printing and reading must give them back.
A table's case: `text`, `html` and `columns`: the cells of each column as pandas formats them one by one, `null` for
columns that hold no numbers; `partly` where only a part is printed.
A mixed output's case: `text`, and `parts`: cases with the names that the text gives them.
An output of several prints, of tables and arrays behind words: `text`, and `pieces`: their cases, in order. `--odd`
prints tables right below each other, narrow ones of few rows, without their index or header, named by numbers.
"""

import argparse
import io
import json
import os
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pandas as pd
import pandas.io.formats.format as pandas_format
import tensorflow as tf
import torch

HELD = {"float16": "float32", "bfloat16": "float32", "uint64": "int64"}
FLOATS = ["float64", "float32", "float16"]
INTEGERS = ["int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64"]
NUMERAL = re.compile(r"[-+]?(?:nan|inf|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|True|False")


def numpy_dtype(name):
    return np.dtype(getattr(ml_dtypes, name)) if name == "bfloat16" else np.dtype(name)


def held(values, dtype):
    return np.ascontiguousarray(values).astype(HELD.get(dtype, dtype)).tobytes().hex()


def reread(body, dtype):
    words = NUMERAL.findall(body)
    if dtype == "bool":
        return np.array([word == "True" for word in words], dtype=bool)
    if "int" in dtype:
        return np.array([int(word) for word in words], dtype=numpy_dtype(dtype))
    return np.array([float(word) for word in words], dtype=np.float64).astype(numpy_dtype(dtype))


def body_of(text):
    """From the first bracket to its partner; for a single number, up to what follows it."""
    start = text.find("[")
    if start < 0:
        return re.split(r"[,)>]", re.split(r"\(|numpy=", text)[-1] if "numpy=" in text else text.split("(", 1)[-1])[0]
    depth = 0
    for at in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return text[start : at + 1]
    raise ValueError(text)


def sample(random, shape, dtype):
    if dtype == "bool":
        return np.array(random.integers(0, 2, shape), dtype=bool)
    if "int" in dtype:
        info = np.iinfo(dtype)
        if random.random() < 0.3:
            high = min(info.max, 2**63 - 1)
            return np.array(random.integers(info.min, high, shape, dtype="uint64" if dtype == "uint64" else "int64", endpoint=True), dtype=dtype)
        return np.array(random.integers(max(info.min, -20), 100, shape), dtype=dtype)
    values = np.asarray(random.normal(size=shape))
    style = random.integers(0, 5)
    if style == 0:
        small = dtype == "float16"
        values = values * 10.0 ** random.integers(-6 if small else -30, 4 if small else 30, shape)
    elif style == 1:
        values = np.round(values * 3)
    elif style == 2:
        values = np.clip(np.abs(values), 0, 1)
    values = np.array(values).astype(numpy_dtype(dtype))
    if random.random() < 0.2 and values.size > 2:
        values.flat[0], values.flat[1], values.flat[2] = np.nan, -np.inf, -0.0
    return values


def shape_of(random):
    rank = int(random.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 4]))
    if random.random() < 0.03:
        return [(2000,), (60, 40), (1001, 1), (3, 30, 20)][random.integers(4)]
    most = {0: 1, 1: 40, 2: 12, 3: 6, 4: 4}[rank]
    return tuple(int(n) for n in random.integers(0 if random.random() < 0.05 else 1, most + 1, rank))


def numpy_options(random):
    options = {}
    if random.random() < 0.5:
        options["precision"] = int(random.integers(1, 18))
    if random.random() < 0.3:
        options["floatmode"] = str(random.choice(["fixed", "unique", "maxprec", "maxprec_equal"]))
    if random.random() < 0.3:
        options["suppress"] = True
    if random.random() < 0.2:
        options["sign"] = str(random.choice(["+", " "]))
    if random.random() < 0.4:
        options["linewidth"] = int(random.integers(15, 200))
    if random.random() < 0.2:
        options["threshold"], options["edgeitems"] = int(random.integers(3, 60)), int(random.integers(1, 4))
    if random.random() < 0.1:
        options["legacy"] = str(random.choice(["1.13", "1.21", "1.25"]))
    return options


def array_case(library, text, values, dtype, shape, exact=False):
    case = {"text": text, "library": library}
    if "..." in text:
        return {**case, "refused": "incomplete"}
    try:
        numbers = reread(body_of(text), dtype)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{error}: {text}") from error
    size = int(np.prod(shape))
    if numbers.size != size:
        if size == 0:
            numbers = np.zeros(0, numpy_dtype(dtype))
        else:
            raise ValueError(f"{numbers.size} of {size} numbers: {text}")
    return {
        **case,
        "dtype": HELD.get(dtype, dtype),
        "origin": dtype if dtype in ("float16", "bfloat16") else None,
        "shape": list(shape),
        "numbers": held(numbers, dtype),
        **({"original": held(values, dtype)} if exact else {}),
    }


def printed_kind(text, dtype, values):
    """The dtype that a text without one shows: JAX prints bfloat16 without points where it can."""
    if dtype == "bool" and values.size:
        return "bool"
    return "float64" if values.size == 0 or re.search(r"[.ena]", text) else "int64"


def numpy_case(random):
    dtype = str(random.choice(FLOATS + FLOATS + INTEGERS + ["bool"]))
    values = sample(random, shape_of(random), dtype)
    options = numpy_options(random)
    represented = random.random() < 0.6
    with np.printoptions(**options):
        text = repr(values) if represented else str(values)
    exact = "float" not in dtype or (options.get("floatmode") == "unique" and "legacy" not in options)
    if represented and values.ndim:
        return array_case("numpy", text, values, dtype, values.shape if values.size or "shape" in text else (0,), exact)
    if represented and values.ndim == 0:
        return array_case("numpy", text, values, dtype, ())
    kind = printed_kind(text, dtype, values)
    shape = values.shape if values.size else (0,)
    return array_case("numpy", text, values, kind, shape)


def unreal_case(random):
    shape = tuple(int(n) for n in random.integers(1, 4, random.integers(1, 3)))
    values = random.normal(size=shape)
    kind = random.integers(0, 5)
    if kind == 0:
        text = repr((values + 1j * random.normal(size=shape)).astype(random.choice(["complex64", "complex128"])))
    elif kind == 1:
        text = repr(torch.tensor(values) + 1j)
    elif kind == 2:
        text = repr(values.astype("U3"))
    elif kind == 3:
        text = repr(np.array([None, *values.flat], dtype=object))
    else:
        text = repr(np.arange("2024-01", "2024-03", dtype="datetime64[W]"))
    return {"text": text, "library": "numpy" if kind != 1 else "torch", "refused": "any"}


def torch_case(random):
    dtype = str(random.choice(FLOATS + ["bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]))
    values = sample(random, shape_of(random), dtype)
    made = values.astype("float32") if dtype == "bfloat16" else values
    tensor = torch.from_numpy(np.array(made)).to(getattr(torch, dtype))
    precision = int(random.choice([4, 4, 4, 2, 6, 8, 10]))
    torch.set_printoptions(
        precision=precision,
        sci_mode=[None, None, True, False][random.integers(4)],
        linewidth=int(random.choice([80, 80, 40, 120, 200])),
        threshold=int(random.choice([1000, 1000, 20, 10_000])),
        edgeitems=int(random.choice([3, 2])),
    )
    if "float" in dtype and random.random() < 0.3:
        tensor.requires_grad_()
        if random.random() < 0.5:
            tensor = tensor * 1
    text = repr(torch.nn.Parameter(tensor.detach())) if tensor.requires_grad and random.random() < 0.2 else repr(tensor)
    torch.set_printoptions(profile="default")
    if tensor.numel() == 0:
        # A rank that it does not print.
        shape = tuple(tensor.shape) if "size=" in text else (0,)
        return array_case("torch", text, values, dtype, shape)
    return array_case("torch", text, values, dtype, tuple(tensor.shape), "int" in dtype)


def tensorflow_case(random):
    dtype = str(random.choice(FLOATS + ["bfloat16"] + INTEGERS + ["bool"]))
    values = sample(random, shape_of(random), dtype)
    tensor = tf.constant(values, dtype=dtype)
    if random.random() < 0.2:
        tensor = tf.Variable(tensor, name="weights")
    options = numpy_options(random)
    options.pop("legacy", None)
    with np.printoptions(**options):
        text = str(tensor) if random.random() < 0.5 else repr(tensor)
    return array_case("tensorflow", text, values, dtype, values.shape, "int" in dtype)


def jax_case(random):
    dtype = str(random.choice(["float32", "float32", "float16", "bfloat16", "int32", "int16", "int8", "uint8", "uint16", "uint32", "bool"]))
    values = sample(random, shape_of(random), dtype)
    array = jnp.asarray(values)
    options = numpy_options(random)
    options.pop("legacy", None)
    represented = random.random() < 0.7
    with np.printoptions(**options):
        text = repr(array) if represented else str(array)
    if represented:
        return array_case("jax", text, values, dtype, values.shape, "int" in dtype)
    kind = printed_kind(text, dtype, values)
    return array_case("jax", text, values, kind, values.shape if values.size else (0,))


WORDS = ["pred", "target", "y_hat", "sepal length (cm)", "Loss", "a", "b", "mean", "x1", "n.r", "été", "GDP per capita"]
LABELS = ["alice", "bob", "new york", "old york", "室", "x", "row 1", "row 2", "2024-b", "n/a"]


def column_values(random, rows):
    kind = random.integers(0, 9)
    if kind <= 3:
        return sample(random, (rows,), str(random.choice(["float64", "float64", "float32"])))
    if kind <= 5:
        return sample(random, (rows,), str(random.choice(["int64", "int32", "uint8"])))
    if kind == 6:
        return sample(random, (rows,), "bool")
    if kind == 7:
        return np.array([LABELS[i] for i in random.integers(0, len(LABELS), rows)], dtype=object)
    return pd.date_range("2024-01-01", periods=rows, freq=str(random.choice(["D", "h"])))


def index_of(random, rows):
    kind = random.integers(0, 7)
    if kind <= 2:
        return pd.RangeIndex(rows)
    if kind == 3:
        return pd.Index([LABELS[i] for i in random.integers(0, len(LABELS), rows)], name=str(random.choice(WORDS)) if random.random() < 0.5 else None)
    if kind == 4:
        return pd.Index(random.integers(-5, 2000, rows), name="id" if random.random() < 0.3 else None)
    if kind == 5:
        return pd.date_range("2024-01-01", periods=rows, freq="h")
    return pd.MultiIndex.from_arrays([np.sort(random.choice(["a", "b"], rows)), np.arange(rows)], names=["k", "i"] if random.random() < 0.5 else None)


def is_number(values):
    return values.dtype.kind in "fiub"


def pandas_case(random):
    rows, count = int(random.integers(1, 14)), int(random.integers(1, 9))
    if random.random() < 0.05:
        rows = int(random.integers(61, 200))
    index = index_of(random, rows)
    options = ["display.precision", int(random.choice([6, 6, 6, 2, 10]))]
    options += ["display.width", int(random.choice([80, 80, 60, 120, 200]))]
    options += ["display.max_columns", [None, None, 20, 4][random.integers(4)]]
    options += ["display.expand_frame_repr", bool(random.random() < 0.9)]
    with pd.option_context(*options):
        if random.random() < 0.35:
            values = column_values(random, rows)
            name = str(random.choice(WORDS)) if random.random() < 0.5 else None
            series = pd.Series(values, index=index, name=name)
            text = repr(series)
            formatter = pandas_format.SeriesFormatter(series)
            cells = [cell.strip() for cell in formatter._get_formatted_values()]
            column = {"name": name, "cells": cells if is_number(series) else None, "dtype": str(series.dtype)}
            return {"library": "pandas", "text": text, "columns": [column], "partly": "..." in text.split("\nName")[0] or "Length: " in text.splitlines()[-1], "series": True}
        names = [str(word) for word in random.choice(WORDS, count, replace=False)] if random.random() < 0.7 else list(range(count))
        frame = pd.DataFrame({name: pd.Series(column_values(random, rows), index=index) for name in names})
        if random.random() < 0.1:
            frame.columns.name = "metric"
        text, html = repr(frame), frame._repr_html_()
        strings = pandas_format.DataFrameFormatter(frame).get_strcols()[1:]
        head = len(strings[0]) - rows
        columns = [
            {"name": str(name), "cells": [cell.strip() for cell in cells[head:]] if is_number(frame[name]) else None}
            for name, cells in zip(names, strings)
        ]
        shown = re.search(r"\[(\d+) rows x (\d+) columns\]$", text)
        partly = bool(shown) and ("..." in text)
        return {"library": "pandas", "text": text, "html": html, "columns": columns, "partly": partly, "partlyHtml": "<td>...</td>" in html}


def mixed_case(random):
    parts = []
    text = ""
    for name in random.choice(["pred", "target", "logits", "y_true", "weights", "labels"], int(random.integers(1, 4)), replace=False):
        while True:
            case = [numpy_case, torch_case, tensorflow_case, jax_case][random.integers(4)](random)
            if case.get("shape") and np.prod(case["shape"]) > 1:
                break
        form = random.integers(0, 5)
        text += [f"{name}: ", f"{name} = ", f"loss: {random.random():.4f}  {name}: ", f"{name}:\n", f"Epoch 3/10 [00:12<00:01, 3.2it/s]\n{name} "][form]
        text += case["text"] + str(random.choice(["\n", "\n\n", " acc=0.5 (128, 10)\n", " torch.Size([3, 2])\n"]))
        parts.append({**{key: case[key] for key in ("dtype", "origin", "shape", "numbers")}, "name": str(name)})
    return {"library": "mixed", "text": text, "parts": parts}


TITLES = ["X", "loss", "X:", "Mean times:", "Results for fold 12", "--- scores ---", "step 3", "y =", "Epoch 1/10 - loss: 0.25"]


def printed_by(print_options, *values):
    stream = io.StringIO()
    print(*values, file=stream, **print_options)
    return stream.getvalue()


def piece_of(random):
    """A table or an array, as `print` writes it, and its case."""
    with pd.option_context("display.width", int(random.choice([80, 80, 60, 200])), "display.precision", int(random.choice([6, 3]))):
        kind = random.integers(0, 8)
        if kind <= 4:
            case = pandas_case(random)
            return case["text"], {key: case[key] for key in ("columns", "partly", "series") if key in case}
    while True:
        case = [numpy_case, torch_case, tensorflow_case, jax_case][random.integers(4)](random)
        if case.get("shape") and np.prod(case["shape"]) > 1:
            return case["text"], {key: case[key] for key in ("dtype", "origin", "shape", "numbers")}


def pieces_case(random):
    """Some values, each behind a word, in one call of `print` or in several."""
    text, pieces = "", []
    for _ in range(int(random.integers(1, 4))):
        printed, piece = piece_of(random)
        title = str(random.choice(TITLES))
        form = random.integers(0, 9)
        if form <= 1:
            text += printed_by({}, title, printed)
        elif form == 2:
            text += printed_by({}, title + "\n", printed)
        elif form == 3:
            text += printed_by({}, f"{title}{random.choice(['=', ' = ', ': '])}{printed}")
        elif form == 4:
            text += printed_by({}, f"{title}\n{printed}")
        elif form == 5:
            text += printed_by({"sep": str(random.choice(["\n", "\t", "\n\n", ", "]))}, title, printed)
        elif form == 6:
            text += printed_by({}, printed)
        else:
            other, another = piece_of(random)
            before = [title] if form == 7 else []
            text += printed_by({}, *before, printed, *(["y"] if random.random() < 0.6 else []), other, *([0.5] if random.random() < 0.3 else []))
            pieces.append(piece)
            piece = another
        pieces.append(piece)
        text += str(random.choice(["", "", "\n", "done in 0.5 s\n", "accuracy 12  0.5\n"]))
    return {"library": "behind words", "text": text, "pieces": pieces}


def odd_frame(random):
    """A table of numbers as `to_string` writes it, and its case."""
    rows, count = int(random.integers(1, 8)), int(random.integers(1, 4))
    index = index_of(random, rows)
    kind = random.integers(0, 3)

    def values():
        if kind == 0:
            return random.integers(0, 10, rows)
        if kind == 1:
            return np.round(random.random(rows), 2)
        while not is_number(drawn := column_values(random, rows)):
            pass
        return drawn

    names = [str(word) for word in random.choice(WORDS, count, replace=False)] if random.random() < 0.4 else list(range(count))
    if random.random() < 0.15:
        names = [2019 + column for column in range(count)]
    frame = pd.DataFrame({name: pd.Series(values(), index=index) for name in names})
    if random.random() < 0.2:
        frame.columns.name = "metric"
    form = random.integers(0, 7)
    if form == 1:
        frame.columns = pd.MultiIndex.from_product([["a", "b"], range(count)])[:count]
    options = {2: {"index": False}, 3: {"header": False}, 4: {"index_names": False}}.get(form, {})
    strings = pandas_format.DataFrameFormatter(frame).get_strcols()[1:]
    columns = [
        {"name": str(name[-1] if isinstance(name, tuple) else name), "cells": [cell.strip() for cell in cells[-rows:]]}
        for name, cells in zip(frame.columns, strings)
    ]
    return frame.to_string(**options), {"columns": columns, "partly": False}, form == 3


def odd_series(random):
    rows, kind = int(random.integers(1, 8)), random.integers(0, 3)
    values = [random.integers(0, 10, rows), np.round(random.random(rows), 2), random.integers(-500, 500, rows)][kind]
    series = pd.Series(values, index=index_of(random, rows), name="n" if random.random() < 0.3 else None)
    if random.random() < 0.3:
        series = series.value_counts()
    cells = [cell.strip() for cell in pandas_format.SeriesFormatter(series)._get_formatted_values()]
    column = {"name": series.name, "cells": cells, "dtype": str(series.dtype)}
    return repr(series), {"columns": [column], "partly": False, "series": True}, False


def odd_case(random):
    text, pieces = "", []
    for _ in range(int(random.integers(1, 4))):
        printed, piece, headless = (odd_frame if random.random() < 0.65 else odd_series)(random)
        title = str(random.choice(TITLES))
        form = random.integers(0, 6)
        # Rows without a header right below others of their width are rows of that table to any eye.
        if headless and form <= 1:
            text += "\n"
        text += ["", "", f"{title}\n", f"{title} ", f"{title}\n ", f"{title}: "][form] + printed
        text += str(random.choice(["\n", "\n", "\n\n", " 0.5\n", " acc 12\n", "\nloss 5 7\n"]))
        pieces.append(piece)
    return {"library": "odd forms", "text": text, "pieces": pieces}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--behind", action="store_true", help="only outputs of several prints")
    parser.add_argument("--odd", action="store_true", help="only outputs of odd tables")
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    makers = [numpy_case] * 8 + [torch_case] * 5 + [tensorflow_case] * 3 + [jax_case] * 1 + [pandas_case] * 2 + [mixed_case] * 1
    for number in range(arguments.count):
        maker = unreal_case if number % 50 == 49 else makers[number % len(makers)]
        if arguments.behind:
            maker = pieces_case
        if arguments.odd:
            maker = odd_case
        try:
            case = maker(random)
        except TypeError:
            # NumPy refuses some combinations of its options.
            continue
        print(json.dumps(case, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
