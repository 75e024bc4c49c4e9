"""What each public frame function yields; the contract test holds them to it."""

from __future__ import annotations

from cur_lab.columns import budgeting, fakes, texts, trends
from cur_lab.columns.table import Table

# One table, or the named tables of a result.
RESULTS: dict[str, Table | dict[str, Table]] = {
    "entities.addresses": texts.ADDRESSES,
    "entities.find": texts.SPANS,
    "privacy.find": texts.SPANS,
    "privacy.publishable": texts.PUBLISHABLE,
    "families.find": texts.FAMILIES,
    "routing.fit": {"classes": texts.ROUTED},
    "topics.breakdown": texts.BREAKDOWN,
    "topics.deduplicated": texts.DEDUPLICATED,
    "topics.crosswalk": texts.CROSSWALK,
    "topics.fit": {
        "topics": texts.TOPICS,
        "assignments": texts.ASSIGNMENTS,
        "reasons": texts.TOPIC_NUMBERS,
        "agreement": texts.TOPIC_AGREEMENT,
        "hierarchy": texts.TOPIC_HIERARCHY,
    },
    "synthetic.realism": texts.REALISM,
    "fakes.campaigns": {
        "families": fakes.CAMPAIGN_FAMILIES,
        "members": fakes.CAMPAIGN_MEMBERS,
        "evidence": fakes.CAMPAIGN_EVIDENCE,
        "pairs": fakes.CAMPAIGN_PAIRS,
        "topic_shares": fakes.CAMPAIGN_SHARES,
        "skipped": fakes.CAMPAIGN_SKIPPED,
    },
    "budgeting.integrity": {
        "projects": budgeting.INTEGRITY_PROJECTS,
        "flags": budgeting.INTEGRITY_FLAGS,
        "excess": budgeting.INTEGRITY_EXCESS,
        "power": budgeting.INTEGRITY_POWER,
        "overall": budgeting.INTEGRITY_OVERALL,
        "skipped": budgeting.INTEGRITY_SKIPPED,
    },
    "budgeting.applicants": budgeting.APPLICANTS,
    "budgeting.backtest": budgeting.BACKTEST,
    "budgeting.campaigns": budgeting.CAMPAIGNS,
    "budgeting.complaints_to_projects": {
        "projects": budgeting.PROJECT_RUBRICS,
        "cells": budgeting.COMPLAINT_CELLS,
        "afterwards": budgeting.COMPLAINTS_AFTERWARDS,
    },
    "budgeting.counterfactuals": budgeting.COUNTERFACTUALS,
    "budgeting.curves": budgeting.CURVES,
    "budgeting.deadline": budgeting.DEADLINE,
    "budgeting.forecast": {
        "projects": budgeting.FORECASTS,
        "total": budgeting.FORECAST_TOTAL,
        "models": budgeting.FORECAST_MODELS,
    },
    "budgeting.indicators": budgeting.INDICATORS,
    "budgeting.turnout_change": budgeting.TURNOUT_CHANGE,
    "budgeting.post_effects": {
        "effects": budgeting.POST_EFFECTS,
        "path": budgeting.POST_PATH,
        "placebos": budgeting.POST_PLACEBOS,
        "unused": budgeting.UNUSED_POSTS,
    },
    "budgeting.winners": budgeting.WINNERS,
    "budgeting.losses": budgeting.LOSSES,
    "budgeting.satisfaction": budgeting.SATISFACTION,
    "budgeting.proportionality": budgeting.PROPORTIONALITY,
    "budgeting.compare": budgeting.COMPARISON,
    "budgeting.equity": {
        "municipalities": budgeting.EQUITY_MUNICIPALITIES,
        "indices": budgeting.EQUITY_INDICES,
        "lorenz": budgeting.LORENZ,
    },
    "budgeting.sensitivity": budgeting.SENSITIVITY,
    "budgeting.tally": budgeting.TALLY,
    "trends.alarms": {
        "episodes": trends.ALARM_EPISODES,
        "evidence": trends.ALARM_EVIDENCE,
        "places": trends.ALARM_PLACES,
        "skipped": trends.ALARM_SKIPPED,
    },
    "trends.changes": trends.CHANGES,
    "trends.counts": trends.COUNTS,
    "trends.decomposition": trends.DECOMPOSITION,
    "trends.mix": trends.MIX,
    "trends.resolution": {
        "summary": trends.RESOLUTION,
        "curves": trends.RESOLUTION_CURVES,
        "risks": trends.RESOLUTION_RISKS,
        "quality": trends.ANSWER_QUALITY,
        "backlog": trends.BACKLOG,
        "rejected": trends.RESOLUTION_REJECTED,
    },
    "fakes.candidates": fakes.CLAIM_CANDIDATES,
    "fakes.matches": fakes.CLAIM_MATCHES,
}
