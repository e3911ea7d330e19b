"""Why money was not paid and why claims wait: codes with our own short words.

CARC and RARC values are those of the 835; their official texts are licensed and not kept here. Pend codes are ours.
"""

from collections.abc import Mapping
from typing import NamedTuple

CONTRACT, PATIENT, OTHER, PAYER = "CO", "PR", "OA", "PI"
GROUPS = (CONTRACT, PATIENT, OTHER, PAYER)
GROUP_WORDS = {
    CONTRACT: "the provider may not bill it",
    PATIENT: "the patient may owe it",
    OTHER: "settled elsewhere",
    PAYER: "the plan's decision; the patient does not owe it",
}


class Carc(NamedTuple):
    """A claim adjustment reason: our words, the group of an examiner's denial, the rank among several denials."""

    words: str
    group: str
    rank: int


CARCS: Mapping[str, Carc] = {
    "1": Carc("deductible", PATIENT, 900),
    "2": Carc("coinsurance", PATIENT, 900),
    "3": Carc("copay", PATIENT, 900),
    "4": Carc("the modifier does not fit the service", CONTRACT, 60),
    "5": Carc("the place does not fit the service", CONTRACT, 60),
    "6": Carc("the service does not fit the patient's age", CONTRACT, 60),
    "7": Carc("the service does not fit the patient's sex", CONTRACT, 60),
    "8": Carc("the service does not fit the provider's specialty", CONTRACT, 60),
    "9": Carc("the diagnosis does not fit the patient's age", CONTRACT, 60),
    "10": Carc("the diagnosis does not fit the patient's sex", CONTRACT, 60),
    "11": Carc("the diagnosis does not fit the service", CONTRACT, 60),
    "13": Carc("the day of service lies after the patient's death", CONTRACT, 10),
    "16": Carc("information is missing or wrong", CONTRACT, 15),
    "18": Carc("this was billed before", CONTRACT, 20),
    "19": Carc("a work injury: workers' compensation is responsible", OTHER, 40),
    "20": Carc("another party's liability insurance is responsible", OTHER, 40),
    "21": Carc("no-fault insurance is responsible", OTHER, 40),
    "22": Carc("another plan pays first", OTHER, 40),
    "23": Carc("what another plan paid or took off", OTHER, 900),
    "24": Carc("covered by a fixed payment to the provider", CONTRACT, 30),
    "26": Carc("the day of service lies before coverage began", PATIENT, 10),
    "27": Carc("the day of service lies after coverage ended", PATIENT, 10),
    "29": Carc("the claim came after the filing limit", CONTRACT, 25),
    "31": Carc("the patient is not found as insured here", PATIENT, 5),
    "32": Carc("the dependant is not eligible", PATIENT, 10),
    "33": Carc("the plan covers no dependants", PATIENT, 10),
    "35": Carc("the lifetime maximum is used up", PATIENT, 900),
    "39": Carc("authorisation was refused when it was asked for", CONTRACT, 53),
    "45": Carc("above the price the plan allows", CONTRACT, 900),
    "49": Carc("routine care the plan does not cover", PATIENT, 50),
    "50": Carc("not medically necessary under the plan", CONTRACT, 55),
    "54": Carc("an assistant is not covered for this service", CONTRACT, 55),
    "55": Carc("experimental treatment", PATIENT, 55),
    "56": Carc("unproven treatment", PATIENT, 55),
    "58": Carc("given in a place that does not suit it", CONTRACT, 55),
    "59": Carc("reduced because several procedures were done together", CONTRACT, 900),
    "78": Carc("days of a stay that are not paid", CONTRACT, 900),
    "94": Carc("the agreed price is above the charge", OTHER, 900),
    "96": Carc("the plan does not cover this service", PATIENT, 50),
    "97": Carc("part of another service already paid", CONTRACT, 60),
    "101": Carc("an estimate before treatment, not a payment", OTHER, 30),
    "104": Carc("kept back under the provider's contract", CONTRACT, 900),
    "107": Carc("the service it belongs to is missing", CONTRACT, 60),
    "109": Carc("another plan handles this claim", OTHER, 40),
    "119": Carc("the plan's maximum for this benefit is reached", PATIENT, 900),
    "131": Carc("negotiated discount", CONTRACT, 900),
    "136": Carc("the other plan's rules were not followed", PATIENT, 45),
    "146": Carc("the diagnosis code is not valid on that day", CONTRACT, 60),
    "149": Carc("the lifetime maximum for this benefit is reached", PATIENT, 900),
    "151": Carc("more services than the information supports", CONTRACT, 60),
    "163": Carc("an attachment the claim speaks of did not come", CONTRACT, 60),
    "169": Carc("the plan pays for an alternative service", PATIENT, 900),
    "179": Carc("a waiting period is not over", PATIENT, 52),
    "181": Carc("the service code is not valid on that day", CONTRACT, 60),
    "182": Carc("the modifier is not valid on that day", CONTRACT, 60),
    "187": Carc("paid from the member's own account", OTHER, 900),
    "193": Carc("the first decision stands", CONTRACT, 60),
    "197": Carc("no authorisation was obtained", CONTRACT, 54),
    "198": Carc("more than was authorised", CONTRACT, 54),
    "200": Carc("the day of service lies in a gap of coverage", PATIENT, 10),
    "204": Carc("the patient's plan has no such benefit", PATIENT, 48),
    "210": Carc("authorisation was asked for too late", CONTRACT, 54),
    "222": Carc("more units than the contract allows", CONTRACT, 60),
    "226": Carc("the provider did not send what was asked for", CONTRACT, 60),
    "227": Carc("the patient did not send what was asked for", PATIENT, 60),
    "231": Carc("two services that exclude each other", CONTRACT, 60),
    "234": Carc("not paid separately", CONTRACT, 60),
    "236": Carc("two codes that may not be billed together", CONTRACT, 60),
    "239": Carc("the claim spans days with and without coverage", CONTRACT, 60),
    "242": Carc("the provider is not in the plan's network", PATIENT, 49),
    "243": Carc("the network provider did not authorise it", PATIENT, 54),
    "251": Carc("the attachment is incomplete", CONTRACT, 60),
    "252": Carc("an attachment is needed", CONTRACT, 60),
    "254": Carc("the patient's medical plan has to decide this first", OTHER, 41),
    "B7": Carc("the provider may not be paid for services on that day", CONTRACT, 22),
}

EXAMINER, CLAIMS_MANAGER, ACCOUNT_MANAGER, STOP_LOSS = "examiner", "claims_manager", "account_manager", "stop_loss"
ELIGIBILITY, CLAIMS, PROVIDERS, BENEFITS, OTHER_INSURANCE, MEDICAL, MONEY = (
    "eligibility",
    "claims",
    "providers",
    "benefits",
    "other_insurance",
    "medical",
    "money",
)
IN_PROCESS, UNDER_REVIEW, ASKED_PROVIDER, ASKED_PATIENT = "P1", "P2", "P3", "P4"


class PendRule(NamedTuple):
    """Why a claim may wait: our words, its queue, who owns it, days until it is due, and what a 277 says meanwhile.

    released_by_word: an examiner's release settles it; otherwise a release only has the claim decided again.
    moot_when_denied: it need not be asked when every line is refused for another reason.
    """

    words: str
    queue: str
    owner: str
    days: int
    category_277: str
    status_277: str
    released_by_word: bool = False
    moot_when_denied: bool = True


PENDS: Mapping[str, PendRule] = {
    "ELG-01": PendRule("more than one member fits", ELIGIBILITY, EXAMINER, 5, UNDER_REVIEW, "56", False, False),
    "ELG-02": PendRule("COBRA was elected and not paid", ELIGIBILITY, EXAMINER, 30, UNDER_REVIEW, "56", False, False),
    "ELG-03": PendRule("a change of coverage is under way", ELIGIBILITY, EXAMINER, 10, UNDER_REVIEW, "56", True, False),
    "EDI-01": PendRule("it breaks a rule of intake", CLAIMS, EXAMINER, 10, UNDER_REVIEW, "46", True),
    "DUP-02": PendRule("it looks like a service billed before", CLAIMS, EXAMINER, 10, UNDER_REVIEW, "54", True),
    "TF-02": PendRule("filed late with a reason to check", CLAIMS, EXAMINER, 10, UNDER_REVIEW, "46", True, False),
    "PRV-01": PendRule("the provider is not known", PROVIDERS, EXAMINER, 10, UNDER_REVIEW, "46"),
    "PRV-02": PendRule("tax number and provider do not match", PROVIDERS, EXAMINER, 10, ASKED_PROVIDER, "46", True),
    "PRV-03": PendRule("the pay-to provider differs", PROVIDERS, CLAIMS_MANAGER, 10, UNDER_REVIEW, "46", True),
    "PLN-01": PendRule("no plan design is published for that day", BENEFITS, ACCOUNT_MANAGER, 5, IN_PROCESS, "45"),
    "PLN-02": PendRule("the design cannot be used in that plan year", BENEFITS, ACCOUNT_MANAGER, 5, IN_PROCESS, "45"),
    "BEN-01": PendRule("no rule says which benefit this is", BENEFITS, EXAMINER, 10, IN_PROCESS, "45"),
    "BEN-02": PendRule("the benefit is worked out by a person", BENEFITS, EXAMINER, 10, IN_PROCESS, "45"),
    "PRC-01": PendRule("no price is on file", CLAIMS, EXAMINER, 10, IN_PROCESS, "45"),
    "PRC-02": PendRule("the price does not fit the charge", CLAIMS, EXAMINER, 10, IN_PROCESS, "45"),
    "DRG-01": PendRule("the grouping differs", MEDICAL, EXAMINER, 10, UNDER_REVIEW, "46", True),
    "COB-01": PendRule("other coverage is not settled", OTHER_INSURANCE, EXAMINER, 30, ASKED_PATIENT, "171", True),
    "COB-02": PendRule("what the first payer did is missing", OTHER_INSURANCE, EXAMINER, 30, ASKED_PROVIDER, "286"),
    "SUB-01": PendRule("details of an accident are needed", OTHER_INSURANCE, EXAMINER, 30, ASKED_PATIENT, "171", True),
    "AUT-01": PendRule("the authorisation has to be found", MEDICAL, EXAMINER, 10, UNDER_REVIEW, "252", True),
    "DEN-01": PendRule("details of the dental work are needed", BENEFITS, EXAMINER, 30, ASKED_PROVIDER, "242", True),
    "MED-01": PendRule("a medical review is needed", MEDICAL, EXAMINER, 15, UNDER_REVIEW, "46", True),
    "EDT-01": PendRule("an edit needs a look", CLAIMS, EXAMINER, 10, UNDER_REVIEW, "46", True),
    "EDT-02": PendRule("the table of an edit is not loaded", BENEFITS, ACCOUNT_MANAGER, 5, IN_PROCESS, "45"),
    "ATT-01": PendRule("an attachment is awaited", CLAIMS, EXAMINER, 45, ASKED_PROVIDER, "46", True),
    "HIGH-01": PendRule("more than may be paid unseen", MONEY, CLAIMS_MANAGER, 5, UNDER_REVIEW, "46", True),
    "SL-01": PendRule("the stop-loss carrier is asked first", MONEY, STOP_LOSS, 5, IN_PROCESS, "46", True),
    "AUD-01": PendRule("drawn for an audit before payment", MONEY, CLAIMS_MANAGER, 5, UNDER_REVIEW, "46", True),
    "FRD-01": PendRule("under special review", CLAIMS, CLAIMS_MANAGER, 30, UNDER_REVIEW, "46", True, False),
    "OVR-01": PendRule("what was set by hand fits the plan no longer", CLAIMS, EXAMINER, 5, UNDER_REVIEW, "46"),
    "ADJ-01": PendRule("the claim it corrects has to be found", CLAIMS, EXAMINER, 10, UNDER_REVIEW, "46", False, False),
    "NSA-01": PendRule("the amount surprise-bill law recognises is missing", CLAIMS, EXAMINER, 10, IN_PROCESS, "45"),
}


def denial_rank(carc: str) -> int:
    """Which of several denials takes the money: the lowest rank; an unknown code comes before the soft ones."""
    known = CARCS.get(carc)
    return known.rank if known else 70


def denial_group(carc: str) -> str:
    """The group of a denial an examiner gives by CARC alone."""
    known = CARCS.get(carc)
    return known.group if known else CONTRACT


def words_of(carc: str) -> str:
    """Our words for a CARC, or the bare code when we have none."""
    known = CARCS.get(carc)
    return known.words if known else f"reason {carc}"
