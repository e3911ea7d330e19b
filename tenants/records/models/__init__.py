"""What happened, who looked, what was written down, and the money."""

from tenants.records.models.audit import AuditEvent
from tenants.records.models.data_keys import DataKey
from tenants.records.models.documents import Document
from tenants.records.models.idempotency import IdempotencyKey
from tenants.records.models.ledger import LedgerAccount, LedgerEntry, LedgerJournal, LedgerSnapshot
from tenants.records.models.outbox import OutboxEvent, OutboxWaiting
from tenants.records.models.phi_access import PhiAccess

__all__ = [
    "AuditEvent",
    "DataKey",
    "Document",
    "IdempotencyKey",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerJournal",
    "LedgerSnapshot",
    "OutboxEvent",
    "OutboxWaiting",
    "PhiAccess",
]
