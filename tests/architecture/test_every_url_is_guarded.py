"""No address of the portal is open by oversight: each says who may come, or is open on purpose.

A view of ours carries the mark of a guard of `tenants.web.guards`, of an admin site or of an API permission. Pages of the
sign-in library ask for a session themselves, but for those listed here.
"""

import pytest
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from tenants.web import guards
from tenants.web.permissions import NobodyUnlessSaid
from tests.factories.tenants import browser
from tests.isolation.addresses import URLCONFS, Address, addresses

OPEN_FOR_SIGN_IN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}
"""Pages of the sign-in library for people who are not signed in yet."""

LEADS_ON = {"home", "desk_home"}
"""Addresses that hold nothing and lead to another one, which has its guard."""

ANYBODY = {"theme_css"}
"""Pages of ours that a visitor sees before signing in."""

SIGN_IN_OF_ADMIN = {"login"}


def api_view(address: Address) -> type[APIView] | None:
    found = getattr(address.view, "cls", None) or getattr(address.view, "view_class", None)
    return found if isinstance(found, type) and issubclass(found, APIView) else None


def is_guarded(address: Address) -> bool:
    """Whether somebody stands at the door of this address."""
    view = address.view
    if (api := api_view(address)) is not None:
        asked: list[type[BasePermission]] = list(api.permission_classes)
        return bool(asked) and NobodyUnlessSaid not in asked and all(issubclass(one, BasePermission) for one in asked)
    if hasattr(view, "model_admin") or hasattr(view, "admin_site"):
        return True
    return getattr(view, "guard", None) is not None


def is_library(address: Address) -> bool:
    return address.view.__module__.startswith("allauth.")


def is_open_on_purpose(address: Address) -> bool:
    if address.name in LEADS_ON or (address.name in SIGN_IN_OF_ADMIN and address.shape == "admin/login/"):
        return True
    if address.view.__module__ == "django.views.generic.base" and address.shape.startswith("accounts/"):
        return True  # addresses of an older release of the sign-in library, which lead to the present ones
    return address.name in ANYBODY and getattr(address.view, "guard", "missing") is None


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_address_has_a_guard_or_is_open_on_purpose(urlconf):
    found = addresses(urlconf)
    assert len(found) > 30
    ours = [address for address in found if not is_library(address)]
    assert [str(address) for address in ours if not is_guarded(address) and not is_open_on_purpose(address)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["harbor.localhost", "localhost"])
def test_pages_of_the_sign_in_library_send_visitors_to_sign_in(host):
    visitor = browser(host)
    values = {"pk": 1, "key": "none", "uidb36": "none"}
    open_to_visitors = {
        address.name
        for address in addresses(URLCONFS[0])
        if is_library(address) and not visitor.get(address.path(values)).headers.get("Location", "").count("/login/")
    }
    assert open_to_visitors - OPEN_FOR_SIGN_IN == set()


def test_a_view_without_a_guard_is_found():
    def bare(request):
        return None

    def address(view) -> Address:
        return Address(URLCONFS[0], "bare/", "bare", view, ())

    assert not is_guarded(address(bare))
    assert not is_guarded(address(APIView.as_view()))
    assert not is_guarded(address(guards.public(bare)))
    assert is_guarded(address(guards.signed_in(bare)))
