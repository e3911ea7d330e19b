"""What allauth must not do here: open accounts by itself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import connection
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by ASO staff or HR, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/admin/" if request.user.is_staff else "/"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A sign-in by an employer's own identity provider never opens an account either."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def salt() -> str:
    """The salt of allauth's signed links, read when a link is signed or checked."""
    return f"account:{connection.schema_name}"
