"""The driver of the bars: what it accepts, what it prints, and that a quick run proves nothing."""

import json
from types import SimpleNamespace

import pytest

from bench import __main__ as bench


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    return tmp_path / "results.json"


def bar(name, rows):
    return SimpleNamespace(NAME=name, run=lambda size: rows)


ROW = {"name": "night_vs_copy_floor", "size": "100k", "value": 1.75, "bar": 2.0, "unit": "ratio", "holds": True}


def test_rows_are_printed_and_kept(results, monkeypatch, capsys):
    monkeypatch.setattr(bench, "bars", lambda: [bar("night_vs_copy_floor", [ROW])])
    monkeypatch.delenv("BENCH", raising=False)
    assert bench.main([]) == 0
    assert json.loads(results.read_text()) == [ROW]
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "night_vs_copy_floor",
        "100k",
        "1.75",
        "2.0",
        "ratio",
        "holds",
    ]


def test_a_bar_measured_alone_leaves_what_is_known_of_the_others(results, monkeypatch):
    monkeypatch.setattr(bench, "bars", lambda: [bar("night_vs_copy_floor", [ROW | {"value": 1.8}])])
    monkeypatch.delenv("BENCH", raising=False)
    other = ROW | {"name": "x12_peak_mb", "value": 42}
    results.write_text(json.dumps([ROW, other]))
    assert bench.main(["night_vs_copy_floor"]) == 0
    assert json.loads(results.read_text()) == [other, ROW | {"value": 1.8}]


def test_a_quick_row_is_labelled_and_closes_no_bar(results, monkeypatch):
    monkeypatch.setattr(bench, "bars", lambda: [bar("night_vs_copy_floor", [ROW])])
    monkeypatch.setenv("BENCH", "quick")
    assert bench.main([]) == 0
    assert json.loads(results.read_text()) == [ROW | {"size": "quick: 100k", "holds": None}]


def test_a_missed_bar_fails_the_run(results, monkeypatch):
    monkeypatch.setattr(bench, "bars", lambda: [bar("night_vs_copy_floor", [ROW | {"value": 2.4, "holds": False}])])
    monkeypatch.delenv("BENCH", raising=False)
    assert bench.main([]) == 1


def test_a_bar_that_breaks_is_a_missed_bar_and_the_others_go_on(results, monkeypatch):
    broken = SimpleNamespace(NAME="broken", run=lambda size: 1 / 0)
    monkeypatch.setattr(bench, "bars", lambda: [broken, bar("night_vs_copy_floor", [ROW])])
    monkeypatch.delenv("BENCH", raising=False)
    assert bench.main([]) == 1
    first, second = json.loads(results.read_text())
    assert (first["name"], first["holds"], first["unit"]) == ("broken", False, "ZeroDivisionError: division by zero")
    assert second == ROW


def test_an_unknown_size_or_bar_is_refused_in_one_line(results, monkeypatch, capsys):
    monkeypatch.setattr(bench, "bars", lambda: [bar("night_vs_copy_floor", [ROW])])
    monkeypatch.setenv("BENCH", "huge")
    assert bench.main([]) == 1
    monkeypatch.setenv("BENCH", "quick")
    assert bench.main(["day"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "BENCH is 'huge'; write quick, or leave it out.",
        "There is no bar day; there are night_vs_copy_floor.",
    ]
    assert not results.exists()
