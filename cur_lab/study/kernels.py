"""A notebook in a kernel of its own: run by papermill, watched, and ended when it must."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from cur_lab import errors, progress, translation
from cur_lab.notebook import recording
from cur_lab.study import bytecode

_MARK = "papermill-error-cell-tag"
_ENGINE = "cur-lab"
_OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
_KERNEL_ENVIRONMENT = {
    # Progress bars print something else every run; figures are rendered by the report.
    "TQDM_DISABLE": "1",
    "PLOTLY_RENDERER": "plotly_mimetype",
    # Tables tell their numbers, absent results their reasons.
    recording.ASKED: "1",
}
# Matrices here are small: more threads than one wait for each other most of the time.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Kernel:
    """The kernel of one notebook.

    Parameters
    ----------
    notebook
        What is executed; never changed.
    cwd
        Folder the notebook runs in.
    room
        Folder of this kernel alone, for its sockets and what it tells of long work.
    begin, step
        Called with the number of cells of code when they begin, and after each.
    """

    def __init__(
        self,
        notebook: Path,
        *,
        cwd: Path,
        room: Path,
        begin: Callable[[int], None],
        step: Callable[[], None],
    ):
        self.notebook = notebook
        self.executed: NotebookNode = nbformat.v4.new_notebook()
        self._cwd = cwd
        self._sockets, self._told = room / "k", room / "told.txt"
        self._begin, self._step = begin, step
        self._client: PapermillNotebookClient | None = None
        self._unwanted = False
        self._cells, self._line = 0, ""

    def run(self, parameters: Mapping[str, object]) -> str | None:
        """Execute the notebook; return the failing cell and its error in one line, or None."""
        # Jupyter keeps an event loop for each thread and closes none.
        loop = ensure_event_loop()
        try:
            papermill.execute_notebook(
                self.notebook,
                None,
                parameters,
                engine_name=_ENGINE,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                # Kept in memory as it grows: to write it twice a cell takes seconds.
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                kernel=self,
            )
        except PapermillExecutionError as failure:
            return _failing_cell(failure)
        except DeadKernelError:
            return self._died()
        except RuntimeError as error:
            # What the client says of a kernel that dies before its first cell; it has no type.
            if "Kernel died" not in str(error):
                raise
            return self._died()
        finally:
            loop.close()
            # Papermill marks a failure in cells of its own; the report has its own words for it.
            self.executed.cells = [
                cell for cell in self.executed.cells if _MARK not in cell.metadata.get("tags", [])
            ]
        return None

    def doing(self) -> str:
        """Tell what a long cell is at, as the kernel says; empty where it says nothing."""
        try:
            return self._told.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def kill(self) -> None:
        """End the kernel and what it has started, now; it starts no more."""
        self._unwanted = True
        manager = getattr(self._client, "km", None)
        number = getattr(getattr(manager, "provisioner", None), "pid", None)
        if number is None:
            return
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(number)
            for one in [*process.children(recursive=True), process]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()

    def start(self, manager: NotebookExecutionManager, kernel_name: str) -> None:
        """Execute the cells; the engine calls it with the notebook and its parameters."""
        self.executed = manager.nb
        if self._unwanted:
            raise DeadKernelError
        self._begin(sum(cell.cell_type == "code" for cell in manager.nb.cells))
        # Local sockets: a kernel on TCP warns that others on the machine could listen. They are
        # named by us: two kernels that start together would take the same names.
        sockets = {"transport": "ipc", "ip": str(self._sockets)}
        self._client = PapermillNotebookClient(
            manager,
            kernel_name=kernel_name,
            config=Config(KernelManager={"transport": "tcp"} if os.name == "nt" else sockets),
            resources={"metadata": {"path": str(self._cwd)}},
            timeout=None,
            # A kernel that is done has nothing to tidy up; the interrupt of a graceful end may be
            # told on stderr as an error.
            shutdown_kernel="immediate",
            on_cell_execute=self._started,
            on_cell_complete=self._completed,
        )
        self._client.execute(env=self._environment())

    def _started(self, cell: NotebookNode, **_: Any) -> None:
        self._cells += 1
        self._line = _first_line(cell.source)

    def _completed(self, **_: Any) -> None:
        self._step()

    def _environment(self) -> dict[str, str]:
        own = dict.fromkeys(_THREADS, "1") | dict(os.environ) | _KERNEL_ENVIRONMENT
        return own | bytecode.environment() | {progress.TOLD_VARIABLE: str(self._told)}

    def _died(self) -> str:
        where = f"ячейка {self._cells} «{self._line}»: " if self._cells else ""
        return f"{where}ядро остановилось, вероятно, не хватило памяти"


class _Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own, whose kernel gets our environment and can be ended."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, kernel: Kernel, **_: Any
    ) -> None:
        kernel.start(nb_man, kernel_name)


papermill_engines.register(_ENGINE, _Engine)


def _failing_cell(failure: PapermillExecutionError) -> str:
    """Name the cell as the executed copy shows it: its number and its first line."""
    line, said = _first_line(failure.source), failure.evalue
    if failure.ename in _OURS:
        # The report is Russian whatever the locale.
        said = translation.of_text(said, russian=True)
    return f"ячейка {failure.exec_count} «{line}»: {failure.ename}: {said}"


def _first_line(source: str) -> str:
    return source.strip().partition("\n")[0]
