"""Answers one request of Loss Lens in a Jupyter kernel, by display messages that only Loss Lens reads.

Runs behind values.py, in the same namespace, which holds the request. Nothing is raised: what IPython reports would
replace `sys.last_value` and all that `%debug` looks at.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

if TYPE_CHECKING:
    from values import at, contents, listing, refusal

    request: str

CHUNK = 3 << 18
"""A multiple of 3: each chunk is base64 of its own."""

shell: Any = get_ipython()


def publish(mime: str, data: Any) -> None:
    shell.display_pub.publish({mime: data}, {})


def answer(kind: str, mime: str, path: list[Any], chunk: str) -> None:
    names = sys.modules["__main__"].__dict__
    if kind == "list":
        hidden = shell.user_ns_hidden
        publish(mime, {"arrays": listing({name: names[name] for name in list(names) if name not in hidden})})
        return
    header, octets = contents(at(names, path))
    publish(mime, {"array": header, "bytes": octets.nbytes})
    for start in range(0, octets.nbytes, CHUNK):
        publish(chunk, base64.b64encode(octets[start : start + CHUNK]).decode("ascii"))


try:
    answer(**json.loads(request))
except BaseException as error:
    publish(json.loads(request)["mime"], refusal(error))
