"""One contract for every public function that takes a frame or a series of texts.

A new function joins by being public: listed in the ``__all__`` of a room, its first parameter
annotated as a DataFrame or a Series. What it yields is declared in ``columns.RESULTS``.
"""

import dataclasses
import inspect
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

import cur_lab
from cur_lab import columns, topics
from cur_lab.columns import MESSAGES, Table
from cur_lab.errors import CurLabError

# These draw, display or run; their own tests cover them.
NOT_FRAME_ROOMS = {"figures", "notebook", "study", "datasets", "readers"}


def frame_functions() -> dict[str, Callable]:
    found = {}
    for room in sorted(set(cur_lab.__all__) - NOT_FRAME_ROOMS):
        module = import_module(f"cur_lab.{room}")
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and str(first.annotation) in {"pl.DataFrame", "pl.Series"}:
                found[f"{room}.{name}"] = function
    return found


FUNCTIONS = frame_functions()

DECISIONS = columns.DECISIONS.conform(
    pl.DataFrame(
        {
            "decision_id": ["d1", "d2"],
            "decided_at": [datetime(2025, 1, 12, tzinfo=UTC), datetime(2025, 1, 15, tzinfo=UTC)],
            "kind": ["money", "works"],
            "scope": ["municipality", "region"],
            "rubric": ["Ямы", "Нет воды"],
            "municipality": ["Лесной", None],
            "title": ["Ремонт дорог", "Замена труб"],
            "budget": [1e6, None],
        }
    )
)
CLAIMS = columns.CLAIMS.conform(
    pl.DataFrame(
        {
            "claim_id": ["c1"],
            "text": ["Воду в Заречном отключат на весь месяц"],
            "first_seen_at": [datetime(2025, 1, 3, tzinfo=UTC)],
            "refuted_at": [datetime(2025, 1, 10, tzinfo=UTC)],
        }
    )
)
PROJECTS = pl.DataFrame(
    {
        "project_id": ["p1", "p2", "p3"],
        "title": ["Ремонт дороги на Лесной", "Уличное освещение", "Водопровод в Дальнем"],
        "municipality": ["Лесной", "Заречный", "Дальний"],
        "cost": [1e6, 5e5, 2e6],
    }
)

# These give back the caller's own columns.
SHAPED_BY_INPUT = {"disclosure.publishable"}

PROBLEMS = {
    "Нет воды": ["Второй день нет холодной воды в доме", "Отключили воду, из крана ни капли воды"],
    "Ямы": ["Огромная яма на дороге, пробили колесо", "Дорога вся в ямах, асфальт разбит, ямы"],
    "Снег": ["Не чистят снег во дворе, тротуар завален", "Двор завален снегом, снег не убирают"],
    "Свет": ["Не горит фонарь на улице, темно вечером", "Фонари не горят, улица тёмная, нет света"],
}
PLACES = [
    "на улице Лесной",
    "у дома 5 по Садовой",
    "в Заречном",
    "возле школы",
    "на улице Мира, 12",
]
HOSTILE = [
    "<script>alert('нет воды')</script> <img src=x onerror=alert(1)> нет воды в доме",
    "\u202eне горит фонарь\u202c \u200bтем\u200bно на улице",
    "👍🏽👨‍👩‍👧‍👦",
    "не чистят снег " * 2000,
    "{template} %s {{7*7}} ${x} яма на дороге",
]


def sample(rows: int = 80, *, hostile: bool = False) -> pl.DataFrame:
    choose = random.Random(0)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    records = []
    for number in range(rows):
        rubric = choose.choice(list(PROBLEMS))
        text = f"{choose.choice(PROBLEMS[rubric])} {choose.choice(PLACES)}"
        if hostile and number % 4 == 0:
            text = HOSTILE[number // 4 % len(HOSTILE)]
        written = start + timedelta(hours=7 * number)
        records.append(
            {
                "message_id": f"m{number:03}",
                "published_at": written,
                "author_id": f"a{number % 31}",
                "channel": choose.choice(["vk", "telegram"]),
                "municipality": choose.choice(["Заречный", "Лесной", "Дальний"]),
                "text": text,
                "rubric": rubric,
                "rubric_group": "ЖКХ" if rubric in {"Нет воды", "Свет"} else "Дороги",
                "agency": "Администрация",
                # Every third message waits for an answer, every second answer comes with a fix.
                "answered_at": written + timedelta(days=1 + number % 5) if number % 3 else None,
                "answer_text": f"Меры приняты, {rubric.lower()}" if number % 3 else None,
                "resolved_at": written + timedelta(days=6) if number % 6 == 1 else None,
                "reopened_at": written + timedelta(days=9) if number % 12 == 1 else None,
            }
        )
    return MESSAGES.conform(pl.DataFrame(records))


@pytest.fixture(scope="module")
def model():
    return topics.fit(sample(), n_topics=4, seed=0)


def subject(name: str, data: pl.DataFrame) -> pl.DataFrame:
    """Make of messages what the function takes first, by the name of its parameter."""
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters))
    match first:
        case "counts":
            return cur_lab.trends.counts(data, by=("rubric", "municipality"), every="1d")
        case "matches":
            return cur_lab.fakes.matches(data, CLAIMS)
    return data


def call(name: str, data: pl.DataFrame, model: object):
    """Call a function on its subject, or on its texts, with what else it must be given."""
    function = FUNCTIONS[name]
    first, *others = inspect.signature(function).parameters.values()
    given = data["text"] if str(first.annotation) == "pl.Series" else data
    needed = {
        "model": model,
        "quasi": ["municipality", "channel"],
        "n_topics": 4,
        "projects": PROJECTS,
        "decisions": DECISIONS,
        "claims": CLAIMS,
        "decided_at": datetime(2025, 1, 12, tzinfo=UTC),
        "municipality": "Лесной",
        "until": datetime(2025, 1, 20, tzinfo=UTC),
    }
    parameters = inspect.signature(function).parameters
    if "right" in parameters:
        needed["right"] = data["rubric"]
    if "messages" in parameters and first.name != "messages":
        needed["messages"] = sample()
    positional, named = [given], {}
    for parameter in others:
        if parameter.name not in needed:
            assert parameter.default is not parameter.empty, f"{name} needs {parameter.name}"
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            positional.append(needed[parameter.name])
        else:
            named[parameter.name] = needed[parameter.name]
    return function(*positional, **named)


def tables(name: str, result: object) -> dict[str, pl.DataFrame]:
    """The frames of a result: itself, the fields of a dataclass, the declared ones of a model."""
    if isinstance(result, pl.DataFrame):
        return {name: result}
    declared = columns.RESULTS.get(name, {})
    names = declared if isinstance(declared, dict) else ()
    if dataclasses.is_dataclass(result):
        names = [
            field.name
            for field in dataclasses.fields(result)
            if field.repr and isinstance(getattr(result, field.name), pl.DataFrame)
        ] or names
    return {field: getattr(result, field) for field in names}


def assert_declared(name: str, result: object) -> None:
    if isinstance(result, pl.Series) or name in SHAPED_BY_INPUT:
        return
    declared = columns.RESULTS.get(name)
    if declared is None:
        # A fitted object without tables of its own, such as a router.
        assert not isinstance(result, pl.DataFrame), f"declare {name} in columns.RESULTS"
        return
    for field, frame in tables(name, result).items():
        table = declared if isinstance(declared, Table) else declared[field]
        table.check(frame, where=name)
        unknown = set(frame.columns) - set(table.full_schema)
        assert not unknown, f"{name} yields undeclared {unknown}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_input_is_unchanged_and_output_as_declared(name, model):
    data = subject(name, sample())
    before = data.clone()
    result = call(name, data, model)
    assert_frame_equal(data, before)
    assert_declared(name, result)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_rows_in_another_order_give_the_same_table(name, model):
    data = subject(name, sample())
    order = random.Random(1).sample(range(data.height), data.height)
    shuffled = data[order]
    result, other = call(name, data, model), call(name, shuffled, model)
    if isinstance(result, pl.Series):
        assert_series_equal(result.gather(order), other)
        return
    for field, frame in tables(name, result).items():
        second = tables(name, other)[field]
        if "row" in frame.columns:
            # Spans name the place in the series they were found in.
            place = pl.Series(order)
            second = second.with_columns(row=place.gather(second["row"]).cast(pl.Int64))
            second = second.sort(frame.columns)
            frame = frame.sort(frame.columns)
        elif name in SHAPED_BY_INPUT:
            second, frame = second.sort("message_id"), frame.sort("message_id")
        assert_frame_equal(frame, second)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("case", ["empty", "one row", "all null"])
def test_too_little_data_gives_a_typed_error_or_a_small_result(name, case, model):
    full = subject(name, sample())
    data = {
        "empty": full.clear(),
        "one row": full.head(1),
        "all null": full.select(
            pl.lit(None, dtype=dtype).alias(c) for c, dtype in full.schema.items()
        ),
    }[case]
    try:
        result = call(name, data, model)
    except CurLabError:
        return
    if isinstance(result, pl.Series):
        assert result.len() == data.height
    elif case != "one row" and name not in SHAPED_BY_INPUT:
        assert all(frame.is_empty() for frame in tables(name, result).values())
    assert_declared(name, result)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hostile_texts_pass_through(name, model):
    data = subject(name, sample(hostile=True))
    assert_declared(name, call(name, data, model))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_missing_column_is_named(name, model):
    if str(next(iter(inspect.signature(FUNCTIONS[name]).parameters.values())).annotation) != (
        "pl.DataFrame"
    ):
        pytest.skip("takes a series")
    data = subject(name, sample())
    data = data.rename({column: f"no_{column}" for column in data.columns})
    with pytest.raises(CurLabError, match=r"Available columns|available"):
        call(name, data, model)
