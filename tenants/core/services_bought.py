"""What an employer can buy, and which pages that opens. A service not bought is absent: no menu, no URL, no night."""

from enum import StrEnum


class Service(StrEnum):
    CLAIMS = "claims"
    ENROLLMENT = "enrollment"
    STOP_LOSS = "stop_loss"
    PAYROLL = "payroll"
    COMPLIANCE = "compliance"


ALL_SERVICES = frozenset(Service)

# Views of these apps exist only for an employer who bought the service; `benefits` is there for all (coverage decides
# claims, payroll and compliance alike) and marks its enrollment pages one by one.
SERVICE_OF_APP = {"claims": Service.CLAIMS, "payroll": Service.PAYROLL, "compliance": Service.COMPLIANCE}


def service_of_module(module: str) -> Service | None:
    """The service that must be bought for a view defined in this module: its first name is the app."""
    return SERVICE_OF_APP.get(module.partition(".")[0])
