"""A table file is taken whole or refused whole, and every fault says its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.services.table_files import (
    BadTable,
    Column,
    cents,
    flag,
    one_of,
    percent,
    read_table,
    scaled,
    shaped,
    whole,
    word,
)

COLUMNS = (
    Column("code", "code", word(8), key=True),
    Column("modifier", "modifier", word(2), "", key=True),
    Column("amount", "amount_cents", cents),
    Column("rate", "rate_bp", percent, 10_000),
)


def read(*lines, columns=COLUMNS, **more):
    return read_table("\n".join(lines).encode(), columns, **more)


def refused(*lines, **more):
    with pytest.raises(BadTable) as refusal:
        read(*lines, **more)
    return [str(fault) for fault in refusal.value.faults]


def test_rows_are_read_with_their_lines_whatever_the_order_of_columns():
    rows = read(
        "\ufeffEnd, Start ,amount,code,rate,modifier",
        ",2026-01-01,12.5,X1000,62.5%,26",
        "",
        '2026-07-01,2026-01-01,"1000",X1001,,',
    )
    assert [(row.line, row.key, row.start, row.end, row.values) for row in rows] == [
        (2, ("X1000", "26"), date(2026, 1, 1), None,
         {"code": "X1000", "modifier": "26", "amount_cents": 1_250, "rate_bp": 6_250}),
        (4, ("X1001", ""), date(2026, 1, 1), date(2026, 7, 1),
         {"code": "X1001", "modifier": "", "amount_cents": 100_000, "rate_bp": 10_000}),
    ]  # fmt: skip


def test_wrong_headings_are_all_named():
    assert refused("code,price,code,start", "X1,1,X1,2026-01-01") == [
        "line 1: the column 'code' comes twice.",
        "line 1: there is no column 'price' here. Known: amount, code, end, modifier, rate, start.",
        "line 1: the column 'amount' is missing.",
    ]


def test_every_fault_of_every_line_is_told_and_nothing_is_taken():
    assert refused(
        "code,amount,rate,start,end",
        "X1000,12.345,20,2026-01-01,",
        "X1001,-5,x,2026-02-30,",
        ",5,20,2026-01-01,2025-01-01",
        "X1002,5,20,2026-03-01,2026-01-01",
        "X1003,5,20,2026-01-01",
        "X1004,5,20,,",
    ) == [
        "line 2: amount '12.345' is no amount. Write dollars like 1234.56.",
        "line 3: amount '-5' is out of range.",
        "line 3: rate 'x' is no number. Write it like 12.5.",
        "line 3: start '2026-02-30' is no day. Write it like 2026-03-01.",
        "line 4: code is blank.",
        "line 5: its end 2026-01-01 lies before its start 2026-03-01.",
        "line 6: it has 4 cells, the heading has 5.",
        "line 7: start is blank.",
    ]


def test_days_that_overlap_are_told_with_both_lines():
    assert refused(
        "code,amount,start,end",
        "X1000,1,2026-01-01,",
        "X1001,1,2026-01-01,2026-06-01",
        "X1000,2,2026-06-01,2026-07-01",
        "X1001,2,2026-06-01,",
        "X1001,3,2026-01-01,2026-01-01",
        "X1000,3,2027-01-01,",
    ) == [
        "line 4: its days overlap those of line 2.",
        "line 6: its days overlap those of line 3.",
        "line 7: its days overlap those of line 2.",
    ]


def test_a_row_may_be_wrong_as_a_whole():
    def check(values):
        return "the rate is above the amount" if values["rate_bp"] > values["amount_cents"] else None

    assert refused("code,amount,rate,start", "X1,1,20,2026-01-01", check=check) == [
        "line 2: the rate is above the amount"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: the column 'code' is missing."),
        (b"code,amount,start\n", "the file holds no rows."),
        (b"code,amount,start\nX\xff,1,2026-01-01\n", "line 2: this is not UTF-8. Save the file as CSV UTF-8."),
        (b'code,amount,start\n"X,1,2026-01-01\n', "line 2: this cannot be read as CSV (unexpected end of data)."),
    ],
)
def test_what_is_no_table_is_refused(content, message):
    with pytest.raises(BadTable) as refusal:
        read_table(content, COLUMNS)
    assert str(refusal.value.faults[0]) == message


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (scaled(4), "1.035", 10_350),
        (scaled(4), ".5", 5_000),
        (scaled(2), "1.500", 150),
        (percent, "62.5 %", 6_250),
        (whole, "15", 15),
        (flag, "Yes", True),
        (one_of("up", "exact"), "up", "up"),
        (shaped(r"\d{10}", "1234567893"), "1234567893", "1234567893"),
        (cents, "0", 0),
    ],
)
def test_readers_read(reader, text, value):
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (scaled(4), "1.00001"),
        (scaled(4), "."),
        (scaled(4), "1e5"),
        (scaled(4), "١"),
        (percent, "-1"),
        (percent, "20000"),
        (whole, "1.5"),
        (flag, "1"),
        (one_of("up", "exact"), "down"),
        (shaped(r"\d{10}", "1234567893"), "123"),
        (word(3), "ABCD"),
        (word(3), "A\tB"),
        (cents, "1,000.00"),
    ],
)
def test_readers_refuse(reader, text):
    with pytest.raises(ValueError):  # noqa: PT011  (every reader raises it bare; read_table words it)
        reader(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_table(content, COLUMNS)
    except BadTable as refusal:
        assert refusal.faults


@given(st.text(max_size=120))
def test_any_text_under_a_right_heading_is_read_or_refused(text):
    try:
        read_table(f"code,amount,start\n{text}".encode("utf-8", "surrogatepass"), COLUMNS)
    except BadTable as refusal:
        assert refusal.faults
