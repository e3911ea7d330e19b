"""What other apps may ask of tenants. Imported as `from tenants import facade as tenants`."""

from tenants.accounts.selectors import languages_of
from tenants.core.employers import EmployerFacts
from tenants.core.roles import Actor, Role, system
from tenants.core.services_bought import Service
from tenants.core.work import NightFigures, Work
from tenants.exchange.services.inbound import (
    CannotReceive,
    InboundFacts,
    NoSuchFile,
    Received,
    receive_file,
    record_interchange,
)
from tenants.exchange.services.inbound import Outcome as FileOutcome
from tenants.exchange.services.inbound import facts as inbound_facts
from tenants.exchange.services.inbound import finish as finish_file
from tenants.exchange.services.inbound import open_file as open_inbound_file
from tenants.exchange.services.inbound import state as inbound_state
from tenants.exchange.services.inbound import unfinished as unfinished_files
from tenants.exchange.services.outbound import (
    CannotApprove,
    CannotWrite,
    OutboundFacts,
    WrongState,
    answers_to,
    begin_sending,
    mark_returned,
    mark_sent,
    mark_settled,
    next_control_number,
    recover_interrupted,
)
from tenants.exchange.services.outbound import NewFile as NewOutboundFile
from tenants.exchange.services.outbound import approve as approve_outbound
from tenants.exchange.services.outbound import find as find_outbound
from tenants.exchange.services.outbound import open_file as open_outbound_file
from tenants.exchange.services.outbound import write as write_outbound
from tenants.exchange.services.partner_keys import find_key as find_partner_key
from tenants.exchange.services.partner_keys import make_key as make_partner_key
from tenants.exchange.services.partner_rules import NoSuchPartner
from tenants.exchange.services.partner_rules import bring_in as bring_in_partner_rules
from tenants.exchange.services.partner_rules import in_force as partner_rules_in_force
from tenants.exchange.services.partners import Partner, all_partners, find_partner, keep_partner
from tenants.exchange.services.routing import (
    CannotRoute,
    Part,
    Stray,
    WaitingPart,
    normal_group,
    open_stray,
    record_window,
)
from tenants.exchange.services.routing import done_through as recorded_through
from tenants.exchange.services.routing import resolve as resolve_strays
from tenants.exchange.services.routing import routes as group_routes
from tenants.exchange.services.routing import set_route as set_group_route
from tenants.exchange.services.routing import waiting as waiting_strays
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
from tenants.records.services.ledger_snapshots import BooksOutOfBalance, Difference
from tenants.records.services.ledger_snapshots import compare as compare_balances
from tenants.records.services.ledger_snapshots import rebuild as rebuild_balances
from tenants.records.services.ledger_snapshots import take as keep_balances
from tenants.records.services.outbox import News
from tenants.records.services.outbox import confirm as confirm_news
from tenants.records.services.outbox import drain as waiting_news
from tenants.records.services.outbox import publish as publish_news
from tenants.records.services.phi import ReadNotLogged, log_view, views_of
from tenants.selectors.employers import active as active_employers
from tenants.selectors.employers import by_schema as employer_by_schema
from tenants.selectors.employers import by_slug as employer_by_slug
from tenants.selectors.keyset import Page, UnknownCursor, page_of
from tenants.selectors.nights import NightUnderWay
from tenants.selectors.nights import under_way as nights_under_way
from tenants.services.employer_tasks import EmployerRun, EmployerTask, NoEmployer, for_each_employer, wake
from tenants.services.people import CannotChangeAccount, open_account, staff_by_email
from tenants.services.projections import project as project_outbox
from tenants.services.projections import tell_night, tell_quality, tell_work, work_done, work_paused

__all__ = [
    "Account",
    "Actor",
    "BooksOutOfBalance",
    "CannotApprove",
    "CannotChangeAccount",
    "CannotPost",
    "CannotReceive",
    "CannotRoute",
    "CannotStore",
    "CannotWrite",
    "Deed",
    "Difference",
    "DocumentChanged",
    "EmployerFacts",
    "EmployerRun",
    "EmployerTask",
    "FileOutcome",
    "InboundFacts",
    "Journal",
    "NewDocument",
    "NewOutboundFile",
    "News",
    "NightFigures",
    "NightUnderWay",
    "NoEmployer",
    "NoSuchDocument",
    "NoSuchFile",
    "NoSuchPartner",
    "OtherContent",
    "OtherRequest",
    "OutboundFacts",
    "Page",
    "Part",
    "Partner",
    "ReadNotLogged",
    "Received",
    "Reply",
    "Role",
    "Service",
    "StillRunning",
    "StoredDocument",
    "Stray",
    "UnknownCursor",
    "UnusableKey",
    "WaitingPart",
    "Work",
    "WrongState",
    "active_employers",
    "all_partners",
    "answers_to",
    "approve_outbound",
    "balance",
    "balances",
    "begin_sending",
    "bring_in_partner_rules",
    "compare_balances",
    "confirm_news",
    "document_facts",
    "documents_about",
    "employer_by_schema",
    "employer_by_slug",
    "find_outbound",
    "find_partner",
    "find_partner_key",
    "finish_file",
    "for_each_employer",
    "group_routes",
    "inbound_facts",
    "inbound_state",
    "journal_key",
    "keep_balances",
    "keep_partner",
    "languages_of",
    "log_view",
    "make_partner_key",
    "mark_returned",
    "mark_sent",
    "mark_settled",
    "next_control_number",
    "nights_under_way",
    "normal_group",
    "open_account",
    "open_document",
    "open_inbound_file",
    "open_outbound_file",
    "open_stray",
    "page_of",
    "partner_rules_in_force",
    "post_journals",
    "project_outbox",
    "publish_news",
    "rebuild_balances",
    "receive_file",
    "record_audit",
    "record_audits",
    "record_interchange",
    "record_window",
    "recorded_through",
    "recover_interrupted",
    "resolve_strays",
    "run_once",
    "set_group_route",
    "store_document",
    "store_documents",
    "staff_by_email",
    "system",
    "tell_night",
    "tell_quality",
    "tell_work",
    "unfinished_files",
    "views_of",
    "waiting_news",
    "waiting_strays",
    "wake",
    "work_done",
    "work_paused",
    "write_outbound",
]
