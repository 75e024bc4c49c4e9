"""Panels of judges with planted severities."""

import numpy as np
import polars as pl
import scipy


def panel(
    seed: int,
    *,
    judges: int = 7,
    entries: int = 40,
    criteria: int = 4,
    per_entry: int = 3,
    steps: int = 10,
    halo: float = 0.0,
) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Draw scores from a scale cut out of normal noise, which is not the model that is fitted.

    Returns
    -------
    tuple
        Scores; planted severity of each judge in points, over these entries; planted fair score of
        each entry.
    """
    random = np.random.default_rng(seed)
    middle = (1 + steps) / 2
    quality = random.normal(middle, steps / 10 + 0.2, entries)
    severity = random.normal(0, 0.8, judges)
    severity -= severity.mean()
    difficulty = random.normal(0, 0.4, criteria)
    difficulty -= difficulty.mean()
    rows = []
    for entry in range(entries):
        for judge in random.permutation(judges)[:per_entry]:
            shared = random.normal(0, halo) if halo else 0.0
            for criterion in range(criteria):
                felt = quality[entry] - severity[judge] - difficulty[criterion] + shared
                score = float(np.clip(np.rint(felt + random.normal()), 1, steps))
                rows.append((f"судья-{judge}", f"{entry:02}", f"к{criterion}", score))
    frame = pl.DataFrame(rows, schema=["judge", "entry", "criterion", "score"], orient="row")
    spread = float(np.hypot(1, halo))
    fair = expected(quality[:, None] - difficulty, steps, spread).mean(axis=1)
    given = [
        expected(quality[:, None] - own - difficulty, steps, spread).mean(axis=1)
        for own in severity
    ]
    return frame, np.array([(fair - mean).mean() for mean in given]), fair


def expected(felt: np.ndarray, steps: int, spread: float) -> np.ndarray:
    """Mean of a rounded and clipped normal score."""
    scale = np.arange(1, steps + 1)
    edges = np.concatenate([[-np.inf], scale[:-1] + 0.5, [np.inf]])
    below = scipy.special.ndtr((edges - felt[..., None]) / spread)
    return np.diff(below, axis=-1) @ scale
