"""The chart of accounts: what a role needs, and one name for each account."""

from uuid import UUID

import pytest

from tenants.records.core import chart
from tenants.records.core.chart import Account, NoSuchAccount

MAIN = UUID("00000000-0000-4000-8000-000000000001")


def test_an_account_has_one_code_and_one_kind():
    assert Account(chart.CASH, MAIN).code == f"cash/{MAIN}"
    assert Account(chart.CASH, MAIN).kind == "asset"
    assert Account(chart.CLAIMS_PAYABLE, MAIN, "dental").code == f"claims_payable/{MAIN}/dental"
    assert Account(chart.CLAIMS_PAYABLE, MAIN, "dental").kind == "liability"


@pytest.mark.parametrize("role, line", [("casch", ""), (chart.CASH, "medical"), (chart.CLAIMS_EXPENSE, "")])
def test_an_account_outside_the_chart_is_refused(role, line):
    with pytest.raises(NoSuchAccount, match=role):
        Account(role, MAIN, line)
