"""Registers claims and names its tables that are only ever added to."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Tables of one employer's schema."""

    name = "claims"
    verbose_name = "Claims"

    APPEND_ONLY_TABLES = (
        "claims_claimsubmission",
        "claims_claimversion",
        "claims_claimchange",
        "claims_claimchangeresult",
        "claims_claimline",
        "claims_lineadjustment",
        "claims_claimtrace",
        "claims_accumulatorentry",
        "claims_accumulatorfile",
        "claims_accumulatorfilerecord",
        "claims_accumulatorfileend",
        "claims_accumulatorposting",
        "claims_pharmacyfill",
        "claims_pendeddecision",
        "claims_pend",
        "claims_pendresolution",
        "claims_fundingrequest",
        "claims_fundingreceipt",
        "claims_fundingrelease",
        "claims_payment",
        "claims_paymentadjustment",
        "claims_paymentallocation",
        "claims_remittance",
        "claims_eob",
        "claims_stoplosspaidline",
        "claims_stoplossnotice",
        "claims_stoplossposition",
        "claims_claimnote",
        "claims_claimoverride",
        "claims_overrideruling",
        "claims_letter",
        "claims_informationrequest",
        "claims_informationanswer",
        "claims_penddue",
        "claims_owntableload",
        "claims_ownpricerow",
        "claims_owncodevalue",
        "claims_owncodepair",
        "claims_ownunitlimit",
        "claims_ownpersonlimit",
        "claims_ownprocedureindicator",
        "claims_editfinding",
        "claims_surprisebill",
        "claims_surpriseconsent",
        "claims_disputeoutcome",
        "claims_authorization",
        "claims_authorizationevent",
        "claims_authorizationuse",
        "claims_treatmententry",
        "claims_priorcoverage",
        "claims_predetermination",
        "claims_orthodonticinstallment",
        "claims_orthodonticstop",
    )
