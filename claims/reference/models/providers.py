"""Who may be paid, and which networks they belong to on which days."""

from django.db import models

from claims.reference.models.releases import ReleasedRow, spans_hold_days


class Provider(ReleasedRow):
    """A provider known by NPI and the tax number it is paid under. `sanctioned`: on an exclusion list in this span."""

    npi = models.CharField(max_length=10)
    tin = models.CharField(max_length=9)
    name = models.CharField(max_length=80)
    taxonomy = models.CharField(max_length=10, blank=True)
    is_facility = models.BooleanField(default=False)
    sanctioned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="provider_once_a_release", fields=["npi", "tin", "start_date", "release"]),
            spans_hold_days("provider_span_holds_days"),
        ]

    def __str__(self) -> str:
        return self.npi


class NetworkSpan(ReleasedRow):
    """Days a provider (by NPI, under one TIN or any when blank) takes part in a network."""

    network = models.CharField(max_length=20)
    npi = models.CharField(max_length=10)
    tin = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="network_span_once_a_release", fields=["network", "npi", "tin", "start_date", "release"]
            ),
            spans_hold_days("network_span_holds_days"),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.npi}"
