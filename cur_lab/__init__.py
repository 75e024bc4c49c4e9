"""cur-lab: a research workbench for Russian citizen feedback.

The package stands behind the notebooks in ``notebooks/``. Its rooms, from raw export to picture:

=================  ==================================================================
``datasets``       the sample region «Заречье», figures named in public, public data
``readers``        raw exports of Telegram, VK and any table → canonical tables
``text``           cleaning, sentences, tokens, lemmas
``entities``       people, places, organisations, addresses
``privacy``        find and redact personal data
``disclosure``     small cells kept out of published tables
``vectors``        texts as vectors
``families``       which texts are the same
``prepare``        what every chapter needs beside a message, derived once
``topics``         what people write about, with stability and intervals
``routing``        the official rubric a message belongs to
``trends``         counts, change, alarms, districts, decisions, answers
``fakes``          campaigns, refuted claims, an intake under attack
``budgeting``      «Вам решать!»: winners, fairness, course and integrity of a vote
``coding``         coded texts, expert panels, surveys
``figures``        frame or result → plotly figure
``tables``         frame or result → table in Russian
``notebook``       what a notebook loads, asks and shows: data, statement, passport
``study``          run the notebooks, make the report
=================  ==================================================================

Modules are imported on first use, so ``import cur_lab`` is quick. So are libraries that are slow to
load: parts of SciPy by SciPy itself (``scipy.stats.norm``, not ``from scipy import stats``), others
inside the function that needs them.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

__all__ = [
    "budgeting",
    "coding",
    "datasets",
    "disclosure",
    "entities",
    "fakes",
    "families",
    "figures",
    "notebook",
    "prepare",
    "privacy",
    "readers",
    "routing",
    "study",
    "tables",
    "text",
    "topics",
    "trends",
    "vectors",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
