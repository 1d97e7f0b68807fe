"""Calls a loss of the user's at given points in their kernel: its value, its autograd gradient, finite differences.

Runs behind values.py, in the same namespace, which holds the request. Everything that is shared with the user's cells
is as before when it ends: random number generators, grad mode, JAX's precision. Nothing is raised.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import random
import sys
import traceback
from typing import TYPE_CHECKING, Any, Callable, Iterator

from IPython.core.getipython import get_ipython

if TYPE_CHECKING:
    from values import Refused, at, contents, loaded, phrase, refusal

    request: str

shell: Any = get_ipython()
names: dict[str, Any] = sys.modules["__main__"].__dict__


class Raised(Exception):
    """The user's function raised: what, and where."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != "<string>"]
        kind = type(error).__name__
        self.said = (
            phrase("{0} in line {1} of {2}: {3}", kind, frames[-1].lineno, frames[-1].name, error)
            if frames
            else phrase("{0}: {1}", kind, error)
        )


def signature(function: str) -> dict[str, Any]:
    called = lookup(function)
    parameters = []
    for name, parameter in inspect.signature(called).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        parameters.append({"name": name, "required": parameter.default is parameter.empty})
    return {"parameters": parameters}


def lookup(function: str) -> Callable[..., Any]:
    called = names.get(function)
    if called is None:
        raise Refused(phrase("no {0} in the kernel", function), phrase("the cell that defines it run first"))
    if not callable(called):
        raise Refused(phrase("{0} of type {1}", function, type(called).__name__), phrase("a function"))
    return called  # type: ignore[no-any-return]


class Library:
    """How one library makes its arrays, and differentiates."""

    name = "numpy"

    def convert(self, numbers: Any, original: Any, differentiable: bool) -> Any:
        return numbers

    def numbers(self, result: Any) -> Any:
        return loaded("numpy").asarray(result)

    def dtype(self, result: Any) -> str:
        return str(loaded("numpy").asarray(result).dtype)

    def gradients(self, call: Callable[[Any], Any], arrays: Any, by: list[int]) -> list[Any] | None:
        return None

    @contextlib.contextmanager
    def precision(self) -> Iterator[None]:
        yield


class Torch(Library):
    name = "torch"

    def convert(self, numbers: Any, original: Any, differentiable: bool) -> Any:
        torch = loaded("torch")
        device = original.device if isinstance(original, torch.Tensor) else "cpu"
        return torch.tensor(numbers, device=device).requires_grad_(differentiable)

    def numbers(self, result: Any) -> Any:
        return result.detach().cpu().double().numpy()

    def dtype(self, result: Any) -> str:
        return str(result.dtype).replace("torch.", "")

    def gradients(self, call: Callable[[Any], Any], arrays: Any, by: list[int]) -> list[Any] | None:
        torch = loaded("torch")
        total = call(arrays).sum()
        if not total.requires_grad:
            return [None] * len(by)
        found = torch.autograd.grad(total, [arrays[i] for i in by], allow_unused=True)
        return [None if gradient is None else self.numbers(gradient) for gradient in found]

    @contextlib.contextmanager
    def precision(self) -> Iterator[None]:
        with loaded("torch").enable_grad():
            yield


class TensorFlow(Library):
    name = "tensorflow"

    def convert(self, numbers: Any, original: Any, differentiable: bool) -> Any:
        return loaded("tensorflow").constant(numbers)

    def dtype(self, result: Any) -> str:
        return str(result.dtype.name)

    def gradients(self, call: Callable[[Any], Any], arrays: Any, by: list[int]) -> list[Any] | None:
        tf = loaded("tensorflow")
        with tf.GradientTape() as tape:
            for i in by:
                tape.watch(arrays[i])
            total = tf.reduce_sum(call(arrays))
        found = tape.gradient(total, [arrays[i] for i in by])
        return [None if gradient is None else tf.convert_to_tensor(gradient).numpy() for gradient in found]


class Jax(Library):
    name = "jax"

    def convert(self, numbers: Any, original: Any, differentiable: bool) -> Any:
        return loaded("jax").numpy.asarray(numbers)

    def gradients(self, call: Callable[[Any], Any], arrays: Any, by: list[int]) -> list[Any] | None:
        jax = loaded("jax")
        total = jax.grad(lambda *given: call(list(given)).sum(), argnums=tuple(by))
        return [self.numbers(gradient) for gradient in total(*arrays)]

    @contextlib.contextmanager
    def precision(self) -> Iterator[None]:
        jax = loaded("jax")
        # Until JAX 0.8 it is experimental.
        has_own = hasattr(jax, "enable_x64")
        with jax.enable_x64(True) if has_own else importlib.import_module("jax.experimental").enable_x64():
            yield


def library_for(values: list[Any], function: Callable[..., Any]) -> Library:
    """That of the arguments; else the one library that the function names."""
    kinds: dict[str, type[Library]] = {"torch": Torch, "tensorflow": TensorFlow, "jax": Jax}
    used = [kind for kind in kinds if any(of_library(value) == kind for value in values)]
    if not used:
        scope = getattr(inspect.unwrap(function), "__globals__", {})
        code = getattr(inspect.unwrap(function), "__code__", None)
        read = [scope.get(name) for name in getattr(code, "co_names", ())]
        modules = [getattr(value, "__name__", None) or getattr(value, "__module__", None) or "" for value in read]
        used = [kind for kind in kinds if loaded(kind) and any(str(m).split(".")[0] == kind for m in modules)]
    if len(used) > 1:
        raise Refused(phrase("arguments of {0}", ", ".join(used)), phrase("arguments of one library"))
    return kinds[used[0]]() if used else Library()


def of_library(value: Any) -> str:
    return type(value).__module__.split(".")[0].replace("jaxlib", "jax")


@contextlib.contextmanager
def same_random_numbers() -> Iterator[Callable[[], None]]:
    """Gives a function that takes the generators back to where they are now, and does so at the end."""
    np, torch = loaded("numpy"), loaded("torch")
    before = random.getstate()
    before_np = np.random.get_state() if np else None
    before_torch = torch.random.get_rng_state() if torch else None
    cuda = torch is not None and torch.cuda.is_available() and torch.cuda.is_initialized()
    before_cuda = torch.cuda.get_rng_state_all() if cuda else None

    def back() -> None:
        random.setstate(before)
        if before_np is not None:
            np.random.set_state(before_np)
        if before_torch is not None:
            torch.random.set_rng_state(before_torch)
        if before_cuda is not None:
            torch.cuda.set_rng_state_all(before_cuda)

    try:
        yield back
    finally:
        back()


def point_of(argument: dict[str, Any]) -> tuple[Any, Any]:
    """The user's value, and its numbers: float64 for floating-point ones."""
    np = loaded("numpy")
    if "path" in argument:
        original = at(names, argument["path"])
        header, octets = contents(original)
        kind = header["dtype"]
        if kind == "bfloat16":
            raw = np.frombuffer(octets, dtype="<u2").astype("<u4") << 16
            return original, raw.view("<f4").astype("f8").reshape(header["shape"])
        if kind.startswith("float8"):
            raise Refused(phrase("{0} of dtype {1}", argument["name"], kind), phrase("a float of 16 bits or more"))
        numbers = np.frombuffer(octets, dtype=kind).reshape(header["shape"])
        return original, numbers.astype("f8") if numbers.dtype.kind == "f" else numbers.copy()
    given = np.array([float(text) for text in argument["numbers"]], dtype=argument["dtype"])
    return None, given.reshape(argument["shape"])


def check(function: str, arguments: list[dict[str, Any]], by: list[str], most: int) -> dict[str, Any]:
    if loaded("numpy") is None:
        import numpy  # noqa: F401
    called = lookup(function)
    points = [point_of(argument) for argument in arguments]
    library = library_for([original for original, _ in points], called)
    order = [argument["name"] for argument in arguments]
    which = [order.index(name) for name in by]
    with same_random_numbers() as back, library.precision():

        def call(arrays: Any) -> Any:
            back()
            try:
                return called(**dict(zip(order, arrays)))
            except Exception as error:
                raise Raised(error) from error

        return Check(library, call, points, which, order, most).run()


class Check:
    def __init__(self, library: Library, call: Any, points: Any, by: list[int], order: list[str], most: int) -> None:
        self.library, self.call, self.points, self.by, self.order = library, call, points, by, order
        self.most = max(1, most // len(by))
        self.single = False
        self.np = loaded("numpy")

    def arrays(self, changed: int = -1, flat: Any = None) -> list[Any]:
        made = []
        for i, (original, numbers) in enumerate(self.points):
            given = flat.reshape(numbers.shape) if i == changed else numbers
            if self.single and given.dtype == "f8":
                given = given.astype("f4")
            made.append(self.library.convert(given.copy(), original, i in self.by))
        return made

    def total(self, changed: int = -1, flat: Any = None) -> float:
        return float(self.np.asarray(self.library.numbers(self.call(self.arrays(changed, flat))), dtype="f8").sum())

    def run(self) -> dict[str, Any]:
        try:
            result = self.call(self.arrays())
        except Raised:
            # Weights of float32 do not take float64; the points as they are may do.
            self.single = True
            result = self.call(self.arrays())
        if isinstance(result, (tuple, list, dict)) or result is None:
            raise Refused(phrase("a result of type {0}", type(result).__name__), phrase("one number or one array"))
        value = self.np.asarray(self.library.numbers(result), dtype="f8")
        total = float(value.sum())
        again = self.total()
        if again != total and not (again != again and total != total):
            raise Refused(
                phrase("{0} and then {1} at the same point", repr(total), repr(again)),
                phrase("a function that gives the same each time: nothing random of a generator of its own"),
            )
        dtype = self.library.dtype(result)
        gradients = self.library.gradients(self.call, self.arrays(), self.by)
        self.epsilon = 2.0**-52 if dtype == "float64" and not self.single else 2.0**-23
        inputs = []
        for k, i in enumerate(self.by):
            inputs.append(self.input(i, None if gradients is None else gradients[k], gradients is not None, total))
        return {
            "library": self.library.name,
            "dtype": "float32" if self.single else dtype,
            "shape": list(value.shape),
            "value": repr(total),
            "inputs": inputs,
        }

    def input(self, i: int, gradient: Any, differentiates: bool, total: float) -> dict[str, Any]:
        numbers = self.points[i][1]
        size = int(numbers.size)
        number = min(size, self.most)
        chosen = [round(k * (size - 1) / max(1, number - 1)) for k in range(number)]
        flat = None if gradient is None else self.np.asarray(gradient, dtype="f8").reshape(-1)
        elements = []
        for count, j in enumerate(chosen):
            element = self.element(i, j, total)
            if differentiates:
                element["autograd"] = repr(float(flat[j])) if flat is not None else "0.0"
            elements.append(element)
            if count % 16 == 15:
                progress(count / len(chosen))
        unused = differentiates and gradient is None
        return {"name": self.order[i], "shape": list(numbers.shape), "unused": unused, "elements": elements}

    def element(self, i: int, j: int, total: float) -> dict[str, Any]:
        """Differences with two steps: what they disagree by is how far to trust them."""
        x = self.rounded(float(self.points[i][1].reshape(-1)[j]))
        element: dict[str, Any] = {"flat": j, "at": repr(x)}
        widths = [self.epsilon ** (1 / 3) * max(1.0, abs(x)) * factor for factor in (2.0, 1.0)]
        try:
            sides = [self.sides(i, j, x, width, total) for width in widths]
        except Raised as error:
            return {**element, "outside": error.said}
        (right1, left1, both1), (right2, left2, both2) = sides
        noise = 4 * self.epsilon * max(abs(total), 1e-300) / widths[1]
        uncertainty = abs(both2 - both1) / 3 + noise
        if both2 - both2 != 0:
            return {**element, "outside": phrase("a value that is not finite beside the point")}
        # Beside a smooth point the two sides approach each other as the step shrinks; at a kink they do not.
        gap = abs(right2 - left2)
        kink = gap > 0.75 * abs(right1 - left1) and gap > 20 * noise + 1e-6 * max(abs(right2), abs(left2))
        element.update(difference=repr((4 * both2 - both1) / 3), error=repr(uncertainty))
        if kink:
            element.update(left=repr(left2), right=repr(right2))
        return element

    def rounded(self, number: float) -> float:
        return float(self.np.float32(number)) if self.single else number

    def sides(self, i: int, j: int, x: float, width: float, total: float) -> tuple[float, float, float]:
        flat = self.points[i][1].reshape(-1).copy()
        above, below = self.rounded(x + width), self.rounded(x - width)
        flat[j] = above
        high = self.total(i, flat)
        flat[j] = below
        low = self.total(i, flat)
        return (high - total) / (above - x), (total - low) / (x - below), (high - low) / (above - below)


def publish(mime: str, data: Any) -> None:
    shell.display_pub.publish({mime: data}, {})


def progress(fraction: float) -> None:
    publish(asked["mime"], {"progress": fraction})


asked: dict[str, Any] = json.loads(request)
try:
    if asked["kind"] == "signature":
        publish(asked["mime"], signature(asked["function"]))
    else:
        answer = check(asked["function"], asked["arguments"], asked["by"], asked["most"])
        publish(asked["mime"], {"checked": answer})
except Raised as error:
    publish(asked["mime"], {"raised": error.said})
except BaseException as error:
    publish(asked["mime"], refusal(error))
