"""Dawid and Skene's model: what is right, and how often each coder is, from codes alone."""

from __future__ import annotations

import numpy as np

from cur_lab.inference import FloatArray

_ROUNDS = 100
_AGAIN, _AGAIN_ROUNDS = 100, 20
_CLOSE = 1e-7
# Half a code is lent to each cell of a coder's table, so that none is impossible.
_LENT = 0.5


def accuracies(wide: FloatArray, times: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Share of right codes of each coder with the ends of its 95 % interval.

    ``wide`` is units x coders with NaN, ``times`` how often bootstrap draws took each unit.
    """
    scale = np.unique(wide[~np.isnan(wide)])
    given = (wide[:, :, None] == scale).astype(float)
    whole = np.ones(len(wide))
    start = given.sum(axis=1) / given.sum(axis=(1, 2))[:, None]
    found = _maximised(given, whole, start, _ROUNDS)
    again = [
        _right(given, drawn, _maximised(given, drawn, found, _AGAIN_ROUNDS))
        for drawn in times[:_AGAIN]
    ]
    low, high = np.nanquantile(np.array(again), [0.025, 0.975], axis=0)
    return _right(given, whole, found), low, high


def _maximised(given: FloatArray, times: FloatArray, belief: FloatArray, rounds: int) -> FloatArray:
    """Probability of each value being right for each unit, by expectation and maximisation."""
    for _ in range(rounds):
        weighted = belief * times[:, None]
        share = weighted.sum(axis=0) + _LENT
        table = np.tensordot(weighted, given, axes=(0, 0)) + _LENT / given.shape[2]
        table /= table.sum(axis=2, keepdims=True)
        likely = np.tensordot(given, np.log(table), axes=([1, 2], [1, 2])) + np.log(share)
        likely = np.exp(likely - likely.max(axis=1, keepdims=True))
        last, belief = belief, likely / likely.sum(axis=1, keepdims=True)
        if np.abs(belief - last).max() < _CLOSE:
            break
    return belief


def _right(given: FloatArray, times: FloatArray, belief: FloatArray) -> FloatArray:
    coded = times @ given.sum(axis=2)
    right = np.einsum("u,ujk,uk->j", times, given, belief)
    return np.asarray(np.where(coded > 0, right / np.where(coded > 0, coded, 1.0), np.nan))
