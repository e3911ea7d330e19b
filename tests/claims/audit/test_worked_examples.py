"""The auditor on worked examples: he comes to the engine's figures by his own way, and says what he did not judge.

Every other test of the engine is audited as well (tests/claims/core/conftest.py).
"""

import pytest

from claims.audit.findings import KINDS, NOT_JUDGED
from tests.claims.core import test_adjudication_examples, test_care_examples, test_changing, test_coordination
from tests.factories import on_file
from tests.factories.audits import Watch
from tests.factories.coordination import coordinating

ADJUDICATION, CARE = test_adjudication_examples.EXAMPLES, test_care_examples.EXAMPLES


@pytest.mark.parametrize("example", ADJUDICATION)
def test_finds_nothing_in_an_example(example, monkeypatch):
    watch = Watch()
    watch.over(test_adjudication_examples, monkeypatch)
    test_adjudication_examples.decided(example)
    assert watch.findings == []
    assert sum(report.judged for report in watch.reports) > 0


@pytest.mark.parametrize("example", CARE)
def test_finds_nothing_in_an_example_of_care(example, monkeypatch):
    watch = Watch()
    watch.over(test_care_examples, monkeypatch)
    test_care_examples.decided(example)
    assert watch.findings == []


@pytest.mark.parametrize("example", test_changing.EXAMPLES)
def test_finds_nothing_in_an_example_of_corrections(example, monkeypatch):
    watch = Watch()
    watch.over(on_file, monkeypatch)
    test_changing.played(example)
    assert watch.reports and watch.findings == []


@pytest.mark.parametrize("method", ["standard", "basic", "non_duplication", "maintenance_of_benefits"])
def test_finds_nothing_in_one_claim_by_each_method_of_coordination(method, monkeypatch):
    watch = Watch()
    watch.over(test_coordination, monkeypatch)
    test_coordination.decided(test_coordination.a12(), coordinating(method))
    assert watch.findings == []


def test_counts_what_it_does_not_judge(monkeypatch):
    watch = Watch()
    watch.over(test_care_examples, monkeypatch)
    for example in CARE:
        test_care_examples.decided(example)
    counted = {reason for report in watch.reports for reason in report.not_judged}
    assert {"price", "frequency", "authorisation", "estimate", "course_of_treatment", "reason_of_refusal"} <= counted
    assert counted <= NOT_JUDGED.keys()


def test_every_kind_has_words():
    assert all(words.endswith(".") for words in (*KINDS.values(), *NOT_JUDGED.values()))
