"""The operator's tables in Django's admin. Every change goes through a service, which journals it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, Stale
from minqing.core.formats import check_phone, mask_phone
from minqing.core.retry import one_at_a_time
from minqing.org import services
from minqing.org.enums import Level, Role, UnitKind
from minqing.org.models import Account, Area, Post, Unit, WorkDay
from minqing.org.queries import who_changed
from minqing.web.forms import note_sent_form, stored_values, subject_of
from minqing.web.slots import parts

AT_ONCE = 50


def operator(request: HttpRequest) -> Actor:
    """The actor behind the admin, whatever post the person acts in elsewhere."""
    user: Any = request.user
    return Actor(id=user.id, kind="user", name=user.name, roles=frozenset({Role.OPERATOR.value}))


class SeenForm(forms.ModelForm):
    """Carries the version it was made from, as every form that changes something (``web.forms.SeenMixin``)."""

    seen = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.token = ""
        if self.instance.pk and "seen" in self.fields:
            stands = forms.model_to_dict(self.instance)
            written = json.dumps(stands, sort_keys=True, default=str)
            subject = f"{self._meta.model._meta.model_name}:{self.instance.pk}"
            self.token = f"{subject}|{hashlib.sha256(written.encode()).hexdigest()[:16]}"
            self.fields["seen"].initial = self.token

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = data.pop("seen", "")
        if self.token and given and given != self.token and set(self.changed_data) - {"seen"}:
            note_sent_form(self)
            kept = [*who_changed(subject_of(self.token)), *stored_values(self)]
            raise Stale(kept=kept, renewed={"seen": self.token})
        return data


class ThroughServices(admin.ModelAdmin):
    """Saves through ``save_with``; nothing is deleted, because the past refers to it."""

    form = SeenForm
    # the key by which the county knows the row, fixed once it is there
    key: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    actions: Any = []

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, *(self.key if obj else ()))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        changes = obj is not None and self.has_change_permission(request, obj)
        return (*(self.fields or ()), *(("seen",) if changes else ()))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One change of a row at a time: the form is made from what the one before has left."""
        if request.method == "POST":
            one_at_a_time(f"seen:{self.model._meta.model_name}:{object_id}")
        return super().get_object(request, object_id, from_field)

    def save_with(self, row: Any, *, by: Actor) -> Model:
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form tries the service while it is checked, so that a refusal stands beside the fields."""
        made = super().get_form(request, obj, change=change, **options)
        outer = self

        class Tried(made):  # type: ignore[misc, valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                if not self.errors and request.method == "POST":
                    self.try_saving()

            def try_saving(self) -> None:
                # not a field of the row: what is stored is encrypted and never shown again
                self.instance.new_phone = self.cleaned_data.get("new_phone", "")
                try:
                    self.kept = outer.save_with(self.instance, by=operator(request))
                except DomainError as error:
                    self.add_error(None, str(error.sentence))

        return Tried

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved already, by the service that the form called."""
        obj.pk = form.kept.pk


@admin.register(Area)
class AreaAdmin(ThroughServices):
    key = ("code",)
    list_display = ("name", "code", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    ordering = ("path",)
    autocomplete_fields = ("parent",)
    fields = ("code", "name", "level", "parent", "valid_from", "valid_to", "latitude", "longitude")

    def save_with(self, row: Any, *, by: Actor) -> Model:
        return services.save_area(
            code=row.code,
            name=row.name,
            level=Level(row.level),
            parent=row.parent,
            by=by,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            latitude=row.latitude,
            longitude=row.longitude,
        )[0]


@admin.register(Unit)
class UnitAdmin(ThroughServices):
    key = ("code",)
    list_display = ("name", "code", "kind", "area", "phone", "active")
    list_filter = ("kind", "active")
    list_select_related = ("area",)
    search_fields = ("name", "code")
    ordering = ("code",)
    autocomplete_fields = ("area",)
    fields = ("code", "name", "kind", "area", "phone", "active")

    def save_with(self, row: Any, *, by: Actor) -> Model:
        return services.save_unit(
            code=row.code,
            name=row.name,
            kind=UnitKind(row.kind),
            area=row.area,
            by=by,
            phone=row.phone,
            active=row.active,
        )[0]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.active:
            for told in parts("org.unit", request, obj):
                messages.warning(request, told)


class AccountForm(SeenForm):
    new_phone = forms.CharField(label=_("New mobile number"), required=False, max_length=20)

    def clean_new_phone(self) -> str:
        typed = self.cleaned_data["new_phone"]
        try:
            return check_phone(typed) if typed else ""
        except DomainError as error:
            raise forms.ValidationError(str(error.sentence)) from None


@admin.register(Account)
class AccountAdmin(ThroughServices):
    form = AccountForm
    key = ("username", "staff_number")
    readonly_fields = ("masked_phone", "last_login")
    list_display = ("name", "username", "staff_number", "masked_phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "username", "staff_number")
    ordering = ("username",)
    fields = ("username", "staff_number", "name", "masked_phone", "new_phone", "is_active", "last_login")
    actions = ("give_start_passwords",)

    @admin.display(description=_("Mobile number"))
    def masked_phone(self, account: Account) -> str:
        return mask_phone(account.phone) if account.phone else ""

    def save_with(self, row: Any, *, by: Actor) -> Model:
        return services.save_account(
            username=row.username,
            staff_number=row.staff_number or "",
            name=row.name,
            by=by,
            phone=row.new_phone or services.KEEP,
            is_active=row.is_active,
        )[0]

    @admin.action(description=_("Give new start passwords (shown once)"))
    def give_start_passwords(self, request: HttpRequest, chosen: QuerySet[Account]) -> HttpResponse:
        """Shown on this one page and kept nowhere; whoever signs in with it must change it."""
        given = []
        for account in chosen.order_by("username")[:AT_ONCE]:
            password = services.start_password()
            services.set_password(account=account, password=password, by=operator(request))
            given.append((account, password))
        return render(request, "org/start_passwords.html", {"given": given, "at_once": AT_ONCE})


@admin.register(Post)
class PostAdmin(ThroughServices):
    key = ("account", "unit", "area", "role")
    list_display = ("account", "role", "title", "unit", "area", "since", "until")
    list_filter = ("role",)
    list_select_related = ("account", "unit", "area")
    search_fields = ("account__name", "account__username", "unit__name", "area__name")
    ordering = ("account__username", "role")
    autocomplete_fields = ("account", "unit", "area")
    fields = ("account", "unit", "area", "role", "title", "since", "until")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A post that has ended is history; somebody who comes back gets a new one."""
        return not (isinstance(obj, Post) and obj.until)

    def save_with(self, row: Any, *, by: Actor) -> Model:
        held = services.save_post(
            account=row.account,
            unit=row.unit,
            area=row.area,
            role=Role(row.role),
            by=by,
            title=row.title,
            since=row.since,
        )[0]
        return services.end_post(post=held, on=row.until, by=by) if row.until else held


@admin.register(WorkDay)
class WorkDayAdmin(ThroughServices):
    key = ("date",)
    list_display = ("date", "working", "name", "source")
    list_filter = ("working", "source")
    date_hierarchy = "date"
    ordering = ("-date",)
    fields = ("date", "working", "name")

    def save_with(self, row: Any, *, by: Actor) -> Model:
        return services.set_work_day(on=row.date, working=row.working, name=row.name, by=by)[0]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.clear_work_day(on=obj.date, by=operator(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for day in queryset:
            self.delete_model(request, day)
