"""Notebooks are executed one after another, and the report grows with them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from cur_lab import files, report
from cur_lab.errors import InputError
from cur_lab.report import Outcome
from cur_lab.study import arguments, canonical

# Local sockets: a kernel on TCP warns that others on the machine could listen.
_KERNEL_CONFIGURATION = Config(KernelManager={"transport": "tcp" if os.name == "nt" else "ipc"})
_MARK = "papermill-error-cell-tag"
# Progress bars print something else every run; figures are rendered by the report.
_KERNEL_ENVIRONMENT = {"TQDM_DISABLE": "1", "PLOTLY_RENDERER": "plotly_mimetype"}


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
        If a notebook or the export does not exist.
    ParameterError
        If no notebook has such a parameter, or its value makes no sense.
    NotEnoughDataError
        If the export holds no messages, or none of the district and the days.
    """
    notebooks = _notebooks(path)
    given = dict(parameters or {}) | ({} if messages is None else {"messages_file": messages})
    assigned = arguments.assign(given, notebooks)
    out = Path(out)
    outcomes = []
    with _kernel_environment():
        for notebook in notebooks:
            outcomes.append(_execute(notebook, out, assigned[notebook]))
            # After every notebook, so that a long study can be read while it runs.
            report.write(outcomes, out)
    return outcomes


def _notebooks(path: str | os.PathLike[str] | Sequence[Path]) -> list[Path]:
    if not isinstance(path, str | os.PathLike):
        return list(path)
    path = Path(path)
    found = sorted(path.glob("*.ipynb")) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise InputError("no notebook here", where=str(path), remedy="Name a notebook or a folder")
    return found


def _execute(notebook: Path, out: Path, parameters: Mapping[str, object]) -> Outcome:
    executed = out / "notebooks" / notebook.name
    executed.parent.mkdir(parents=True, exist_ok=True)
    error = None
    try:
        papermill.execute_notebook(
            notebook,
            executed,
            parameters,
            # The kernel leaves its sockets here; the notebooks' own folder may be read-only.
            cwd=str(executed.parent),
            kernel_name="python3",
            language="python",
            progress_bar={"desc": notebook.stem, "unit": "cell"},
            config=_KERNEL_CONFIGURATION,
        )
    except PapermillExecutionError as failure:
        error = _failing_cell(failure)
    except DeadKernelError:
        error = "ядро остановилось, вероятно, не хватило памяти"
    copy = nbformat.read(executed, as_version=4)
    # Papermill marks a failure in cells of its own; the report has its own words for it.
    copy.cells = [cell for cell in copy.cells if _MARK not in cell.metadata.get("tags", [])]
    copy = canonical.canonical(copy, nbformat.read(notebook, as_version=4))
    canonical.write(copy, executed)
    return Outcome(notebook.stem, copy, error)


def _failing_cell(failure: PapermillExecutionError) -> str:
    """Name the cell as the executed copy shows it: its number and its first line."""
    line = failure.source.strip().partition("\n")[0]
    return f"ячейка {failure.exec_count} «{line}»: {failure.ename}: {failure.evalue}"


@contextmanager
def _kernel_environment() -> Iterator[None]:
    """Give the kernels our settings through the environment, the only way papermill offers."""
    before = {name: os.environ.get(name) for name in _KERNEL_ENVIRONMENT}
    os.environ.update(_KERNEL_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
