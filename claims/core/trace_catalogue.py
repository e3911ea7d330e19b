"""What the steps of a trace mean. A catalogue is not edited once decisions were stored with it: a change is a new one.

`claims.core.trace` writes the newest; `claims.core.trace_reading` reads every one. A stored trace therefore always
tells the same story, and a test holds each catalogue, with the words of `claims.core.reasons`, to its first form.
"""

from collections.abc import Mapping
from typing import NamedTuple

MONEY, RATE, DAY, UNITS, COUNT, TEXT = "money", "rate", "day", "units", "count", "text"
RATIO = "ratio"
"""Ten-thousandths: weights, relative values, factors."""


class TraceRule(NamedTuple):
    """One kind of step: its values (name, how shown) in order, the sentence that tells it, where it is explained."""

    values: tuple[tuple[str, str], ...]
    sentence: str
    source: str


_COVERAGE, _SHARE = "docs/domain/adjudication.md", "docs/domain/cost_share.md"
_COUNTS, _PRICE = "docs/domain/accumulators.md", "docs/domain/pricing.md"
_BY_HAND = "docs/domain/examining.md"
_OTHERS = "docs/domain/coordination.md"
_DENTAL, _ASKED = "docs/domain/dental.md", "docs/domain/authorizations.md"
_EDITS = "docs/domain/code_edits.md"
_PAYING = "docs/domain/paying_providers.md"
_SURPRISE = "docs/domain/surprise_bills.md"
_CHANGES = "docs/domain/reversals.md"

CATALOGUES: Mapping[int, Mapping[str, TraceRule]] = {
    1: {
        "L": TraceRule(
            (("number", COUNT), ("day", DAY), ("service", TEXT), ("billed", MONEY)),
            "Line {number}: service {service} on {day} was billed at {billed}.",
            _COVERAGE,
        ),
        "C": TraceRule(
            (("option", COUNT), ("day", DAY)), "On {day} the patient was covered by plan option {option}.", _COVERAGE
        ),
        "T": TraceRule(
            (("tier", TEXT), ("network", TEXT)),
            "The provider is in the plan's tier {tier}, network {network}.",
            _COVERAGE,
        ),
        "K": TraceRule((("category", TEXT),), "The plan treats this as {category}.", _COVERAGE),
        "E": TraceRule((("rule", TEXT),), "The plan excludes it by its rule {rule}.", _COVERAGE),
        "I": TraceRule(
            (("rule", TEXT), ("over", DAY)),
            "The waiting period {rule} is over on {over}, after the service.",
            _COVERAGE,
        ),
        "U": TraceRule(
            (("rule", TEXT),), "The plan's rule {rule} asks for an authorisation; none was given.", _COVERAGE
        ),
        "F": TraceRule(
            (("days", COUNT), ("limit", COUNT)),
            "It came {days} days after the service; the limit is {limit}.",
            _COVERAGE,
        ),
        "GC": TraceRule(
            (("kind", TEXT), ("code", TEXT), ("standing", TEXT), ("release", TEXT)),
            "The {kind} code {code} is {standing} on that day (code set of release {release}).",
            _EDITS,
        ),
        "GA": TraceRule(
            (("subject", TEXT), ("code", TEXT), ("from", COUNT), ("under", COUNT), ("release", TEXT)),
            "The {subject} {code} is for ages from {from} to under {under} (table of release {release}).",
            _EDITS,
        ),
        "GS": TraceRule(
            (("subject", TEXT), ("code", TEXT), ("sex", TEXT), ("release", TEXT)),
            "The {subject} {code} is for sex {sex} (table of release {release}).",
            _EDITS,
        ),
        "GH": TraceRule(
            (("service", TEXT), ("modifier", TEXT), ("indicator", TEXT), ("release", TEXT)),
            "Service {service} has indicator {indicator} for helpers, modifier {modifier} (table of release {release}).",
            _EDITS,
        ),
        "GT": TraceRule(
            (("service", TEXT), ("modifier", TEXT), ("indicator", TEXT), ("release", TEXT)),
            "Service {service} has no parts (indicator {indicator}); modifier {modifier} bills one "
            "(table of release {release}).",
            _EDITS,
        ),
        "GB": TraceRule(
            (("service", TEXT), ("line", COUNT), ("release", TEXT)),
            "Service {service} was billed whole beside this part of it (line {line}, 0: another claim; "
            "table of release {release}).",
            _EDITS,
        ),
        "GP": TraceRule(
            (
                ("kind", TEXT),
                ("first", TEXT),
                ("second", TEXT),
                ("indicator", TEXT),
                ("since", DAY),
                ("line", COUNT),
                ("release", TEXT),
            ),
            "{second} gives way to {first} (line {line}, 0: another claim) by the {kind} table of release {release}: "
            "in force since {since}, modifier indicator {indicator}.",
            _EDITS,
        ),
        "GX": TraceRule(
            (("kind", TEXT), ("first", TEXT), ("second", TEXT), ("modifier", TEXT), ("release", TEXT)),
            "Modifier {modifier} sets {second} apart from {first} ({kind} table of release {release}).",
            _EDITS,
        ),
        "GG": TraceRule(
            (("visit", TEXT), ("surgery", TEXT), ("on", DAY), ("days", COUNT), ("release", TEXT)),
            "{visit} is part of {surgery} on {on}, whose package lasts {days} days (table of release {release}).",
            _EDITS,
        ),
        "GD": TraceRule(
            (("service", TEXT), ("release", TEXT)),
            "{service} is an add-on and needs one of its primary services that day (table of release {release}).",
            _EDITS,
        ),
        "GM": TraceRule(
            (
                ("service", TEXT),
                ("units", UNITS),
                ("limit", COUNT),
                ("mai", COUNT),
                ("kept", UNITS),
                ("release", TEXT),
            ),
            "{units} units of {service} were billed, the table of release {release} has at most {limit} (MAI {mai}); "
            "{kept} of this line may be paid.",
            _EDITS,
        ),
        "GU": TraceRule(
            (("kept", UNITS), ("of", UNITS), ("refused", MONEY)),
            "{kept} of {of} units are paid; {refused} of the charge is for the others.",
            _EDITS,
        ),
        "GE": TraceRule(
            (("edit", TEXT), ("claim", TEXT), ("service", TEXT), ("release", TEXT)),
            "Claim {claim} came earlier with {service}, which edit {edit} refuses beside this service "
            "(table of release {release}).",
            _EDITS,
        ),
        "X": TraceRule((("group", TEXT), ("carc", TEXT)), "It is refused ({group}-{carc}): {carc_words}.", _COVERAGE),
        "R": TraceRule((("code", TEXT), ("line", COUNT)), "An examiner answered {code}: {pend_words}.", _COVERAGE),
        "A1": TraceRule(
            (("fee", MONEY), ("units", UNITS), ("rate", RATE), ("price", MONEY)),
            "The fee is {fee} a unit: {units} × {rate} of it is {price}.",
            _PRICE,
        ),
        "A2": TraceRule((("rate", RATE), ("price", MONEY)), "The price is {rate} of the charge: {price}.", _PRICE),
        "A3": TraceRule(
            (("daily", MONEY), ("units", UNITS), ("price", MONEY)),
            "The price of a day is {daily}: {units} × that is {price}.",
            _PRICE,
        ),
        "A4": TraceRule(
            (("total", MONEY), ("charges", MONEY), ("price", MONEY)),
            "One price of {total} covers charges of {charges}; this line's part is {price}.",
            _PRICE,
        ),
        "A5": TraceRule((("price", MONEY),), "The network priced it at {price}.", _PRICE),
        "A6": TraceRule((("price", MONEY),), "The charge is lower than the price, so {price} counts.", _PRICE),
        "A7": TraceRule(
            (("values", RATIO), ("factor", RATIO), ("units", UNITS), ("rate", RATE), ("price", MONEY)),
            "Its relative values come to {values}: times {factor} dollars, {units} units and {rate} that is {price}.",
            _PRICE,
        ),
        "A8": TraceRule(
            (("units", UNITS), ("factor", RATIO), ("rate", RATE), ("price", MONEY)),
            "Base, time and condition come to {units} anaesthesia units: times {factor} dollars and {rate} that is {price}.",
            _PRICE,
        ),
        "A9": TraceRule(
            (("group", TEXT), ("units", UNITS), ("price", MONEY)),
            "It is in payment group {group}: {units} of it cost {price}.",
            _PRICE,
        ),
        "AC": TraceRule(
            (("charges", MONEY), ("price", MONEY)),
            "The charges of the claim, {charges}, are lower than its prices, so {price} counts here.",
            _PRICE,
        ),
        "AW": TraceRule((), "The patient was away on these days; the contract pays no days away.", _PRICE),
        "AM": TraceRule(
            (("modifier", TEXT), ("rate", RATE)), "Modifier {modifier} makes it {rate} of the price.", _PRICE
        ),
        "AP": TraceRule((), "It is paid together with the other services of the claim.", _PRICE),
        "AR": TraceRule(
            (("rank", COUNT), ("rate", RATE), ("cut", MONEY)),
            "By price it is procedure number {rank} of the day and keeps {rate}: {cut} less.",
            _PRICE,
        ),
        "WG": TraceRule(
            (("group", TEXT), ("weight", RATIO), ("price", MONEY)),
            "The stay is in diagnosis-related group {group} of weight {weight}: {price}.",
            _PRICE,
        ),
        "WT": TraceRule(
            (("days", COUNT), ("price", MONEY)),
            "The patient was moved on after {days} days, so the stay is paid by the day: {price}.",
            _PRICE,
        ),
        "WS": TraceRule(
            (("days", COUNT), ("price", MONEY)),
            "The stay of {days} days is a short one, paid by the day: {price}.",
            _PRICE,
        ),
        "WO": TraceRule(
            (("beyond", MONEY), ("rate", RATE), ("added", MONEY)),
            "Costs pass what the group covers by {beyond}: {rate} of that, {added}, is added.",
            _PRICE,
        ),
        "S": TraceRule(
            (("protection", TEXT), ("tier", TEXT)),
            "Surprise-bill law protects this service ({protection}): it is shared as in tier {tier}.",
            _SURPRISE,
        ),
        "SW": TraceRule(
            (("protection", TEXT),),
            "The patient agreed in time to be billed without the protection ({protection}).",
            _SURPRISE,
        ),
        "SQ": TraceRule(
            (("amount", MONEY), ("year", COUNT), ("qualifying", MONEY)),
            "The middle contract rate of {year} is {amount}; the qualifying payment amount is {qualifying}.",
            _SURPRISE,
        ),
        "SR": TraceRule(
            (("basis", TEXT), ("amount", MONEY)), "The amount the law recognises ({basis}) is {amount}.", _SURPRISE
        ),
        "Q": TraceRule(
            (("limit", TEXT), ("covered", COUNT), ("of", COUNT), ("beyond", MONEY)),
            "The limit {limit} covers {covered} of {of}; {beyond} is beyond it.",
            _COUNTS,
        ),
        "W": TraceRule(
            (("allowance", MONEY), ("discount", MONEY), ("rest", MONEY)),
            "The allowance is {allowance}; of what is above it the provider takes off {discount}, {rest} remains.",
            _SHARE,
        ),
        "V": TraceRule((), "Preventive care in network costs the member nothing.", _SHARE),
        "P": TraceRule((("due", MONEY), ("borne", MONEY)), "The copay due is {due}; {borne} is taken.", _SHARE),
        "D": TraceRule(
            (("accumulator", TEXT), ("left", MONEY), ("taken", MONEY)),
            "{left} of the deductible {accumulator} was open; {taken} is taken.",
            _SHARE,
        ),
        "O": TraceRule(
            (("rate", RATE), ("cents", MONEY)), "The member's coinsurance is {rate} of the rest: {cents}.", _SHARE
        ),
        "M": TraceRule(
            (("accumulator", TEXT), ("left", MONEY)),
            "Only {left} of the out-of-pocket limit {accumulator} was open; the member bears no more than that.",
            _SHARE,
        ),
        "B": TraceRule(
            (("limit", TEXT), ("left", MONEY), ("beyond", MONEY)),
            "{left} of the maximum {limit} was left; {beyond} is beyond it.",
            _COUNTS,
        ),
        "Z": TraceRule(
            (("rate", RATE), ("cut", MONEY)), "Without authorisation the plan pays {rate} less: {cut}.", _SHARE
        ),
        "CB1": TraceRule(
            (("rule", TEXT), ("first", TEXT)), "Of the patient's plans {first} pays first, by the rule {rule}.", _OTHERS
        ),
        "CB2": TraceRule(
            (("paid", MONEY), ("patient", MONEY)),
            "The plans before this one paid {paid} and left {patient} to the patient.",
            _OTHERS,
        ),
        "CB3": TraceRule(
            (("method", TEXT), ("benefit", MONEY), ("pays", MONEY)),
            "This plan's own benefit is {benefit}; after the other plans it pays {pays}, by the method {method}.",
            _OTHERS,
        ),
        "CB4": TraceRule(
            (("counted", MONEY),),
            "To deductible and limits counts what the patient really owes of his share: {counted}.",
            _OTHERS,
        ),
        "ZA": TraceRule(
            (("amount", MONEY), ("cut", MONEY)),
            "Without authorisation the plan pays {amount} less on a claim; {cut} of that here.",
            _SHARE,
        ),
        "PW": TraceRule(
            (("rate", RATE), ("cut", MONEY)),
            "The contract has {rate} of the payment withheld: {cut}.",
            _PAYING,
        ),
        "PI": TraceRule(
            (("rate", RATE), ("days", COUNT)),
            "Paid more than {days} days after it was complete, the contract adds interest of {rate} a year.",
            _PAYING,
        ),
        "PK": TraceRule(
            (("rate", RATE), ("why", TEXT)),
            "Of the payment {rate} is kept for the Internal Revenue Service ({why}).",
            _PAYING,
        ),
        "J": TraceRule(
            (("group", TEXT), ("carc", TEXT), ("cents", MONEY)),
            "{cents} is not paid ({group}-{carc}: {carc_words}); {group_words}.",
            _COVERAGE,
        ),
        "Y": TraceRule(
            (("allowed", MONEY), ("paid", MONEY), ("member", MONEY)),
            "{allowed} is allowed, the plan pays {paid}, the patient may owe {member}.",
            _COVERAGE,
        ),
        "U1": TraceRule(
            (("rule", TEXT), ("number", TEXT), ("covered", COUNT), ("of", COUNT)),
            "The plan's rule {rule} asks for an authorisation: {number} covers {covered} of {of}.",
            _ASKED,
        ),
        "U2": TraceRule(
            (("number", TEXT), ("covered", COUNT), ("of", COUNT), ("beyond", MONEY)),
            "The authorisation {number} grants only {covered} of {of}; {beyond} is beyond it.",
            _ASKED,
        ),
        "U3": TraceRule(
            (("rule", TEXT), ("number", TEXT), ("days", COUNT), ("limit", COUNT)),
            "The authorisation {number} was asked for {days} days after the service; rule {rule} allows {limit}.",
            _ASKED,
        ),
        "U4": TraceRule(
            (("rule", TEXT), ("number", TEXT)),
            "The authorisation {number}, which the plan's rule {rule} asks for, was refused.",
            _ASKED,
        ),
        "H": TraceRule(
            (("rule", TEXT), ("times", COUNT), ("covered", COUNT), ("of", COUNT), ("beyond", MONEY)),
            "The rule {rule} covers it {times} times in its window: {covered} of {of} here; {beyond} is beyond it.",
            _DENTAL,
        ),
        "AL": TraceRule(
            (("rule", TEXT), ("code", TEXT), ("own", MONEY), ("price", MONEY), ("difference", MONEY)),
            "By its rule {rule} the plan pays for {code} instead: {price} in place of {own}, {difference} less.",
            _DENTAL,
        ),
        "MT": TraceRule(
            (("tooth", TEXT), ("lost", DAY), ("since", DAY)),
            "Tooth {tooth} was lost on {lost}, before coverage began on {since}.",
            _DENTAL,
        ),
        "MU": TraceRule((("tooth", TEXT),), "The day tooth {tooth} was lost is not known.", _DENTAL),
        "G": TraceRule(
            (("first", MONEY), ("later", MONEY), ("parts", COUNT)),
            "Of the course's fee {first} is due now and {later} later, in {parts} parts.",
            _DENTAL,
        ),
        "GI": TraceRule(
            (("number", COUNT), ("price", MONEY)),
            "Part {number} of the fee of a course of treatment is due: {price}.",
            _DENTAL,
        ),
        "EP": TraceRule(
            (("plan", MONEY), ("until", DAY)),
            "This is an estimate: the plan expects to pay {plan} for treatment before {until}.",
            _DENTAL,
        ),
        "N": TraceRule((("code", TEXT), ("line", COUNT)), "It waits for a person ({code}): {pend_words}.", _COVERAGE),
        "BH1": TraceRule(
            (("field", TEXT), ("value", TEXT), ("reason", TEXT)),
            "A person set the {field_words} to {value}: {override_words}.",
            _BY_HAND,
        ),
        "BH2": TraceRule(
            (("field", TEXT), ("value", MONEY), ("reason", TEXT)),
            "A person set the {field_words} to {value}: {override_words}.",
            _BY_HAND,
        ),
        "BH3": TraceRule(
            (("field", TEXT), ("value", RATE), ("reason", TEXT)),
            "A person set the {field_words} to {value}: {override_words}.",
            _BY_HAND,
        ),
        "BH4": TraceRule(
            (("group", TEXT), ("carc", TEXT), ("reason", TEXT)),
            "A person lifted that refusal ({group}-{carc}: {carc_words}): {override_words}.",
            _BY_HAND,
        ),
        "BH5": TraceRule(
            (("group", TEXT), ("carc", TEXT), ("reason", TEXT)), "A person refused it: {override_words}.", _BY_HAND
        ),
        "G1": TraceRule((("claim", TEXT),), "It takes the place of claim {claim}.", _CHANGES),
        "G2": TraceRule(
            (("cause", TEXT), ("version", COUNT)),
            "The claim was decided again because {cause_words}; decision {version} no longer counts.",
            _CHANGES,
        ),
        "G3": TraceRule(
            (("cause", TEXT), ("version", COUNT)),
            "Decision {version} is taken back because {cause_words}.",
            _CHANGES,
        ),
    },
}
