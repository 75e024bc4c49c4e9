"""Notebooks are executed two at a time, and the report grows with them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cur_lab import files
from cur_lab.errors import InputError
from cur_lab.study.watching import Watch

# The rooms that read, draw and run are imported when the bars stand: they take seconds.
if TYPE_CHECKING:
    from cur_lab.report import Outcome
    from cur_lab.study.kernels import Kernel
    from cur_lab.study.record import Record

# Long ones first, so that none runs alone at the end; beside the first one of those that read no
# messages, so that nobody waits while the texts are read for the first time.
_FIRST = ("01", "08", "06", "05", "03", "02", "04", "07")
_SECOND = 1.0


def find(numbers: Sequence[str] = ()) -> list[Path]:
    """Find the curated notebooks, all of them or those named.

    Parameters
    ----------
    numbers
        Leading numbers or names, such as ``"01"``, ``"1"`` or ``"01-complaint-topics"``.

    Raises
    ------
    InputError
        If a name fits no notebook.
    """
    available = sorted(files.shipped("notebooks").glob("[0-9]*.ipynb"))
    if not numbers:
        return available
    chosen = []
    for number in numbers:
        name = number.zfill(2)
        matches = [path for path in available if name in (path.stem, path.stem.split("-")[0])]
        if not matches:
            raise InputError(
                "no such notebook",
                where=number,
                remedy=f"Available: {', '.join(path.stem for path in available)}",
            )
        chosen += matches
    return sorted(set(chosen))


def run(
    path: str | os.PathLike[str] | Sequence[Path],
    out: str | os.PathLike[str],
    *,
    messages: str | os.PathLike[str] | None = None,
    region: str | os.PathLike[str] | None = None,
    parameters: Mapping[str, object] | None = None,
) -> list[Outcome]:
    """Execute notebooks with progress bars and write the report.

    Parameters
    ----------
    path
        One notebook, a folder of notebooks, or a list of notebooks.
    out
        Folder for ``index.html``, a page for each notebook and the executed copies.
    messages
        The user's own export, read in place of the sample region by the notebooks about messages;
        any format of :func:`cur_lab.readers.read`. The same as the parameter ``messages_file``.
        Notebooks that do not read it are left out: they would tell of the sample.
    region
        Folder of the user's own region, as :func:`cur_lab.datasets.load` takes it; the same as the
        parameter ``region``. Its own parameters stand below ``parameters``.
    parameters
        Name to value for the notebooks' parameters cells, such as ``{"fdr": 0.1}``; a text is read
        as the command line gives it. A notebook gets those it has. All are checked, the district
        and the days against the data too, before a notebook runs.

    Returns
    -------
    list of Outcome
        In the order of the notebooks. A notebook that fails is named with its cell and error; the
        others still run.

    Raises
    ------
    InputError
        If a notebook or the export does not exist, or another run writes into the same folder.
    ParameterError
        If no notebook has such a parameter, its value makes no sense, or a region is given beside
        a file.
    NotEnoughDataError
        If the export holds no messages, or none of the district and the days.
    """
    data = {"messages_file": messages, "region": region}
    given = dict(parameters or {}) | {name: path for name, path in data.items() if path is not None}
    notebooks = _notebooks(path)
    out = Path(out)
    files.check_writable(out)
    with closing(Watch(notebooks)) as watch:
        from cur_lab.study import arguments, machine

        named, notebooks = notebooks, arguments.own(notebooks, given)
        for left_out in (path for path in named if path not in notebooks):
            watch.leave_out(left_out)
        assigned = arguments.assign(given, notebooks)
        number, why = machine.at_once()
        if why and len(notebooks) > 1:
            watch.say(why)
        with files.alone(out):
            return _execute(notebooks, out, assigned, watch, number)


def _notebooks(path: str | os.PathLike[str] | Sequence[Path]) -> list[Path]:
    if not isinstance(path, str | os.PathLike):
        return list(path)
    path = Path(path)
    found = sorted(path.glob("*.ipynb")) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise InputError("no notebook here", where=str(path), remedy="Name a notebook or a folder")
    return found


def _execute(
    notebooks: Sequence[Path],
    out: Path,
    assigned: Mapping[Path, Mapping[str, object]],
    watch: Watch,
    number: int,
) -> list[Outcome]:
    """Run notebooks so many at a time; whatever ends this ends their kernels."""
    from cur_lab.report import site
    from cur_lab.study import record
    from cur_lab.study.kernels import Kernel

    copies = (out / "notebooks").resolve()
    copies.mkdir(parents=True, exist_ok=True)
    outcomes: dict[Path, Outcome] = {}
    records: dict[Path, record.Record] = {}
    kernels: dict[Future[Outcome], Kernel] = {}
    room = Path(tempfile.mkdtemp(prefix="cur-lab-"))
    pool = ThreadPoolExecutor(number)
    try:
        for notebook in sorted(notebooks, key=lambda path: (_place(path), path)):
            kernel = Kernel(
                notebook,
                cwd=copies,
                room=Path(tempfile.mkdtemp(dir=room, prefix="")),
                begin=partial(watch.begin, notebook),
                step=partial(watch.step, notebook),
            )
            future = pool.submit(_outcome, kernel, assigned[notebook], copies, records)
            kernels[future] = kernel
        left = set(kernels)
        while left:
            done, left = wait(left, timeout=_SECOND, return_when=FIRST_COMPLETED)
            for future in left:
                if future.running():
                    watch.refresh(kernels[future].notebook, kernels[future].doing())
            for future in done:
                notebook = kernels[future].notebook
                outcomes[notebook] = future.result()
                watch.end(notebook, failed=outcomes[notebook].error is not None)
                # After every notebook, so that a long study can be read while it runs.
                site.add(outcomes[notebook], out)
                site.write_index([outcomes[path] for path in notebooks if path in outcomes], out)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(kernels)
        shutil.rmtree(room, ignore_errors=True)
    record.write(out, {path.stem: records[path] for path in notebooks}, assigned)
    return [outcomes[path] for path in notebooks]


def _outcome(
    kernel: Kernel,
    parameters: Mapping[str, object],
    copies: Path,
    records: dict[Path, Record],
) -> Outcome:
    import nbformat

    from cur_lab.report import Outcome
    from cur_lab.study import absences, arguments, canonical, record

    error = kernel.run(parameters)
    copy = canonical.canonical(kernel.executed, nbformat.read(kernel.notebook, as_version=4))
    canonical.without_folders(copy, parameters)
    records[kernel.notebook] = told = record.take(copy, kernel.notebook.stem)
    if arguments.DATA & parameters.keys():
        copy = absences.gather(copy, told.absent, told.bare)
    canonical.write(copy, copies / kernel.notebook.name)
    return Outcome(kernel.notebook.stem, copy, error)


def _end(kernels: Mapping[Future[Outcome], Kernel]) -> None:
    """End the kernels that still run; one that just starts is ended when it has."""
    left = {future for future in kernels if not future.done()}
    while left:
        for future in left:
            kernels[future].kill()
        _, left = wait(left, timeout=_SECOND / 5)


def _place(notebook: Path) -> int:
    number = notebook.stem.partition("-")[0]
    return _FIRST.index(number) if number in _FIRST else len(_FIRST)
