"""The three pages of allauth that we use, under the names it knows them by. All its other pages do not exist."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView, PasswordChangeView
from django.urls import path

urlpatterns = [
    path("login/", LoginView.as_view(template_name="org/sign_in.html"), name="account_login"),
    path("logout/", LogoutView.as_view(template_name="org/sign_out.html"), name="account_logout"),
    path(
        "password/change/",
        PasswordChangeView.as_view(template_name="org/password.html"),
        name="account_change_password",
    ),
]
