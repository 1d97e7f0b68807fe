"""Answers one request of Loss Lens in a debugged process: `answer` is its JSON, or the base64 of bytes.

Runs behind values.py, in the same namespace, which holds the request and the frame's variables.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from values import contents, describe, listing, refusal

    request: str
    names: dict[str, Any]


def answered(kind: str, start: int, end: int) -> str:
    if kind == "list":
        return json.dumps({"arrays": listing(names)})
    value = names["value"]
    if kind == "describe":
        return json.dumps({"arrays": [{"path": ["value"], **(describe(value) or {})}]})
    header, octets = contents(value)
    if kind == "header":
        return json.dumps({"array": header, "bytes": octets.nbytes})
    return base64.b64encode(octets[start:end]).decode("ascii")


try:
    answer = answered(**json.loads(request))
except Exception as error:
    answer = json.dumps(refusal(error))
