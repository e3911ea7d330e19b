"""The page of how well claims go: sums of all employers, a page of each by key, figures for a spreadsheet, no person."""

import csv
import io
from datetime import date

import pytest

from tenants.models import Employer, NightFigure
from tenants.selectors import quality
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("aso_portal.urls_operations")]

PAGE = "/admin/tenants/nightfigure/"
DAY = date(2026, 3, 2)


def told(employer, day=DAY, run_no=1, **amounts):
    """Figures of a night; "name__bucket" names a bucket."""
    row = Employer.objects.get(slug=employer.slug)
    given = {"finalised": 0} | amounts
    for key, amount in given.items():
        name, _, bucket = key.partition("__")
        NightFigure.objects.create(
            employer=row, business_date=day, run_no=run_no, name=name, bucket=bucket.replace("_", "."), amount=amount
        )


@pytest.fixture
def dana(db):
    return people.at_operations(people.staff())


def test_flows_are_summed_over_nights_and_of_stocks_the_last_night_of_each_employer_counts(employer, other_employer):
    told(employer, date(2026, 3, 1), finalised=10, untouched=9, inventory__3=5)
    told(employer, DAY, finalised=20, untouched=20, inventory__3=2)
    told(other_employer, date(2026, 2, 27), finalised=5, untouched=1, inventory__3=1)
    sums = quality.sums_of(30)
    assert (sums["finalised", ""], sums["untouched", ""], sums["inventory", "3"]) == (35, 30, 3)
    last = quality.sums_of(1)
    assert (last["finalised", ""], last["inventory", "3"]) == (20, 3)
    assert quality.sums_of(7, employers=[Employer.objects.get(slug="meadow").pk])["finalised", ""] == 5


def test_the_page_tells_rates_reasons_and_open_findings(dana, employer, other_employer):
    told(employer, finalised=40, untouched=30, looked_at=50, first_pass=30, audited=40, wrong=1, wrong_paid=1)
    NightFigure.objects.create(
        employer=Employer.objects.get(slug="harbor"),
        business_date=DAY,
        name="open_pends",
        bucket="dup-02.0-2",
        amount=7,
    )
    people.work_item(employer, kind="audit_finding", category="audit")
    page = dana.get(PAGE)
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("60.0 %", "75.0 %", "97.5 %", "DUP-02", "receipt is day 0", "Meadow", "kind=audit_finding"):
        assert shown in text
    assert 'ops-card bad" href="/admin/tenants/workitem/?kind=audit_finding"><strong>1</strong>' in text


def test_without_a_night_the_page_says_what_will_come(dana):
    assert "No night was audited yet" in dana.get(PAGE).content.decode()


def test_a_figure_is_shown_employer_by_employer(dana, employer, other_employer):
    told(employer, turnaround__6=4)
    page = dana.get(f"{PAGE}figures/turnaround/?bucket=6&days=30").content.decode()
    assert "Harbor" in page and "Meadow" in page and ">4<" in page and ">0<" in page
    for wrong in ("figures/nothing/", "?days=12", "figures/turnaround/?days=x"):
        assert dana.get(PAGE + wrong).status_code == 404


def test_employers_follow_each_other_page_by_page(dana, employer, other_employer, monkeypatch):
    told(employer)
    monkeypatch.setattr(quality, "PAGE", 1)
    first, mark = quality.employers_page(30, after="")
    second, end = quality.employers_page(30, after=mark)
    assert [row.employer.slug for row in (*first, *second)][:2] == ["harbor", "meadow"]
    assert f"after={mark}" in dana.get(PAGE).content.decode()
    assert end == "" or end == "meadow"


def test_every_figure_comes_as_csv(dana, employer):
    told(employer, finalised=3, turnaround__6=3)
    reply = dana.get(f"{PAGE}figures.csv?days=7")
    rows = list(csv.reader(io.StringIO(reply.content.decode())))
    assert rows[0] == ["business_date", "run", "employer", "name", "bucket", "amount"]
    assert rows[1:] == [
        ["2026-03-02", "1", "harbor", "finalised", "", "3"],
        ["2026-03-02", "1", "harbor", "turnaround", "6", "3"],
    ]
    assert "attachment" in reply["Content-Disposition"]


def test_the_page_takes_the_same_statements_for_any_number_of_figures(dana, employer, django_assert_max_num_queries):
    for day in range(1, 20):
        told(employer, date(2026, 3, day), finalised=1, untouched=1, turnaround__6=1)
    with django_assert_max_num_queries(20):
        dana.get(PAGE)


@pytest.mark.parametrize("address", ["", "figures/finalised/", "figures.csv"])
def test_nobody_else_sees_it(employer, address):
    assert people.browser(people.OPERATIONS).get(PAGE + address).status_code == 302
