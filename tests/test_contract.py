"""One contract for every public function of a frame, a series of texts, an election or a model.

A new function joins by being public: listed in the ``__all__`` of a room, its first parameter
annotated as one of these. What it yields is declared in ``columns.RESULTS``.
"""

import dataclasses
import inspect
import itertools
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

import cur_lab
from cur_lab import budgeting, columns, families, figures, prepare, pseudonyms, text, topics
from cur_lab.columns import MESSAGES, Table
from cur_lab.errors import CurLabError, ParameterError, SchemaError
from cur_lab.readers import Election
from cur_lab.tables import of as table_of
from cur_lab.tables import show

# Rooms that are not asked about a frame, and why.
NOT_FRAME_ROOMS = {
    "datasets": "loads from files",
    "figures": "drawing has a contract of its own, below",
    "notebook": "reads and displays; tests/test_notebook.py",
    "readers": "files in; rows in = rows out and fuzzing in tests/readers",
    "study": "runs notebooks; tests/study",
    "tables": "drawing has a contract of its own, below",
}
TAKEN = {
    "pl.DataFrame",
    "pl.Series",
    "pl.DataFrame | None",
    "Election",
    "Mapping[str, Election]",
    "Model",
}


def frame_functions() -> dict[str, Callable]:
    found = {}
    for room in sorted(set(cur_lab.__all__) - NOT_FRAME_ROOMS.keys()):
        module = import_module(f"cur_lab.{room}")
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and str(first.annotation) in TAKEN:
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

MUNICIPALITIES = pl.DataFrame(
    {"municipality": ["Лесной", "Заречный", "Дальний"], "population": [9000, 20000, 3000]}
)

# Frames that say why there is nothing else.
TELLING_WHY = {"budgeting.integrity": {"overall", "checks"}, "fakes.judge": {"claims"}}
# These give back the caller's own columns.
SHAPED_BY_INPUT = {"disclosure.publishable", "prepare.messages"}

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
                "author_id": f"account-{number % 31}-end",
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


def vote(*, hostile: bool = False) -> Election:
    """Draw two weeks of votes for a dozen projects of three districts, through three channels."""
    choose = random.Random(0)
    start = datetime(2025, 3, 2, 21, tzinfo=UTC)
    projects = pl.DataFrame(
        {
            "project_id": [f"p{number:02}" for number in range(12)],
            "title": [choose.choice(HOSTILE) if hostile else f"Двор {n}" for n in range(12)],
            "municipality": MUNICIPALITIES["municipality"].to_list() * 4,
            "cost": [1e5 * (3 + number % 5) for number in range(12)],
            "applicant": [HOSTILE[n % 5] if hostile else f"ТОС {n % 4}" for n in range(12)],
            "points": [float(number % 3) for number in range(12)],
            "status": ["completed", "under_way", HOSTILE[0] if hostile else "cancelled"] * 4,
            "due_at": ["2025-09-01"] * 12,
            "completed_at": [f"2025-{7 + number % 5:02}-15" for number in range(12)],
            "actual_cost": [4e5 + 1e4 * number for number in range(12)],
            "paid_by_residents": [1e4] * 12,
            "paid_by_municipality": [2e4] * 12,
            "paid_by_sponsors": [0.0] * 12,
        }
    )
    votes = pl.DataFrame(
        {
            "voter_id": f"voter-{number:04}-end",
            "project_id": f"p{choose.randrange(12):02}",
            "points": None,
            "rank": 1,
            "cast_at": start + timedelta(minutes=round(choose.random() * 14 * 1440)),
            "channel": choose.choice(["esia", "esia", "sms", "call_centre"]),
            "number_gap": choose.randrange(900),
        }
        for number in range(2000)
    ).with_columns(pl.col("points").cast(pl.Float64))
    meta = {"budget": "2000000", "vote_type": "choose-1"}
    return Election(meta, projects, votes.select("voter_id"), votes)


BRIEFING = cur_lab.trends.briefing(
    sample(), municipality="Лесной", until=datetime(2025, 1, 20, tzinfo=UTC)
)
POSTS = pl.DataFrame(
    {
        "post_id": [f"e{number}" for number in range(6)],
        "project_id": [f"p{number:02}" for number in range(6)],
        "published_at": [datetime(2025, 3, 5 + n, 9 + n, tzinfo=UTC) for n in range(6)],
        "kind": ["text", "photo"] * 3,
    }
).with_columns(pl.col("published_at").dt.cast_time_unit("us"))


def judged(*, hostile: bool = False) -> pl.DataFrame:
    """Draw the scores four judges give to eight entries by two criteria."""
    choose = random.Random(0)
    return pl.DataFrame(
        {
            "judge": f"account-{judge}-end",
            "entry": f"{HOSTILE[entry % 5] if hostile else 'Работа'} {entry}",
            "criterion": criterion,
            "score": float(min(5, max(1, entry // 2 + judge % 2 + choose.randrange(3)))),
        }
        for judge in range(4)
        for entry in range(8)
        for criterion in ("польза", HOSTILE[0] if hostile else "ясность")
    )


def promised(*, hostile: bool = False) -> pl.DataFrame:
    """Six promises of every fate about the rubrics of the messages."""
    start = datetime(2025, 1, 3, tzinfo=UTC)
    days = [(9, 8), (9, 12), (9, None), (90, None), (None, None), (None, 8)]
    return columns.COMMITMENTS.conform(
        pl.DataFrame(
            {
                "commitment_id": f"c{number}",
                "made_at": start + timedelta(hours=number),
                "municipality": "Лесной" if number % 3 else None,
                "rubric": "Ямы",
                "text": HOSTILE[number % 5] if hostile else "Заделать ямы",
                "due_at": start + timedelta(days=due) if due else None,
                "done_at": start + timedelta(days=done) if done else None,
            }
            for number, (due, done) in enumerate(days)
        ).with_columns(pl.col("made_at", "due_at", "done_at").dt.cast_time_unit("us"))
    )


def answered(*, hostile: bool = False) -> pl.DataFrame:
    """Draw the answers of thirty people to one question."""
    said = [HOSTILE[0], HOSTILE[4]] if hostile else ["да", "нет"]
    return pl.DataFrame(
        {
            "respondent": f"r{number:02}",
            "question": HOSTILE[1] if hostile else "Довольны?",
            "answer": said[number % 2],
            "weight": 1.0 + number % 3,
            "sex": "ж" if number % 2 else "м",
        }
        for number in range(30)
    )


def coded(*, hostile: bool = False) -> pl.DataFrame:
    """Draw the codes three people give to twelve messages."""
    choose = random.Random(0)
    values = [HOSTILE[0], HOSTILE[4]] if hostile else ["вода", "дороги"]
    return pl.DataFrame(
        {
            "message_id": f"m{message:03}",
            "coder": f"к{coder}",
            "code": HOSTILE[1] if hostile else "тема",
            "value": values[message % 2 if choose.random() < 0.8 else choose.randrange(2)],
        }
        for message in range(12)
        for coder in range(3)
    )


FORECASTS = pl.DataFrame(
    {
        "message_id": f"m{message:03}",
        "code": code,
        "value": "вода" if message % 3 else "дороги",
        "municipality": "Лесной",
    }
    for message in range(40)
    for code in ("тема", HOSTILE[1])
)


TAUGHT = sample().select(
    "message_id",
    coder=pl.lit("к1"),
    code=pl.lit("тема"),
    value=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("вода")).otherwise(pl.lit("свет")),
)


@pytest.fixture(scope="module")
def model():
    return topics.fit(sample(), n_topics=4, seed=0)


def subject(name: str, model: object, *, hostile: bool = False):
    """Make what the function takes first, by the name or the type of its parameter."""
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters.values()))
    data = sample(hostile=hostile)
    match first.name:
        case "counts":
            return cur_lab.trends.counts(data, by=("rubric", "municipality"), every="1d")
        case "matches":
            return cur_lab.fakes.matches(data, CLAIMS)
        case "scores":
            return judged(hostile=hostile)
        case "codes":
            return coded(hostile=hostile)
        case "answers":
            return answered(hostile=hostile)
        case "respondents":
            return answered(hostile=hostile)
        case "commitments":
            return promised(hostile=hostile)
        case "published":
            return cur_lab.datasets.published()
    campaign = vote(hostile=hostile)
    others = {
        "Election": campaign,
        "Mapping[str, Election]": {HOSTILE[0]: campaign, "2025": vote()},
        "Model": model,
    }
    return others.get(str(first.annotation), data)


def changed(data, change: Callable[[pl.DataFrame], pl.DataFrame]):
    """Change a frame, or every frame of an election, of several or of a result."""
    if isinstance(data, pl.DataFrame):
        return change(data)
    if isinstance(data, dict):
        return {name: changed(one, change) for name, one in data.items()}
    return dataclasses.replace(data, **{n: change(f) for n, f in tables("", data).items()})


def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame[random.Random(1).sample(range(frame.height), frame.height)]


def call(name: str, data, model: object, *, messages: pl.DataFrame | None = None):
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
        "briefing": BRIEFING,
        "winners": budgeting.winners(vote()),
        "municipalities": MUNICIPALITIES,
        "after": vote(),
        "posts": POSTS,
        "predictions": FORECASTS,
        "codes": TAUGHT,
        "probability": True,
        "margins": {"sex": {"ж": 0.54, "м": 0.46}},
    }
    parameters = inspect.signature(function).parameters
    if "right" in parameters:
        needed["right"] = data["rubric"]
    if "messages" in parameters and first.name != "messages":
        needed["messages"] = sample() if messages is None else messages
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
    if isinstance(result, dict):
        parts = {one: tables("", part) for one, part in result.items()}
        return {f"{one}.{n}": frame for one, part in parts.items() for n, frame in part.items()}
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
    data = subject(name, model)
    before = changed(data, pl.DataFrame.clone)
    result = call(name, data, model)
    for field, frame in tables(name, data).items():
        assert_frame_equal(frame, tables(name, before)[field])
    assert_declared(name, result)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_rows_in_another_order_give_the_same_table(name, model):
    data = subject(name, model)
    result, other = call(name, data, model), call(name, changed(data, shuffled), model)
    if isinstance(result, pl.Series):
        assert_series_equal(shuffled(result.to_frame()).to_series(), other)
        return
    for field, frame in tables(name, result).items():
        second = tables(name, other)[field]
        if "row" in frame.columns and isinstance(data, pl.DataFrame):
            # Spans name the place in the series they were found in.
            place = shuffled(data.select(pl.int_range(pl.len()).alias("row")))["row"]
            second = second.with_columns(row=place.gather(second["row"]).cast(pl.Int64))
            second = second.sort(frame.columns)
            frame = frame.sort(frame.columns)
        elif name in SHAPED_BY_INPUT:
            second, frame = second.sort("message_id"), frame.sort("message_id")
        assert_frame_equal(frame, second)


CASES = {
    "empty": pl.DataFrame.clear,
    "one row": lambda frame: frame.head(1),
    "all null": lambda frame: frame.select(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in frame.schema.items()
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("case", CASES)
def test_too_little_data_gives_a_typed_error_or_a_small_result(name, case, model):
    data = subject(name, model)
    if data is model:
        pytest.skip("topics.fit makes no such model")
    data = changed(data, CASES[case])
    try:
        result = call(name, data, model)
    except CurLabError:
        return
    if isinstance(result, pl.Series):
        assert result.len() == data.height
    elif case != "one row" and name not in SHAPED_BY_INPUT:
        found = {field for field, frame in tables(name, result).items() if frame.height}
        assert found <= TELLING_WHY.get(name, set())
    assert_declared(name, result)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hostile_texts_pass_through(name, model):
    assert_declared(name, call(name, subject(name, model, hostile=True), model))


# The finder itself is what the others need not ask again.
TAKING_MESSAGES = [
    name
    for name, function in FUNCTIONS.items()
    if "messages" in inspect.signature(function).parameters and name != "families.find"
]


@pytest.mark.parametrize("name", TAKING_MESSAGES)
@pytest.mark.parametrize("hostile", [False, True])
def test_prepared_messages_give_the_same_and_nothing_is_derived_again(
    name, hostile, model, monkeypatch
):
    plain = sample(hostile=hostile)
    prepared = prepare.messages(plain)
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters))
    data = [
        frame if first == "messages" else subject(name, model, hostile=hostile)
        for frame in (plain, prepared)
    ]
    expected = call(name, data[0], model, messages=plain)
    forbid_deriving(monkeypatch, plain)
    found = call(name, data[1], model, messages=prepared)
    for field, frame in tables(name, expected).items():
        other = tables(name, found)[field]
        if name in SHAPED_BY_INPUT:
            other = other.select(frame.columns)
        assert_frame_equal(frame, other)
    if name == "fakes.campaigns":
        assert_frame_equal(expected.sensitivity, found.sensitivity)


ASKING_FAMILIES = [
    *("fakes.campaigns", "fakes.cosharing", "fakes.intake", "fakes.review"),
    *("topics.deduplicated", "topics.fit", "prepare.messages"),
    *("trends.alarms", "trends.briefing", "trends.counts", "trends.hotspots", "trends.reporting"),
]


@pytest.mark.parametrize("name", ASKING_FAMILIES)
def test_a_foreign_family_is_named_before_any_work(name, model, monkeypatch):
    foreign = sample().with_columns(family=pl.lit("Ивановы"))
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters))
    data = subject(name, model) if first == "matches" else foreign
    forbid_deriving(monkeypatch, foreign)
    with pytest.raises(SchemaError, match=r"family without template.*prepare\.messages"):
        call(name, data, model, messages=foreign)


def forbid_deriving(monkeypatch: pytest.MonkeyPatch, messages: pl.DataFrame) -> None:
    """Let the texts of messages be neither lemmatised, nor searched for addresses or families."""
    known = set(messages["text"])
    terms, find = text.terms, families.find

    def guarded_terms(texts, **options):
        assert known.isdisjoint(texts)
        return terms(texts, **options)

    def guarded_find(frame, *, threshold=0.8, embedding=None):
        assert threshold != 0.8 or known.isdisjoint(frame["text"])
        return find(frame, threshold=threshold, embedding=embedding)

    monkeypatch.setattr(text, "terms", guarded_terms)
    monkeypatch.setattr(families, "find", guarded_find)
    monkeypatch.setattr(prepare, "_addresses", None)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_missing_column_is_named(name, model):
    data = subject(name, model)
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters.values()))
    if data is model or str(first.annotation) == "pl.Series":
        pytest.skip("takes a series, or what fit itself made")
    data = changed(data, lambda frame: frame.rename(lambda column: f"no_{column}"))
    with pytest.raises(CurLabError, match=r"Available columns|available"):
        call(name, data, model)


# --- what draws: tables and figures of whatever the functions above yield -----------------------

PICTURES = {
    f"{module}.{name}": getattr(room, name)
    for module in sorted(set(figures.__all__) - {"of", "theme"})
    for room in [import_module(f"cur_lab.figures.{module}")]
    for name in room.__all__
}
# What a picture is told beside its frames, by the name of its parameter.
TOLD = {
    "title": "<script>alert(1)</script>",
    "what": "<script>alert(1)</script>",
    "project": "<script>alert(1)</script>",
    "heading": "<script>alert(1)</script>",
    "titles": {"c1": "<script>alert(1)</script>"},
    "caption": "<script>alert(1)</script>",
    "refuted": datetime(2025, 1, 10, tzinfo=UTC),
    "decided_at": datetime(2025, 1, 12, tzinfo=UTC),
    "event": "answered",
    "by": "municipality",
    "days": 30,
}


# Drawn of what a method yields for something it is given, and tested beside the picture.
OF_METHODS = {"campaigns.course"}


@pytest.fixture(scope="module")
def results(model):
    """What every function yields from harmless and from hostile texts."""
    return {
        hostile: {
            name: call(name, subject(name, model, hostile=hostile), model) for name in FUNCTIONS
        }
        for hostile in (False, True)
    }


def drawn_text(drawing: object) -> str:
    """All that a drawing says, as a browser gets it."""
    if isinstance(drawing, columns.Absent):
        return drawing._repr_markdown_()
    return drawing.as_raw_html() if hasattr(drawing, "as_raw_html") else repr(drawing.to_dict())


def assert_harmless(drawing: object) -> None:
    assert not re.search(r"<(script|img)\b", drawn_text(drawing))


def parts(of: Callable, result: object, **told) -> dict[str, object] | None:
    """Draw every part a result has; None where no drawing room knows its type."""
    with pytest.raises(ParameterError) as refusal:
        of(result, "no such part", **told)
    listed = str(refusal.value).partition("Take one of ")[2]
    return {part: of(result, part, **told) for part in listed.split(", ")} if listed else None


NAMED = re.compile(r"account-\d+-end|voter-\d+-end")
ACCOUNTS = {"author_id", "account_id", "voter_id", "left_account", "right_account"}


def told(result: object) -> dict[str, pl.DataFrame]:
    """Every frame a result shows, those computed when asked for as well."""
    found = {"": result.to_frame()} if isinstance(result, pl.Series) else tables("", result)
    lazy = (n for n, item in vars(type(result)).items() if returns_frame(item))
    asked = {n: getattr(result, n) for n in lazy if not n.startswith("_")}
    return found | {n: frame for n, frame in asked.items() if isinstance(frame, pl.DataFrame)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - SHAPED_BY_INPUT))
def test_no_result_names_an_account_or_its_pseudonym(name, results):
    """What readers give and what gives the caller's own rows back is input and no result."""
    accounts = pl.concat([sample()["author_id"], vote().votes["voter_id"]]).unique()
    secret = set(pseudonyms.pseudonymise(accounts, pseudonyms.load_key()))
    for result in (results[False][name], results[True][name]):
        for field, frame in told(result).items():
            assert not ACCOUNTS & set(frame.columns), field
            written = frame.write_json()
            assert not NAMED.search(written), field
            assert secret.isdisjoint(re.findall(r"\b[0-9a-f]{16}\b", written)), field


@pytest.mark.parametrize("hostile", [False, True])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_frame_can_be_laid_out(name, hostile, results):
    for frame in tables(name, results[hostile][name]).values():
        before = frame.clone()
        own = {column: column for column in frame.columns if column not in columns.HEADINGS}
        shown = show(frame, *frame.columns, title="<img src=x>", headings=own)
        assert_harmless(shown)
        assert_frame_equal(frame, before)
        nothing = show(frame.clear(), *frame.columns, title="x", headings=own)
        assert isinstance(nothing, columns.Absent)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("case", [False, True, *CASES])
def test_every_part_of_a_result_is_drawn(name, case, model, results):
    """Of harmless texts, of hostile ones, and of too little, where there is a result at all."""
    if subject(name, model) is model and not isinstance(case, bool):
        pytest.skip("topics.fit makes no such model")
    try:
        result = (
            results[case][name]
            if isinstance(case, bool)
            else call(name, changed(subject(name, model), CASES[case]), model)
        )
    except CurLabError:
        return
    if isinstance(result, pl.DataFrame | pl.Series):
        return
    before = {field: frame.clone() for field, frame in tables(name, result).items()}
    for of, told in ((table_of, "source"), (figures.of, "caption")):
        for drawing in (parts(of, result, **{told: TOLD["caption"]}) or {}).values():
            assert_harmless(drawing)
    for field, frame in tables(name, result).items():
        assert_frame_equal(frame, before[field])


@pytest.fixture(scope="module")
def drawables(results):
    """Every result and every frame of one, by name; those computed on demand too."""
    found = {False: {}, True: {}}
    for hostile, name in itertools.product(found, FUNCTIONS):
        result = results[hostile][name]
        if isinstance(result, pl.Series):
            continue
        lazy = (n for n, item in vars(type(result)).items() if returns_frame(item))
        frames = tables(name, result) | {field: getattr(result, field) for field in lazy}
        found[hostile] |= {f"{name}.{field}": frame for field, frame in frames.items()}
        if dataclasses.is_dataclass(result):
            found[hostile][name] = result
    return found


def returns_frame(item: object) -> bool:
    getter = item.fget if isinstance(item, property) else getattr(item, "func", None)
    return getattr(getter, "__annotations__", {}).get("return") == "pl.DataFrame"


def subjects_of(picture: Callable) -> list[str]:
    """Types of what a picture draws: what it takes before the star."""
    parameters = inspect.signature(picture).parameters.values()
    return [
        str(p.annotation).removeprefix("pl.").partition(" ")[0]
        for p in parameters
        if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty
    ]


def pictured(picture: Callable, drawables: dict[str, object]) -> list[tuple[str, ...]]:
    """Find what of the public results a picture can draw, by trying.

    Two frames are looked for in one result first, then in one room; empty ones come last.
    """
    full = {name: item for name, item in drawables.items() if tables("", item)}
    full = {n: i for n, i in full.items() if any(f.height for f in tables("", i).values())}
    for known, together in ((full, 2), (full, 1), (drawables, 1)):
        kinds = [
            [name for name, item in known.items() if type(item).__name__ == kind]
            for kind in subjects_of(picture)
        ]
        fitting = []
        for names in itertools.product(*kinds):
            apart = len({tuple(name.split(".")[:together]) for name in names}) > 1
            if apart or len(set(names)) < len(names):
                continue
            try:
                draw(picture, [known[name] for name in names])
            except Exception:
                continue
            fitting.append(names)
        if fitting:
            return fitting
    return []


def draw(picture: Callable, subjects: list[object]) -> object:
    parameters = inspect.signature(picture).parameters.values()
    told = {p.name: TOLD[p.name] for p in parameters if p.default is p.empty and p.name in TOLD}
    return picture(*subjects, **told)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_draws_what_a_public_function_yields(name, drawables):
    picture = PICTURES[name]
    fitting = pictured(picture, drawables[False])
    assert bool(fitting) == (name not in OF_METHODS), "what public function yields what it draws?"
    for names in fitting:
        for known in (drawables[False], drawables[True]):
            given = [known[name] for name in names]
            before = [changed(item, pl.DataFrame.clone) for item in given]
            assert_harmless(draw(picture, given))
            for item, unchanged in zip(given, before, strict=True):
                for field, frame in tables("", item).items():
                    assert_frame_equal(frame, tables("", unchanged)[field])
            draw(picture, [changed(item, pl.DataFrame.clear) for item in given])
