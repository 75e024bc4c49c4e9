"""The command ``cur-lab``: parses arguments, nothing else.

It speaks the language of the locale (see :mod:`cur_lab.translation`). Words of a new command go
through ``say`` and, as the words of a new error, into ``locale/ru.po``.
"""

from __future__ import annotations

import argparse
import io
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from cur_lab import __version__, translation
from cur_lab.errors import CurLabError
from cur_lab.translation import say

# As a shell tells what ended by Ctrl-C.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0, 1 if something failed, 2 for bad input."""
    # A console of an older code page has no «−»: better a question mark than a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # The one way to argparse's own words: it looks them up by this name.
    vars(argparse)["_"] = say
    options = _parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            status: int = options.command(options)
    except CurLabError as error:
        print(f"cur-lab: {translation.error(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"cur-lab: {say('stopped')}", file=sys.stderr)
        return _INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cur-lab", description=say("Research workbench for Russian citizen feedback.")
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"cur-lab {__version__}",
        help=say("show the version and exit"),
    )
    commands = parser.add_subparsers(title=say("commands"), required=True, metavar=say("COMMAND"))

    new = commands.add_parser("new", help=say("make the folder of a region of your own"))
    new.add_argument(
        "folder",
        type=Path,
        metavar=say("FOLDER"),
        help=say("where it is to lie, such as my-region"),
    )
    new.set_defaults(command=_new)

    check = commands.add_parser(
        "check", help=say("tell what was read of a region, what was not, and what it can answer")
    )
    check.add_argument("folder", type=Path, metavar=say("FOLDER"), help=say("of the region"))
    check.set_defaults(command=_check)

    study = commands.add_parser("study", help=say("run the notebooks and write the report"))
    study.add_argument(
        "notebooks",
        nargs="*",
        metavar="NN",
        help=say("numbers of notebooks, such as 01; all if none"),
    )
    _add_data(study)
    study.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        type=_pair,
        metavar=say("NAME=VALUE"),
        help=say("a parameter of the notebooks, such as municipality=Камнегорск; may be repeated"),
    )
    study.add_argument(
        "--out",
        type=Path,
        metavar=say("FOLDER"),
        help=say("default: build/report, of a region its folder report"),
    )
    study.set_defaults(command=_study)

    verify = commands.add_parser(
        "verify", help=say("run a study handed over again and name what came out otherwise")
    )
    verify.add_argument("region", type=Path, metavar=say("FOLDER"), help=say("of the region"))
    verify.add_argument(
        "--against",
        type=Path,
        metavar=say("FILE"),
        help=say("its findings; default: report/findings.json of the folder"),
    )
    verify.add_argument(
        "--out", type=Path, metavar=say("FOLDER"), help=say("where the new report is to stay")
    )
    verify.set_defaults(command=_verify)

    scan = commands.add_parser(
        "scan", help=say("look for personal data, paths and keys in what is to be handed on")
    )
    scan.add_argument("path", type=Path, metavar=say("PATH"), help=say("a folder or a file"))
    scan.set_defaults(command=_scan)

    briefing = commands.add_parser(
        "briefing",
        help=say("write what a team reads before a live broadcast, two pages a district"),
    )
    whose = briefing.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "--municipality", metavar=say("NAME"), help=say("district, or a clear part of its name")
    )
    whose.add_argument("--all", action="store_true", help=say("every district of the messages"))
    briefing.add_argument(
        "--until", required=True, metavar=say("DATE"), help=say("last day, as 2025-06-30")
    )
    _add_data(briefing)
    briefing.add_argument(
        "--out",
        type=Path,
        metavar=say("FOLDER"),
        default=Path("build/briefing"),
        help=say("default: %(default)s"),
    )
    briefing.set_defaults(command=_briefing)

    synthesize = commands.add_parser(
        "synthesize", help=say("remake the sample region from its seed")
    )
    synthesize.add_argument(
        "--out",
        type=Path,
        metavar=say("FOLDER"),
        default=Path("datasets/zarechye"),
        help=say("default: %(default)s"),
    )
    synthesize.set_defaults(command=_synthesize)

    realism = commands.add_parser("realism", help=say("measure the sample against real appeals"))
    realism.add_argument(
        "messages", type=Path, metavar=say("FILE"), help=say("real appeals with rubrics")
    )
    realism.set_defaults(command=_realism)

    cache = commands.add_parser(
        "cache", help=say("show what is kept of texts read before, or clear it")
    )
    cache.add_argument("--clear", action="store_true", help=say("remove it: it is made again"))
    cache.set_defaults(command=_cache)
    return parser


def _add_data(command: argparse.ArgumentParser) -> None:
    data = command.add_mutually_exclusive_group()
    data.add_argument(
        "--region", type=Path, metavar=say("FOLDER"), help=say("your own region, see cur-lab new")
    )
    data.add_argument("--messages", type=Path, metavar=say("FILE"), help=say("your own export"))


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    print(f"cur-lab: {say(str(message))}", file=sys.stderr)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(say(f"{written!r} is not NAME=VALUE"))
    return name, value


def _new(options: argparse.Namespace) -> int:
    from cur_lab import study

    folder = study.new(options.folder)
    print(folder)
    print(say(f"Put exports into {folder / 'sources'}, then: cur-lab check {folder}"))
    return 0


def _check(options: argparse.Namespace) -> int:
    from cur_lab import study

    found = study.check(options.folder)
    print(found)
    return int(not found.problems.is_empty())


def _study(options: argparse.Namespace) -> int:
    from cur_lab import study
    from cur_lab.study import bytecode

    out = options.out or (options.region / "report" if options.region else Path("build/report"))
    with bytecode.kept():
        outcomes = study.run(
            study.find(options.notebooks),
            out,
            messages=options.messages,
            region=options.region,
            parameters=dict(options.parameters),
        )
    for outcome in outcomes:
        if outcome.error:
            print(f"{outcome.name}: {outcome.error}", file=sys.stderr)
    print(out / "index.html")
    return int(any(outcome.error for outcome in outcomes))


def _verify(options: argparse.Namespace) -> int:
    from cur_lab import study

    differences = study.verify(options.region, against=options.against, out=options.out)
    for row in differences.iter_rows(named=True):
        place = ", ".join(filter(None, (row[name] for name in differences.columns[:4])))
        print(f"{place}: {row['was']} → {row['is']}")
    said = f"{differences.height} differences" if differences.height else "everything is confirmed"
    print(say(said))
    return int(differences.height > 0)


def _scan(options: argparse.Namespace) -> int:
    from cur_lab import study
    from cur_lab.study.scanning import NOT_LOOKED_AT

    found = study.scan(options.path)
    unread = found.filter(kind=NOT_LOOKED_AT)
    if unread.height:
        print(say(f"not looked at: {', '.join(unread['source'])}"), file=sys.stderr)
    told = found.filter(found["kind"] != NOT_LOOKED_AT)
    for source, place, _, text in told.rows():
        print(":".join(str(part) for part in (source, place, f" {text}") if part is not None))
    return int(not told.is_empty())


def _briefing(options: argparse.Namespace) -> int:
    from cur_lab.report import districts

    pages = districts.write(
        options.out,
        municipality=None if options.all else options.municipality,
        until=options.until,
        messages=options.messages,
        region=options.region,
    )
    for outcome in pages:
        print(outcome)
    return 0


def _synthesize(options: argparse.Namespace) -> int:
    from cur_lab import synthetic

    synthetic.write(options.out)
    print(options.out)
    return 0


def _realism(options: argparse.Namespace) -> int:
    import polars as pl

    from cur_lab import datasets, readers, synthetic

    real = readers.read(options.messages).messages
    with pl.Config(tbl_rows=-1, fmt_str_lengths=100):
        print(synthetic.realism(datasets.load("zarechye").messages, real))
    return 0


def _cache(options: argparse.Namespace) -> int:
    from cur_lab.prepare import cache

    if options.clear:
        cache.clear()
    print(cache.folder())
    for part in cache.held():
        print(say(f"{part.name:8} {part.entries:>9,} entries {part.bytes / 1e6:>9,.1f} MB"))
    return 0
