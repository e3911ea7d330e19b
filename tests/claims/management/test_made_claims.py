"""The mix of made-up claims is what it says, and a claim stays the same whatever is asked for beside it."""

from collections import Counter

import pytest

from claims.management.made.claims import MIXED_KINDS, _weights
from claims.management.made.services import EPISODES


def test_of_a_hundred_claims_ten_are_of_hospitals_and_ten_of_dentists():
    shares = Counter()
    for episode, weight in zip(EPISODES, _weights(EPISODES, MIXED_KINDS), strict=True):
        shares[episode.kind] += weight
    assert {kind: round(share, 9) for kind, share in shares.items()} == {"P": 80, "I": 10, "D": 10}


def test_without_shares_every_episode_weighs_what_the_catalogue_says():
    assert _weights(EPISODES, {}) == [episode.weight for episode in EPISODES]


def test_a_kind_with_a_share_keeps_its_episodes_in_proportion():
    plain = {episode.name: episode.weight for episode in EPISODES}
    mixed = dict(zip(plain, _weights(EPISODES, MIXED_KINDS), strict=True))
    assert mixed["crown"] / mixed["filling"] == pytest.approx(plain["crown"] / plain["filling"])
