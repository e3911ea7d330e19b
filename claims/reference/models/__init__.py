"""Shared reference tables. A row is in force for its span from the release that brought it."""

from claims.reference.models.code_sets import CodeValue
from claims.reference.models.edit_tables import CodePair, PersonLimit, ProcedureIndicator, TableLoad, UnitLimit
from claims.reference.models.fee_schedules import ContractTerm, FeeRate
from claims.reference.models.price_rows import PriceRow
from claims.reference.models.providers import NetworkSpan, Provider
from claims.reference.models.releases import Release

__all__ = [
    "CodePair",
    "CodeValue",
    "ContractTerm",
    "FeeRate",
    "NetworkSpan",
    "PriceRow",
    "PersonLimit",
    "ProcedureIndicator",
    "Provider",
    "Release",
    "TableLoad",
    "UnitLimit",
]
