"""Print a hash of every table of every public function, one a line; run in a process of its own.

Arguments: number of messages of the sample region (0: the small sample of the contract test), seed
of the order of rows (-1: as they come), names of functions (none: all).
"""

import hashlib
import inspect
import os
import sys
import warnings

import polars as pl
import test_contract as contract

from cur_lab import datasets, topics, vectors

# A row's place in the series is part of the answer, so the order of rows is, too.
IN_ORDER = {"families.similarity", *contract.SHAPED_BY_INPUT}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def tables(name: str, result) -> dict[str, pl.DataFrame]:
    if isinstance(result, pl.Series):
        return {name: result.to_frame()}
    if name == "routing.fit":
        messages = contract.sample()
        return {"assign": result.assign(messages), "explain": result.explain(messages)}
    return contract.tables(name, result)


def of_function(name: str, model, seed: int) -> dict[str, pl.DataFrame]:
    data = contract.subject(name, model)
    first = next(iter(inspect.signature(contract.FUNCTIONS[name]).parameters.values()))
    ordered = name in IN_ORDER or str(first.annotation) == "pl.Series"
    if seed >= 0 and isinstance(data, pl.DataFrame) and not ordered:
        data = data.sample(fraction=1, shuffle=True, seed=seed)
    return tables(name, contract.call(name, data, model))


def main(size: int, seed: int, names: list[str]) -> None:
    if size:
        region = datasets.load("zarechye")
        messages = region.messages.sort("published_at", "message_id").head(size)
        vote = contract.vote()
        contract.vote = lambda **_: vote
        contract.sample = lambda *_, **__: messages
        contract.DECISIONS, contract.CLAIMS = region.decisions, region.claims
        contract.MUNICIPALITIES = region.municipalities
    model = topics.fit(contract.sample(), n_topics=None if size else 4)
    found = {"model": contract.tables("topics.fit", model)}
    for name in names or contract.FUNCTIONS:
        found[name] = of_function(name, model, seed)
    for name, frames in found.items():
        for table, frame in frames.items():
            print(name, table, digest(frame.write_ndjson().encode()))
    rows = vectors.lexical().fit_transform(contract.sample().sort("message_id")["text"])
    print("vectors.lexical", digest(rows.tobytes()))


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"
    warnings.simplefilter("ignore")
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
