"""Every notebook runs on a user's own data, however little they hold, and derives nothing twice.

nbval executes the notebooks on the sample region; here their cells run on a few hundred messages
and on texts without dates, authors, districts and rubrics.
"""

from pathlib import Path

import plotly.io as pio
import polars as pl
import pytest
import running

from cur_lab import datasets, families, prepare, readers, text
from cur_lab.study import arguments

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))
OF_MESSAGES = [path for path in NOTEBOOKS if "messages_file" in arguments.of(path)]
OF_VOTES = [path for path in NOTEBOOKS if path not in OF_MESSAGES]


def run_all(path: Path, monkeypatch: pytest.MonkeyPatch, **given: object) -> None:
    """Run a notebook with parameters put in after their cell."""
    monkeypatch.setattr(pio.templates, "default", pio.templates.default)
    names: dict[str, object] = {}
    with pl.Config():
        for source in (cell.source for cell in running.cells(path)):
            running.written(running.run(source, names))
            names |= {name: value for name, value in given.items() if name in names}
            if "notebook.load(" in source:
                forbid_deriving(monkeypatch, names["data"].messages["text"].drop_nulls())


def forbid_deriving(monkeypatch: pytest.MonkeyPatch, texts: pl.Series) -> None:
    """Let what was prepared be neither lemmatised, nor searched for addresses or families."""
    # A sentence or a word may be read by itself, and be a whole message.
    known = set(texts.filter(text.sentences(text.clean(texts)).list.len() > 1))

    def guarded(derive):
        def derived(texts, *args, threshold=0.8, **options):
            found = set(texts["text"] if isinstance(texts, pl.DataFrame) else texts)
            # Another threshold is another question.
            assert threshold != 0.8 or known.isdisjoint(found)
            asked = {"threshold": threshold} if derive is find else {}
            return derive(texts, *args, **asked, **options)

        return derived

    find = families.find
    monkeypatch.setattr(text, "terms", guarded(text.terms))
    monkeypatch.setattr(families, "find", guarded(find))
    monkeypatch.setattr(prepare, "_addresses", None)


@pytest.mark.parametrize("path", OF_MESSAGES, ids=lambda path: path.stem)
def test_it_runs_on_a_few_hundred_messages(path, monkeypatch):
    sample = datasets.load("zarechye")
    few = sample.messages.filter(pl.col("municipality").str.contains("Камнегорск")).head(400)
    region = datasets.Region("zarechye", {**sample.tables, "messages": few})
    monkeypatch.setattr(datasets, "load", lambda _name="zarechye": region)
    run_all(path, monkeypatch)


@pytest.mark.parametrize("path", OF_MESSAGES, ids=lambda path: path.stem)
def test_it_runs_on_texts_alone(path, monkeypatch, tmp_path):
    file = tmp_path / "texts.csv"
    texts = datasets.load("zarechye").messages["text"].head(60)
    pl.DataFrame({"Текст обращения": texts}).write_csv(file)
    run_all(path, monkeypatch, messages_file=str(file))


@pytest.mark.parametrize("path", OF_VOTES, ids=lambda path: path.stem)
def test_it_runs_on_a_vote_without_times_and_districts(path, monkeypatch, tmp_path):
    file = tmp_path / "own.pb"
    election = datasets.election()
    projects = election.projects.head(12).select("project_id", "cost", "title")
    votes = election.votes.join(projects, on="project_id", how="semi").head(500)
    votes = votes.select("voter_id", "project_id", "points", "rank")
    meta = {**election.meta, "num_projects": "12", "num_votes": str(votes["voter_id"].n_unique())}
    own = readers.Election(meta, projects, votes.select("voter_id").unique(), votes)
    readers.write_pabulib(own, file)
    run_all(path, monkeypatch, election_file=str(file))
