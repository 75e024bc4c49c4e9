"""What reading a large export costs, beside loading the same JSON whole."""

import json
import random
import subprocess
import sys

import pytest

pytestmark = pytest.mark.benchmark

MESSAGES = 100_000
SAID = "яма на дороге дом нет воды третий день снег двор подъезд когда сделают просим 🙂"
COST = """
import resource, sys, time
began = time.process_time()
{body}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time() - began, peak // 1024)
"""
OURS = """
from cur_lab import readers
assert readers.read(sys.argv[1], key=bytes(32)).messages.height == int(sys.argv[2])
"""
WHOLE = """
import json
with open(sys.argv[1], encoding="utf-8") as file:
    assert len(json.load(file)["messages"]) == int(sys.argv[2])
"""


def export(path) -> None:
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"name": "Двор", "type": "public_supergroup", "id": 5, "messages": [')
        for number in range(1, MESSAGES + 1):
            text = " ".join(dice.choices(SAID.split(), k=dice.randint(5, 60)))
            item = {
                "id": number,
                "type": "message",
                "date": "2024-01-05T12:30:00",
                "date_unixtime": str(1704439800 + number * 37),
                "from": "Житель",
                "from_id": f"user{dice.randint(1, 20_000)}",
                "reply_to_message_id": max(1, number - dice.randint(1, 50)),
                "text": text,
                "text_entities": [{"type": "plain", "text": text}],
            }
            file.write((",\n " if number > 1 else "\n ") + json.dumps(item, ensure_ascii=False))
        file.write("\n]}")


def cost(body: str, path) -> tuple[float, int]:
    """Processor seconds and peak of memory in megabytes, in a process of its own."""
    printed = subprocess.run(
        [sys.executable, "-c", COST.format(body=body), str(path), str(MESSAGES)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return float(printed[0]), int(printed[1])


def test_a_large_export_of_telegram(tmp_path, measured):
    path = tmp_path / "result.json"
    export(path)
    (seconds, peak), (whole_seconds, whole_peak) = cost(OURS, path), cost(WHOLE, path)
    size = path.stat().st_size // 1_000_000
    print(
        f"{size} MB: {seconds:.1f} s, {peak} MB; json.load {whole_seconds:.1f} s, {whole_peak} MB"
    )
    measured(
        "reading_telegram",
        what=f"{MESSAGES:,} messages of Telegram Desktop ({size} MB) read: processor time, memory",
        ours=f"{seconds:.1f} s, {peak} MB",
        peer=f"`json.load` alone {whole_seconds:.1f} s, {whole_peak} MB",
    )
    assert peak < whole_peak / 2
    assert seconds < 4 * whole_seconds
