"""Search for a text that breaks redaction, led by coverage; not part of the tests.

``uv run --with atheris python tests/fuzz_redact.py -max_total_time=600``
"""

import sys

import atheris

with atheris.instrument_imports(include=["cur_lab.privacy"]):
    import polars as pl

    from cur_lab import privacy


def one(data: bytes) -> None:
    """Redact a text: no error, and nothing is left for a second look."""
    content = atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(500)
    once = privacy.redact(pl.Series([content], dtype=pl.String), names=False)
    assert privacy.find(once, names=False).is_empty(), content


atheris.Setup(sys.argv, one)
atheris.Fuzz()
