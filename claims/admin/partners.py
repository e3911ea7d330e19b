"""Lets the operations site bring in partners' rule tables: only this app knows the guides they speak of."""

from claims.services import partner_settings
from tenants.web import partner_tables

partner_tables.offer(partner_settings.bring_in)
