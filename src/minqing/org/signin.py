"""How accounts come to be and sign in: made by the operator, never by the visitor."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: no sign-up from outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
