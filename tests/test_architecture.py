"""The package's order of rooms, read from its imports, and what must stay light."""

import ast
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cur_lab"

# From the bottom up; a room imports only rooms of lower layers, or itself.
LAYERS = (
    {"errors", "columns", "__init__"},
    {"inference", "pseudonyms", "files", "progress", "wording"},
    {"parameters"},
    {"text"},
    {"entities"},
    {"privacy"},
    {"readers"},
    {"datasets"},
    {"vectors"},
    {"families"},
    {"prepare"},
    {"topics", "routing", "statements"},
    {"trends", "fakes", "budgeting", "pages", "coding"},
    {"figures"},
    {"tables", "explore"},
    {"notebook"},
    {"synthetic", "report"},
    {"study", "briefings"},
    {"cli"},
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


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
    assert own in LEVEL, f"{own} has no layer: give it one in LAYERS and in design"
    wrong = {
        other
        for other in imported_rooms(path)
        if other != own and LEVEL[other] >= LEVEL[own] and (own, other) != ("columns", "errors")
    }
    assert not wrong, f"{own} imports {wrong}, which stand beside or above it"


def test_importing_the_package_loads_nothing_heavy():
    loaded = subprocess.run(
        [sys.executable, "-c", "import cur_lab, sys; print(' '.join(sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not {"polars", "numpy", "sklearn", "plotly"} & set(loaded)


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
