"""How a member stands to the subscriber: X12 individual relationship codes."""

SELF = "18"
SPOUSE, CHILD, LIFE_PARTNER = "01", "19", "53"
SPOUSES = frozenset({SPOUSE, LIFE_PARTNER})
"""Counted as a spouse when the tier of a family is found."""

RELATIONSHIPS = {
    SPOUSE: "spouse",
    "03": "father or mother",
    "04": "grandparent",
    "05": "grandchild",
    "06": "uncle or aunt",
    "07": "nephew or niece",
    "08": "cousin",
    "09": "adopted child",
    "10": "foster child",
    "11": "son- or daughter-in-law",
    "12": "brother- or sister-in-law",
    "13": "father- or mother-in-law",
    "14": "brother or sister",
    "15": "ward",
    "16": "stepparent",
    "17": "stepchild",
    SELF: "self",
    CHILD: "child",
    "23": "sponsored dependent",
    "24": "dependent of a minor dependent",
    "25": "former spouse",
    "26": "guardian",
    "31": "court-appointed guardian",
    "38": "collateral dependent",
    LIFE_PARTNER: "life partner",
    "60": "annuitant",
    "D2": "trustee",
    "G8": "other relationship",
    "G9": "other relative",
}
"""Codes an enrollment may carry (X12 element 1069 as the 834 uses it), in our words."""
