"""The sample region, published figures, and downloads against a server on the loopback."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.datasets import public
from cur_lab.errors import DownloadError, ParameterError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONTENT = "id,text\n1,Яма\n".encode()


def test_sample_region_has_the_schemas():
    sample = datasets.load("zarechye")
    c.MESSAGES.check(sample.messages, where="messages")
    c.MUNICIPALITIES.check(sample.municipalities, where="municipalities")
    assert sample.messages[c.MESSAGE_ID].is_unique().all()
    districts = set(sample.municipalities[c.MUNICIPALITY])
    assert set(sample.messages[c.MUNICIPALITY].drop_nulls()) <= districts


def test_truth_stands_apart_and_speaks_of_the_same_messages():
    sample, truth = datasets.load("zarechye"), datasets.truth("zarechye")
    assert not hasattr(sample, "incidents")
    assert set(truth.messages[c.MESSAGE_ID]) == set(sample.messages[c.MESSAGE_ID])


def test_absent_names_are_said_with_what_there_is():
    with pytest.raises(ParameterError, match="Did you mean zarechye"):
        datasets.load("zarechie")
    with pytest.raises(AttributeError, match=r"no table 'massages'; there are .*messages"):
        _ = datasets.load("zarechye").massages
    with pytest.raises(ParameterError, match="Did you mean kursk-appeals"):
        datasets.fetch("kursk-appeal")


def test_published_figures_keep_their_wording():
    figures = datasets.published()
    c.PUBLISHED.check(figures, where="published")
    assert not figures.select(c.REGION, c.PERIOD, c.METRIC, c.SPEAKER).is_duplicated().any()
    # A figure named «over» so much must not turn into an exact one.
    rounded = figures.filter((pl.col(c.VALUE) >= 10_000) & (pl.col(c.VALUE) % 1_000 == 0))
    approximate = rounded[c.METRIC].str.contains("более|около|почти")
    assert rounded.filter(~approximate)[c.SPEAKER].to_list() == ["региональная пресса"]


def test_votes_by_way_of_voting_sum_up_to_the_campaign():
    votes = datasets.published().filter(pl.col(c.PERIOD) == "22.11–22.12.2021", unit="голоса")
    parts = votes.filter(pl.col(c.DENOMINATOR).is_not_null())[c.VALUE].sum()
    assert parts == votes.filter(pl.col(c.DENOMINATOR).is_null())[c.VALUE].item()


def test_catalogue_states_a_licence_for_every_set():
    listed = datasets.catalogue()
    c.CATALOGUE.check(listed, where="catalogue")
    assert (listed[c.LICENCE].str.len_chars() > 0).all()
    files = pl.read_csv(Path(__file__).parents[2] / "datasets" / "catalogue.csv")
    assert files["sha256"].str.contains("^[0-9a-f]{64}$").all()
    assert files["commit"].str.contains("^[0-9a-f]{40}$").all()


# --- downloads ----------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Path]:
    """A stand-in for the public address, and a catalogue of one set of two files."""
    folder = tmp_path / "public"
    files = folder / "owner/repo" / COMMIT / "data"
    files.mkdir(parents=True)
    (files / "one two.csv").write_bytes(CONTENT)
    (files / "other.csv").write_bytes(b"id,text\n2,x\n")
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files.iterdir()}
    listed = pl.DataFrame(
        {
            c.NAME: "appeals",
            c.REPOSITORY: "owner/repo",
            "commit": COMMIT,
            "path": [f"data/{name}" for name in digests],
            "sha256": list(digests.values()),
            c.BYTES: 10,
            c.LICENCE: "CC0",
            c.NOTE: "two files",
        }
    )
    listed.write_csv(tmp_path / "catalogue.csv")
    monkeypatch.setattr(public, "shipped", lambda *parts: tmp_path / parts[-1])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    listening = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    monkeypatch.setattr(public, "_ADDRESS", f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield files
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_fetch_downloads_once(server):
    first, second = datasets.fetch("appeals")
    assert first.read_bytes() == CONTENT
    (server / "one two.csv").unlink()
    assert datasets.fetch("appeals") == [first, second]


def test_a_file_changed_on_the_way_is_refused(server, tmp_path):
    (server / "other.csv").write_bytes(b"id,text\n2,y\n")
    with pytest.raises(DownloadError, match=r"SHA-256.*"):
        datasets.fetch("appeals")
    assert not list((tmp_path / "cache").rglob("other.csv"))
    # What is downloaded later is the right one, or nothing.
    (server / "other.csv").write_bytes(b"id,text\n2,x\n")
    assert len(datasets.fetch("appeals")) == 2


def test_a_cached_file_that_was_damaged_is_downloaded_again(server):
    first, _ = datasets.fetch("appeals")
    first.write_bytes(b"damaged")
    assert datasets.fetch("appeals")[0].read_bytes() == CONTENT


def test_a_file_that_is_gone(server):
    (server / "other.csv").unlink()
    with pytest.raises(DownloadError, match=r"other\.csv"):
        datasets.fetch("appeals")


def test_offline(server, monkeypatch):
    monkeypatch.setattr(public, "_ADDRESS", "http://127.0.0.1:1")
    with pytest.raises(DownloadError, match="Check the connection") as raised:
        datasets.fetch("appeals")
    assert "127.0.0.1:1/owner/repo" in str(raised.value.where)


def test_the_vote_of_the_sample_is_an_election():
    election = datasets.election()
    assert election.vote_type == "choose-1"
    assert election.budget > 0
    assert election.votes["project_id"].is_in(election.projects["project_id"].implode()).all()
    assert election.votes["voter_id"].is_unique().all()
    assert int(election.meta["num_votes"]) == election.votes.height == election.voters.height
