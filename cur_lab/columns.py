"""The vocabulary: every column name as a constant, and the schema of every table.

A table is a :class:`Table`: an ordered set of :class:`Column`. Functions of the package name
columns through the constants, so a misspelt column is an ``AttributeError`` at import, not an
empty result.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataTypeClass

from cur_lab.errors import SchemaError

# --- messages -----------------------------------------------------------------------------------
MESSAGE_ID = "message_id"
PUBLISHED_AT = "published_at"
AUTHOR_ID = "author_id"
CHANNEL = "channel"
MUNICIPALITY = "municipality"
TEXT = "text"
RUBRIC = "rubric"
RUBRIC_GROUP = "rubric_group"
AGENCY = "agency"
KIND = "kind"
ANSWERED_AT = "answered_at"
ANSWER_TEXT = "answer_text"
RESOLVED_AT = "resolved_at"
REOPENED_AT = "reopened_at"
THREAD_ID = "thread_id"
REPLY_TO_ID = "reply_to_id"
FORWARDED_FROM = "forwarded_from"
ACCOUNT_CREATED_AT = "account_created_at"

# --- the sample beside real appeals ---------------------------------------------------------------
MEASURE = "measure"
SAMPLE = "sample"
REAL = "real"
AIM = "aim"

# --- posts and pages ----------------------------------------------------------------------------
POST_ID = "post_id"
PAGE_ID = "page_id"
VIEWS = "views"
LIKES = "likes"
COMMENTS = "comments"
SHARES = "shares"
FOLLOWERS = "followers"

# --- broadcasts ---------------------------------------------------------------------------------
BROADCAST_ID = "broadcast_id"
STARTED_AT = "started_at"
SPEAKER_ROLE = "speaker_role"

# --- municipalities -----------------------------------------------------------------------------
POPULATION = "population"
LATITUDE = "latitude"
LONGITUDE = "longitude"

# --- published figures --------------------------------------------------------------------------
REGION = "region"
PERIOD = "period"
METRIC = "metric"
VALUE = "value"
UNIT = "unit"
DENOMINATOR = "denominator"
SPEAKER = "speaker"
INTERESTED_PARTY = "interested_party"
SOURCE = "source"

# --- projects and votes -------------------------------------------------------------------------
PROJECT_ID = "project_id"
TITLE = "title"
DESCRIPTION = "description"
CATEGORY = "category"
COST = "cost"
CO_FINANCING = "co_financing"
APPLICANT = "applicant"
POINTS = "points"
VOTES_COUNT = "votes"
SCORE = "score"
STANDARD_ERROR = "standard_error"
SELECTED = "selected"
VOTER_ID = "voter_id"
CAST_AT = "cast_at"
NUMBER_GAP = "number_gap"
RANK = "rank"
COST_TO_CUT = "cost_to_cut"
VOTES_TO_ADD = "votes_to_add"
RIVALS = "rivals"
VALUE_LOW = "value_low"
VALUE_HIGH = "value_high"
N_VOTERS = "n_voters"
SUPPORTERS = "supporters"
GROUP_SIZE = "group_size"
ENTITLED = "entitled"
RECEIVED = "received"
MISSED = "missed"
VIOLATED = "violated"
BUDGET = "budget"
RULE = "rule"
N_WINNERS = "n_winners"
SPENT = "spent"
N_VIOLATED = "n_violated"
BONUS = "bonus"
WINS_WITH_IT = "wins_with_it"
N_PROJECTS = "n_projects"
TURNOUT = "turnout"
TURNOUT_LOW = "turnout_low"
TURNOUT_HIGH = "turnout_high"
MONEY = "money"
MONEY_PER_HEAD = "money_per_head"
QUOTA = "quota"
ENDOWMENT = "endowment"
PEOPLE_SHARE = "people_share"
MONEY_SHARE = "money_share"
ORDER = "order"
WHY = "why"

# --- catalogue of public data -------------------------------------------------------------------
NAME = "name"
FILES = "files"
BYTES = "bytes"
LICENCE = "licence"
REPOSITORY = "repository"

# --- rows a reader refused ----------------------------------------------------------------------
ROW = "row"
REASON = "reason"
RAW = "raw"
COLUMN = "column"

# --- spans in texts -----------------------------------------------------------------------------
START = "start"
STOP = "stop"
SETTLEMENT = "settlement"
STREET = "street"
HOUSE = "house"
FLAT = "flat"
ADDRESS = "address"
SUPPRESSED = "suppressed"

# --- families -----------------------------------------------------------------------------------
FAMILY = "family"
SIMILARITY = "similarity"
TEMPLATE = "template"

# --- topics -------------------------------------------------------------------------------------
TOPIC = "topic"
LABEL = "label"
SIZE = "size"
SHARE = "share"
SHARE_LOW = "share_low"
SHARE_HIGH = "share_high"
SHARE_FAMILIES = "share_families"
SHARE_AUTHORS = "share_authors"
STABILITY = "stability"
KEYWORDS = "keywords"
EXAMPLES = "examples"
MARGIN = "margin"
X = "x"
Y = "y"
QUALITY = "quality"
PROBABILITY = "probability"
N_TOPICS = "n_topics"
AGREEMENT = "agreement"
SEPARATION = "separation"
CHOSEN = "chosen"
METHOD = "method"
REFITS = "refits"
RECOVERED = "recovered"
JACCARD = "jaccard"
JACCARD_LOW = "jaccard_low"
NODE = "node"
LEFT = "left"
RIGHT = "right"
DISTANCE = "distance"
RUBRIC_SHARE = "rubric_share"
RUBRIC_SHARE_LOW = "rubric_share_low"
RUBRIC_SHARE_HIGH = "rubric_share_high"
VERDICT = "verdict"
OPTION = "option"
INTRUDER = "intruder"
INTRUDER_TOPIC = "intruder_topic"

# --- routing ------------------------------------------------------------------------------------
TERM = "term"
WEIGHT = "weight"
PRECISION = "precision"
PRECISION_LOW = "precision_low"
PRECISION_HIGH = "precision_high"
RECALL = "recall"
RECALL_LOW = "recall_low"
RECALL_HIGH = "recall_high"


# --- effects of posts ---------------------------------------------------------------------------
TARGET = "target"
PHASE = "phase"
POSTS_COUNT = "posts"
RATIO = "ratio"
RATIO_LOW = "ratio_low"
RATIO_HIGH = "ratio_high"
EXTRA = "extra"
EXTRA_LOW = "extra_low"
EXTRA_HIGH = "extra_high"
P_VALUE = "p"
NOTE = "note"
HOUR = "hour"
DRAW = "draw"


# --- integrity of votes -------------------------------------------------------------------------
TEST = "test"
Q_VALUE = "q"
ROSE = "rose"
EXPLANATION = "explanation"
EVIDENCE = "evidence"
ENDED_AT = "ended_at"
OBSERVED = "observed"
EXPECTED = "expected"
EXPECTED_LOW = "expected_low"
EXPECTED_HIGH = "expected_high"
EXCESS = "excess"
EXCESS_LOW = "excess_low"
EXCESS_HIGH = "excess_high"
WINNER = "winner"
OUTCOME = "outcome"
HOURS = "hours"
TRIALS = "trials"
FOUND = "found"
FOUND_LOW = "found_low"
FOUND_HIGH = "found_high"

# --- course of a vote and its forecast ----------------------------------------------------------
GROUP = "group"
ELAPSED = "elapsed"
AT = "at"
FORECAST = "forecast"
FORECAST_LOW = "forecast_low"
FORECAST_HIGH = "forecast_high"
NAIVE = "naive"
NAIVE_ERROR = "naive_error"
MODEL = "model"
SHRINKAGE = "shrinkage"
ERROR = "error"
GAIN = "gain"
GAIN_LOW = "gain_low"
GAIN_HIGH = "gain_high"
COVERED = "covered"
PROJECTS_COUNT = "projects"

# --- practice of participatory budgeting --------------------------------------------------------
PART = "part"
CHANGE = "change"
BEFORE = "before"
AFTER = "after"
WON_SHARE = "won_share"
WON_SHARE_LOW = "won_share_low"
WON_SHARE_HIGH = "won_share_high"
VOTES_PER_DAY = "votes_per_day"
BREAK = "break"
OPENED_ON = "opened_on"
CLOSED_ON = "closed_on"

# --- from complaints to projects ----------------------------------------------------------------
COMPLAINTS = "complaints"
COMPLAINTS_BEFORE = "complaints_before"
COMPLAINTS_AFTER = "complaints_after"
COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its polars type, what it means, whether nulls are allowed."""

    name: str
    dtype: pl.DataType | DataTypeClass
    meaning: str
    nullable: bool = True
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An ordered set of columns.

    ``optional`` columns may be absent: they are there where the source has them.
    """

    name: str
    columns: tuple[Column, ...]
    optional: tuple[Column, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Names and polars types of the columns that are always there."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def full_schema(self) -> pl.Schema:
        """Names and polars types of all columns, optional ones last."""
        return pl.Schema({column.name: column.dtype for column in self.columns + self.optional})

    def empty(self) -> pl.DataFrame:
        """Return a table without rows."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame's known columns in schema order and type; add absent ones as nulls.

        Raises
        ------
        SchemaError
            If a value cannot be cast, or a null stands where none is allowed.
        """
        missing = [
            pl.lit(None, dtype=column.dtype).alias(column.name)
            for column in self.columns
            if column.name not in frame.columns
        ]
        known = [name for name in self.full_schema if name in frame.columns or name in self.schema]
        try:
            conformed = frame.with_columns(missing).select(
                pl.col(name).cast(self.full_schema[name]) for name in known
            )
        except pl.exceptions.PolarsError as error:
            raise SchemaError(
                f"a value does not fit the table's types ({error})", where=self.name
            ) from error
        self.check(conformed, where=self.name)
        return conformed

    def check(self, frame: pl.DataFrame, *, where: str) -> None:
        """Raise :class:`SchemaError` unless the frame has this table's columns, types and nulls."""
        self.require(frame, self.schema.keys(), where=where)
        for column in self.columns + self.optional:
            if column.name not in frame.columns:
                continue
            found = frame.schema[column.name]
            if found != column.dtype:
                raise SchemaError(
                    f"column {column.name} is {found}, expected {column.dtype}", where=where
                )
            if not column.nullable and (nulls := frame[column.name].null_count()):
                raise SchemaError(f"column {column.name} has {nulls} empty values", where=where)

    def require(self, frame: pl.DataFrame, names: Collection[str], *, where: str) -> None:
        """Raise :class:`SchemaError` unless the frame has the named columns in the right types.

        A function asks only for what it uses, so that a frame with a message id and a text is
        enough for most of the package.
        """
        if absent := set(names) - set(frame.columns):
            raise SchemaError.missing(absent, frame.columns, where=where)
        for name in names:
            expected, found = self.full_schema[name], frame.schema[name]
            # An all-null column has no type of its own; it is as good as an empty one.
            if found not in (expected, pl.Null):
                raise SchemaError(f"column {name} is {found}, expected {expected}", where=where)


_TIME = pl.Datetime("us", "UTC")

MESSAGES = Table(
    "messages",
    (
        Column(MESSAGE_ID, pl.String, "unique within the table", nullable=False),
        Column(PUBLISHED_AT, _TIME, "when it was sent", unit="UTC"),
        Column(AUTHOR_ID, pl.String, "keyed pseudonym of the sender"),
        Column(CHANNEL, pl.String, "telegram, vk, ok, gosuslugi, bot, hotline, or the chat's name"),
        Column(MUNICIPALITY, pl.String, "district the message concerns"),
        Column(TEXT, pl.String, "what was written, as found", nullable=False),
    ),
    optional=(
        Column(RUBRIC, pl.String, "official rubric set by the authority"),
        Column(RUBRIC_GROUP, pl.String, "official group of rubrics"),
        Column(AGENCY, pl.String, "body the message was sent on to"),
        Column(KIND, pl.String, "complaint, proposal, question, thanks, report or other"),
        Column(ANSWERED_AT, _TIME, "first official answer", unit="UTC"),
        Column(ANSWER_TEXT, pl.String, "text of the first official answer"),
        Column(RESOLVED_AT, _TIME, "problem reported as fixed", unit="UTC"),
        Column(REOPENED_AT, _TIME, "citizen said it was not fixed", unit="UTC"),
        Column(THREAD_ID, pl.String, "post or dialogue the message belongs to"),
        Column(REPLY_TO_ID, pl.String, "message it answers"),
        Column(FORWARDED_FROM, pl.String, "keyed pseudonym of the source of a forward"),
        Column(ACCOUNT_CREATED_AT, _TIME, "registration of the sender's account", unit="UTC"),
    ),
)

POSTS = Table(
    "posts",
    (
        Column(POST_ID, pl.String, "unique within the table", nullable=False),
        Column(PAGE_ID, pl.String, "page or channel that published it", nullable=False),
        Column(PUBLISHED_AT, _TIME, "when it was published", unit="UTC"),
        Column(TEXT, pl.String, "text of the post, may be empty", nullable=False),
        Column(KIND, pl.String, "text, photo, video, clip, live, poll or quiz", nullable=False),
        Column(VIEWS, pl.Int64, "views when exported", unit="views"),
        Column(LIKES, pl.Int64, "likes or reactions when exported", unit="likes"),
        Column(COMMENTS, pl.Int64, "comments when exported", unit="comments"),
        Column(SHARES, pl.Int64, "reposts when exported", unit="reposts"),
        Column(FOLLOWERS, pl.Int64, "followers of the page when exported", unit="people"),
    ),
    optional=(
        Column(FORWARDED_FROM, pl.String, "keyed pseudonym of the source of a forward or repost"),
        Column(PROJECT_ID, pl.String, "project the post is about, null where none"),
    ),
)

BROADCASTS = Table(
    "broadcasts",
    (
        Column(BROADCAST_ID, pl.String, "unique within the table", nullable=False),
        Column(STARTED_AT, _TIME, "when it began", unit="UTC"),
        Column(PAGE_ID, pl.String, "page or channel that showed it", nullable=False),
        Column(MUNICIPALITY, pl.String, "district it was for; null: the whole region"),
        Column(SPEAKER_ROLE, pl.String, "office of the speaker, never a name"),
    ),
    optional=(Column(PROJECT_ID, pl.String, "project it was about; null: none in particular"),),
)

REJECTED = Table(
    "rejected",
    (
        Column(ROW, pl.Int64, "1-based place in the source", nullable=False),
        Column(REASON, pl.String, "why it was not read", nullable=False),
        Column(
            RAW,
            pl.String,
            "the row as found, redacted, cut to 500 characters; empty after 200 of one reason",
            nullable=False,
        ),
    ),
    optional=(Column(SOURCE, pl.String, "file, where several were read", nullable=False),),
)

UNREADABLE = Table(
    "unreadable",
    (
        Column(ROW, pl.Int64, "1-based place in the source", nullable=False),
        Column(COLUMN, pl.String, "our column that is null instead", nullable=False),
        Column(RAW, pl.String, "the date as found, redacted", nullable=False),
    ),
    optional=(Column(SOURCE, pl.String, "file, where several were read", nullable=False),),
)

PROJECTS = Table(
    "projects",
    (
        Column(PROJECT_ID, pl.String, "unique within the election", nullable=False),
        Column(COST, pl.Float64, "0 or 999999999: withdrawn", nullable=False, unit="money"),
    ),
    optional=(
        Column(TITLE, pl.String, "name of the project"),
        Column(DESCRIPTION, pl.String, "what is to be done"),
        Column(MUNICIPALITY, pl.String, "district it is for"),
        Column(CATEGORY, pl.String, "categories, by comma"),
        Column(CO_FINANCING, pl.Float64, "part of the cost others bear", unit="money"),
        Column(APPLICANT, pl.String, "who proposed it"),
        Column(POINTS, pl.Float64, "bonus points beside the votes", unit="points"),
        Column(VOTES_COUNT, pl.Int64, "votes as the organiser states them", unit="votes"),
        Column(SCORE, pl.Float64, "points as the organiser states them", unit="points"),
        Column(SELECTED, pl.Int64, "organiser's decision: 0 no, 1 yes, 2 and 3 by other means"),
        Column(LATITUDE, pl.Float64, "of the place", unit="degrees north"),
        Column(LONGITUDE, pl.Float64, "of the place", unit="degrees east"),
    ),
)

VOTERS = Table(
    "voters",
    (Column(VOTER_ID, pl.String, "unique within the election", nullable=False),),
)

VOTES = Table(
    "votes",
    (
        Column(VOTER_ID, pl.String, "who chose", nullable=False),
        Column(PROJECT_ID, pl.String, "what was chosen", nullable=False),
        Column(POINTS, pl.Float64, "points given; null where ballots have none", unit="points"),
        Column(RANK, pl.Int64, "place on the ballot, 1 first", nullable=False),
    ),
    optional=(
        Column(CAST_AT, _TIME, "when it was cast", unit="UTC"),
        Column(CHANNEL, pl.String, "esia, sms, call_centre or paper"),
        Column(MUNICIPALITY, pl.String, "district of the voter"),
        Column(
            NUMBER_GAP,
            pl.Int64,
            "distance to the nearest other telephone number of the channel, "
            "taken before numbers became pseudonyms; null where the channel has none",
        ),
    ),
)

WINNERS = Table(
    "winners",
    (
        Column(PROJECT_ID, pl.String, "project that is funded", nullable=False),
        Column(ORDER, pl.Int64, "turn in which the rule took it, 1 first", nullable=False),
        Column(COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(WHY, pl.String, "what made the rule take it, in words", nullable=False),
    ),
)

LOSSES = Table(
    "losses",
    (
        Column(PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column(COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(COST_TO_CUT, pl.Float64, "least cut that lets it win", unit="money"),
        Column(VOTES_TO_ADD, pl.Int64, "least number of new voters for it alone", unit="votes"),
        Column(RIVALS, pl.List(pl.String), "winners any of which leaves it a place"),
        Column(WHY, pl.String, "why it lost, in words", nullable=False),
    ),
)

SATISFACTION = Table(
    "satisfaction",
    (
        Column(METRIC, pl.String, "exclusion, funded_cost or fair_share", nullable=False),
        Column(LABEL, pl.String, "the metric in words", nullable=False),
        Column(VALUE, pl.Float64, "mean over voters", nullable=False, unit="share"),
        Column(VALUE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(VALUE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(N_VOTERS, pl.Int64, "voters counted", nullable=False, unit="people"),
    ),
)

PROPORTIONALITY = Table(
    "proportionality",
    (
        Column(PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(MUNICIPALITY, pl.String, "ballot district; null if there is one for all"),
        Column(COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(SUPPORTERS, pl.Int64, "voters who chose it", nullable=False, unit="people"),
        Column(GROUP_SIZE, pl.Int64, "supporters who miss most", nullable=False, unit="people"),
        Column(ENTITLED, pl.Float64, "their part of the budget", nullable=False, unit="money"),
        Column(RECEIVED, pl.Float64, "most any of them sees funded", nullable=False, unit="money"),
        Column(MISSED, pl.Float64, "entitled less received less cost", nullable=False),
        Column(VIOLATED, pl.Boolean, "EJR+ up to one project fails", nullable=False),
    ),
)

COMPARISON = Table(
    "comparison",
    (
        Column(BUDGET, pl.Float64, "money to spend", nullable=False, unit="money"),
        Column(RULE, pl.String, "rule", nullable=False),
        Column(N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(SPENT, pl.Float64, "their cost", nullable=False, unit="money"),
        *(
            Column(f"{metric}{end}", pl.Float64, meaning, unit="share")
            for metric in ("exclusion", "funded_cost", "fair_share")
            for end, meaning in (
                ("", "mean over voters"),
                ("_low", "lower end of the 95 % interval"),
                ("_high", "upper end of the 95 % interval"),
            )
        ),
        Column(N_VIOLATED, pl.Int64, "projects with a wronged group", nullable=False),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    (
        Column(BONUS, pl.String, "column that earns the bonus", nullable=False),
        Column(PROJECT_ID, pl.String, "project it decides on", nullable=False),
        Column(WINS_WITH_IT, pl.Boolean, "funded with the bonus, not without", nullable=False),
    ),
)

EQUITY_MUNICIPALITIES = Table(
    "equity by municipality",
    (
        Column(MUNICIPALITY, pl.String, "name", nullable=False),
        Column(POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(N_VOTERS, pl.Int64, "who voted", nullable=False, unit="people"),
        Column(TURNOUT, pl.Float64, "voters per resident", nullable=False, unit="share"),
        Column(TURNOUT_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(TURNOUT_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(N_PROJECTS, pl.Int64, "projects to vote on", nullable=False, unit="projects"),
        Column(N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(MONEY_PER_HEAD, pl.Float64, "cost per resident", nullable=False, unit="money"),
        Column(QUOTA, pl.Float64, "spent money by population", nullable=False, unit="money"),
        Column(ENDOWMENT, pl.Float64, "quota per voter; null without voters", unit="money"),
    ),
)

EQUITY_INDICES = Table(
    "indices of equity",
    (
        Column(METRIC, pl.String, "index", nullable=False),
        Column(LABEL, pl.String, "the index in words", nullable=False),
        Column(VALUE, pl.Float64, "its value; null where the data do not determine it"),
        Column(VALUE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(VALUE_HIGH, pl.Float64, "upper end of the 95 % interval"),
    ),
)

LORENZ = Table(
    "Lorenz curve",
    (
        Column(MUNICIPALITY, pl.String, "from least to most money per head", nullable=False),
        Column(PEOPLE_SHARE, pl.Float64, "residents up to here", nullable=False, unit="share"),
        Column(MONEY_SHARE, pl.Float64, "money up to here", nullable=False, unit="share"),
    ),
)

TALLY = Table(
    "tally",
    (
        Column(PROJECT_ID, pl.String, "project", nullable=False),
        Column(VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column("votes_stated", pl.Int64, "votes as the organiser states them", unit="votes"),
        Column("score_stated", pl.Float64, "points as the organiser states them", unit="points"),
    ),
)

MUNICIPALITIES = Table(
    "municipalities",
    (
        Column(MUNICIPALITY, pl.String, "name", nullable=False),
        Column(POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(LATITUDE, pl.Float64, "of the centre", unit="degrees north"),
        Column(LONGITUDE, pl.Float64, "of the centre", unit="degrees east"),
    ),
)

PUBLISHED = Table(
    "published",
    (
        Column(REGION, pl.String, "who the figure is about", nullable=False),
        Column(PERIOD, pl.String, "year or span as named", nullable=False),
        Column(METRIC, pl.String, "what is counted, in the words of the source", nullable=False),
        Column(VALUE, pl.Float64, "the figure", nullable=False),
        Column(UNIT, pl.String, "unit of the figure", nullable=False),
        Column(DENOMINATOR, pl.String, "what the figure is a part of; null if never named"),
        Column(SPEAKER, pl.String, "who named it", nullable=False),
        Column(INTERESTED_PARTY, pl.Boolean, "the speaker answers for the figure", nullable=False),
        Column(SOURCE, pl.String, "where it was published", nullable=False),
    ),
)

CATALOGUE = Table(
    "catalogue",
    (
        Column(NAME, pl.String, "what datasets.fetch takes", nullable=False),
        Column(FILES, pl.Int64, "files in the set", nullable=False, unit="files"),
        Column(BYTES, pl.Int64, "size of all files", nullable=False, unit="bytes"),
        Column(LICENCE, pl.String, "what its authors allow", nullable=False),
        Column(REPOSITORY, pl.String, "on GitHub", nullable=False),
        Column(NOTE, pl.String, "what is in it", nullable=False),
    ),
)

SPANS = Table(
    "spans",
    (
        Column(ROW, pl.Int64, "0-based place in the series of texts", nullable=False),
        Column(KIND, pl.String, "kind of the span", nullable=False),
        Column(START, pl.Int64, "first character", nullable=False, unit="characters"),
        Column(STOP, pl.Int64, "character after the last", nullable=False, unit="characters"),
        Column(TEXT, pl.String, "the characters", nullable=False),
    ),
)

ADDRESSES = Table(
    "addresses",
    (
        Column(ROW, pl.Int64, "0-based place in the series of texts", nullable=False),
        Column(START, pl.Int64, "first character", nullable=False, unit="characters"),
        Column(STOP, pl.Int64, "character after the last", nullable=False, unit="characters"),
        Column(TEXT, pl.String, "the characters", nullable=False),
        Column(SETTLEMENT, pl.String, "town or village, where named right before"),
        Column(STREET, pl.String, "kind and name in one form"),
        Column(HOUSE, pl.String, "number, letter, block (к) and part (с) of the house"),
        Column(FLAT, pl.String, "number of the flat"),
        Column(ADDRESS, pl.String, "key in which two spellings of one house meet", nullable=False),
    ),
)

PUBLISHABLE = Table(
    "publishable",
    (Column(SUPPRESSED, pl.Boolean, "emptied because its cell is small", nullable=False),),
)

FAMILIES = Table(
    "families",
    (
        Column(FAMILY, pl.String, "stable name of the family", nullable=False),
        Column(MESSAGE_ID, pl.String, "member", nullable=False),
        Column(SIMILARITY, pl.Float64, "smallest similarity to another member", nullable=False),
        Column(TEMPLATE, pl.String, "shared words, differing ones as slots", nullable=False),
    ),
)

TOPICS = Table(
    "topics",
    (
        Column(TOPIC, pl.Int64, "permanent number, 0 is the largest when fitted", nullable=False),
        Column(LABEL, pl.String, "readable phrase in its commonest form", nullable=False),
        Column(SIZE, pl.Int64, "messages assigned", nullable=False, unit="messages"),
        Column(SHARE, pl.Float64, "of all messages with a text", nullable=False),
        Column(SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(STABILITY, pl.Float64, "mean best Jaccard over half-sample refits"),
        Column(KEYWORDS, pl.List(pl.String), "by c-TF-IDF, best first", nullable=False),
        Column(EXAMPLES, pl.List(pl.String), "redacted, nearest to the centre", nullable=False),
    ),
)

ASSIGNMENTS = Table(
    "assignments",
    (
        Column(MESSAGE_ID, pl.String, "message", nullable=False),
        Column(TOPIC, pl.Int64, "topic, -1 where none is clearly nearest", nullable=False),
        Column(MARGIN, pl.Float64, "how much nearer than the next topic, 0 to 1", nullable=False),
    ),
)

TOPIC_NUMBERS = Table(
    "topic_numbers",
    (
        Column(N_TOPICS, pl.Int64, "number of topics tried", nullable=False),
        Column(AGREEMENT, pl.Float64, "adjusted mutual information of halves", nullable=False),
        Column(SEPARATION, pl.Float64, "mean margin of texts not fitted on", nullable=False),
        Column(SCORE, pl.Float64, "agreement times separation", nullable=False),
        Column(STANDARD_ERROR, pl.Float64, "of the score, over the splits", nullable=False),
        Column(CHOSEN, pl.Boolean, "the number taken", nullable=False),
    ),
)

TOPIC_AGREEMENT = Table(
    "topic_agreement",
    (
        Column(TOPIC, pl.Int64, "topic", nullable=False),
        Column(METHOD, pl.String, "half-sample, bootstrap or seed", nullable=False),
        Column(JACCARD, pl.Float64, "mean overlap with the best match of a refit", nullable=False),
        Column(JACCARD_LOW, pl.Float64, "its lower decile over the refits", nullable=False),
        Column(RECOVERED, pl.Int64, "refits with an overlap of at least one half", nullable=False),
        Column(REFITS, pl.Int64, "refits in all", nullable=False),
    ),
)

TOPIC_HIERARCHY = Table(
    "topic_hierarchy",
    (
        Column(NODE, pl.Int64, "number of the join, above all topics", nullable=False),
        Column(LEFT, pl.Int64, "topic or earlier join", nullable=False),
        Column(RIGHT, pl.Int64, "topic or earlier join", nullable=False),
        Column(DISTANCE, pl.Float64, "mean cosine distance of the topics joined", nullable=False),
        Column(SIZE, pl.Int64, "messages below", nullable=False, unit="messages"),
        Column(LABEL, pl.String, "label of the largest topic below", nullable=False),
    ),
)

CROSSWALK = Table(
    "crosswalk",
    (
        Column(TOPIC, pl.Int64, "topic", nullable=False),
        Column(LABEL, pl.String, "label of the topic", nullable=False),
        Column(RUBRIC, pl.String, "official rubric", nullable=False),
        Column(SIZE, pl.Int64, "messages of the topic in the rubric", nullable=False),
        Column(SHARE, pl.Float64, "of the topic's messages", nullable=False),
        Column(SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(RUBRIC_SHARE, pl.Float64, "of the rubric's messages", nullable=False),
        Column(RUBRIC_SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(RUBRIC_SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(VERDICT, pl.String, "what the rubricator does with the topic", nullable=False),
    ),
)

INTRUSION_SHEET = Table(
    "intrusion_sheet",
    (
        Column(ROW, pl.Int64, "number of the task, in random order", nullable=False),
        Column(OPTION, pl.Int64, "number of the text within the task", nullable=False),
        Column(TEXT, pl.String, "redacted example", nullable=False),
    ),
)

INTRUSION_KEY = Table(
    "intrusion_key",
    (
        Column(ROW, pl.Int64, "number of the task", nullable=False),
        Column(TOPIC, pl.Int64, "topic of all texts but one", nullable=False),
        Column(INTRUDER, pl.Int64, "option that comes from elsewhere", nullable=False),
        Column(INTRUDER_TOPIC, pl.Int64, "topic it comes from", nullable=False),
    ),
)

LAYOUT = Table(
    "layout",
    (
        Column(TOPIC, pl.Int64, "topic", nullable=False),
        Column(LABEL, pl.String, "label of the topic", nullable=False),
        Column(SIZE, pl.Int64, "messages assigned", nullable=False, unit="messages"),
        Column(X, pl.Float64, "across; without meaning of its own", nullable=False),
        Column(Y, pl.Float64, "up; without meaning of its own", nullable=False),
        Column(QUALITY, pl.Float64, "correlation of distances on the plane with the true ones"),
    ),
)

DEDUPLICATED = Table(
    "deduplicated",
    (
        Column(TOPIC, pl.Int64, "topic", nullable=False),
        Column(LABEL, pl.String, "label of the topic", nullable=False),
        Column(SHARE, pl.Float64, "of all messages", nullable=False),
        Column(SHARE_FAMILIES, pl.Float64, "a family of copies counted once", nullable=False),
        Column(SHARE_AUTHORS, pl.Float64, "an author counted once; null without authors"),
    ),
)

BREAKDOWN = Table(
    "breakdown",
    (
        Column(MUNICIPALITY, pl.String, "group; named after the column it was made by"),
        Column(TOPIC, pl.Int64, "topic", nullable=False),
        Column(LABEL, pl.String, "label of the topic", nullable=False),
        Column(SIZE, pl.Int64, "messages; null where suppressed", unit="messages"),
        Column(SHARE, pl.Float64, "of the group's messages; null where suppressed"),
        Column(SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(SHARE_HIGH, pl.Float64, "upper end of the 95 % interval"),
    ),
)

ROUTES = Table(
    "routes",
    (
        Column(MESSAGE_ID, pl.String, "message", nullable=False),
        Column(RUBRIC, pl.String, "most probable rubric, null where not sure"),
        Column(PROBABILITY, pl.Float64, "calibrated, of the best rubric", nullable=False),
    ),
)

ROUTED = Table(
    "routed",
    (
        Column(LABEL, pl.String, "value of the target", nullable=False),
        Column(SIZE, pl.Int64, "messages that had it", nullable=False, unit="messages"),
        Column(PRECISION, pl.Float64, "right among left-out messages given it; null if none was"),
        Column(PRECISION_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(PRECISION_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(RECALL, pl.Float64, "found among left-out messages that had it", nullable=False),
        Column(RECALL_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(RECALL_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

REASONS = Table(
    "reasons",
    (
        Column(MESSAGE_ID, pl.String, "message", nullable=False),
        Column(TERM, pl.String, "lemma of the message", nullable=False),
        Column(WEIGHT, pl.Float64, "part in the score of the best value", nullable=False),
    ),
)

_RATIO_COLUMNS = (
    Column(RATIO, pl.Float64, "votes to votes expected without the post; null: not determined"),
    Column(RATIO_LOW, pl.Float64, "lower end of the 95 % interval; null: see note"),
    Column(RATIO_HIGH, pl.Float64, "upper end of the 95 % interval; null: see note"),
)

POST_EFFECTS = Table(
    "post_effects",
    (
        Column(TARGET, pl.String, "own project, or others of its municipality", nullable=False),
        Column(KIND, pl.String, "kind of the posts, or all", nullable=False),
        Column(PHASE, pl.String, "hours since the post: before, 0-5, 6-23, 24-72, 0-72"),
        Column(POSTS_COUNT, pl.Int64, "posts used", nullable=False, unit="posts"),
        Column(VOTES_COUNT, pl.Int64, "votes in these hours", nullable=False, unit="votes"),
        *_RATIO_COLUMNS,
        Column(EXTRA, pl.Float64, "votes beyond the expected", unit="votes"),
        Column(EXTRA_LOW, pl.Float64, "lower end of the 95 % interval", unit="votes"),
        Column(EXTRA_HIGH, pl.Float64, "upper end of the 95 % interval", unit="votes"),
        Column(P_VALUE, pl.Float64, "of a ratio of one, by wild cluster bootstrap"),
        Column(NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

POST_PATH = Table(
    "post_path",
    (
        Column(HOUR, pl.Int64, "since the post", nullable=False, unit="hours"),
        Column(VOTES_COUNT, pl.Int64, "votes in this hour of all posts", nullable=False),
        *_RATIO_COLUMNS,
    ),
)

POST_PLACEBOS = Table(
    "post_placebos",
    (
        Column(DRAW, pl.Int64, "number of the draw", nullable=False),
        Column(RATIO, pl.Float64, "estimate at times without a post", nullable=False),
    ),
)

UNUSED_POSTS = Table(
    "unused_posts",
    (
        Column(POST_ID, pl.String, "post", nullable=False),
        Column(REASON, pl.String, "why it was not used", nullable=False),
    ),
)

_WINDOW_COLUMNS = (
    Column(CHANNEL, pl.String, "channel in Russian, or all", nullable=False),
    Column(STARTED_AT, _TIME, "beginning of the window; null: nothing stands out", unit="UTC"),
    Column(ENDED_AT, _TIME, "end of the window", unit="UTC"),
)

INTEGRITY_PROJECTS = Table(
    "integrity_projects",
    (
        Column(PROJECT_ID, pl.String, "project", nullable=False),
        Column(MUNICIPALITY, pl.String, "district of the project"),
        Column(VOTES_COUNT, pl.Int64, "votes examined", nullable=False, unit="votes"),
        Column(P_VALUE, pl.Float64, "of the composition of its votes, tests combined"),
        Column(Q_VALUE, pl.Float64, "false-discovery rate at which it calls for a check"),
        Column(ROSE, pl.Boolean, "its share rose somewhere, at the same rate", nullable=False),
        Column(TEST, pl.String, "most telling test; null where nothing stands out"),
        Column(VERDICT, pl.String, "one of three, never about a person", nullable=False),
        Column(EXPLANATION, pl.String, "innocent explanation that fits best", nullable=False),
    ),
)

INTEGRITY_FLAGS = Table(
    "integrity_flags",
    (
        Column(PROJECT_ID, pl.String, "project", nullable=False),
        Column(TEST, pl.String, "test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(OBSERVED, pl.Float64, "votes seen; variation of gaps in regularity"),
        Column(EXPECTED, pl.Float64, "the same as expected"),
        Column(EXPECTED_LOW, pl.Float64, "lower end of its 95 % range"),
        Column(EXPECTED_HIGH, pl.Float64, "upper end of its 95 % range"),
        Column(P_VALUE, pl.Float64, "corrected for the windows looked at; null: too few votes"),
        Column(Q_VALUE, pl.Float64, "over the projects of this test"),
        Column(EVIDENCE, pl.String, "what was seen, in words", nullable=False),
        Column(EXPLANATION, pl.String, "innocent explanation that fits best; null: nothing seen"),
        Column(VERDICT, pl.String, "verdict on the project, all tests together", nullable=False),
    ),
)

INTEGRITY_EXCESS = Table(
    "integrity_excess",
    (
        Column(PROJECT_ID, pl.String, "project that calls for a check", nullable=False),
        Column(TEST, pl.String, "most telling test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(VOTES_COUNT, pl.Int64, "votes the finding is about", nullable=False, unit="votes"),
        Column(EXCESS, pl.Float64, "beyond the usual number", nullable=False, unit="votes"),
        Column(EXCESS_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(EXCESS_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(WINNER, pl.Boolean, "the project wins with these votes; null: not counted"),
        Column(OUTCOME, pl.String, "whether it would without the excess; null: not counted"),
    ),
)

INTEGRITY_POWER = Table(
    "integrity_power",
    (
        Column(CHANNEL, pl.String, "channel of the artificial surge", nullable=False),
        Column(EXCESS, pl.Int64, "votes added", nullable=False, unit="votes"),
        Column(HOURS, pl.Int64, "within so many hours", nullable=False, unit="hours"),
        Column(TRIALS, pl.Int64, "surges tried", nullable=False),
        Column(FOUND, pl.Float64, "share that called for a check", nullable=False),
        Column(FOUND_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(FOUND_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

INTEGRITY_OVERALL = Table(
    "integrity_overall",
    (
        Column(METRIC, pl.String, "what, in words", nullable=False),
        Column(VALUE, pl.Float64, "how much", nullable=False),
        Column(NOTE, pl.String, "how to read it"),
    ),
)

INTEGRITY_SKIPPED = Table(
    "integrity_skipped",
    (
        Column(TEST, pl.String, "test, or votes that were left out", nullable=False),
        Column(REASON, pl.String, "why, in words", nullable=False),
    ),
)

CURVES = Table(
    "curves",
    (
        Column(GROUP, pl.String, "project, channel, municipality, or all", nullable=False),
        Column(ELAPSED, pl.Float64, "share of the campaign", nullable=False),
        Column(AT, _TIME, "the moment", nullable=False, unit="UTC"),
        Column(VOTES_COUNT, pl.Int64, "votes cast until then", nullable=False, unit="votes"),
        Column(SHARE, pl.Float64, "of the group's votes", nullable=False),
    ),
)

_FORECAST_COLUMNS = (
    Column(VOTES_COUNT, pl.Int64, "votes when the forecast is made", nullable=False, unit="votes"),
    Column(FORECAST, pl.Float64, "votes at the end; null: see note", unit="votes"),
    Column(FORECAST_LOW, pl.Float64, "lower end of the 90 % interval", unit="votes"),
    Column(FORECAST_HIGH, pl.Float64, "upper end of the 90 % interval", unit="votes"),
    Column(NAIVE, pl.Float64, "votes at the end if all goes on as on average", unit="votes"),
)

FORECASTS = Table(
    "forecasts",
    (
        Column(PROJECT_ID, pl.String, "project", nullable=False),
        *_FORECAST_COLUMNS,
        Column(NOTE, pl.String, "why there is no forecast; else empty", nullable=False),
    ),
)

FORECAST_TOTAL = Table("forecast_total", _FORECAST_COLUMNS)

FORECAST_MODELS = Table(
    "forecast_models",
    (
        Column(MODEL, pl.String, "family of curves", nullable=False),
        Column(SHRINKAGE, pl.Float64, "how much of its word is taken, 0 to 1", nullable=False),
        Column(ERROR, pl.Float64, "mean error of log votes at earlier origins", nullable=False),
        Column(GAIN, pl.Float64, "share of the naive error avoided", nullable=False),
        Column(GAIN_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(GAIN_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(CHOSEN, pl.Boolean, "used for the forecast", nullable=False),
    ),
)

BACKTEST = Table(
    "backtest",
    (
        Column(AT, pl.Float64, "share of the campaign that was known", nullable=False),
        Column(PROJECTS_COUNT, pl.Int64, "projects forecast", nullable=False, unit="projects"),
        Column(MODEL, pl.String, "model that was chosen then", nullable=False),
        Column(ERROR, pl.Float64, "mean error of log votes at the end", nullable=False),
        Column(NAIVE_ERROR, pl.Float64, "the same of the naive forecast", nullable=False),
        Column(COVERED, pl.Float64, "projects within their 90 % interval", nullable=False),
    ),
)

DEADLINE = Table(
    "deadline",
    (
        Column(GROUP, pl.String, "channel, or all", nullable=False),
        Column(VOTES_COUNT, pl.Int64, "votes in the last hours", nullable=False, unit="votes"),
        Column(EXPECTED, pl.Float64, "by the days before", unit="votes"),
        *_RATIO_COLUMNS,
        Column(NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

REALISM = Table(
    "realism",
    (
        Column(MEASURE, pl.String, "what is measured", nullable=False),
        Column(SAMPLE, pl.Float64, "figure of the sample"),
        Column(REAL, pl.Float64, "figure of the real appeals; null where it has none"),
        Column(RATIO, pl.Float64, "sample to real"),
        Column(AIM, pl.String, "aim in words; null: reported as found"),
        Column(VERDICT, pl.String, "да or нет where there is an aim"),
    ),
)

COUNTERFACTUALS = Table(
    "counterfactuals",
    (
        Column(RULE, pl.String, "as_decided, population_quota or equal_voice", nullable=False),
        Column(MUNICIPALITY, pl.String, "name", nullable=False),
        Column(POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(N_WINNERS, pl.Int64, "projects funded; null: see note", unit="projects"),
        Column(MONEY, pl.Float64, "their cost; null: see note", unit="money"),
        Column(MONEY_PER_HEAD, pl.Float64, "cost per resident; null: see note", unit="money"),
        Column(NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

INDICATORS = Table(
    "indicators",
    (
        Column(METRIC, pl.String, "indicator", nullable=False),
        Column(LABEL, pl.String, "the indicator in words", nullable=False),
        Column(VALUE, pl.Float64, "null: see note"),
        Column(VALUE_LOW, pl.Float64, "lower end of the 95 % interval; null for full counts"),
        Column(VALUE_HIGH, pl.Float64, "upper end of the 95 % interval; null for full counts"),
        Column(UNIT, pl.String, "unit", nullable=False),
        Column(NOTE, pl.String, "why value or interval is missing; else empty", nullable=False),
    ),
)

APPLICANTS = Table(
    "applicants",
    (
        Column(APPLICANT, pl.String, "who proposed", nullable=False),
        Column(N_PROJECTS, pl.Int64, "projects proposed", nullable=False, unit="projects"),
        Column(N_WINNERS, pl.Int64, "of them funded", nullable=False, unit="projects"),
        Column(MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(WON_SHARE, pl.Float64, "funded of the proposed", nullable=False),
        Column(WON_SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(WON_SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

TURNOUT_CHANGE = Table(
    "turnout_change",
    (
        Column(PART, pl.String, "total, composition, or within", nullable=False),
        Column(MUNICIPALITY, pl.String, "null for the whole region"),
        Column(CHANNEL, pl.String, "null for all channels"),
        Column(BEFORE, pl.Float64, "voters per resident before", unit="share"),
        Column(AFTER, pl.Float64, "voters per resident after", unit="share"),
        Column(CHANGE, pl.Float64, "part of the change of the region's turnout", unit="share"),
        Column(NOTE, pl.String, "what to know of it; else empty", nullable=False),
    ),
)

CAMPAIGNS = Table(
    "campaigns",
    (
        Column(PERIOD, pl.String, "voting window", nullable=False),
        Column(OPENED_ON, pl.Date, "first day", nullable=False),
        Column(CLOSED_ON, pl.Date, "last day", nullable=False),
        Column(METRIC, pl.String, "votes, applications, winners or money", nullable=False),
        Column(VALUE, pl.Float64, "as published; null where nobody named it"),
        Column(UNIT, pl.String, "unit", nullable=False),
        Column(VOTES_PER_DAY, pl.Float64, "votes over the days of the window", unit="votes"),
        Column(BREAK, pl.String, "what changed since the row above; empty: nothing known"),
        Column(NOTE, pl.String, "rounding, contradictions; else empty", nullable=False),
        Column(SOURCE, pl.String, "where it was published", nullable=False),
    ),
)

PROJECT_RUBRICS = Table(
    "project_rubrics",
    (
        Column(PROJECT_ID, pl.String, "project", nullable=False),
        Column(MUNICIPALITY, pl.String, "district of the project"),
        Column(RUBRIC, pl.String, "of the complaints most like it; null where they disagree"),
        Column(AGREEMENT, pl.Float64, "their weight among the complaints like it", nullable=False),
        Column(COMPLAINTS, pl.Int64, "complaints of rubric and district before", unit="messages"),
        Column(SELECTED, pl.Boolean, "funded; null where no winners were given"),
    ),
)

COMPLAINT_CELLS = Table(
    "complaint_cells",
    (
        Column(MUNICIPALITY, pl.String, "district", nullable=False),
        Column(RUBRIC, pl.String, "official rubric", nullable=False),
        Column(COMPLAINTS, pl.Int64, "before the decision", nullable=False, unit="messages"),
        Column(SHARE, pl.Float64, "of the district's complaints", nullable=False),
        Column(SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(N_PROJECTS, pl.Int64, "projects of this rubric", nullable=False, unit="projects"),
        Column(N_WINNERS, pl.Int64, "of them funded", unit="projects"),
    ),
)

COMPLAINTS_AFTERWARDS = Table(
    "complaints_afterwards",
    (
        Column(COMPARED, pl.String, "project (proposed) or funded, to neither", nullable=False),
        Column(COMPLAINTS_BEFORE, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        Column(COMPLAINTS_AFTER, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        Column(RATIO, pl.Float64, "change against districts without a project, same rubric"),
        Column(RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

# What each public frame function yields: one table, or the named tables of its result. The contract
# test runs over every public function that takes a frame or a series and asks for its entry here.
RESULTS: dict[str, Table | dict[str, Table]] = {
    "budgeting.integrity": {
        "projects": INTEGRITY_PROJECTS,
        "flags": INTEGRITY_FLAGS,
        "excess": INTEGRITY_EXCESS,
        "power": INTEGRITY_POWER,
        "overall": INTEGRITY_OVERALL,
        "skipped": INTEGRITY_SKIPPED,
    },
    "budgeting.applicants": APPLICANTS,
    "budgeting.backtest": BACKTEST,
    "budgeting.campaigns": CAMPAIGNS,
    "budgeting.complaints_to_projects": {
        "projects": PROJECT_RUBRICS,
        "cells": COMPLAINT_CELLS,
        "afterwards": COMPLAINTS_AFTERWARDS,
    },
    "budgeting.counterfactuals": COUNTERFACTUALS,
    "budgeting.curves": CURVES,
    "budgeting.deadline": DEADLINE,
    "budgeting.forecast": {
        "projects": FORECASTS,
        "total": FORECAST_TOTAL,
        "models": FORECAST_MODELS,
    },
    "budgeting.indicators": INDICATORS,
    "budgeting.turnout_change": TURNOUT_CHANGE,
    "budgeting.post_effects": {
        "effects": POST_EFFECTS,
        "path": POST_PATH,
        "placebos": POST_PLACEBOS,
        "unused": UNUSED_POSTS,
    },
    "budgeting.winners": WINNERS,
    "budgeting.losses": LOSSES,
    "budgeting.satisfaction": SATISFACTION,
    "budgeting.proportionality": PROPORTIONALITY,
    "budgeting.compare": COMPARISON,
    "budgeting.equity": {
        "municipalities": EQUITY_MUNICIPALITIES,
        "indices": EQUITY_INDICES,
        "lorenz": LORENZ,
    },
    "budgeting.sensitivity": SENSITIVITY,
    "budgeting.tally": TALLY,
    "entities.addresses": ADDRESSES,
    "entities.find": SPANS,
    "privacy.find": SPANS,
    "privacy.publishable": PUBLISHABLE,
    "families.find": FAMILIES,
    "routing.fit": {"classes": ROUTED},
    "topics.breakdown": BREAKDOWN,
    "topics.deduplicated": DEDUPLICATED,
    "topics.crosswalk": CROSSWALK,
    "topics.fit": {
        "topics": TOPICS,
        "assignments": ASSIGNMENTS,
        "reasons": TOPIC_NUMBERS,
        "agreement": TOPIC_AGREEMENT,
        "hierarchy": TOPIC_HIERARCHY,
    },
    "synthetic.realism": REALISM,
}
