"""Root configuration: nbval sees only this one when it collects notebooks/."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

# Progress bars print something else every run, and figures must be compared as JSON.
os.environ["TQDM_DISABLE"] = "1"
os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"
# Notebooks leave nothing in the home of whoever tests them.
_BUILD = Path(__file__).parent / "build"
# A key is not made inside a repository; the cache is found by it again in the next run.
_KEPT = Path(tempfile.gettempdir()) / f"cur-lab-tests-{getattr(os, 'getuid', int)()}"
os.environ.setdefault("CUR_LAB_KEY", str(_KEPT / "pseudonyms.key"))
os.environ.setdefault("CUR_LAB_CACHE", str(_BUILD / "cache"))

# Workers, kernels and commands import the same libraries: where Python is told to keep no bytecode
# (in many containers), each would compile all of them again.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(_BUILD / "bytecode"))
    sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["PYTHONPYCACHEPREFIX"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """What a test prints under ``-s`` is seen from this process alone."""
    return 0 if config.getoption("capture") == "no" else None
