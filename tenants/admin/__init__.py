"""What ASO staff see of the public schema on the operations site."""

from tenants.admin import accounts, employers, exchange, grants, nights, partners, quality, queues, staff_events

__all__ = ["accounts", "employers", "exchange", "grants", "nights", "partners", "quality", "queues", "staff_events"]
