"""Tables about votes and participatory budgeting."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.table import TIME, Column, Table

WINNERS = Table(
    "winners",
    (
        Column(c.PROJECT_ID, pl.String, "project that is funded", nullable=False),
        Column(c.ORDER, pl.Int64, "turn in which the rule took it, 1 first", nullable=False),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.WHY, pl.String, "what made the rule take it, in words", nullable=False),
    ),
)

LOSSES = Table(
    "losses",
    (
        Column(c.PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(c.SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.COST_TO_CUT, pl.Float64, "least cut that lets it win", unit="money"),
        Column(c.VOTES_TO_ADD, pl.Int64, "least number of new voters for it alone", unit="votes"),
        Column(c.RIVALS, pl.List(pl.String), "winners any of which leaves it a place"),
        Column(c.WHY, pl.String, "why it lost, in words", nullable=False),
    ),
)

SATISFACTION = Table(
    "satisfaction",
    (
        Column(c.METRIC, pl.String, "exclusion, funded_cost or fair_share", nullable=False),
        Column(c.LABEL, pl.String, "the metric in words", nullable=False),
        Column(c.VALUE, pl.Float64, "mean over voters", nullable=False, unit="share"),
        Column(c.VALUE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.VALUE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.N_VOTERS, pl.Int64, "voters counted", nullable=False, unit="people"),
    ),
)

PROPORTIONALITY = Table(
    "proportionality",
    (
        Column(c.PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "ballot district; null if there is one for all"),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.SUPPORTERS, pl.Int64, "voters who chose it", nullable=False, unit="people"),
        Column(c.GROUP_SIZE, pl.Int64, "supporters who miss most", nullable=False, unit="people"),
        Column(c.ENTITLED, pl.Float64, "their part of the budget", nullable=False, unit="money"),
        Column(
            c.RECEIVED, pl.Float64, "most any of them sees funded", nullable=False, unit="money"
        ),
        Column(c.MISSED, pl.Float64, "entitled less received less cost", nullable=False),
        Column(c.VIOLATED, pl.Boolean, "EJR+ up to one project fails", nullable=False),
    ),
)

COMPARISON = Table(
    "comparison",
    (
        Column(c.BUDGET, pl.Float64, "money to spend", nullable=False, unit="money"),
        Column(c.RULE, pl.String, "rule", nullable=False),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.SPENT, pl.Float64, "their cost", nullable=False, unit="money"),
        *(
            Column(f"{metric}{end}", pl.Float64, meaning, unit="share")
            for metric in ("exclusion", "funded_cost", "fair_share")
            for end, meaning in (
                ("", "mean over voters"),
                ("_low", "lower end of the 95 % interval"),
                ("_high", "upper end of the 95 % interval"),
            )
        ),
        Column(c.N_VIOLATED, pl.Int64, "projects with a wronged group", nullable=False),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    (
        Column(c.BONUS, pl.String, "column that earns the bonus", nullable=False),
        Column(c.PROJECT_ID, pl.String, "project it decides on", nullable=False),
        Column(c.WINS_WITH_IT, pl.Boolean, "funded with the bonus, not without", nullable=False),
    ),
)

EQUITY_MUNICIPALITIES = Table(
    "equity by municipality",
    (
        Column(c.MUNICIPALITY, pl.String, "name", nullable=False),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(c.N_VOTERS, pl.Int64, "who voted", nullable=False, unit="people"),
        Column(c.TURNOUT, pl.Float64, "voters per resident", nullable=False, unit="share"),
        Column(c.TURNOUT_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.TURNOUT_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects to vote on", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(c.MONEY_PER_HEAD, pl.Float64, "cost per resident", nullable=False, unit="money"),
        Column(c.QUOTA, pl.Float64, "spent money by population", nullable=False, unit="money"),
        Column(c.ENDOWMENT, pl.Float64, "quota per voter; null without voters", unit="money"),
    ),
)

EQUITY_INDICES = Table(
    "indices of equity",
    (
        Column(c.METRIC, pl.String, "index", nullable=False),
        Column(c.LABEL, pl.String, "the index in words", nullable=False),
        Column(c.VALUE, pl.Float64, "its value; null where the data do not determine it"),
        Column(c.VALUE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.VALUE_HIGH, pl.Float64, "upper end of the 95 % interval"),
    ),
)

LORENZ = Table(
    "Lorenz curve",
    (
        Column(c.MUNICIPALITY, pl.String, "from least to most money per head", nullable=False),
        Column(c.PEOPLE_SHARE, pl.Float64, "residents up to here", nullable=False, unit="share"),
        Column(c.MONEY_SHARE, pl.Float64, "money up to here", nullable=False, unit="share"),
    ),
)

TALLY = Table(
    "tally",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(c.SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column("votes_stated", pl.Int64, "votes as the organiser states them", unit="votes"),
        Column("score_stated", pl.Float64, "points as the organiser states them", unit="points"),
    ),
)

_RATIO_COLUMNS = (
    Column(c.RATIO, pl.Float64, "votes to votes expected without the post; null: not determined"),
    Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval; null: see note"),
    Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval; null: see note"),
)

POST_EFFECTS = Table(
    "post_effects",
    (
        Column(c.TARGET, pl.String, "own project, or others of its municipality", nullable=False),
        Column(c.KIND, pl.String, "kind of the posts, or all", nullable=False),
        Column(c.PHASE, pl.String, "hours since the post: before, 0-5, 6-23, 24-72, 0-72"),
        Column(c.POSTS_COUNT, pl.Int64, "posts used", nullable=False, unit="posts"),
        Column(c.VOTES_COUNT, pl.Int64, "votes in these hours", nullable=False, unit="votes"),
        *_RATIO_COLUMNS,
        Column(c.EXTRA, pl.Float64, "votes beyond the expected", unit="votes"),
        Column(c.EXTRA_LOW, pl.Float64, "lower end of the 95 % interval", unit="votes"),
        Column(c.EXTRA_HIGH, pl.Float64, "upper end of the 95 % interval", unit="votes"),
        Column(c.P_VALUE, pl.Float64, "of a ratio of one, by wild cluster bootstrap"),
        Column(c.NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

POST_PATH = Table(
    "post_path",
    (
        Column(c.HOUR, pl.Int64, "since the post", nullable=False, unit="hours"),
        Column(c.VOTES_COUNT, pl.Int64, "votes in this hour of all posts", nullable=False),
        *_RATIO_COLUMNS,
    ),
)

POST_PLACEBOS = Table(
    "post_placebos",
    (
        Column(c.DRAW, pl.Int64, "number of the draw", nullable=False),
        Column(c.RATIO, pl.Float64, "estimate at times without a post", nullable=False),
    ),
)

UNUSED_POSTS = Table(
    "unused_posts",
    (
        Column(c.POST_ID, pl.String, "post", nullable=False),
        Column(c.REASON, pl.String, "why it was not used", nullable=False),
    ),
)

_WINDOW_COLUMNS = (
    Column(c.CHANNEL, pl.String, "channel in Russian, or all", nullable=False),
    Column(c.STARTED_AT, TIME, "beginning of the window; null: nothing stands out", unit="UTC"),
    Column(c.ENDED_AT, TIME, "end of the window", unit="UTC"),
)

INTEGRITY_PROJECTS = Table(
    "integrity_projects",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the project"),
        Column(c.VOTES_COUNT, pl.Int64, "votes examined", nullable=False, unit="votes"),
        Column(c.P_VALUE, pl.Float64, "of the composition of its votes, tests combined"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate at which it calls for a check"),
        Column(c.ROSE, pl.Boolean, "its share rose somewhere, at the same rate", nullable=False),
        Column(c.TEST, pl.String, "most telling test; null where nothing stands out"),
        Column(c.VERDICT, pl.String, "one of three, never about a person", nullable=False),
        Column(c.EXPLANATION, pl.String, "innocent explanation that fits best", nullable=False),
    ),
)

INTEGRITY_FLAGS = Table(
    "integrity_flags",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.TEST, pl.String, "test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(c.OBSERVED, pl.Float64, "votes seen; variation of gaps in regularity"),
        Column(c.EXPECTED, pl.Float64, "the same as expected"),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of its 95 % range"),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end of its 95 % range"),
        Column(c.P_VALUE, pl.Float64, "corrected for the windows looked at; null: too few votes"),
        Column(c.Q_VALUE, pl.Float64, "over the projects of this test"),
        Column(c.EVIDENCE, pl.String, "what was seen, in words", nullable=False),
        Column(c.EXPLANATION, pl.String, "innocent explanation that fits best; null: nothing seen"),
        Column(c.VERDICT, pl.String, "verdict on the project, all tests together", nullable=False),
    ),
)

INTEGRITY_EXCESS = Table(
    "integrity_excess",
    (
        Column(c.PROJECT_ID, pl.String, "project that calls for a check", nullable=False),
        Column(c.TEST, pl.String, "most telling test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(c.VOTES_COUNT, pl.Int64, "votes the finding is about", nullable=False, unit="votes"),
        Column(c.EXCESS, pl.Float64, "beyond the usual number", nullable=False, unit="votes"),
        Column(c.EXCESS_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.EXCESS_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.WINNER, pl.Boolean, "the project wins with these votes; null: not counted"),
        Column(c.OUTCOME, pl.String, "whether it would without the excess; null: not counted"),
    ),
)

INTEGRITY_POWER = Table(
    "integrity_power",
    (
        Column(c.CHANNEL, pl.String, "channel of the artificial surge", nullable=False),
        Column(c.EXCESS, pl.Int64, "votes added", nullable=False, unit="votes"),
        Column(c.HOURS, pl.Int64, "within so many hours", nullable=False, unit="hours"),
        Column(c.TRIALS, pl.Int64, "surges tried", nullable=False),
        Column(c.FOUND, pl.Float64, "share that called for a check", nullable=False),
        Column(c.FOUND_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.FOUND_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

INTEGRITY_OVERALL = Table(
    "integrity_overall",
    (
        Column(c.METRIC, pl.String, "what, in words", nullable=False),
        Column(c.VALUE, pl.Float64, "how much", nullable=False),
        Column(c.NOTE, pl.String, "how to read it"),
    ),
)

INTEGRITY_SKIPPED = Table(
    "integrity_skipped",
    (
        Column(c.TEST, pl.String, "test, or votes that were left out", nullable=False),
        Column(c.REASON, pl.String, "why, in words", nullable=False),
    ),
)

CURVES = Table(
    "curves",
    (
        Column(c.GROUP, pl.String, "project, channel, municipality, or all", nullable=False),
        Column(c.ELAPSED, pl.Float64, "share of the campaign", nullable=False),
        Column(c.AT, TIME, "the moment", nullable=False, unit="UTC"),
        Column(c.VOTES_COUNT, pl.Int64, "votes cast until then", nullable=False, unit="votes"),
        Column(c.SHARE, pl.Float64, "of the group's votes", nullable=False),
    ),
)

_FORECAST_COLUMNS = (
    Column(
        c.VOTES_COUNT, pl.Int64, "votes when the forecast is made", nullable=False, unit="votes"
    ),
    Column(c.FORECAST, pl.Float64, "votes at the end; null: see note", unit="votes"),
    Column(c.FORECAST_LOW, pl.Float64, "lower end of the 90 % interval", unit="votes"),
    Column(c.FORECAST_HIGH, pl.Float64, "upper end of the 90 % interval", unit="votes"),
    Column(c.NAIVE, pl.Float64, "votes at the end if all goes on as on average", unit="votes"),
)

FORECASTS = Table(
    "forecasts",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        *_FORECAST_COLUMNS,
        Column(c.NOTE, pl.String, "why there is no forecast; else empty", nullable=False),
    ),
)

FORECAST_TOTAL = Table("forecast_total", _FORECAST_COLUMNS)

FORECAST_MODELS = Table(
    "forecast_models",
    (
        Column(c.MODEL, pl.String, "family of curves", nullable=False),
        Column(c.SHRINKAGE, pl.Float64, "how much of its word is taken, 0 to 1", nullable=False),
        Column(c.ERROR, pl.Float64, "mean error of log votes at earlier origins", nullable=False),
        Column(c.GAIN, pl.Float64, "share of the naive error avoided", nullable=False),
        Column(c.GAIN_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.GAIN_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "used for the forecast", nullable=False),
    ),
)

BACKTEST = Table(
    "backtest",
    (
        Column(c.AT, pl.Float64, "share of the campaign that was known", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "projects forecast", nullable=False, unit="projects"),
        Column(c.MODEL, pl.String, "model that was chosen then", nullable=False),
        Column(c.ERROR, pl.Float64, "mean error of log votes at the end", nullable=False),
        Column(c.NAIVE_ERROR, pl.Float64, "the same of the naive forecast", nullable=False),
        Column(c.COVERED, pl.Float64, "projects within their 90 % interval", nullable=False),
    ),
)

DEADLINE = Table(
    "deadline",
    (
        Column(c.GROUP, pl.String, "channel, or all", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "votes in the last hours", nullable=False, unit="votes"),
        Column(c.EXPECTED, pl.Float64, "by the days before", unit="votes"),
        *_RATIO_COLUMNS,
        Column(c.NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

COUNTERFACTUALS = Table(
    "counterfactuals",
    (
        Column(c.RULE, pl.String, "as_decided, population_quota or equal_voice", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "name", nullable=False),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(c.N_WINNERS, pl.Int64, "projects funded; null: see note", unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost; null: see note", unit="money"),
        Column(c.MONEY_PER_HEAD, pl.Float64, "cost per resident; null: see note", unit="money"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

INDICATORS = Table(
    "indicators",
    (
        Column(c.METRIC, pl.String, "indicator", nullable=False),
        Column(c.LABEL, pl.String, "the indicator in words", nullable=False),
        Column(c.VALUE, pl.Float64, "null: see note"),
        Column(c.VALUE_LOW, pl.Float64, "lower end of the 95 % interval; null for full counts"),
        Column(c.VALUE_HIGH, pl.Float64, "upper end of the 95 % interval; null for full counts"),
        Column(c.UNIT, pl.String, "unit", nullable=False),
        Column(c.NOTE, pl.String, "why value or interval is missing; else empty", nullable=False),
    ),
)

APPLICANTS = Table(
    "applicants",
    (
        Column(c.APPLICANT, pl.String, "who proposed", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects proposed", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", nullable=False, unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(c.WON_SHARE, pl.Float64, "funded of the proposed", nullable=False),
        Column(c.WON_SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.WON_SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

TURNOUT_CHANGE = Table(
    "turnout_change",
    (
        Column(c.PART, pl.String, "total, composition, or within", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "null for the whole region"),
        Column(c.CHANNEL, pl.String, "null for all channels"),
        Column(c.BEFORE, pl.Float64, "voters per resident before", unit="share"),
        Column(c.AFTER, pl.Float64, "voters per resident after", unit="share"),
        Column(c.CHANGE, pl.Float64, "part of the change of the region's turnout", unit="share"),
        Column(c.NOTE, pl.String, "what to know of it; else empty", nullable=False),
    ),
)

VOTE_HISTORY = Table(
    "vote_history",
    (
        Column(c.PERIOD, pl.String, "voting window", nullable=False),
        Column(c.OPENED_ON, pl.Date, "first day", nullable=False),
        Column(c.CLOSED_ON, pl.Date, "last day", nullable=False),
        Column(c.METRIC, pl.String, "votes, applications, winners or money", nullable=False),
        Column(c.VALUE, pl.Float64, "as published; null where nobody named it"),
        Column(c.UNIT, pl.String, "unit", nullable=False),
        Column(c.VOTES_PER_DAY, pl.Float64, "votes over the days of the window", unit="votes"),
        Column(c.BREAK, pl.String, "what changed since the row above; empty: nothing known"),
        Column(c.NOTE, pl.String, "rounding, contradictions; else empty", nullable=False),
        Column(c.SOURCE, pl.String, "where it was published", nullable=False),
    ),
)

PROJECT_RUBRICS = Table(
    "project_rubrics",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the project"),
        Column(c.RUBRIC, pl.String, "of the complaints most like it; null where they disagree"),
        Column(
            c.AGREEMENT, pl.Float64, "their weight among the complaints like it", nullable=False
        ),
        Column(c.COMPLAINTS, pl.Int64, "complaints of rubric and district before", unit="messages"),
        Column(c.SELECTED, pl.Boolean, "funded; null where no winners were given"),
    ),
)

COMPLAINT_CELLS = Table(
    "complaint_cells",
    (
        Column(c.MUNICIPALITY, pl.String, "district", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric", nullable=False),
        Column(c.COMPLAINTS, pl.Int64, "before the decision", nullable=False, unit="messages"),
        Column(c.SHARE, pl.Float64, "of the district's complaints", nullable=False),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects of this rubric", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", unit="projects"),
    ),
)

COMPLAINTS_AFTERWARDS = Table(
    "complaints_afterwards",
    (
        Column(c.COMPARED, pl.String, "project (proposed) or funded, to neither", nullable=False),
        Column(c.COMPLAINTS_BEFORE, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        Column(c.COMPLAINTS_AFTER, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        Column(c.RATIO, pl.Float64, "change against districts without a project, same rubric"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)
