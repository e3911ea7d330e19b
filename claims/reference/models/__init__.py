"""Shared reference tables. A row is in force for its span from the release that brought it."""

from claims.reference.models.code_sets import CodeValue
from claims.reference.models.fee_schedules import ContractTerm, FeeRate
from claims.reference.models.providers import NetworkSpan, Provider
from claims.reference.models.releases import Release

__all__ = ["CodeValue", "ContractTerm", "FeeRate", "NetworkSpan", "Provider", "Release"]
