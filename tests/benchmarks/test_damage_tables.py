"""Damaged tables: CSV, workbooks, elections and the two tables of a portal."""

import io
import time
import zipfile

import pytest
import xlsxwriter
from benchmarks import damage
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.errors import CurLabError

pytestmark = pytest.mark.benchmark

TEXTS = ("Яма на дороге", "Снег, лёд и «каша»", "Темно | страшно", "нет тепла", "🙂", "…")
DATES = (
    "05.01.2024 10:30",
    "5 января 2024 г.",
    "2024-01-05T10:30:00Z",
    "45296.4",
    "01/25/2024 1:30 PM",
)
HEADER = "Номер;Дата обращения;Время обращения;Автор;Дата ответа;Текст\n"


def line(number: int) -> bytes:
    date, text = DATES[number % 5], TEXTS[number % 6]
    return f"{number};{date};1{number % 10}:30;Иван;{date};{text}".encode()


class Archived(damage.Export):
    """A workbook: the items are rows of one part of the archive."""

    def whole(self, items=None):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in self.parts().items():
                archive.writestr(name, content)
            archive.writestr(self.sheet(), super().whole(items))
        return packed.getvalue()


class Xlsx(Archived):
    def parts(self):
        empty = io.BytesIO()
        book = xlsxwriter.Workbook(empty)
        book.add_worksheet("Лист")
        book.close()
        with zipfile.ZipFile(empty) as archive:
            names = [name for name in archive.namelist() if name != self.sheet()]
            return {name: archive.read(name) for name in names}

    def sheet(self):
        return "xl/worksheets/sheet1.xml"


class Ods(Archived):
    def parts(self):
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        manifest = (
            f'<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
        )
        return {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest.encode()}

    def sheet(self):
        return "content.xml"


def xlsx_row(number: int, *values: str) -> bytes:
    cells = "".join(
        f'<c r="{"ABC"[place]}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for place, value in enumerate(values)
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def ods_row(*values: str) -> bytes:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        for value in values
    )
    return f"<table:table-row>{cells}</table:table-row>".encode()


# What would end a text of XML, or be no text of it.
XML = bytes(range(32)) + b"<>&" + bytes(range(128, 256))
SPREAD = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
MERGED = b'</sheetData><mergeCells count="1"><mergeCell ref="B3:B5"/></mergeCells></worksheet>'
SPACES = "".join(f' xmlns:{name}="{OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
XLSX_TAIL = "</t></is></c></row>"
ODS_TAIL = "</text:p></table:table-cell></table:table-row>"

EXPORTS = {
    "csv": damage.Export(
        HEADER.encode(),
        tuple(map(line, range(1, 25))),
        b"\n",
        b"\n",
        guard=3,
        never=b'"\n\r',
    ),
    "xlsx": Xlsx(
        f'<worksheet xmlns="{SPREAD}"><sheetData>'.encode() + xlsx_row(1, "text", "date", "agency"),
        tuple(xlsx_row(n, f"pothole {n}", "05.01.2024", "x" * 9) for n in range(2, 26)),
        b"",
        MERGED,
        guard=len(xlsx_row(25, "pothole 25", "05.01.2024", "")) - len(XLSX_TAIL),
        tail=len(XLSX_TAIL),
        never=XML,
    ),
    "ods": Ods(
        f"<office:document-content{SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">'.encode() + ods_row("text", "date", "agency"),
        tuple(ods_row(f"pothole {n}", "05.01.2024", "x" * 9) for n in range(2, 26)),
        b"",
        b"</table:table></office:spreadsheet></office:body></office:document-content>",
        guard=len(ods_row("pothole 25", "05.01.2024", "")) - len(ODS_TAIL),
        tail=len(ODS_TAIL),
        never=XML,
    ),
}  # fmt: skip

META = "META\nkey;value\nbudget;1 000 000\nvote_type;ordinal\nmax_length;4\nnum_votes;24\n"
PROJECTS = "PROJECTS\nproject_id;cost;name;votes\n" + "".join(
    f"{n}0{n};{n}00,000;Двор {n};3\n" for n in range(1, 7)
)
ELECTION = damage.Export(
    f"{META}{PROJECTS}VOTES\nvoter_id;vote;age\n".encode(),
    tuple(f"v{n:02};{n % 6 + 1}0{n % 6 + 1},202,303;4{n % 9}".encode() for n in range(24)),
    b"\n",
    b"\n",
    guard=4,
    never=b'"\n\r',
)
# Reasons a whole ballot is refused for; the others are of single choices.
OF_BALLOTS = (
    "no_voter",
    "voter_again",
    "broken_quotes",
    "wrong_number_of_fields",
    "points_unequal",
)


def read_election_file(path, content):
    """Read a ``.pb`` file, write it again and count its ballots."""
    path.write_bytes(content)
    began = time.process_time()
    try:
        election = readers.read_pabulib(path)
    except CurLabError as error:
        assert str(path) in str(error)  # noqa: PT017
        assert error.remedy  # noqa: PT017
        return None
    assert time.process_time() - began < damage.SECONDS
    c.VOTES.check(election.votes, where="votes")
    assert not election.votes.select(c.VOTER_ID, c.PROJECT_ID).is_duplicated().any()
    c.CONTRADICTIONS.check(election.contradictions, where="contradictions")
    again = path.with_name("again.pb")
    try:
        readers.write_pabulib(election, again)
    except CurLabError as error:
        assert "cannot stand" in str(error)  # noqa: PT017
    else:
        written = readers.read_pabulib(again)
        assert_frame_equal(written.votes, election.votes)
        assert_frame_equal(written.voters, election.voters)
    return election.voters.height + int(election.rejected[c.REASON].is_in(OF_BALLOTS).sum())


VOTES = damage.Export(
    "Телефон;Номер проекта;Дата и время;Канал\n".encode(),
    tuple(
        f"+7 910 123-45-{n:02};п1{n % 6};{DATES[n % 4]};{'есиа' if n % 2 else 'смс'}".encode()
        for n in range(24)
    ),
    b"\n",
    b"\n",
    guard=3,
    never=b'"\n\r',
)
OFFERED = damage.Export(
    "Перечень;;\n№ проекта;Стоимость, руб.;Название\n".encode(),
    tuple(f"п1{n};{n}00,000;Двор {n}".encode() for n in range(6)),
    b"\n",
    b"\n",
    guard=4,
    never=b'"\n\r;|\t,.',
)


def read_votes(path, content):
    """Read the votes of a portal and count them."""
    path.write_bytes(content)
    projects = path.with_name("projects.csv")
    projects.write_bytes(OFFERED.whole())
    try:
        election = readers.read_election(projects, path, budget=1e6, key=damage.KEY)
    except CurLabError as error:
        assert str(path) in str(error)  # noqa: PT017
        assert error.remedy  # noqa: PT017
        return None
    c.VOTES.check(election.votes, where="votes")
    assert not election.votes[c.VOTER_ID].str.contains("123-45", literal=True).any()
    return election.votes.height + election.rejected.height


@pytest.mark.parametrize("kind", EXPORTS)
def test_damaged_table(kind, tmp_path, monkeypatch):
    damage.quick(monkeypatch)
    damage.put_through(EXPORTS[kind], tmp_path, f"export.{kind}")


def test_damaged_election(tmp_path):
    damage.put_through(ELECTION, tmp_path, "election.pb", read=read_election_file)


def test_damaged_votes_of_a_portal(tmp_path):
    damage.put_through(VOTES, tmp_path, "votes.csv", read=read_votes)
