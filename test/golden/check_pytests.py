"""Runs pytest cases out of a JSON file, without pytest: each is one function without arguments."""

import importlib.util
import json
import sys
import traceback
from collections import Counter

from cases_torchvision import import_torchvision

modules = {
    "torch": "torch",
    "torchvision": "torchvision",
    "keras": "keras",
    "tensorflow": "tensorflow",
    "optax": "optax",
    "sklearn": "sklearn",
    "scipy": "scipy",
    "pot": "ot",
    "pytorch-metric-learning": "pytorch_metric_learning",
    "smp": "segmentation_models_pytorch",
    "monai": "monai",
    "kornia": "kornia",
}

with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)

if importlib.util.find_spec("torchvision"):
    import_torchvision()
passed, absent, failed = Counter(), Counter(), 0
for case in cases:
    framework = case["framework"]
    if importlib.util.find_spec(modules[framework]) is None:
        absent[framework] += 1
        continue
    names = {}
    try:
        exec(compile(case["code"], case["name"], "exec"), names)
        next(value for name, value in names.items() if name.startswith("test_"))()
        passed[framework] += 1
    except Exception:
        failed += 1
        print(f"\n{case['name']}\n{case['code']}")
        traceback.print_exc(limit=-1)

print("passed:", ", ".join(f"{name} {count}" for name, count in passed.items()))
if absent:
    print("not installed:", ", ".join(f"{name} {count}" for name, count in absent.items()))
if failed:
    sys.exit(f"{failed} failed")
