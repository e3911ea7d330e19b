"""Loads made-up providers, their network and its contract as one release of shared reference data (public)."""

from collections.abc import Iterable
from datetime import date, datetime

from claims.management.made.providers import NETWORK, TERMS, MadeProvider
from claims.management.made.services import SCHEDULE, fees
from claims.reference.models import ContractTerm, FeeRate, NetworkSpan, Provider, Release

START = date(2020, 1, 1)


def load_reference(providers: Iterable[MadeProvider], *, loaded_at: datetime, name: str = "MADE-1") -> Release:
    """One release with everything the made-up claims need; the same name again returns the one that is there."""
    known = Release.objects.filter(name=name).first()
    if known is not None:
        return known
    last = Release.objects.order_by("-number").first()
    release = Release.objects.create(
        number=last.number + 1 if last else 1, name=name, source="invented for demonstration", loaded_at=loaded_at
    )
    spans = {"release": release, "start_date": START}
    made = list(providers)
    Provider.objects.bulk_create(
        Provider(
            npi=one.npi,
            tin=one.tin,
            name=one.name,
            taxonomy=one.taxonomy,
            is_facility=one.specialty == "hospital",
            **spans,
        )
        for one in made
    )
    NetworkSpan.objects.bulk_create(
        NetworkSpan(network=NETWORK, npi=one.npi, tin=one.tin, **spans) for one in made if one.in_network
    )
    ContractTerm.objects.bulk_create(
        ContractTerm(
            network=NETWORK,
            priority=term.priority,
            kind=term.kind,
            revenues=term.revenues,
            bill_types=term.bill_types,
            method=term.method,
            schedule=term.schedule,
            rate_bp=term.rate_bp,
            amount_cents=term.amount_cents,
            **spans,
        )
        for term in TERMS
    )
    FeeRate.objects.bulk_create(
        FeeRate(schedule=SCHEDULE, code=code, cents=cents, **spans) for code, cents in sorted(fees().items()) if cents
    )
    return release
