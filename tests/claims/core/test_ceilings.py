"""How much a person may let the plan pay on one claim."""

import pytest

from claims.core.authority import ceiling


@pytest.mark.parametrize(
    ("roles", "limits", "most"),
    [
        ({"examiner"}, {"examiner": 100}, 100),
        ({"examiner", "claims_manager"}, {"examiner": 100, "claims_manager": 500}, 500),
        ({"examiner", "claims_manager"}, {"examiner": 100}, None),
        ({"claims_manager"}, {}, None),
        ({"stop_loss"}, {"examiner": 100}, None),
    ],
)
def test_the_highest_ceiling_of_a_persons_roles_counts(roles, limits, most):
    assert ceiling(roles, limits) == most
