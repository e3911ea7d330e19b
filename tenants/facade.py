"""What other apps may ask of tenants. Imported as `from tenants import facade as tenants`."""

from tenants.core.employers import EmployerFacts
from tenants.core.roles import Actor, Role, system
from tenants.core.services_bought import Service
from tenants.core.work import NightFigures, Work
from tenants.exchange.services.inbound import CannotReceive, InboundFacts, NoSuchFile, Received, receive_file
from tenants.exchange.services.inbound import open_file as open_inbound_file
from tenants.exchange.services.routing import CannotRoute, normal_group
from tenants.exchange.services.routing import routes as group_routes
from tenants.exchange.services.routing import set_route as set_group_route
from tenants.records.services.audit import Deed
from tenants.records.services.audit import record as record_audit
from tenants.records.services.audit import record_many as record_audits
from tenants.records.services.documents import (
    CannotStore,
    DocumentChanged,
    NewDocument,
    NoSuchDocument,
    StoredDocument,
    open_document,
)
from tenants.records.services.documents import about as documents_about
from tenants.records.services.documents import facts as document_facts
from tenants.records.services.documents import store as store_document
from tenants.records.services.documents import store_many as store_documents
from tenants.records.services.idempotency import OtherRequest, Reply, StillRunning, UnusableKey
from tenants.records.services.idempotency import run as run_once
from tenants.records.services.ledger import Account, CannotPost, Journal, OtherContent, balance, balances
from tenants.records.services.ledger import key_of as journal_key
from tenants.records.services.ledger import post_many as post_journals
from tenants.records.services.outbox import News
from tenants.records.services.outbox import publish as publish_news
from tenants.records.services.phi import ReadNotLogged, log_view, views_of
from tenants.selectors.employers import active as active_employers
from tenants.selectors.employers import by_schema as employer_by_schema
from tenants.selectors.employers import by_slug as employer_by_slug
from tenants.services.employer_tasks import EmployerRun, EmployerTask, NoEmployer, for_each_employer, wake
from tenants.services.people import CannotChangeAccount, open_account
from tenants.services.projections import project as project_outbox
from tenants.services.projections import tell_night, tell_work, work_done

__all__ = [
    "Account",
    "Actor",
    "CannotChangeAccount",
    "CannotPost",
    "CannotReceive",
    "CannotRoute",
    "CannotStore",
    "Deed",
    "DocumentChanged",
    "EmployerFacts",
    "EmployerRun",
    "EmployerTask",
    "InboundFacts",
    "Journal",
    "NewDocument",
    "News",
    "NightFigures",
    "NoEmployer",
    "NoSuchDocument",
    "NoSuchFile",
    "OtherContent",
    "OtherRequest",
    "ReadNotLogged",
    "Received",
    "Reply",
    "Role",
    "Service",
    "StillRunning",
    "StoredDocument",
    "UnusableKey",
    "Work",
    "active_employers",
    "balance",
    "balances",
    "document_facts",
    "documents_about",
    "employer_by_schema",
    "employer_by_slug",
    "for_each_employer",
    "group_routes",
    "journal_key",
    "log_view",
    "normal_group",
    "open_account",
    "open_document",
    "open_inbound_file",
    "post_journals",
    "project_outbox",
    "publish_news",
    "record_audit",
    "receive_file",
    "record_audits",
    "run_once",
    "set_group_route",
    "store_document",
    "store_documents",
    "system",
    "tell_night",
    "tell_work",
    "views_of",
    "wake",
    "work_done",
]
