"""What the matcher's weights are learnt from, and that they are learnt from it."""

import json
from importlib.resources import files

import pytest

from cur_lab import datasets
from cur_lab.statements import odds
from cur_lab.synthetic import retellings


def test_the_weights_are_what_the_committed_wording_teaches():
    shipped = json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    learnt = retellings.weights()
    assert learnt.keys() == shipped.keys() == {*odds.SIGNS, "intercept"}
    # Four digits are shipped; the last may hang on the processor.
    assert learnt == pytest.approx(shipped, abs=2e-4)


def test_no_claim_of_the_sample_is_among_what_it_learns_from():
    taught = set(retellings.examples()["claim"])
    assert not taught & set(datasets.load("zarechye").claims["text"])
