"""Tables of the public schema: employers, what they bought, and what ASO staff do across them."""

from tenants.models.agreements import ServiceAgreement
from tenants.models.employers import Domain, Employer, SchemaTemplate
from tenants.models.grants import StaffGrant
from tenants.models.nights import NightSummary
from tenants.models.quality import NightFigure
from tenants.models.staff_events import StaffEvent
from tenants.models.work_items import SavedView, WorkItem

__all__ = [
    "Domain",
    "Employer",
    "NightFigure",
    "NightSummary",
    "SavedView",
    "SchemaTemplate",
    "ServiceAgreement",
    "StaffEvent",
    "StaffGrant",
    "WorkItem",
]
