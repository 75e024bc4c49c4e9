"""Shipped files, and writing that is complete or not at all."""

import errno
import os
import stat

import pytest

from cur_lab import files
from cur_lab.errors import InputError


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_shipped_file_of_the_checkout():
    assert files.shipped("datasets", "catalogue.csv").is_file()


def test_shipped_file_of_a_wheel(tmp_path, monkeypatch):
    # In a wheel the data lie inside the package, and no pyproject.toml stands beside it.
    package = tmp_path / "site-packages" / "cur_lab"
    (package / "_shipped" / "datasets").mkdir(parents=True)
    monkeypatch.setattr(files, "_PACKAGE", package)
    assert files.shipped("datasets") == package / "_shipped" / "datasets"
    # A folder called datasets that belongs to somebody else is not ours.
    (tmp_path / "site-packages" / "datasets").mkdir()
    assert files.shipped("datasets") == package / "_shipped" / "datasets"


def test_absent_shipped_file_is_named():
    with pytest.raises(InputError, match="datasets/nowhere"):
        files.shipped("datasets", "nowhere")


def test_replacing_is_whole(tmp_path):
    target = tmp_path / "new folder" / "report.html"
    files.write_text(target, "первый\n")
    assert target.read_bytes() == "первый\n".encode()
    files.write_text(target, "второй\n")
    assert target.read_text(encoding="utf-8") == "второй\n"
    assert names(target.parent) == ["report.html"]


def test_failure_leaves_the_old_file(tmp_path):
    target = tmp_path / "table.csv"
    files.write_text(target, "старое")

    def half():
        with files.replacing(target) as temporary:
            temporary.write_text("половина", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert target.read_text(encoding="utf-8") == "старое"
    assert names(tmp_path) == ["table.csv"]


def test_old_file_stands_until_the_new_one_is_complete(tmp_path):
    target = tmp_path / "table.csv"
    files.write_text(target, "старое")
    with files.replacing(target) as temporary:
        temporary.write_text("новое", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "старое"
    assert target.read_text(encoding="utf-8") == "новое"


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX")
def test_rights_follow_the_umask(tmp_path):
    target = tmp_path / "table.csv"
    old = os.umask(0o027)
    try:
        files.write_text(target, "")
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(old)


def test_a_full_disk_is_told_and_the_old_file_stands(tmp_path):
    target = tmp_path / "table.csv"
    files.write_text(target, "старое")
    with (
        pytest.raises(InputError, match=r"table\.csv: cannot be written .*Make room"),
        files.replacing(target),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert target.read_text(encoding="utf-8") == "старое"
    assert names(tmp_path) == ["table.csv"]


def test_another_fault_of_the_system_stays_what_it_is(tmp_path):
    with pytest.raises(PermissionError), files.replacing(tmp_path / "table.csv"):
        raise PermissionError(errno.EACCES, "denied")


def test_a_folder_is_held_by_one_and_cleared_of_what_is_unfinished(tmp_path):
    out = tmp_path / "new" / "report"
    with files.alone(out):
        files.write_text(out / "page.html", "целое")
        with pytest.raises(InputError, match="another run"), files.alone(out):
            pass
    (out / "notebooks").mkdir()
    (out / "notebooks" / ".cur-lab-01-x7.ipynb").write_text("{")
    (out / "notebooks" / ".own").write_text("")
    with files.alone(out):
        pass
    assert names(out) == ["page.html", "notebooks"] or names(out) == ["notebooks", "page.html"]
    assert names(out / "notebooks") == [".own"]
