"""OpenVINO, without its reports home.

``import openvino`` also imports its conversion tools, which tell an analytics service of every import unless the user
has opted out. What a cluster's firms do is nobody else's business, the tools are not needed here, and without them the
import is faster. Everything of OpenVINO is therefore imported from here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TOOLS = "openvino.tools.ovc"


@contextmanager
def _not_importable(module: str) -> Iterator[None]:
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # how Python is told that an import shall fail
    try:
        yield
    finally:
        del sys.modules[module]


with _not_importable(_TOOLS):
    import openvino
    from openvino import opset13

__all__ = ["openvino", "opset13"]
