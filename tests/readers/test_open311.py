"""Service requests of Open311."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError


def request(number: int, **more: object) -> dict[str, object]:
    return {
        "service_request_id": str(number),
        "status": "open",
        "status_notes": None,
        "service_name": "Дороги",
        "service_code": "7",
        "description": f"Яма {number}",
        "agency_responsible": "Дорожная служба",
        "requested_datetime": "2025-03-01T10:00:00+03:00",
        "updated_datetime": "2025-03-02T10:00:00+03:00",
        "address": "Садовая, 1",
        "lat": 55.1,
        "long": 44.2,
    } | more


def table(*requests: dict[str, object], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(requests[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(requests)
    return file.getvalue()


FOUND = (
    request(1),
    request(2, status="closed", status_notes="Засыпали"),
    request(3, status_notes="Передали"),
)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(FOUND),
        json.dumps({"service_requests": FOUND}),
        json.dumps([{"requests": FOUND[:2]}, {"requests": FOUND[2:]}]),
        "\n".join(map(json.dumps, FOUND)),
        table(*FOUND),
        table(*FOUND, delimiter=";"),
    ],
    ids=["list", "answer", "answers", "lines", "csv", "semicolons"],
)
def test_every_form_gives_the_same(write, read, content):
    reading = read(write(content, "requests"))
    day, next_day = (datetime(2025, 3, one, 7, tzinfo=UTC) for one in (1, 2))
    names = (c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT, c.RUBRIC, c.AGENCY)
    told = [(str(n), day, f"Яма {n}", "Дороги", "Дорожная служба") for n in (1, 2, 3)]
    assert reading.messages.select(names).rows() == told
    assert reading.messages.select(c.ANSWERED_AT, c.ANSWER_TEXT, c.RESOLVED_AT).rows() == [
        (None, None, None), (next_day, "Засыпали", next_day), (next_day, "Передали", None)
    ]  # fmt: skip
    assert {"lat", "long", "address"} <= {
        name for name, column in reading.headers.items() if column is None
    }


def test_numbers_are_unique_within_their_jurisdiction(write, read):
    found = [request(1, jurisdiction_id="a.ru"), request(1, jurisdiction_id="b.ru"), request(1)]
    reading = read(write(json.dumps(found), "requests.json"))
    assert sorted(reading.messages[c.MESSAGE_ID]) == ["1", "a.ru/1", "b.ru/1"]


def test_what_the_user_names_goes_first(write, read):
    path = write(json.dumps([request(1, description=None)]), "requests.json")
    reading = read(path, columns={"address": "text", "updated_datetime": "resolved_at"})
    assert reading.messages[c.TEXT].to_list() == ["Садовая, 1"]
    assert reading.messages[c.RESOLVED_AT].to_list() == [datetime(2025, 3, 2, 7, tzinfo=UTC)]


def test_broken_rows_and_error_answers(write, read):
    lines = table(request(1), request(2), request(3)).splitlines()
    lines[1], lines[3] = lines[1] + ",лишнее", '"' + lines[3]
    reading = read(write("\n".join(lines), "requests.csv"))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["2"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (1, "wrong_number_of_fields"), (3, "broken_quotes")
    ]  # fmt: skip
    found = [request(1), {"code": 404, "description": "не найдено"}, {"token": "x"}, 7]
    reading = read(write(json.dumps(found), "requests.json"))
    assert reading.rejected[c.REASON].to_list() == [
        "error_answer", "not_a_message", "not_a_message"
    ]  # fmt: skip


def test_requests_without_words(write, read):
    found = [{name: of for name, of in request(1).items() if name != "description"}]
    with pytest.raises(SchemaError, match="service_name"):
        read(write(json.dumps(found), "requests.json"))


def test_xml_is_told_with_what_to_do(write, read):
    xml = '<?xml version="1.0"?><service_requests><request/></service_requests>'
    with pytest.raises(InputError, match=r"\.json in place of \.xml"):
        read(write(xml, "requests.xml"))


def test_strange_values(write, read):
    found = [
        request(1, status=["closed"], updated_datetime=10**30, status_notes={"a": 1}),
        request(2, service_request_id=None, description=5) | {"\ud83d": 1},
        request(3, requested_datetime="вчера", jurisdiction_id=7),
    ]
    reading = read(write(json.dumps(found), "requests.json"))
    assert len(reading.messages) == 3
    assert "вчера" in reading.unreadable[c.RAW].to_list()
