"""How many notebooks this machine can run at a time: two where it has the cores and the memory."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from cur_lab.translation import say

MOST = 2
# What the largest notebook takes at its peak, and what a kernel may take beyond it.
_EACH = 2 << 30
_CONTROL_GROUP = Path("/sys/fs/cgroup")


def at_once() -> tuple[int, str]:
    """Return how many notebooks to run at a time, and why no more, in words; empty if nothing."""
    free = memory() / (1 << 30)
    if cores() < MOST:
        return 1, say("one notebook at a time: there is one processor core")
    if free * (1 << 30) < MOST * _EACH:
        return 1, say(
            f"one notebook at a time: {free:.1f} GB of memory are free, "
            f"two want {MOST * _EACH >> 30} GB"
        )
    return MOST, ""


def cores() -> int:
    """Count the cores this process may use; a container may have less than the machine."""
    # Not on macOS and Windows.
    allowed = getattr(os, "sched_getaffinity", None)
    number = len(allowed(0)) if allowed else os.cpu_count() or 1
    match _told("cpu.max").split():
        case [quota, period] if quota.isdigit():
            return max(1, min(number, int(quota) // int(period)))
    return number


def memory() -> int:
    """Measure the bytes that are free, of the machine and of the container."""
    free = int(psutil.virtual_memory().available)
    if (limit := _told("memory.max").strip()).isdigit():
        used = int(_told("memory.current") or 0)
        # What is kept of files read goes when it is needed.
        stated = dict(line.split() for line in _told("memory.stat").splitlines())
        free = min(free, int(limit) - used + int(stated.get("inactive_file", 0)))
    return max(free, 0)


def _told(name: str) -> str:
    """Read what the control group tells; nothing where there is none."""
    try:
        return (_CONTROL_GROUP / name).read_text(encoding="ascii")
    except OSError:
        return ""
