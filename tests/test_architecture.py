"""The package's order of rooms, read from its imports, and what must stay light."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cur_lab"

# The design: one room a line, with the number of its floor and what it holds. A room imports only
# rooms of lower floors, or itself.
ROOMS = """
18  cli          parses arguments, nothing else
17  explore      the explorer of a collection
17  study        run the notebooks, new, check, verify, audit
16  synthetic    the generator of the sample region
16  report       HTML pages: of notebooks, of districts
15  notebook     what the curated notebooks share
14  tables       draw: frame → table
13  figures      draw: frame → picture
12  headlines    word: frame → one sentence with a finding
11  coding       answer: samples, agreement, prevalence
11  pages        answer: engagement, effects, standard
11  budgeting    answer: rules, fairness, course, integrity of a vote
11  fakes        answer: campaigns, claims, intake
11  trends       answer: counts, alarms, changes, decisions
10  routing      the official rubric a message belongs to
10  topics       what people write about
10  statements   what a text states, and how it stands to a claim
 9  prepare      what every chapter needs beside a message, derived once
 8  datasets     a region is a folder
 7  families     which texts are the same
 7  readers      raw exports → canonical tables, one module per source
 6  vectors      texts as vectors
 6  disclosure   small cells
 6  privacy      find and redact personal data
 5  entities     people, places, organisations, addresses
 4  text         clean, sentences, tokens, lemmas
 4  parameters   what a notebook, a study and a briefing may be asked
 3  inference    intervals, p-values, rhythm, Poisson, survival
 3  pseudonyms   keyed ids
 3  dispatch     drawing follows the type of a result
 3  files        atomic writes
 3  progress     bars of long work
 3  wording      numbers and words for the eye
 3  clock        instants on the clock of a place
 2  translation  messages in the language of the reader
 2  exact        arithmetic that is the same on every machine
 2  columns      the vocabulary: names, schemas, headings, units, codes in words
 1  errors       what went wrong, where, what to do
"""
LEVEL = {room: int(floor) for floor, room, *_ in map(str.split, ROOMS.strip().splitlines())}

# Rooms of the floors below speak of the vocabulary and pictures of a chapter; there, and in the
# generator of the sample, a module is named after what it serves.
SERVING = {"columns", "headlines", "figures", "tables", "report", "synthetic"}
ANSWERING = {room for room, floor in LEVEL.items() if 9 < floor < 12}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Rooms a module imports, at its head or inside its functions."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            parts = node.module.split(".")
            if parts[0] == "cur_lab":
                rooms |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            rooms |= {
                alias.name.split(".")[1]
                for alias in node.names
                if alias.name.startswith("cur_lab.")
            }
    return rooms & LEVEL.keys()


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_go_downward(path):
    own = room(path)
    assert own in LEVEL or own == "__init__", f"{own} has no floor: give it a line in ROOMS"
    wrong = {other for other in imported_rooms(path) if other != own and LEVEL[other] >= LEVEL[own]}
    assert not wrong, f"{own} imports {wrong}, which stand beside or above it"


def test_only_text_knows_where_lemmas_come_from():
    asking = {
        room(path)
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(import|from) rumorph\b", path.read_text(encoding="utf-8"), re.M)
    }
    assert asking == {"text"}


def test_no_module_name_repeats_with_another_meaning():
    named = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        named[path.parent.name if path.stem == "__init__" else path.stem].append(path)
    for name, paths in named.items():
        answering = [path for path in paths if room(path) not in SERVING]
        serving = [room(path) for path in paths if room(path) in SERVING]
        alone = len(paths) == 1 or (
            len(answering) <= 1
            and {room(path) for path in answering} <= ANSWERING
            and len(serving) == len(set(serving))
        )
        assert alone, f"{name} names several things: {paths}"


def test_a_long_module_says_why():
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        why = "More than 400 lines" in (ast.get_docstring(ast.parse(source)) or "")
        name = str(path.relative_to(PACKAGE))
        assert source.count("\n") <= 400 or why, f"{name}: split it"


def loaded(name):
    """Modules that are there once this one is imported."""
    code = f"import {name}, sys; print(' '.join(sys.modules))"
    run = [sys.executable, "-c", code]
    return set(subprocess.run(run, check=True, capture_output=True, text=True).stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert not {"polars", "numpy", "sklearn", "plotly"} & loaded("cur_lab")


@pytest.mark.parametrize("name", ["topics", "trends", "fakes", "budgeting"])
def test_a_chapter_loads_slow_libraries_on_first_use(name):
    slow = {"bm25s", "lifelines", "natasha", "networkx", "pandas", "scipy.stats", "sklearn"}
    assert not {*slow, "statsmodels", "ruptures", "plotly"} & loaded(f"cur_lab.{name}")


def test_every_announced_module_loads_on_first_use():
    code = "import cur_lab\nfor name in cur_lab.__all__: getattr(cur_lab, name)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_base_stays_light():
    """The environment the tests run in has no compiler toolchain and no deep-learning stack."""
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {dependency.split(">")[0].split("=")[0].strip() for dependency in dependencies}
    heavy = {"torch", "numba", "llvmlite", "sentence-transformers", "umap-learn", "hdbscan"}
    assert not names & heavy
    # What uv resolves from pyproject.toml, without extras and without touching the environment.
    exported = subprocess.run(
        ["uv", "export", "--quiet", "--no-hashes", "--no-header", "--no-annotate"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    resolved = {line.split("==")[0].strip() for line in exported.splitlines()}
    assert "bertopic" in resolved
    assert not {name for name in resolved if name in heavy or name.startswith(("nvidia-", "cuda"))}


def test_versions_agree_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = project["project"]["version"]
    assert distribution("cur-lab").version == version
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()

    environment = (ROOT / "environment.yml").read_text()
    assert f"uv{project['tool']['uv']['required-version']}" in environment
    assert project["project"]["requires-python"] == ">=3.11,<3.14"
    assert "python=3.13" in environment


def test_an_installed_wheel_finds_the_sample_and_the_notebooks(tmp_path):
    subprocess.run(
        ["uv", "build", "--quiet", "--wheel", "--out-dir", str(tmp_path)], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from cur_lab import datasets, files, study\n"
        "print(files.__file__, datasets.load('zarechye').messages.height, len(study.find()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site")],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert printed[0].startswith(str(tmp_path))
    assert int(printed[1]) > 40_000
    assert int(printed[2]) == len(list((ROOT / "notebooks").glob("[0-9]*.ipynb")))
