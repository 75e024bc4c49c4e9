"""The list of sources."""

import importlib
import pkgutil

import pytest

from cur_lab import readers
from cur_lab.errors import ParameterError
from cur_lab.readers import content, registry


def test_every_source_is_listed_and_offers_what_is_asked():
    modules = [
        importlib.import_module(f"cur_lab.readers.{module.name}")
        for module in pkgutil.iter_modules(readers.__path__)
    ]
    assert {one for one in modules if hasattr(one, "sniff")} == set(registry.SOURCES)
    for source in registry.SOURCES:
        assert set().union(*source.FORMATS.values()) <= set(content.CONTAINERS)


def test_a_format_has_one_source():
    names = [kind for source in registry.SOURCES for kind in source.FORMATS]
    assert len(names) == len(set(names))


def test_an_unknown_format_is_told_all():
    with pytest.raises(ParameterError, match="telethon") as raised:
        readers.read("x", "telegramm")
    assert "telegram" in str(raised.value)
