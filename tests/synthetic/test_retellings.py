"""What the matcher's weights are learnt from, and that they are learnt from it."""

import json
from importlib.resources import files

import numpy as np
import pytest

from cur_lab import datasets
from cur_lab.statements import odds
from cur_lab.synthetic import retellings


def test_the_model_is_what_the_committed_wording_teaches():
    shipped = json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    learnt = retellings.weights()
    assert learnt["line"] == pytest.approx(shipped["line"], abs=2e-3)
    rows = np.random.default_rng(0).uniform(0, 1, (500, len(odds.SIGNS)))
    again, held = (odds.planted(one).log_odds(rows) for one in (learnt, shipped))
    # A tree of another version may split elsewhere; what it says may not differ by much.
    assert np.abs(again - held).mean() < 0.05


def test_what_is_shared_speaks_for_a_claim_and_what_contradicts_it_against():
    rows = np.random.default_rng(1).uniform(0, 1, (50, len(odds.SIGNS)))
    model = odds.planted(
        json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    )
    for place, (name, sign) in enumerate(odds.SIGNS.items()):
        more = rows.copy()
        more[:, place] += 0.5
        change = model.log_odds(more) - model.log_odds(rows)
        assert (sign * change >= -1e-9).all(), name


def test_no_claim_of_the_sample_is_among_what_it_learns_from():
    taught = set(retellings.examples()["claim"])
    assert not taught & set(datasets.load("zarechye").claims["text"])
