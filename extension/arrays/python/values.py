"""The arrays of a Python process, described and as bytes. Loss Lens runs it there, in a namespace of its own.

It imports no array library: one that the process has not loaded holds none of its values. Nothing of the process is
changed, and nothing is kept.
"""

from __future__ import annotations

import array
import collections
import json
import math
import sys
from typing import Any, Iterator

MOST_LISTED = 500
MOST_ITEMS = 50
"""Of a dictionary, list or tuple that holds arrays."""
MOST_LIST_BYTES = 64_000_000

NUMBERS = {
    "float16", "float32", "float64", "bfloat16", "float8_e4m3fn", "float8_e5m2",
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
}  # fmt: skip


def phrase(text: str, *filled: object) -> dict[str, Any]:
    """What the other side says in the user's language: English, and what is filled in for its `{0}`, `{1}` …"""
    return {"text": text, "filled": [str(part)[:1000] for part in filled]}


class Refused(Exception):
    """An array that cannot be handed over exactly: what it is, and what to do."""

    def __init__(self, found: dict[str, Any], expected: dict[str, Any]) -> None:
        super().__init__(found["text"])
        self.found = found
        self.expected = expected


def loaded(module: str) -> Any:
    return sys.modules.get(module)


def is_a(value: object, module: str, *names: str) -> bool:
    kinds = [getattr(loaded(module), name, None) for name in names]
    return isinstance(value, tuple(kind for kind in kinds if isinstance(kind, type)))


def library_of(value: object) -> str | None:
    """Which library's array it is; None for anything else."""
    if is_a(value, "numpy", "ndarray", "number", "bool_"):
        return "numpy"
    if is_a(value, "torch", "Tensor"):
        return "torch"
    if is_a(value, "tensorflow", "Tensor", "Variable", "SparseTensor", "RaggedTensor"):
        return "tensorflow" if hasattr(value, "numpy") or hasattr(value, "dense_shape") else None
    if is_a(value, "keras", "Variable"):
        return "keras"
    if is_a(value, "jax", "Array"):
        return "jax"
    if is_a(value, "pandas", "DataFrame", "Series", "Index"):
        return "pandas"
    return "list" if shape_of_list(value) is not None else None


def shape_of_list(value: Any) -> list[int] | None:
    """Of a list or tuple of numbers, nested or not, by its first row; None for anything else."""
    if type(value) not in (list, tuple):
        return None
    shape: list[int] = []
    while type(value) in (list, tuple) and len(shape) < 16:
        shape.append(len(value))
        if not value:
            return None
        value = value[0]
    return shape if type(value) in (int, float, bool) else None


def describe(value: Any) -> dict[str, Any] | None:
    """Its library, dtype, shape and bytes, and whether its elements wait on a device; None for no array."""
    library = library_of(value)
    if library is None:
        return None
    facts: dict[str, Any] = {"library": library}
    if library == "list":
        facts.update(dtype="list", shape=shape_of_list(value))
        return facts
    if library == "pandas":
        facts["shape"] = list(value.shape)
        dtypes = list(value.dtypes) if hasattr(value, "columns") else [value.dtype]
        facts["dtype"] = ", ".join(dict.fromkeys(str(dtype) for dtype in dtypes[:4])) or "empty"
        facts["bytes"] = 8 * math.prod(value.shape)
        return facts
    facts["dtype"] = str(getattr(value.dtype, "name", value.dtype)).replace("torch.", "")
    shape = getattr(value, "shape", ())
    facts["shape"] = [-1 if extent is None else int(extent) for extent in shape]
    size = int(getattr(value.dtype, "itemsize", None) or getattr(value.dtype, "size", None) or 8)
    facts["bytes"] = size * abs(math.prod(facts["shape"]))
    device = str(getattr(value, "device", "cpu"))
    if library == "torch" and device != "cpu":
        facts["device"] = device
    return facts


def entries(names: dict[str, Any]) -> Iterator[tuple[list[Any], Any]]:
    """Variables, and the items of containers that they hold, each with the path to it."""
    for name, value in names.items():
        if not isinstance(name, str) or name.startswith("_"):
            continue
        yield [name], value
        if isinstance(value, (dict, collections.UserDict)):
            items: list[tuple[Any, Any]] = list(value.items())[:MOST_ITEMS]
        elif isinstance(value, (list, tuple)) and shape_of_list(value) is None:
            items = list(enumerate(value[:MOST_ITEMS]))
        else:
            continue
        for key, item in items:
            if type(key) in (str, int) and library_of(item) not in (None, "list"):
                yield [name, key], item


def listing(names: dict[str, Any]) -> list[dict[str, Any]]:
    """What of these names can be handed over."""
    found = []
    for path, value in entries(names):
        try:
            facts = describe(value)
        except Exception:
            # A deleted buffer, a proxy that is broken: it has no shape to be chosen by.
            continue
        if facts is not None:
            found.append({"path": path, **facts})
            if len(found) == MOST_LISTED:
                break
    return found


def at(names: dict[str, Any], path: list[Any]) -> Any:
    if path[0] not in names:
        raise Refused(phrase("{0} is not there any more", path[0]), phrase("a variable that still exists"))
    value = names[path[0]]
    for key in path[1:]:
        value = value[key]
    return value


def contents(value: Any) -> tuple[dict[str, Any], memoryview]:
    """The dtype and shape of what is handed over, and its bytes: row-major, little-endian.

    Raises Refused for what no dtype of Loss Lens holds exactly.
    """
    library = library_of(value)
    if library is None:
        raise Refused(
            phrase("a value of type {0}", type(value).__name__),
            phrase("an array, a tensor or a data frame of numbers"),
        )
    if library == "list":
        return list_contents(value)
    if library == "keras":
        value = value.value
        library = library_of(value)
    if library == "torch":
        return torch_contents(value)
    if library == "tensorflow":
        if not hasattr(value, "numpy") or hasattr(value, "dense_shape") or hasattr(value, "row_splits"):
            kind = type(value).__name__
            raise Refused(phrase("a value of type {0}", kind), phrase("a dense tensor, such as tf.sparse.to_dense(x) gives"))
        value = value.numpy()
    if library == "pandas":
        value = pandas_values(value)
    if loaded("numpy") is None:
        raise Refused(phrase("a process without numpy"), phrase("numpy installed beside the library"))
    return numpy_contents(value)


def numpy_contents(value: Any) -> tuple[dict[str, Any], memoryview]:
    np = loaded("numpy")
    if np.ma.isMaskedArray(value) and np.ma.getmaskarray(value).any():
        raise Refused(
            phrase("a masked array with masked elements"),
            phrase("an array without a mask, such as x.filled(0)"),
        )
    value = np.asarray(value)
    name = value.dtype.name
    if name == "uint64":
        if value.size and int(value.max()) > 2**63 - 1:
            raise Refused(phrase("uint64 up to {0}", value.max()), phrase("unsigned integers that int64 holds"))
        value, name = value.astype("int64"), "int64"
    if name not in NUMBERS:
        raise Refused(phrase("dtype {0}", name), phrase("real numbers, such as x.astype('float32') or x.real gives"))
    shape = list(value.shape)
    if value.dtype.byteorder == ">" or (value.dtype.byteorder == "=" and sys.byteorder == "big"):
        value = value.astype(value.dtype.newbyteorder("<"))
    flat = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
    return {"dtype": name, "shape": shape}, memoryview(flat)


def torch_contents(value: Any) -> tuple[dict[str, Any], memoryview]:
    torch = loaded("torch")
    name = str(value.dtype).replace("torch.", "")
    if value.layout != torch.strided or value.is_quantized:
        raise Refused(phrase("a sparse or quantized tensor"), phrase("x.to_dense() or x.dequantize()"))
    if value.device.type == "meta":
        raise Refused(phrase("a tensor on the meta device, which holds no numbers"), phrase("a tensor with data"))
    if name not in NUMBERS:
        raise Refused(phrase("dtype {0}", name), phrase("real numbers, such as x.float() or x.real gives"))
    if name == "uint64":
        return numpy_contents(value.detach().cpu().numpy())
    with torch.no_grad():
        flat = value.detach().resolve_conj().resolve_neg().contiguous().reshape(-1).cpu()
        octets = flat.view(torch.uint8).numpy() if flat.numel() else b""
    return {"dtype": name, "shape": list(value.shape)}, memoryview(octets)


def pandas_values(value: Any) -> Any:
    np = loaded("numpy")
    if not hasattr(value, "columns"):
        return column_values(value, value.name if value.name is not None else type(value).__name__)
    columns = [column_values(value.iloc[:, i], name) for i, name in enumerate(value.columns)]
    if not columns:
        raise Refused(phrase("a data frame without columns"), phrase("columns of numbers"))
    dtype = np.result_type(*columns)
    for name, column in zip(value.columns, columns):
        if dtype.kind == "f" and column.dtype.kind in "iu" and not (column.astype(dtype).astype(column.dtype) == column).all():
            raise Refused(
                phrase("column {0} holds integers that {1} rounds", repr(name), dtype),
                phrase("columns of one dtype"),
            )
    return np.stack([column.astype(dtype) for column in columns], axis=1)


def column_values(column: Any, name: Any) -> Any:
    dtype = column.dtype
    numbers = getattr(dtype, "numpy_dtype", dtype)
    if getattr(numbers, "kind", "O") not in "fiub":
        raise Refused(
            phrase("{0} has dtype {1}", repr(name), dtype),
            phrase("numbers, such as x.astype('float32') or x.cat.codes gives"),
        )
    if numbers.kind in "iub" and bool(column.isna().any()):
        raise Refused(
            phrase("{0} has missing values", repr(name)),
            phrase("a column without them, such as x.fillna(0)"),
        )
    return column.to_numpy(dtype=numbers)


def list_contents(value: Any) -> tuple[dict[str, Any], memoryview]:
    shape = shape_of_list(value) or []
    if 8 * math.prod(shape) > MOST_LIST_BYTES:
        raise Refused(phrase("a list of {0} numbers", math.prod(shape)), phrase("np.array(x), which is faster to read"))
    numbers = array.array("d")
    kinds = set()

    def read(item: Any, depth: int) -> None:
        if depth == len(shape):
            if type(item) not in (int, float, bool):
                raise Refused(
                    phrase("a value of type {0} among the numbers", type(item).__name__),
                    phrase("numbers alone, in rows of one length"),
                )
            if type(item) is int and abs(item) > 2**53:
                raise Refused(phrase("the integer {0}", item), phrase("integers up to 2**53, or np.array(x)"))
            kinds.add(type(item))
            numbers.append(item)
        elif type(item) not in (list, tuple) or len(item) != shape[depth]:
            raise Refused(phrase("rows of different lengths"), phrase("rows of {0}", shape[depth]))
        else:
            for part in item:
                read(part, depth + 1)

    read(value, 0)
    if sys.byteorder == "big":
        numbers.byteswap()
    dtype = "bool" if kinds == {bool} else "float64"
    octets = bytes(int(number) for number in numbers) if dtype == "bool" else numbers.tobytes()
    return {"dtype": dtype, "shape": shape, "weak": dtype != "bool"}, memoryview(octets)


def refusal(error: BaseException) -> dict[str, Any]:
    """An error as it is told to the other side."""
    if isinstance(error, Refused):
        return {"refused": True, "found": error.found, "expected": error.expected}
    return {"error": type(error).__name__, "message": str(error)[:2000]}


def to_json(value: Any) -> str:
    return json.dumps(value)
