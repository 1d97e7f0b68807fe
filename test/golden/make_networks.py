"""Makes data/networks.json: small networks as ONNX files, and what they make of images.

`operators`: one operator each, run by ONNX's own reference implementation in float64.
`exports`: torch modules as torch's two exporters write them; value and gradients of the perceptual loss by autograd in
float64, on the file's float32 weights.

    python make_networks.py           writes data/networks.json
    python make_networks.py --check   runs everything again and compares with it
"""

import argparse
import base64
import io
import json
import pathlib
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

PATH = pathlib.Path(__file__).resolve().parent / "data" / "networks.json"
F = torch.nn.functional
rng = np.random.default_rng(20240229)


def numbers(values):
    """Five digits are enough for an input, and keep the file small."""
    return np.round(rng.standard_normal(values), 3)


def base64_of(model):
    return base64.b64encode(model).decode("ascii")


# --- Operators


def operator_model(nodes, shape, weights, opset):
    """A file in float64 with the input x and the output y."""
    graph = helper.make_graph(
        nodes,
        "operator",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, list(shape))],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def int64(*values):
    return np.array(values, np.int64)


def operator_cases():
    """(note, nodes, image shape, weights, opset)"""
    found = []

    def case(operator, note="", weights=None, shape=(1, 4, 5, 6), opset=18, inputs=None, **attributes):
        weights = weights or {}
        node = helper.make_node(operator, inputs or ["x", *weights], ["y"], **attributes)
        found.append((f"{operator} {note}".strip(), [node], shape, weights, opset))

    for operator in "Abs Elu Erf Exp HardSigmoid HardSwish Identity LeakyRelu Mish Neg Reciprocal Relu Selu Sigmoid Softplus Softsign Tanh".split():
        case(operator)
    case("Elu", "alpha", alpha=0.5)
    case("LeakyRelu", "alpha", alpha=0.3)
    case("HardSigmoid", "alpha, beta", alpha=0.3, beta=0.4)
    case("Selu", "alpha, gamma", alpha=1.5, gamma=2.0)
    case("Gelu", opset=20)
    case("Gelu", "tanh", opset=20, approximate="tanh")
    case("Swish", "alpha", opset=24, alpha=0.7)
    case("Clip", "inputs", {"low": np.float64(-0.4), "high": np.float64(0.7)})
    case("Clip", "no lower bound", {"high": np.float64(0.7)}, inputs=["x", "", "high"])
    case("Clip", "attributes, opset 6 form", opset=10, min=-0.5, max=0.25)
    case("Dropout", "at inference")
    case("Cast", "to float32", to=TensorProto.FLOAT)
    for operator in "Add Sub Mul Div".split():
        case(operator, "by channel", {"b": numbers((4, 1, 1)) + 3})
        case(operator, "from a scalar", {"b": np.float64(1.5)}, inputs=["b", "x"])
    case("Add", "to itself, repeated", {"b": numbers((2, 1, 1, 1, 1))})
    case("Mul", "itself", inputs=["x", "x"])
    case("Pow", "3", {"b": np.float64(3)})
    case("PRelu", "by channel", {"b": numbers((4, 1, 1))})
    case("Max", "of three", {"b": numbers((4, 1, 1)), "c": np.float64(0.1)})
    case("Min", "of two", {"b": numbers((5, 1))})
    case("Sum", "of three", {"b": numbers((4, 1, 1)), "c": numbers((6,))})
    case("Mean", "of two", {"b": numbers((4, 5, 6))})

    conv = lambda *shape: {"w": numbers(shape), "b": numbers(shape[:1])}
    case("Conv", "3 × 3", conv(3, 4, 3, 3))
    case("Conv", "1 × 1 without bias", {"w": numbers((5, 4, 1, 1))})
    case("Conv", "pads, strides", conv(3, 4, 3, 3), pads=[1, 2, 0, 1], strides=[2, 1])
    case("Conv", "dilations", conv(2, 4, 2, 3), dilations=[2, 2], pads=[1, 1, 1, 1])
    case("Conv", "groups", conv(6, 2, 3, 3), group=2, pads=[1, 1, 1, 1])
    case("Conv", "depthwise", conv(4, 1, 3, 3), group=4, pads=[1, 1, 1, 1])
    case("Conv", "SAME_UPPER", conv(2, 4, 2, 2), auto_pad="SAME_UPPER", strides=[2, 2])
    case("Conv", "SAME_LOWER", conv(2, 4, 2, 2), auto_pad="SAME_LOWER", strides=[1, 1])
    case("Conv", "VALID", conv(2, 4, 2, 2), auto_pad="VALID")
    case("Conv", "one dimension", conv(3, 4, 3), shape=(1, 4, 7), pads=[1, 1])
    case("Conv", "three dimensions", conv(2, 2, 2, 2, 2), shape=(1, 2, 3, 3, 4), strides=[1, 1, 2])
    case("Conv", "more positions than a strip", conv(5, 1, 3, 3), shape=(1, 1, 19, 20))
    case("Conv", "two images in a batch", conv(3, 2, 3, 3), shape=(2, 2, 5, 5))
    for operator in ("MaxPool", "AveragePool"):
        case(operator, "2 × 2", kernel_shape=[2, 2], strides=[2, 2])
        case(operator, "overlapping, padded", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        case(operator, "rounded up", kernel_shape=[2, 3], strides=[2, 2], ceil_mode=1)
        case(operator, "SAME_UPPER", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    case("MaxPool", "dilations", kernel_shape=[2, 2], dilations=[2, 2])
    case("AveragePool", "padding counts", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)
    case("AveragePool", "one dimension", shape=(1, 3, 7), kernel_shape=[3], strides=[2])
    case("GlobalAveragePool")
    case("GlobalMaxPool")

    four = lambda: numbers((4,))
    case("BatchNormalization", "", {"s": four(), "b": four(), "m": four(), "v": np.abs(four()) + 0.3}, epsilon=1e-3)
    case("InstanceNormalization", "", {"s": four(), "b": four()})
    case("LayerNormalization", "last axis", {"s": numbers((6,)), "b": numbers((6,))})
    case("LayerNormalization", "channels on, without bias", {"s": numbers((4, 5, 6))}, axis=1)
    case("GroupNormalization", "by channel", {"s": four(), "b": four()}, opset=21, num_groups=2)
    case("LRN", "odd", size=3, alpha=0.5, beta=0.75, bias=1.2)
    case("LRN", "even", size=2, alpha=0.5)
    case("Softmax", "last axis")
    case("Softmax", "axis 1", axis=1)
    case("LogSoftmax", "axis 1", axis=1)

    case("Gemm", "transB, alpha, beta, bias", {"w": numbers((3, 6)), "c": numbers((3,))}, shape=(2, 6), transB=1, alpha=0.5, beta=2.0)
    case("Gemm", "transA", {"w": numbers((2, 3))}, shape=(2, 6), transA=1)
    case("MatMul", "by a matrix", {"w": numbers((6, 3))})
    case("MatMul", "from a matrix", {"w": numbers((3, 5))}, inputs=["w", "x"])
    case("MatMul", "stack by stack", {"w": numbers((4, 6, 2))})
    case("MatMul", "by a vector", {"w": numbers((6,))})

    case("Flatten")
    case("Flatten", "axis 0", axis=0)
    case("Flatten", "axis 3", axis=3)
    case("Reshape", "0 and −1", {"s": int64(0, -1, 3)})
    case("Transpose", "reversed")
    case("Transpose", "to the last", perm=[0, 2, 3, 1])
    case("Squeeze", "every 1")
    case("Squeeze", "axis", {"a": int64(0)})
    case("Squeeze", "attribute", opset=11, axes=[0])
    case("Unsqueeze", "axes", {"a": int64(0, -1)})
    case("Unsqueeze", "attribute", opset=11, axes=[2])
    case("Concat", "with weights and itself", {"b": numbers((1, 2, 5, 6))}, inputs=["x", "b", "x"], axis=1)
    case("Slice", "steps back and forth", {"s": int64(1, -1), "e": int64(4, -10), "a": int64(2, 3), "t": int64(2, -2)})
    case("Slice", "to the end", {"s": int64(-3), "e": int64(2**63 - 1), "a": int64(-1)})
    case("Slice", "attributes", opset=9, starts=[1, 0], ends=[3, -1], axes=[1, 2])
    case("Pad", "constant", {"p": int64(0, 1, 0, 2, 0, 0, 1, 1), "v": np.float64(0.5)})
    case("Pad", "axes", {"p": int64(1, 2), "v": np.float64(0), "a": int64(-1)})
    case("Pad", "reflect", {"p": int64(0, 0, 2, 1, 0, 0, 3, 4)}, mode="reflect")
    case("Pad", "edge", {"p": int64(0, 0, 2, 1, 0, 0, 0, 3)}, mode="edge")
    case("Expand", "", {"s": int64(2, 1, 5, 1)}, shape=(1, 4, 1, 6))
    case("Gather", "along channels", {"i": np.array([[2, -1], [0, 2]], np.int64)}, axis=1)
    case("DepthToSpace", "DCR", shape=(1, 8, 2, 3), blocksize=2)
    case("DepthToSpace", "CRD", shape=(1, 8, 2, 3), blocksize=2, mode="CRD")
    case("SpaceToDepth", "", shape=(1, 2, 4, 6), blocksize=2)
    for operator in "ReduceMean ReduceSum ReduceL2 ReduceSumSquare".split():
        case(operator, "all")
        case(operator, "axes", {"a": int64(1, -1)}, keepdims=0)
    case("ReduceMean", "attribute", opset=13, axes=[2, 3])

    scales = {"r": np.zeros(0), "s": np.array([1, 1, 2, 1.5], np.float32)}
    sizes = {"r": np.zeros(0), "f": np.zeros(0, np.float32), "n": int64(1, 4, 3, 9)}
    for mode in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        case("Resize", f"linear, {mode}", scales, mode="linear", coordinate_transformation_mode=mode)
    case("Resize", "linear, sizes", sizes, mode="linear")
    case("Resize", "nearest, half_pixel", scales)
    case("Resize", "nearest, asymmetric, floor", sizes, coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("Resize", "nearest, prefer ceil", sizes, nearest_mode="round_prefer_ceil")
    case("Resize", "nearest, ceil", scales, nearest_mode="ceil")
    case("Resize", "cubic", scales, mode="cubic")
    case("Resize", "cubic, outside excluded", scales, mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5)

    for operator in ("Log", "Sqrt"):
        found.append((operator, [helper.make_node("Abs", ["x"], ["a"]), helper.make_node(operator, ["a"], ["y"])], (1, 4, 5, 6), {}, 18))
    for operator in ("Ceil", "Floor"):
        # Away from whole numbers, where they jump.
        moved = [helper.make_node("Add", ["x", "c"], ["m"]), helper.make_node(operator, ["m"], ["y"])]
        found.append((operator, moved, (1, 4, 5, 6), {"c": np.float64(0.2504)}, 18))
    case("Upsample", "nearest", {"s": np.array([1, 1, 2, 3], np.float32)}, opset=9)
    constants = {"value": numpy_helper.from_array(numbers((4, 1, 1)))}, {"value_float": 0.25}, {"value_floats": [0.5] * 6}
    for attributes in constants:
        nodes = [helper.make_node("Constant", [], ["c"], **attributes), helper.make_node("Mul", ["x", "c"], ["d"]), helper.make_node("Cast", ["d"], ["y"], to=TensorProto.DOUBLE)]
        if "value" not in attributes:
            nodes.insert(1, helper.make_node("Cast", ["c"], ["e"], to=TensorProto.DOUBLE))
            nodes[2].input[1] = "e"
        found.append((f"Constant {next(iter(attributes))}", nodes, (1, 4, 5, 6), {}, 18))
    filled = helper.make_node("ConstantOfShape", ["s"], ["c"], value=numpy_helper.from_array(np.array([1.5])))
    found.append(("ConstantOfShape", [filled, helper.make_node("Mul", ["x", "c"], ["y"])], (1, 4, 5, 6), {"s": int64(5, 1)}, 18))

    # Several nodes: shapes that are computed, values used twice.
    node = helper.make_node
    found.append(
        (
            "a shape that is computed",
            [
                node("Shape", ["x"], ["all"]),
                node("Gather", ["all", "first"], ["n"], axis=0),
                node("Unsqueeze", ["n", "zero"], ["row"]),
                node("Concat", ["row", "rest"], ["to"], axis=0),
                node("Reshape", ["x", "to"], ["y"]),
            ],
            (1, 4, 5, 6),
            {"first": np.int64(0), "zero": int64(0), "rest": int64(-1)},
            18,
        )
    )
    found.append(
        (
            "a residual block",
            [node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]), node("Relu", ["c"], ["r"]), node("Add", ["r", "x"], ["s"]), node("Mul", ["s", "r"], ["y"])],
            (1, 4, 5, 6),
            {"w": numbers((4, 4, 3, 3))},
            18,
        )
    )
    found.append(
        (
            "attention of an image to itself",
            [node("Transpose", ["x"], ["t"], perm=[0, 1, 3, 2]), node("MatMul", ["x", "t"], ["m"]), node("Softmax", ["m"], ["a"], axis=-1), node("MatMul", ["a", "x"], ["y"])],
            (1, 2, 3, 4),
            {},
            18,
        )
    )
    found.append(
        (
            "Split, the parts multiplied",
            [node("Split", ["x", "sizes"], ["a", "b"], axis=1), node("ReduceSum", ["a", "one"], ["s"]), node("Mul", ["s", "b"], ["y"])],
            (1, 4, 5, 6),
            {"sizes": int64(1, 3), "one": int64(1)},
            18,
        )
    )
    return found


def local_response(x, node):
    """As the operator's text has it: ONNX's reference (1.23) runs over the batch where it means the channels."""
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    size, alpha = given["size"], given["alpha"]
    beta, bias = given.get("beta", 0.75), given.get("bias", 1.0)
    squares = np.stack(
        [(x[:, max(0, c - (size - 1) // 2) : c + size // 2 + 1] ** 2).sum(axis=1) for c in range(x.shape[1])], axis=1
    )
    output = x / (bias + alpha / size * squares) ** beta
    if size % 2 == 1:
        theirs = F.local_response_norm(torch.from_numpy(x), size, alpha, beta, bias).numpy()
        np.testing.assert_allclose(output, theirs, rtol=1e-12)
    return output


def operator_records():
    records = []
    for note, nodes, shape, weights, opset in operator_cases():
        model = operator_model(nodes, shape, weights, opset)
        image = numbers(shape)
        if nodes[0].op_type == "LRN":
            output = local_response(image, nodes[0])
        else:
            output = np.asarray(ReferenceEvaluator(model).run(None, {"x": image})[0], np.float64)
        records.append({"note": note, "network": base64_of(model.SerializeToString()), "image": written(image), "output": written(output)})
    return records


def written(values):
    return {"shape": list(values.shape), "data": digits(values)}


def digits(values):
    return [float(f"{value:.14g}") for value in np.asarray(values, np.float64).ravel()]


# --- Exports


def exported_modules():
    """(note, module, image shape)"""
    nn = torch.nn
    conv = lambda *a, **k: nn.Conv2d(*a, **k)

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = conv(3, 6, 3, padding=1), conv(6, 6, 3, padding=1)
            self.norm, self.down = nn.BatchNorm2d(6), conv(3, 6, 1, stride=1)

        def forward(self, x):
            return F.relu(self.norm(self.second(F.relu(self.first(x)))) + self.down(x))

    class Mobile(nn.Module):
        def __init__(self):
            super().__init__()
            self.expand, self.depthwise, self.squeeze = conv(3, 8, 1), conv(8, 8, 3, stride=2, padding=1, groups=8), conv(8, 8, 1)

        def forward(self, x):
            y = F.hardswish(self.depthwise(F.relu6(self.expand(x))))
            return y * F.hardsigmoid(self.squeeze(F.adaptive_avg_pool2d(y, 1)))

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.patches, self.norm = conv(3, 8, 4, stride=4), nn.LayerNorm(8)
            self.mix, self.project = nn.Linear(8, 24), nn.Linear(8, 4)

        def forward(self, x):
            tokens = self.norm(self.patches(x).flatten(2).transpose(1, 2))
            q, k, v = self.mix(tokens).chunk(3, dim=-1)
            weights = torch.softmax(q @ k.transpose(1, 2) / 8**0.5, dim=-1)
            return self.project(F.gelu(weights @ v))

    class Pyramid(nn.Module):
        def __init__(self):
            super().__init__()
            self.down, self.up, self.norm = conv(3, 4, 3, stride=2, padding=1), conv(4, 4, 3, padding=1), nn.GroupNorm(2, 4)

        def forward(self, x):
            low = F.leaky_relu(self.down(x), 0.2)
            high = F.interpolate(self.norm(self.up(low)), scale_factor=2, mode="bilinear", align_corners=False)
            return torch.cat([high, F.avg_pool2d(x, 3, stride=1, padding=1)], dim=1)

    yield "VGG", nn.Sequential(conv(3, 6, 3, padding=1), nn.ReLU(), conv(6, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), conv(6, 8, 3, padding=1), nn.ReLU()), (2, 3, 8, 8)
    yield "AlexNet", nn.Sequential(conv(3, 8, 5, stride=2, padding=2), nn.ReLU(), nn.LocalResponseNorm(3), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Dropout(), nn.Linear(72, 5), nn.Softmax(1)), (1, 3, 15, 15)
    yield "ResNet", Residual(), (1, 3, 6, 6)
    yield "MobileNet", Mobile(), (1, 3, 8, 8)
    yield "ViT", Attention(), (1, 3, 8, 8)
    yield "pyramid", Pyramid(), (1, 3, 8, 8)
    yield "instance normalisation, ELU, pixel shuffle", nn.Sequential(conv(3, 8, 3), nn.InstanceNorm2d(8, affine=True), nn.ELU(), nn.PixelShuffle(2), nn.PReLU(2), nn.AvgPool2d(2, ceil_mode=True)), (1, 3, 7, 7)


def export_bytes(module, image, dynamo):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if dynamo:
            shapes = ({0: torch.export.Dim("batch")},) if image.shape[0] > 1 else None
            program = torch.onnx.export(module, (image,), dynamo=True, dynamic_shapes=shapes, opset_version=18, verbose=False)
            model = program.model_proto
            # Where in the source each node comes from: longer than the network.
            for part in (model.graph, *model.graph.node, *model.graph.value_info):
                del part.metadata_props[:]
            for node in model.graph.node:
                node.doc_string = ""
            return model.SerializeToString()
        buffer = io.BytesIO()
        axes = {"image": {0: "batch"}} if image.shape[0] > 1 else None
        torch.onnx.export(module, (image,), buffer, dynamo=False, input_names=["image"], dynamic_axes=axes, opset_version=17, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
        return buffer.getvalue()


def export_records():
    records = []
    torch.manual_seed(0)
    for note, module, shape in exported_modules():
        for layer in module.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                torch.nn.init.normal_(layer.running_mean)
                torch.nn.init.uniform_(layer.running_var, 0.5, 2)
                torch.nn.init.normal_(layer.weight)
        module.eval()
        prediction, target = numbers(shape), numbers(shape)
        # TorchScript keeps the `if` inside of local_response_norm, which no layer can be compared through.
        for exporter in ("dynamo",) if note == "AlexNet" else ("torchscript", "dynamo"):
            file = export_bytes(module.float(), torch.from_numpy(prediction).float(), exporter == "dynamo")
            module.double()
            tensors = [torch.from_numpy(image).requires_grad_() for image in (prediction, target)]
            value = ((module(tensors[0]) - module(tensors[1])) ** 2).sum()
            gradients = torch.autograd.grad(value, tensors)
            records.append(
                {
                    "note": f"{note}, {exporter}",
                    "network": base64_of(file),
                    "prediction": written(prediction),
                    "target": written(target),
                    "value": value.item(),
                    "gradients": {name: digits(g.numpy()) for name, g in zip(("prediction", "target"), gradients)},
                }
            )
    return records


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(k == "network" or close(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(close(x, y) for x, y in zip(a, b))
    if isinstance(a, float) or isinstance(b, float):
        return abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))
    return a == b


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    made = {
        "versions": {"onnx": onnx.__version__, "torch": torch.__version__},
        "operators": operator_records(),
        "exports": export_records(),
    }
    if arguments.check:
        kept = json.loads(PATH.read_text(encoding="utf-8"))
        different = [new["note"] for part in ("operators", "exports") for old, new in zip(kept[part], made[part]) if not close(old, new)]
        same_length = all(len(kept[part]) == len(made[part]) for part in ("operators", "exports"))
        if different or not same_length:
            raise SystemExit(f"networks.json differs: {', '.join(different) or 'other cases'}")
        print(f"networks.json: {len(made['operators'])} operators and {len(made['exports'])} exports are as they were")
        return
    lines = lambda records: ",\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    PATH.write_text(
        f'{{\n"versions": {json.dumps(made["versions"])},\n"operators": [\n{lines(made["operators"])}\n],\n"exports": [\n{lines(made["exports"])}\n]\n}}\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
