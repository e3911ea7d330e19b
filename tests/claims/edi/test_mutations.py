"""A share of `python -m tests.mutations` for every day: no injury raises, and every rejection says where."""

import json

from tests import mutations

EVERYDAY, SEED = 1_500, 7


def test_no_injury_raises_and_every_rejection_is_located():
    found, raised = mutations.run(EVERYDAY, SEED)
    assert raised == []
    assert found["files"] == EVERYDAY
    assert found["exceptions"] == 0
    assert found["interchange R"] > EVERYDAY // 10


def test_the_same_seed_injures_alike():
    assert list(mutations.injuries(20, 3)) == list(mutations.injuries(20, 3))
    assert list(mutations.injuries(20, 3)) != list(mutations.injuries(20, 4))


def test_the_program_tells_programs_what_it_found(capsys):
    assert mutations.main(["--count", "5", "--seed", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["count"], told["seed"], told["raised"], told["found"]["files"]) == (5, 1, [], 5)


def test_the_program_fails_when_something_is_raised(capsys, monkeypatch):
    monkeypatch.setattr(mutations, "check", lambda data: 1 // 0)
    assert mutations.main(["--count", "2"]) == 1
    assert "0: ZeroDivisionError" in capsys.readouterr().out
