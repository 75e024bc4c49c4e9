"""How many texts to code: enough for the length that is promised, and not many more."""

import numpy as np
import pytest

from cur_lab import coding
from cur_lab.coding.difference import Coded, estimated
from cur_lab.errors import ParameterError

N = 20_000


def planned(**asked):
    return coding.plan(N, **asked)["n_coded_texts"].item()


def test_a_shorter_interval_takes_more_texts_and_a_good_model_fewer():
    assert planned(width=0.05) > planned(width=0.1) > planned(width=0.2)
    assert planned(share=0.3, correlation=0.9) < planned(share=0.3, correlation=0.5)
    assert planned(share=0.3, correlation=0.5) < planned(share=0.3)
    assert planned(share=0.1) < planned(share=0.5)
    assert planned(share=0.3) == planned(share=0.7)


def test_of_few_messages_hardly_all_are_asked():
    assert coding.plan(300, width=0.05)["n_coded_texts"].item() < 300
    assert planned(width=0.001) <= N


@pytest.mark.parametrize(("share", "wrong", "width"), [(0.3, 0.5, 0.1), (0.2, 0.06, 0.06)])
def test_the_promised_length_is_met_nine_times_in_ten(share, wrong, width):
    draw = np.random.default_rng(4)
    truth = (draw.random(N) < share).astype(float)
    model = np.zeros(N) if wrong == 0.5 else np.abs(truth - (draw.random(N) < wrong))
    correlation = 0.0 if wrong == 0.5 else float(np.corrcoef(truth, model)[0, 1])
    n = planned(width=width, share=share, correlation=correlation)
    met = 0
    for _ in range(200):
        rows = draw.choice(N, n, replace=False)
        ones = np.ones(n)
        texts = Coded(truth[rows], model[rows], ones, ones * n / N, np.zeros(n, dtype=np.int64))
        found = estimated(texts, N, float(model.mean()))
        met += found.high - found.low <= width
    assert met >= 170  # nine in ten, three standard errors down


def test_what_makes_no_sense_is_an_error():
    for asked in ({"width": 0}, {"share": 1.0}, {"correlation": 1.0}, {"assurance": 2.0}):
        with pytest.raises(ParameterError):
            planned(**asked)
    with pytest.raises(ParameterError, match="too few"):
        coding.plan(5)
