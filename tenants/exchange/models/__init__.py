"""Partners, routes, and what came in and went out."""

from tenants.exchange.models.data_keys import DataKey
from tenants.exchange.models.inbound import InboundFile, InboundFileChunk, InboundInterchange, InboundOutcome
from tenants.exchange.models.outbound import OutboundFile, OutboundFileChunk, OutboundState
from tenants.exchange.models.partners import (
    GroupRoute,
    PartnerKey,
    PartnerRule,
    PartnerRuleTable,
    TradingPartner,
)
from tenants.exchange.models.routing import RoutedPart, UnroutablePart

__all__ = [
    "DataKey",
    "GroupRoute",
    "InboundFile",
    "InboundFileChunk",
    "InboundInterchange",
    "InboundOutcome",
    "OutboundFile",
    "OutboundFileChunk",
    "OutboundState",
    "PartnerKey",
    "PartnerRule",
    "PartnerRuleTable",
    "RoutedPart",
    "TradingPartner",
    "UnroutablePart",
]
