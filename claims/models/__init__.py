"""Tables of claims, all in the employer's schema. Facts are appended; only nights, chunks and quarantines change state."""

from claims.models.accumulator_files import (
    AccumulatorFile,
    AccumulatorFileEnd,
    AccumulatorFileRecord,
    AccumulatorPosting,
    PharmacyFill,
)
from claims.models.accumulators import AccumulatorEntry
from claims.models.appeals import Appeal, AppealEvent, AppealRemedy, ReviewOrganization
from claims.models.audits import (
    AuditClosing,
    AuditDifference,
    AuditFinding,
    AuditPage,
    AuditRun,
    AuditShare,
    QualityFigure,
)
from claims.models.authorizations import Authorization, AuthorizationEvent, AuthorizationUse
from claims.models.care import (
    OrthodonticInstallment,
    OrthodonticStop,
    Predetermination,
    PriorCoverage,
    TreatmentEntry,
)
from claims.models.changes import ClaimChange, ClaimChangeResult
from claims.models.claims import ClaimLine, ClaimTrace, ClaimVersion, LineAdjustment
from claims.models.correspondence import InformationAnswer, InformationRequest, Letter, PendDue
from claims.models.edit_tables import (
    EditFinding,
    OwnCodePair,
    OwnCodeValue,
    OwnPersonLimit,
    OwnProcedureIndicator,
    OwnTableLoad,
    OwnUnitLimit,
)
from claims.models.eobs import Eob
from claims.models.examining import ClaimNote, ClaimOverride, OverrideRuling
from claims.models.funding import FundingReceipt, FundingRelease, FundingRequest
from claims.models.mass_changes import (
    ChangeReview,
    MassChange,
    MassChangeClaim,
    MassChangeEnd,
    MassChangePart,
    MassChangeRuling,
    PartPreviewed,
    ReviewedClaim,
    ReviewEnd,
    ReviewSource,
)
from claims.models.nights import Night, NightChunk, Quarantine
from claims.models.overpayments import OverpaymentCase, OverpaymentEvent, PayeeCredit
from claims.models.payments import IndebtedPayee, Payment, PaymentAdjustment, PaymentAllocation, Remittance
from claims.models.pends import Pend, PendedDecision, PendResolution
from claims.models.price_rows import OwnPriceRow
from claims.models.provider_money import InterestDue, InterestTerm, TaxDeposit, TaxToKeep
from claims.models.stop_loss import StopLossNotice, StopLossPaidLine, StopLossPolicy, StopLossPosition
from claims.models.submissions import ClaimSubmission, IntakeCounter
from claims.models.surprise_bills import DisputeOutcome, SurpriseBill, SurpriseConsent

__all__ = [
    "AccumulatorEntry",
    "AccumulatorFile",
    "AccumulatorFileEnd",
    "AccumulatorFileRecord",
    "AccumulatorPosting",
    "Appeal",
    "AppealEvent",
    "AppealRemedy",
    "AuditClosing",
    "AuditDifference",
    "AuditFinding",
    "AuditPage",
    "AuditRun",
    "AuditShare",
    "Authorization",
    "AuthorizationEvent",
    "AuthorizationUse",
    "ChangeReview",
    "MassChange",
    "MassChangeClaim",
    "MassChangeEnd",
    "MassChangePart",
    "MassChangeRuling",
    "PartPreviewed",
    "ReviewedClaim",
    "ReviewEnd",
    "ReviewSource",
    "OverpaymentCase",
    "OverpaymentEvent",
    "PayeeCredit",
    "ClaimChange",
    "ClaimChangeResult",
    "ClaimLine",
    "ClaimNote",
    "ClaimOverride",
    "ClaimSubmission",
    "ClaimTrace",
    "ClaimVersion",
    "DisputeOutcome",
    "EditFinding",
    "SurpriseBill",
    "SurpriseConsent",
    "Eob",
    "FundingReceipt",
    "FundingRelease",
    "FundingRequest",
    "InformationAnswer",
    "InformationRequest",
    "IndebtedPayee",
    "IntakeCounter",
    "Letter",
    "LineAdjustment",
    "OwnPriceRow",
    "Night",
    "NightChunk",
    "OrthodonticInstallment",
    "OrthodonticStop",
    "OverrideRuling",
    "OwnCodePair",
    "OwnCodeValue",
    "OwnPersonLimit",
    "OwnProcedureIndicator",
    "OwnTableLoad",
    "OwnUnitLimit",
    "Payment",
    "PaymentAdjustment",
    "PaymentAllocation",
    "InterestDue",
    "InterestTerm",
    "TaxDeposit",
    "TaxToKeep",
    "Pend",
    "PendDue",
    "PendResolution",
    "PendedDecision",
    "Predetermination",
    "PharmacyFill",
    "PriorCoverage",
    "QualityFigure",
    "Quarantine",
    "Remittance",
    "ReviewOrganization",
    "StopLossNotice",
    "StopLossPaidLine",
    "StopLossPolicy",
    "StopLossPosition",
    "TreatmentEntry",
]
