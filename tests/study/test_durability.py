"""A study that is killed leaves nothing half there, and the next one ends as if it had not been."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

STUDY = "import sys; from cur_lab import study; study.run(sys.argv[1], sys.argv[2])"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "notebooks"
    made.mkdir()
    for number in (1, 2):
        cells = [new_markdown_cell(f"# Тетрадь {number}"), new_code_cell(f"print({number} * 21)")]
        nbformat.write(new_notebook(cells=cells), made / f"0{number}-own.ipynb")
    return made


def started(folder, out):
    command = [sys.executable, "-c", STUDY, str(folder), str(out)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def check_whole(out):
    for page in out.glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>"), page
    for path in [*out.glob("*.json"), *out.glob("notebooks/*.ipynb")]:
        json.loads(path.read_text(encoding="utf-8"))


def kill(folder, out, after):
    run = started(folder, out)
    time.sleep(after)
    run.send_signal(signal.SIGKILL)
    run.wait()
    if out.is_dir():
        check_whole(out)


def finish(folder, out):
    assert started(folder, out).wait() == 0
    check_whole(out)
    left = [path.name for path in out.rglob("*") if path.name.startswith(".")]
    assert not left
    assert (out / "index.html").is_file()
    assert sorted(path.name for path in out.glob("notebooks/*")) == [
        "01-own.ipynb",
        "02-own.ipynb",
    ]


def test_a_killed_study_is_run_again(folder, tmp_path):
    out = tmp_path / "report"
    kill(folder, out, after=2.0)
    finish(folder, out)


def test_two_studies_do_not_write_into_one_folder(folder, tmp_path):
    cell = new_code_cell("import time; time.sleep(30)")
    nbformat.write(new_notebook(cells=[cell]), folder / "01-own.ipynb")
    first = started(folder, tmp_path / "report")
    try:
        while not (tmp_path / "report" / ".cur-lab-lock").exists():
            time.sleep(0.05)
        time.sleep(0.3)
        assert started(folder, tmp_path / "report").wait() != 0
    finally:
        first.terminate()
        first.wait()


@pytest.mark.benchmark
def test_a_hundred_random_kills(folder, tmp_path, measured):
    begun = time.perf_counter()
    finish(folder, tmp_path / "whole")
    whole = time.perf_counter() - begun
    moments = random.Random(0)
    for number in range(100):
        out = tmp_path / f"report-{number}"
        kill(folder, out, after=moments.uniform(0, whole))
        finish(folder, out)
        shutil.rmtree(out)
    measured(
        "kills",
        what="a study killed at 100 random moments: no half file, run again to its end",
        ours="100 of 100",
        peer="aim: 100 of 100",
    )
