"""Another processor, number of threads, order of rows, hash seed or locale changes no table.

Each run is a process of its own, because linear algebra chooses its kernel when it is loaded. What
a processor's vector instructions change beside that is changed by numpy's own switch.
"""

import itertools
import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

HERE = Path(__file__).parent
# What chooses, groups or draws by numbers that a matrix product made.
CHOOSING = (
    *("topics.fit", "routing.fit", "families.find", "fakes.campaigns", "fakes.matches"),
    *("trends.alarms", "trends.changes", "trends.hotspots"),
)


def kernels() -> list[str]:
    """Kernels of OpenBLAS that this processor can run, its own (empty) first."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return [""]
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    modern = {"AVX2", "X86_V3"} & set(found)
    return ["", "Nehalem", *(["Haswell"] if modern else [])]


def hashes(
    size: int, *names: str, kernel: str, threads: int, seed: int, locale: str, plain: bool
) -> list[str]:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(seed + 1),
        "LC_ALL": locale,
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
    }
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    if plain:
        found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(found)
    with TemporaryDirectory() as folder:
        # What another run derived is no evidence for this one.
        environment["CUR_LAB_CACHE"] = folder
        done = subprocess.run(
            [sys.executable, "hashes.py", str(size), str(seed), *names],
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout.splitlines()


def locales() -> list[str]:
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    return ["C", *[name for name in listed.split() if name.lower().startswith("ru_ru.utf")]]


def assert_same(size: int, *names: str, runs: list[dict]) -> None:
    first = hashes(size, *names, **runs[0])
    assert len(first) > len(names)
    for run in runs[1:]:
        other = hashes(size, *names, **run)
        assert [line for line in other if line not in first] == [], run


def test_every_public_function_gives_the_same_tables_on_a_small_sample():
    runs = [
        {"kernel": "", "threads": 1, "seed": -1, "plain": False, "locale": "C"},
        {"kernel": kernels()[-1], "threads": 2, "seed": 1, "plain": False, "locale": locales()[-1]},
        {"kernel": kernels()[:2][-1], "threads": 1, "seed": 2, "plain": True, "locale": "C"},
    ]
    assert_same(0, runs=runs)


@pytest.mark.benchmark
@pytest.mark.parametrize("name", CHOOSING)
def test_kernels_and_threads_on_messages_of_the_sample_region(name):
    runs = [
        {
            "kernel": kernel,
            "threads": threads,
            "seed": place,
            "plain": place == 1,
            "locale": locales()[place % len(locales())],
        }
        for place, (kernel, threads) in enumerate(itertools.product(kernels(), (1, 2)))
    ]
    assert_same(6_000, name, runs=runs)
