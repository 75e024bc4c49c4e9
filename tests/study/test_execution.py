import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cur_lab import cli, study
from cur_lab.errors import CurLabError, InputError, ParameterError
from cur_lab.study import arguments, machine


@pytest.fixture
def folder(tmp_path):
    """Three notebooks: one runs, one fails in its second cell, one shows its parameter."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    bodies = {
        "01-runs": ["print(6 * 7)"],
        "02-fails": ["print('before')", "1 / 0", "print('never')"],
        "03-shows": ["print('file:', messages_file)"],
    }
    for name, cells in bodies.items():
        parameters = new_code_cell("messages_file = None", metadata={"tags": ["parameters"]})
        notebook = new_notebook(
            cells=[new_markdown_cell(f"# {name}"), parameters, *map(new_code_cell, cells)],
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
            },
        )
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_a_failing_notebook_is_named_and_the_others_run(folder, tmp_path):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    export = tmp_path / "export.csv"
    export.write_text("text\nнет воды\n", encoding="utf-8")
    out = tmp_path / "report"

    outcomes = study.run(folder, out, messages=export)

    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    # Papermill puts the parameters into a cell of their own, which counts.
    assert outcomes[1].error == "ячейка 4 «1 / 0»: ZeroDivisionError: division by zero"
    assert "42" in (out / "01-runs.html").read_text(encoding="utf-8")
    assert "export.csv" in (out / "03-shows.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in (out / "index.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_killed_kernel_is_named_and_the_others_run(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "at_once", lambda: (2, ""))
    nbformat.write(
        new_notebook(
            cells=[
                new_markdown_cell("# Без памяти"),
                new_code_cell("print('before')"),
                new_code_cell("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
            ]
        ),
        folder / "01-killed.ipynb",
    )
    outcomes = study.run(folder, tmp_path / "report")
    assert [outcome.name for outcome in outcomes] == [
        "01-killed",
        "01-runs",
        "02-fails",
        "03-shows",
    ]
    said = "ячейка 2 «import os, signal»: ядро остановилось, вероятно, не хватило памяти"
    assert outcomes[0].error == said
    assert [outcome.error is None for outcome in outcomes[1:]] == [True, False, True]
    assert said in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    # What was printed before is kept.
    assert outcomes[0].notebook.cells[1].outputs[0].text == "before\n"


def test_an_error_of_ours_is_told_in_russian(folder, tmp_path):
    cell = new_code_cell("from cur_lab import topics; topics.load('absent')")
    nbformat.write(new_notebook(cells=[cell]), folder / "01-runs.ipynb")
    (outcome,) = study.run(folder / "01-runs.ipynb", tmp_path / "report")
    assert outcome.error.endswith(
        "InputError: absent: нет сохранённой модели тем. Дайте папку, которую записал save"
    )


def kernels_of(process):
    return [one for one in process.children(recursive=True) if "ipykernel" in str(one.cmdline())]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("when", ["as the kernels start", "as they run"])
def test_ctrl_c_leaves_no_kernel(folder, tmp_path, when):
    sleeping = new_notebook(
        cells=[new_code_cell("open('runs', 'w')\nimport time\ntime.sleep(600)")]
    )
    for name in ("01-runs", "02-fails", "03-shows"):
        nbformat.write(sleeping, folder / f"{name}.ipynb")
    code = "import sys; from cur_lab import cli, study; study.find = lambda n: sorted("
    code += f"__import__('pathlib').Path({str(folder)!r}).iterdir()); sys.exit(cli.main())"
    command = [sys.executable, "-c", code, "study", "--out", str(tmp_path / "report")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        process = psutil.Process(running.pid)
        begun = (tmp_path / "report" / "notebooks" / "runs").exists
        until = time.monotonic() + 120
        kernels = []
        while not (kernels and (when == "as the kernels start" or begun())):
            assert time.monotonic() < until
            time.sleep(0.05)
            kernels = kernels_of(process)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "Traceback" not in said
    _, left = psutil.wait_procs(kernels, timeout=5)
    assert not left


def test_what_is_shown_where_nobody_looks_on(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("TQDM_DISABLE")
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    study.run(folder / "01-runs.ipynb", tmp_path / "report")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "01-runs: начата"
    assert re.fullmatch(r"01-runs: 50 % ячеек за \d\d:\d\d, осталось \d\d:\d\d", lines[1])
    assert re.fullmatch(r"01-runs: выполнено за \d\d:\d\d", lines[-1])
    assert len(lines) <= 5
    assert "\r" not in "".join(lines)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminal")
def test_bars_stand_from_the_first_second(folder, tmp_path):
    """Before anything is read, each notebook has a line that says it waits."""
    import pty
    import termios

    code = "import sys; from cur_lab.study.watching import Watch; from pathlib import Path\n"
    code += "watch = Watch(map(Path, sys.argv[1:]))\n"
    code += "print(sorted({'polars', 'plotly', 'papermill', 'nbformat'} & set(sys.modules)))\n"
    code += "assert not any(line.bar.leave for line in watch._lines.values())"
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    paths = sorted(map(str, folder.iterdir()))
    environment = {n: v for n, v in os.environ.items() if n != "TQDM_DISABLE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *paths],
        stderr=theirs,
        stdout=subprocess.PIPE,
        env=environment | {"LC_ALL": "ru_RU.UTF-8"},
        text=True,
        check=True,
    )
    shown = os.read(ours, 100_000).decode()
    assert done.stdout == "[]\n"
    assert [name in shown for name in ("01-runs", "02-fails", "03-shows")] == [True] * 3
    assert shown.count("ждёт") >= 3


@pytest.mark.parametrize(
    ("cores", "gigabytes", "number", "said"),
    [
        (2, 8.0, 2, ""),
        (1, 8.0, 1, "one notebook at a time: there is one processor core"),
        (8, 2.9, 1, "one notebook at a time: 2.9 GB of memory are free, two want 4 GB"),
    ],
)
def test_one_core_or_little_memory_is_one_notebook_at_a_time(
    cores, gigabytes, number, said, monkeypatch
):
    monkeypatch.setattr(machine, "cores", lambda: cores)
    monkeypatch.setattr(machine, "memory", lambda: int(gigabytes * (1 << 30)))
    assert machine.at_once() == (number, said)


def test_a_container_has_its_own_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_CONTROL_GROUP", tmp_path)
    free, cores = machine.memory(), machine.cores()
    assert free > 0
    for name, content in {
        "cpu.max": "100000 100000\n",
        "memory.max": "3000000000\n",
        "memory.current": "2500000000\n",
        "memory.stat": "anon 1\ninactive_file 400000000\n",
    }.items():
        (tmp_path / name).write_text(content)
    assert (machine.cores(), machine.memory()) == (1, 900_000_000)
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.cores() == cores
    assert machine.memory() > 900_000_000


def test_a_folder_that_cannot_be_written_is_told_of_first(folder, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InputError, match="file: a file, not a folder"):
        study.run(folder, file / "report", messages=tmp_path / "absent.csv")


def test_a_missing_export_is_named_before_anything_runs(folder, tmp_path):
    with pytest.raises(InputError, match=r"absent\.csv"):
        study.run(folder, tmp_path / "report", messages=tmp_path / "absent.csv")
    assert not (tmp_path / "report").exists()


@pytest.fixture
def curated(tmp_path):
    """Two notebooks of messages and one of a vote, each with the parameters it needs."""
    folder = tmp_path / "curated"
    folder.mkdir()
    bodies = {
        "01-topics": "messages_file = None  # файл\nmunicipality = None  # район",
        "02-trends": "messages_file = None  # файл\nfdr = 0.05  # доля\n"
        "since = None  # день\nby = ['rubric']  # разрез",
        "06-claims": "messages_file = None  # файл\nuntil = None  # день\nchannel = 'bot'  # канал",
        "08-votes": "election_file = None  # файл\nown: int = None  # своё",
    }
    for name, parameters in bodies.items():
        cell = new_code_cell(parameters, metadata={"tags": ["parameters"]})
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=[cell], metadata={"kernelspec": kernel})
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_a_notebook_gets_the_parameters_it_has(curated):
    given = {"municipality": "Камнегорск", "fdr": "0,1", "own": "3", "by": "rubric,channel"}
    assigned = arguments.assign(given, sorted(curated.iterdir()))
    assert {path.stem: own for path, own in assigned.items()} == {
        "01-topics": {"municipality": "Камнегорск"},
        "02-trends": {"fdr": 0.1, "by": ["rubric", "channel"]},
        "06-claims": {},
        "08-votes": {"own": 3},
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"fdrr": "0.1"},
            "fdrr: .*Did you mean fdr.*by, channel, election_file, fdr, ",
        ),
        ({"fdr": "1.5"}, "between 0 and 1"),
        ({"own": "three"}, "own: 'three' is not a whole number"),
        ({"municipality": "Камнегорс к"}, "городской округ Камнегорск"),
        ({"by": "rubrik"}, "no column rubrik.*Did you mean rubric"),
        ({"since": "2031-01-01"}, "no message is left"),
        ({"since": "2025-13-01"}, "is not a day"),
        ({"until": "2099-01-01"}, "until: .* outside the data. They cover 01.01.2024–31.12.2025"),
        ({"since": "2025-03-02", "until": "2025-03-01"}, "since: 2025-03-02 is after until"),
        ({"channel": "fax"}, "channel: no channel 'fax'.*There are: bot, gosuslugi, hotline"),
        ({"messages_file": "."}, "a folder, not a file"),
        ({"messages_file": "absent.csv"}, "absent.csv: no such file"),
    ],
)
def test_what_makes_no_sense_is_named_before_anything_runs(curated, tmp_path, given, said):
    with pytest.raises(CurLabError, match=said):
        study.run(curated, tmp_path / "report", parameters=given)
    assert not (tmp_path / "report").exists()


def test_a_parameter_of_no_chosen_notebook_is_an_error(curated, tmp_path):
    with pytest.raises(ParameterError, match=r"municipality: .*: election_file, own"):
        study.run(curated / "08-votes.ipynb", tmp_path, parameters={"municipality": "Камнегорск"})


def test_votes_are_no_messages(curated, tmp_path):
    file = tmp_path / "mine.pb"
    file.write_text("META\n", encoding="utf-8")
    said = r"mine\.pb holds votes, not messages\. Give votes as -p election_file=.*mine\.pb"
    with pytest.raises(InputError, match=said):
        study.run(curated, tmp_path / "report", messages=file)
    said = r"these notebooks read votes.* -p election_file=FILE"
    with pytest.raises(InputError, match=said):
        study.run(curated / "08-votes.ipynb", tmp_path / "report", messages=file)
    assert not (tmp_path / "report").exists()


def test_the_lengths_of_the_curated_notebooks_are_checked():
    for number, name in (("2", "every"), ("3", "window"), ("4", "horizon"), ("6", "interval")):
        with pytest.raises(ParameterError, match=f"{name}: '9999y' makes no sense"):
            arguments.assign({name: "9999y"}, study.find([number]))


def test_what_is_no_notebook_is_named(tmp_path):
    file = tmp_path / "x.ipynb"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.ipynb: not a notebook"):
        study.run(file, tmp_path / "report")


def test_the_command_hands_parameters_over(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(study, "find", lambda numbers: [folder / "03-shows.ipynb"])
    command = ["study", "3", "--out", str(tmp_path / "report")]
    assert cli.main([*command, "-p", "messages=1"]) == 2
    assert "messages: no notebook" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        cli.main([*command, "-p", "fdr"])
    assert stop.value.code == 2
    assert "'fdr' is not NAME=VALUE" in capsys.readouterr().err


def test_find_names_what_there_is():
    with pytest.raises(InputError, match="01-complaint-topics"):
        study.find(["77"])
    for number in ("01", "1", "01-complaint-topics"):
        assert [path.stem for path in study.find([number])] == ["01-complaint-topics"]


def test_the_command_tells_failure_by_its_status(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(study, "find", lambda numbers: sorted(folder.glob("0[12]*.ipynb")))
    out = tmp_path / "report"
    assert cli.main(["study", "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.out.strip() == str(out / "index.html")
    assert "02-fails: ячейка 3 «1 / 0»: ZeroDivisionError" in printed.err


def test_the_command_names_bad_input_without_a_traceback(tmp_path, capsys):
    assert cli.main(["study", "01", "--messages", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv" in capsys.readouterr().err
