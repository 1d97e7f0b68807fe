"""Makes data/printed-arrays.json: arrays as NumPy, PyTorch, TensorFlow, Keras and JAX print them, as their source
calls write them, and what each holds. Run by hand; the versions are recorded in the output.

Each case: text, and either `refused` (an error code) or dtype, shape, data (little-endian bytes, base64) and, where
they apply, origin and weak. For source calls the data are what the library itself makes of the call. For printouts
they are the printed numerals read again by Python (printing may round), as the printed dtype.
"""

import base64
import json
import os
import pathlib
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax
import jax.numpy as jnp
import keras
import ml_dtypes
import numpy as np
import tensorflow as tf
import torch

HELD = {"float16": "float32", "bfloat16": "float32", "uint64": "int64"}
cases = []


def add(text, values, dtype, weak=False):
    """`values`: a NumPy array that already is of `dtype` (bfloat16 by ml_dtypes)."""
    held = HELD.get(dtype, dtype)
    case = {
        "text": text,
        "dtype": held,
        "shape": list(values.shape),
        "data": base64.b64encode(np.ascontiguousarray(values).astype(held).tobytes()).decode(),
    }
    if dtype in ("float16", "bfloat16"):
        case["origin"] = dtype
    if weak:
        case["weak"] = True
    cases.append(case)


def refused(text, code):
    cases.append({"text": text, "refused": code})


NUMERAL = re.compile(r"[-+]?(?:nan|inf|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|True|False")


def reread(body, dtype, shape):
    """The numerals of a printout (its array only, no dtype or device) as an array of `dtype`."""
    words = NUMERAL.findall(body)
    numpy_dtype = getattr(ml_dtypes, dtype, None) or np.dtype(dtype)
    if dtype == "bool":
        flat = np.array([word == "True" for word in words], dtype=bool)
    elif "int" in dtype:
        flat = np.array([int(word) for word in words], dtype=numpy_dtype)
    else:
        flat = np.array([float(word) for word in words], dtype=np.float64).astype(numpy_dtype)
    return flat.reshape(shape)


def body_of(text):
    """From the first bracket to its partner; for a scalar, up to the comma."""
    start = text.find("[")
    if start < 0:
        return re.split(r"[,)>]", text.split("(", 1)[-1])[0]
    depth = 0
    for at in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return text[start : at + 1]
    raise ValueError(text)


random = np.random.default_rng(7)
SHAPES = [(), (1,), (5,), (2, 3), (3, 1), (1, 4), (2, 2, 3), (2, 1, 2, 2), (0,), (2, 0), (13,)]
FLOATS = ["float64", "float32", "float16"]
INTEGERS = ["int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64"]


def sample(shape, dtype, style):
    if dtype == "bool":
        return np.array(random.integers(0, 2, shape), dtype=bool)
    if "int" in dtype:
        info = np.iinfo(dtype)
        if style == "wide":
            return np.array(random.integers(info.min, min(info.max, 2**63 - 1), shape, dtype="int64" if dtype != "uint64" else "uint64", endpoint=True), dtype=dtype)
        return np.array(random.integers(max(info.min, -9), 10, shape), dtype=dtype)
    values = np.asarray(random.normal(size=shape))
    if style == "wide":
        values = values * 10.0 ** random.integers(-6 if dtype == "float16" else -30, 4 if dtype == "float16" else 30, shape)
    if style == "whole":
        values = np.round(values * 3)
    values = np.array(values, dtype=dtype)
    if style == "special" and values.size > 2:
        values.flat[0], values.flat[1], values.flat[2] = np.nan, -np.inf, -0.0
    return values


NUMPY_OPTIONS = [
    {},
    {"precision": 3},
    {"precision": 17, "floatmode": "fixed"},
    {"floatmode": "unique"},
    {"floatmode": "maxprec_equal", "precision": 5},
    {"suppress": True, "precision": 4},
    {"sign": "+"},
    {"sign": " ", "linewidth": 30},
    {"linewidth": 20},
    {"legacy": "1.13"},
    {"legacy": "1.25"},
]


def numpy_cases():
    count = 0
    for dtype in FLOATS + INTEGERS + ["bool"]:
        for style in ("near", "wide", "whole", "special"):
            if dtype not in FLOATS and style in ("whole", "special"):
                continue
            for shape in [SHAPES[(count + k) % len(SHAPES)] for k in range(3)]:
                options = NUMPY_OPTIONS[count % len(NUMPY_OPTIONS)]
                count += 1
                x = sample(shape, dtype, style)
                with np.printoptions(**options):
                    printed, represented = str(x), repr(x)
                if x.ndim:
                    # Nothing in it tells float32 from float64, or int8 from int64.
                    kind = "float64" if dtype in FLOATS or x.size == 0 else "bool" if dtype == "bool" else "int64"
                    # An empty array of any shape prints as [].
                    add(printed, reread(printed, kind, shape) if x.size else np.zeros(0), kind, weak=True)
                if x.size == 0:
                    add(represented, x, dtype) if "shape" in represented or shape == (0,) else None
                else:
                    add(represented, reread(body_of(represented), dtype, shape), dtype)
    for x in [np.float64(3.0), np.float32(0.1), np.float16(-2.5), np.int64(-7), np.uint8(200), np.float64("nan"), np.float32("-inf")]:
        add(repr(x), np.asarray(x), x.dtype.name)
    mixed = [np.float32(0.1), np.float32(2.5)]
    add(repr(mixed), np.array(mixed), "float32")
    add(repr([np.float64(0.1), 2, 3.5]), np.array([0.1, 2, 3.5]), "float64")
    add(repr([np.array([1, 2]), np.array([3, 4])]), np.array([[1, 2], [3, 4]]), "int64")
    add(repr(np.matrix([[1.5, 2.0], [3.0, 4.0]])), np.array([[1.5, 2], [3, 4]]), "float64")
    for x in [np.arange(2000), np.zeros((1001, 2)), np.zeros((40, 40), np.float32), np.ones(1500, bool)]:
        refused(str(x), "incomplete")
        refused(repr(x), "incomplete")
    refused(repr(np.array([1 + 2j, 3.0])), "no-array")
    refused(str(np.array([1 + 2j, 3.0])), "no-array")
    refused(repr(np.array(["a", "b"])), "no-array")
    refused(str(np.array(["a", "b"])), "no-array")
    refused(repr(np.array([1, None], dtype=object)), "no-array")
    refused(repr(np.array([1, 2], dtype=object)), "dtype")
    refused(repr(np.array(["2020-01-01"], dtype="datetime64[D]")), "no-array")
    refused(repr(np.ma.array([1, 2], mask=[0, 1])), "no-array")
    refused(repr(np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])), "dtype")
    refused(repr(np.array([2**63], dtype="uint64")), "dtype")


TORCH_OPTIONS = [
    {"profile": "default"},
    {"profile": "short"},
    {"precision": 8},
    {"sci_mode": True},
    {"sci_mode": False, "precision": 6},
    {"linewidth": 25},
]


def torch_cases():
    count = 0
    dtypes = {
        "float32": torch.float32, "float64": torch.float64, "float16": torch.float16, "bfloat16": torch.bfloat16,
        "int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8,
        "bool": torch.bool,
    }  # fmt: skip
    for dtype, torch_dtype in dtypes.items():
        for style in ("near", "wide", "whole", "special"):
            floating = torch_dtype.is_floating_point
            if not floating and style in ("whole", "special"):
                continue
            for shape in [SHAPES[(count + k) % len(SHAPES)] for k in range(3)]:
                torch.set_printoptions(profile="default")
                torch.set_printoptions(**TORCH_OPTIONS[count % len(TORCH_OPTIONS)])
                base = sample(shape, "float32" if dtype == "bfloat16" else dtype, style)
                x = torch.from_numpy(base).to(torch_dtype)
                if floating and count % 3 == 1:
                    x.requires_grad_()
                elif floating and count % 3 == 2:
                    x = x.requires_grad_() + 0
                count += 1
                text = repr(x)
                values = reread(body_of(text), dtype, shape) if x.numel() else x.detach().float().numpy()
                add(text, values, dtype)
    torch.set_printoptions(profile="default")
    parameter = torch.nn.Parameter(torch.tensor([[0.5, -1.25]]))
    add(repr(parameter), parameter.detach().numpy(), "float32")
    add(repr([torch.tensor(0.5), torch.tensor(2.0)]), np.array([0.5, 2.0], "float32"), "float32")
    add(repr([torch.tensor([1, 2]), torch.tensor([3, 4])]), np.array([[1, 2], [3, 4]]), "int64")
    add(repr(torch.zeros(2, 3, 0)), np.zeros((2, 3, 0), "float32"), "float32")
    refused(repr(torch.zeros(2000)), "incomplete")
    refused(repr(torch.zeros(60, 60)), "incomplete")
    refused(repr(torch.zeros(2, device="meta")), "incomplete")
    refused(repr(torch.tensor([1 + 2j])), "no-array")
    refused(repr(torch.tensor([[0.0, 1.0]]).to_sparse()), "no-array")
    refused(repr(torch.tensor([1.0]).to(torch.float8_e4m3fn)), "dtype")
    refused(repr(torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.1, 10, torch.quint8)), "dtype")


def tensorflow_and_jax_cases():
    count = 0
    for dtype in ["float32", "float64", "float16", "bfloat16", "int32", "int64", "uint8", "bool"]:
        for style in ("near", "whole", "special"):
            if ("int" in dtype or dtype == "bool") and style != "near":
                continue
            for shape in [SHAPES[(count + k) % len(SHAPES)] for k in range(3)]:
                count += 1
                base = sample(shape, "float32" if dtype == "bfloat16" else dtype, style)
                x = tf.cast(tf.constant(base), dtype)
                texts = [str(x), repr(x)]
                if count % 2 and dtype != "bool":
                    texts.append(repr(tf.Variable(x)))
                for text in texts:
                    opening = text.find("numpy=")
                    body = text[opening + 6 :] if opening >= 0 else text
                    empty = np.zeros(shape)
                    add(text, reread(body_of(body), dtype, shape) if base.size else empty, dtype)
                y = jnp.asarray(base if dtype != "bfloat16" else base.astype(ml_dtypes.bfloat16))
                text = repr(y)
                add(text, reread(body_of(text), y.dtype.name, shape) if base.size else np.zeros(shape), y.dtype.name)
    for x in [jnp.asarray(1.5), jnp.asarray(2)]:
        add(repr(x), np.asarray(x), x.dtype.name, weak=True)
    variable = keras.Variable([[1.5, 2.0], [3.0, 4.0]])
    add(repr(variable), np.array([[1.5, 2], [3, 4]], "float32"), "float32")
    refused(repr(tf.zeros(2000)), "incomplete")
    refused(str(tf.zeros(2000)), "incomplete")
    refused(repr(jnp.zeros(2000)), "incomplete")
    refused(repr(tf.constant("text")), "dtype")
    refused(repr(tf.constant([1 + 2j])), "dtype")


SOURCES = """
np.array([1, 2, 3])
np.array([[1, 2], [3, 4.5]])
np.array([True, False])
np.array([True, 2])
np.array([True, 2.5])
np.array([], dtype=np.int32)
np.array([])
np.array([[], []])
np.array(5)
np.array([1, 2], np.float32)
np.array([1.7, -1.7], dtype=np.int32)
np.array([0.1, 1.0004882812500002, 70000, -1e-9], dtype=np.float16)
np.array((1, 2, 3), dtype='float32')
np.array([1, 2], dtype="<f4")
np.array([1, 2], dtype='i2')
np.array([0.5, 0.0, -3], dtype=bool)
np.array([1, 2], dtype=float)
np.array([1.5], dtype=np.dtype('float32'))
np.array(((1, 2), (3, 4)), copy=True, order='C')
np.array([np.nan, np.inf, -np.inf, float('nan'), -float("inf"), 1e400])
np.array([9007199254740993, -9223372036854775808, 9223372036854775807])
np.array([9007199254740993, 0.5])
np.array([1_000, 2_0.5_0, 1e-3, .5, 5., +1, -.25])
np.array([np.float32(1), np.float32(2.5)])
np.array([np.float32(0.1), 2.0])
np.array([np.float32(0.1), np.float16(2.0)])
np.array([np.float32(0.1), np.int64(2)])
np.array([np.array([1, 2]), np.array([3.5, 4])])
np.asarray([[0.5]])
np.float32([1, 0.1])
np.float64(2.5)
np.array(object=[1, 2])
np.array([18446744073709551, 5], dtype=np.uint64)
np.array([1e300, 1e-50, 0.1], dtype=np.float32)
np.array([[1, 2],  # the first
          [3, 4],  # the second
         ], dtype=np.int8)
np.array([(0), (-1)])
np.array(([1, 2]))
torch.tensor([1, 2])
torch.tensor([0.1, 2])
torch.tensor([True, False])
torch.tensor([True, 2])
torch.tensor([True, 1.5])
torch.tensor([[0.1, 0.2], [0.3, 0.4]], dtype=torch.float64, requires_grad=True)
torch.tensor([0.1, 1.0004882812500002, 70000], dtype=torch.float16)
torch.tensor([0.1, 1.0039062500009095, 3.4e38, -1e-40], dtype=torch.bfloat16)
torch.tensor([1.7, -1.7], dtype=torch.int32)
torch.tensor([1, 2], dtype=torch.float)
torch.tensor([1, 2], dtype=torch.int, device='cpu')
torch.tensor([1, 2], dtype=float)
torch.tensor([1, 2], dtype=torch.half)
torch.tensor([])
torch.tensor([[], []])
torch.tensor(3.5)
torch.tensor(data=[1, 2])
torch.tensor(np.array([1.5, 2.5]))
torch.tensor([torch.tensor(1.), torch.tensor(2.)])
torch.tensor([np.float64(0.1)])
torch.tensor([np.float64(0.1), 2.0])
torch.tensor([torch.tensor(0.5), 2])
torch.tensor([np.float32(0.1), np.float64(0.1)])
torch.tensor([torch.nan, torch.inf, -torch.inf, float('inf')])
torch.as_tensor([0.5, 1.5], dtype=torch.double)
torch.from_numpy(np.array([1, 2], dtype=np.float32))
torch.Tensor([1, 2.5])
torch.Tensor([[1, 2], [3, 4]])
torch.FloatTensor([1, 2])
torch.LongTensor([1, 2])
torch.DoubleTensor([0.1])
torch.BoolTensor([True, False])
torch.nn.Parameter(torch.tensor([1., 2.]))
tf.constant([1, 2])
tf.constant([1.5, 2])
tf.constant([True, False])
tf.constant([3000000000])
tf.constant([[1., 2.], [3., 4.]], dtype=tf.float64)
tf.constant([0.1, 1.0004882812500002], tf.float16)
tf.constant([1, 2, 3, 4], tf.float32, [2, 2])
tf.constant([1, 2, 3, 4], shape=(2, 2))
tf.constant(1.5)
tf.constant([])
tf.constant(np.array([1.5]))
tf.constant([np.float64(0.1), 0.5])
tf.constant(value=[1.5], dtype='float32', name='x')
tf.convert_to_tensor([0.1, 2], dtype=tf.bfloat16)
tf.Variable([1.5, 2.0], trainable=False)
jnp.array([1, 2])
jnp.array([0.1, 2])
jnp.array([True])
jnp.array([1.5, 2], dtype=jnp.bfloat16)
jnp.array([0.1, 1.0004882812500002], dtype=jnp.float16)
jnp.array(np.array([1.5, 0.1]))
jnp.array([1, 2], dtype=float)
jnp.array([1, 2], dtype=int)
jnp.asarray([[1.5], [2.5]])
jnp.array([np.float64(0.1), 2])
jnp.array([jnp.float32(0.1), 2.0])
jnp.float32([0.1, 2])
jnp.array([jnp.nan, -jnp.inf])
"""

LITERALS = """
[1, 2, 3]
[[1, 2], [3, 4.5]]
((1, 2), (3, 4))
([1, 2], [3, 4],)
[True, False]
[True, 3]
[True, 3.5]
[]
[[], []]
[[[]]]
7
-2.5
1e3
(1)
(1,)
[0.1, 1e-3, .5, 5., +1, -1, 1E5, 1.5e+3, 1e22, 1e23, 123456789012345678]
[0.1234567890123456789, 2.2250738585072014e-308, 5e-324, 1.7976931348623157e308, 1e400, -1e-400]
[9007199254740992, 9007199254740993, -9007199254740993]
[1_000, 1_0.0_1, 1e1_0]
[
    # comment, with [brackets]
    1,  # one
    2, \\
    3,
]
"""


def source_cases():
    # A line that begins with a blank belongs to the one before.
    for text in re.split(r"\n(?=\S)", SOURCES.strip()):
        x = eval(text)
        if isinstance(x, torch.Tensor):
            dtype = str(x.dtype).removeprefix("torch.")
            values = (x.detach().float() if x.dtype == torch.bfloat16 else x.detach()).numpy()
        else:
            values = x.numpy() if hasattr(x, "numpy") else np.asarray(x)
            dtype = values.dtype.name
        add(text, values, dtype)
        if text.startswith("np.array([["):
            add(f"self.target: np.ndarray = {text}  # assigned", values, dtype)
    literals = re.split(r"\n(?=[^\s\]])", LITERALS.strip())
    for text in literals:
        x = np.array(eval(text))
        add(text, x, x.dtype.name, weak=True)
        add(f"y = {text}", x, x.dtype.name, weak=True)
    for value in [[1, 2], [[0.1, -2e-7], [3, 1e30]], [float("nan"), float("inf"), float("-inf")], [True, False]]:
        x = np.array(value)
        add(json.dumps(value), x, x.dtype.name, weak=True)
        add(json.dumps(value, indent=2), x, x.dtype.name, weak=True)


with np.errstate(all="ignore"):
    numpy_cases()
    torch_cases()
    tensorflow_and_jax_cases()
    source_cases()

versions = {"python": sys.version.split()[0]} | {
    module.__name__: module.__version__ for module in (np, torch, tf, keras, jax, ml_dtypes)
}
path = pathlib.Path(__file__).parent / "data" / "printed-arrays.json"
path.parent.mkdir(exist_ok=True)
lines = ",\n".join(json.dumps(case) for case in cases)
path.write_text(f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n')
print(len(cases), "cases,", path.stat().st_size, "bytes")
