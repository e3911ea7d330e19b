"""A few invented edits on the codes of the made-up claims, so that a demo night refuses and cuts back something (public)."""

import hashlib
from datetime import datetime

from claims.services import edit_tables
from claims.services.edit_files import read_edit_table

TABLES = {
    "ptp": (
        "setting,column1,column2,indicator,start,end\n"
        "all,G0480,P9612,1,2020-01-01,\n"  # a drug test and a urine sample
        "all,S9131,G0283,1,2020-01-01,\n"  # therapy at home and electrical stimulation
    ),
    "units": (
        "setting,code,units,mai,start,end\n"
        "all,J1100,3,1,2020-01-01,\n"  # an injection
        "all,A7038,4,2,2020-01-01,\n"  # filters of a breathing device
    ),
}


def load_edit_tables(*, loaded_at: datetime) -> None:
    """Each table as a release; the same again changes nothing."""
    for kind, text in TABLES.items():
        content = text.encode()
        name = f"MADE-{kind}"
        edit_tables.load_shared(
            read_edit_table(kind, content, release=name),
            name=name,
            source=edit_tables.Source(f"made-{kind}.csv", hashlib.sha256(content).hexdigest()),
            loaded_at=loaded_at,
        )
