"""Tables of people, plans and coverage. Each employer has its own."""

from benefits.models.care_shares import CareShare
from benefits.models.enrollment_imports import EnrollmentImport, EnrollmentImportRow, FileTolerance, ProposedTermination
from benefits.models.enrollments import Coverage, EnrollmentEvent
from benefits.models.funding_accounts import FundingAccount
from benefits.models.organisation import Division, EmployeeClass, Employment, LegalEntity
from benefits.models.other_coverage import EmployerSize, OtherCoverage, OtherCoverageAnswer
from benefits.models.people import Family, FamilyMembership, Member, Person
from benefits.models.plan_gate import (
    GoldenRun,
    GoldenSet,
    PlanImpact,
    PlanImpactPiece,
    PlanImpactRow,
    PublicationRequest,
)
from benefits.models.plans import Plan, PlanDesignVersion, PlanOption, PlanYear

__all__ = [
    "CareShare",
    "Coverage",
    "Division",
    "EmployeeClass",
    "EmployerSize",
    "Employment",
    "EnrollmentEvent",
    "EnrollmentImport",
    "EnrollmentImportRow",
    "Family",
    "FamilyMembership",
    "FileTolerance",
    "FundingAccount",
    "LegalEntity",
    "Member",
    "OtherCoverage",
    "OtherCoverageAnswer",
    "Person",
    "Plan",
    "GoldenRun",
    "GoldenSet",
    "PlanDesignVersion",
    "PlanImpact",
    "PlanImpactPiece",
    "PlanImpactRow",
    "PublicationRequest",
    "PlanOption",
    "PlanYear",
    "ProposedTermination",
]
