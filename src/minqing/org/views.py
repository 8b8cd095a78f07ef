"""One's own page: the post to act in, the language, the size of print."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import Conflict
from minqing.org.access import PageRequest, page
from minqing.org.forms import MeForm
from minqing.org.models import Account
from minqing.org.services import choose_language
from minqing.org.signin import remember_language

YEAR = 365 * 24 * 3600


@page(without_post=True)
def me(request: PageRequest) -> HttpResponse:
    shown = {
        "post": str(request.post.id) if request.post else "",
        "language": translation.get_language(),
        "large_print": request.COOKIES.get("text_size") == "large",
    }
    form = MeForm(request.POST if request.method == "POST" else None, posts=request.posts, initial=shown)
    if form.is_bound and form.is_valid():
        return saved(request, form)
    return render(request, "org/me.html", {"form": form}, status=422 if form.errors else 200)


@page(anyone=True)
def here(request: PageRequest) -> HttpResponse:
    """For a form about to be sent: that we can be reached, whether somebody is signed in, the token that counts now.

    Another site cannot read it; signing in again in a second window has made the token of the first one stale.
    """
    answer = JsonResponse({"signed_in": request.user.is_authenticated, "token": get_token(request)})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@page()
def choose_post(request: PageRequest) -> HttpResponse:
    """From the menu of every page: act in another of one's posts."""
    post = next((post for post in request.posts if str(post.id) == request.POST.get("post")), None)
    if post is None:
        raise Conflict("post_ended", _("You do not hold this post any more. Choose another one."))
    request.session["post"] = str(post.id)
    return redirect("/")


def saved(request: PageRequest, form: MeForm) -> HttpResponse:
    """Keep the choices: the post for this session, the language for the account, the print for this device."""
    chosen = form.cleaned_data
    account = request.user
    if chosen.get("post"):
        request.session["post"] = chosen["post"]
    if isinstance(account, Account):
        choose_language(account=account, language=chosen["language"], by=request.actor)
    with translation.override(chosen["language"]):
        messages.success(request, _("Saved."))
    response = redirect("org:me")
    remember_language(response, chosen["language"])
    if chosen["large_print"]:
        response.set_cookie("text_size", "large", max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie("text_size")
    return response
