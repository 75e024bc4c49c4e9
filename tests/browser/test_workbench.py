"""The workbench opens in Russian, in the environment as it was installed."""

import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest


@pytest.fixture
def laboratory(tmp_path, monkeypatch):
    """Start JupyterLab as a newcomer would, without settings of one's own; yield its address."""
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(tmp_path / name))
    for name in ("SETTINGS_DIR", "WORKSPACES_DIR"):
        monkeypatch.setenv(f"JUPYTERLAB_{name}", str(tmp_path / name))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *(f"--port={port}", "--ServerApp.port_retries=0"),
            *("--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/lab"
    try:
        for _ in range(120):
            try:
                urlopen(address).close()
                break
            except URLError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_jupyterlab_opens_in_russian(chromium, laboratory, tmp_path):
    dom = subprocess.run(
        [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=60000"),
            *("--dump-dom", laboratory),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    ).stdout
    assert "Редактировать" in dom
    assert ">Edit<" not in dom
