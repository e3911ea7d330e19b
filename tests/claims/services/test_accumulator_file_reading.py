"""Whatever stands in a file, it is read or refused with faults and lines; what is written is read back."""

import random
from datetime import date

import pytest

from claims.core.pharmacy import ACCUMULATORS_IN, ANSWER_IN, CLAIMS_IN, TAKEOVER_IN
from claims.services import accumulator_file_reading as reading
from claims.services.accumulator_file_reading import Envelope
from claims.services.table_files import BadTable

WHO = ("M1", "Alma", "1980-05-04")
NPI = "1234567893"
FILES = {
    CLAIMS_IN: (
        reading.CLAIMS_FORMAT,
        reading.CLAIM,
        [
            ["A1", 1, "paid", *WHO, "7001", 0, "00000000001", "2026-03-01", "2026-03-02", "30.5", 30, "generic", NPI]
            + ["9.00", "1.00", "0.00", "10.00", "4.00", "3.00", "2.00", "1.00", "0.00"],
            [
                "A1",
                2,
                "reversed",
                *WHO,
                "7001",
                0,
                "00000000001",
                "2026-03-01",
                "2026-03-05",
                "30.5",
                30,
                "generic",
                NPI,
            ]
            + ["-9.00", "-1.00", "0.00", "-10.00", "-4.00", "-3.00", "-2.00", "-1.00", "0.00"],
        ],
        ("0.00", "0.00", "0.00"),
    ),
    ACCUMULATORS_IN: (
        reading.ACCUMULATORS_FORMAT,
        reading.DELTA,
        [["R1", *WHO, "deductible", "2026-01-01", "12.50", "pharmacy"]],
        ("12.50", "0.00"),
    ),
    ANSWER_IN: (
        reading.ANSWER_FORMAT,
        reading.ANSWER,
        [["R1", "accepted", "", ""], ["R2", "rejected", "0.05", "who?"]],
        (1, 1),
    ),
    TAKEOVER_IN: (
        reading.BALANCES_FORMAT,
        reading.BALANCE,
        [[*WHO, "medical.deductible", "2026-01-01", "7"], [*WHO, "visits", "0001-01-01", "2"]],
        ("9.00",),
    ),
}
ODD = [
    b"",
    b",",
    b'"',
    b"\n",
    b"\r",
    b"\x00",
    b"-",
    b"9",
    b"TRAILER",
    b"HEADER",
    b"\xff",
    "é".encode(),
    b"1e9",
    b"0" * 30,
]


def good(kind):
    name, columns, rows, totals = FILES[kind]
    envelope = Envelope("RXONE", "911111111", "RX-1", date(2026, 3, 9))
    return reading.written(envelope, name, [column.name for column in columns], rows, totals)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_written_is_read_back(kind):
    read = reading.read_file(kind, good(kind))
    assert (read.envelope.sender, read.envelope.day) == ("RXONE", date(2026, 3, 9))
    assert [record.line for record in read.records] == list(range(3, 3 + len(FILES[kind][2])))


@pytest.mark.parametrize("kind", FILES)
def test_columns_may_stand_in_any_order_and_names_stay(kind):
    lines = [line.split(",") for line in good(kind).decode().splitlines()]
    turned = [lines[0], *(line[::-1] for line in lines[1:-1]), lines[-1]]
    read = reading.read_file(kind, "\n".join(map(",".join, turned)).encode())
    assert [(record.record_id, record.sha256) for record in read.records] == [
        (record.record_id, record.sha256) for record in reading.read_file(kind, good(kind)).records
    ]


@pytest.mark.parametrize("kind", FILES)
def test_ten_thousand_damaged_files_are_read_or_refused_with_lines(kind):
    chance, whole = random.Random(kind), good(kind)
    refused = 0
    for _ in range(2_500):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            start = chance.randrange(len(content) + 1)
            content[start : start + chance.randrange(12)] = chance.choice(ODD)
        try:
            reading.read_file(kind, bytes(content))
        except BadTable as refusal:
            refused += 1
            last = 2 + content.count(b"\n") + content.count(b"\r")
            assert refusal.faults and all(0 <= fault.line <= last for fault in refusal.faults)
    assert refused > 2_000


@pytest.mark.parametrize("text", ["1e3", "１２", "1,000.00", "0.001", "--1", "1 2", "9" * 15])
def test_what_is_no_amount_is_refused(text):
    content = good(ACCUMULATORS_IN).replace(b",12.50,pharmacy", f',"{text}",pharmacy'.encode())
    with pytest.raises(BadTable, match="line 3: amount"):
        reading.read_file(ACCUMULATORS_IN, content)
