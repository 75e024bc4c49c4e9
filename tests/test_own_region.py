"""Every notebook answers for the region of whoever opens it, however little its folder holds."""

from pathlib import Path

import nbformat
import null_region
import plotly.io as pio
import polars as pl
import printed
import pytest
import region_folder
import running
from great_tables import GT
from headlines.entries import ENTRIES, load, overheard

from cur_lab import datasets
from cur_lab.columns import UNKNOWN, Absent
from cur_lab.study import arguments
from cur_lab.study.absences import SAMPLE
from cur_lab.tables import numbers

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))
KINDS = {
    "full": {},
    "bare": {"tables": False, "messages": 240},
    "undated": {"dated": False, "messages": 240},
    "empty": {"messages": 0, "tables": False, "campaigns": 0},
}
# Other regions: sentences and words are held to their frames, nothing else is asked of them.
OTHERS = ("half", "null", "kursk", "exports")
# Kept from run to run of a module: what is derived is the same.
_shown: dict[tuple[str, str, str], list[tuple[nbformat.NotebookNode, object]]] = {}
_heard: dict[tuple[str, str, str], list[tuple]] = {}

load("cur_lab.headlines")
load("headlines.chapters")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {
        kind: region_folder.write(tmp_path_factory.mktemp(kind) / "my-region", **options)
        for kind, options in KINDS.items()
    }
    half = region_folder.write(tmp_path_factory.mktemp("half") / "my-region", messages=240)
    for name in ("municipalities", "decisions", "notices"):
        (half / f"{name}.csv").unlink()
    null = tmp_path_factory.mktemp("null") / "null-region"
    made["null"] = null_region.write(null, messages=400, votes=900)
    return made | {"half": half} | _of_others(tmp_path_factory)


def _of_others(tmp_path_factory) -> dict[str, Path]:
    """Regions made of what others wrote, where that is there."""
    real = Path(__file__).parents[2] / "shared" / "data"
    made = {}
    for name, what in (("kursk", "kursk/*.csv"), ("exports", "exports/*.json")):
        if files := sorted(real.glob(what)):
            made[name] = tmp_path_factory.mktemp(name) / "their-region"
            (made[name] / "sources").mkdir(parents=True)
            (made[name] / "region.toml").write_text('name = "Чужая область"\n', encoding="utf-8")
            for file in files:
                (made[name] / "sources" / file.name).symlink_to(file)
    return made


@pytest.fixture
def shown(folders, tmp_path_factory, monkeypatch):
    """Run a notebook on a region of a kind, with a key of pseudonyms; once for all tests."""

    def run(path: Path, kind: str, key: str = "one"):
        if kind not in folders:
            pytest.skip("the real data are not beside the checkout (../shared/data)")
        if (name := (path.stem, kind, key)) not in _shown:
            kept = tmp_path_factory.getbasetemp()
            monkeypatch.setenv("CUR_LAB_KEY", str(kept / f"{key}.key"))
            monkeypatch.setenv("CUR_LAB_CACHE", str(kept / f"{key}-derived"))
            monkeypatch.setattr(pio.templates, "default", pio.templates.default)
            with pl.Config(), overheard() as _heard[name]:
                given = {"region": str(folders[kind]), "n_topics": 4}
                _shown[name] = list(running.run_all(path, **given))
        return _shown[name]

    return run


def own(results):
    """What a study leaves of the results on a user's own data."""
    return [
        (cell, result)
        for cell, result in results
        if result is not None and SAMPLE not in cell.metadata.get("tags", ())
    ]


@pytest.fixture(scope="module")
def of_the_sample():
    """Names that only the sample has."""
    sample = datasets.load("zarechye")
    names = set(sample.municipalities["municipality"]) | set(sample.projects["title"].head(20))
    names |= set(sample.claims["text"]) | set(sample.decisions["title"])
    names |= {word for name in sample.municipalities["municipality"] for word in name.split()}
    common = {"городской", "муниципальный", "округ", "район"}
    return {name for name in names - common if name} | {"Заречь", "учебн", "вымышлен"}


@pytest.mark.parametrize("kind", KINDS)
@each
def test_it_tells_of_that_region_alone(path, kind, shown, of_the_sample):
    results = own(shown(path, kind))
    told = "\n".join(running.written(result) for _, result in results)
    assert [name for name in of_the_sample if name in told] == []
    assert region_folder.NAME in told
    reasons = {result.reason for _, result in results if isinstance(result, Absent)}
    if kind == "empty":
        assert any("обращений" in reason or "голосований" in reason for reason in reasons)
        assert not any("Кампания одна" in reason for reason in reasons)
    if kind == "undated" and path.stem[:2] in ("02", "03", "04"):
        assert f"В этих данных нет дат: {UNKNOWN}" in reasons


@pytest.mark.parametrize("kind", [*KINDS, *OTHERS])
@each
def test_every_sentence_follows_from_the_frame_beneath_it(path, kind, shown):
    shown(path, kind)
    for name, given, options, sentence in _heard[path.stem, kind, "one"]:
        assert ENTRIES[name].predicate(sentence, *given, **options), (name, sentence)


@pytest.mark.parametrize("kind", [*KINDS, *OTHERS])
@each
def test_nothing_is_printed_that_no_reader_should_see(path, kind, shown):
    faults = [
        (cell.id, fault)
        for cell, result in own(shown(path, kind))
        for fault in printed.faults(result)
        # What citizens wrote is theirs.
        if not printed.QUOTED.search(cell.source)
    ]
    assert faults == []


@each
def test_what_is_true_of_the_sample_alone_is_marked(path, of_the_sample):
    for cell in nbformat.read(path, as_version=4).cells:
        if SAMPLE not in cell.metadata.get("tags", ()):
            assert [name for name in of_the_sample if name in cell.source] == [], cell.source


@each
def test_no_published_table_depends_on_the_key_of_pseudonyms(path, shown):
    mine, others = (
        [
            (cell.id, numbers.stated(result), numbers.digest(result))
            for cell, result in own(shown(path, "full", key))
            if isinstance(result, GT) and numbers.name_of(result)
        ]
        for key in ("one", "another")
    )
    assert mine == others
    assert mine


def test_a_share_of_residents_is_of_the_regions_own(shown):
    path = next(path for path in NOTEBOOKS if path.stem.startswith("07"))
    reasons = [str(result) for _, result in shown(path, "bare") if isinstance(result, Absent)]
    assert f"В этих данных нет числа жителей: {UNKNOWN}." in reasons
    told = "\n".join(running.written(result) for _, result in shown(path, "full"))
    assert all(place in told for place in region_folder.PLACES)


def test_the_last_campaign_is_taken_unless_another_is_named(folders):
    from cur_lab import notebook
    from cur_lab.errors import ParameterError

    folder = str(folders["full"])
    names = list(datasets.load(folder).elections)
    assert notebook.load_vote(region=folder).campaign == names[-1]
    assert notebook.load_vote(region=folder, campaign=names[0]).campaign == names[0]
    with pytest.raises(ParameterError, match="names no campaign"):
        notebook.load_vote(region=folder, campaign="1999")


def test_a_region_and_a_file_are_not_both_read(folders, tmp_path):
    from cur_lab.errors import CurLabError

    file = tmp_path / "own.csv"
    file.write_text("Текст\nнет воды\n", encoding="utf-8")
    given = {"region": folders["full"], "messages_file": file}
    with pytest.raises(CurLabError, match="both a region and messages_file are given"):
        arguments.assign(given, NOTEBOOKS)


def test_parameters_of_the_region_stand_below_those_given(tmp_path):
    folder = region_folder.write(tmp_path / "mine", messages=30, campaigns=0)
    settings = folder / "region.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(f"{written}\n[parameters]\nfdr = 0.1\nseed = 7\n", encoding="utf-8")
    assigned = arguments.assign({"region": folder, "fdr": "0,2"}, NOTEBOOKS[:2])
    assert assigned[NOTEBOOKS[0]]["seed"] == 7
    assert assigned[NOTEBOOKS[1]]["fdr"] == 0.2


def test_notebooks_that_would_tell_of_the_sample_are_left_out():
    kept = arguments.own(NOTEBOOKS, {"messages_file": "own.csv"})
    assert {path.stem[:2] for path in NOTEBOOKS} - {path.stem[:2] for path in kept} == {"07", "08"}
    assert arguments.own(NOTEBOOKS, {"region": "mine"}) == NOTEBOOKS
    assert arguments.own(NOTEBOOKS, {"fdr": "0.1"}) == NOTEBOOKS
