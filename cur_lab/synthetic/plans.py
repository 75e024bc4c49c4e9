"""What is planted, and in which words: the TOML files beside the modules."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """Read one of the files, named without its ending."""
    text = files("cur_lab.synthetic").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
