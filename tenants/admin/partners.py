"""Trading partners: what we agreed with each, the rules of his own, and the keys his programs ask with."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.x12.guides import BY_VERSION
from tenants.core.partner_rules import MODES
from tenants.exchange.models import PartnerKey, PartnerRule, PartnerRuleTable, TradingPartner
from tenants.exchange.services import partner_keys
from tenants.models import Employer, StaffEvent
from tenants.web import partner_tables
from tenants.web.actors import user_of
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations

MODE_CHOICES = [(mode, mode) for mode in MODES]
READINGS = [("strict", "strict: of fixed width"), ("lenient", "lenient: separators may be counted")]
LARGEST_TABLE = 2 * 1024 * 1024
SHOWN_FAULTS = 50


class PartnerForm(forms.ModelForm):
    """What we agreed with a partner."""

    versions = forms.MultipleChoiceField(
        choices=[
            (version, f"{version} ({guide.name})")
            for version, guide in sorted(BY_VERSION.items())
            if " " not in version
        ],
        required=False,
        help_text="Guides taken from this partner; none chosen: all we know.",
    )
    asks_about = forms.MultipleChoiceField(
        required=False, help_text="Employers whose members he may ask about without a group number."
    )
    isa_reading = forms.ChoiceField(choices=READINGS, widget=UnfoldAdminSelectWidget)
    situations = forms.ChoiceField(choices=MODE_CHOICES, widget=UnfoldAdminSelectWidget, label="SNIP 4: situations")
    code_sets = forms.ChoiceField(choices=MODE_CHOICES, widget=UnfoldAdminSelectWidget, label="SNIP 5: code sets")
    lines_of_business = forms.ChoiceField(
        choices=MODE_CHOICES, widget=UnfoldAdminSelectWidget, label="SNIP 6: lines of business"
    )
    own_rules = forms.ChoiceField(choices=MODE_CHOICES, widget=UnfoldAdminSelectWidget, label="SNIP 7: his own rules")

    class Meta:
        model = TradingPartner
        fields = (
            *("name", "their_qualifier", "their_id", "our_qualifier", "our_id", "is_active", "versions", "isa_reading"),
            *("situations", "code_sets", "lines_of_business", "own_rules", "checks_npi", "asks_about"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "asks_about" in self.fields:
            employers = Employer.objects.filter(status="active").order_by("name")
            self.fields["asks_about"].choices = list(employers.values_list("schema_name", "name"))


class RuleTableInline(ReadOnly, TabularInline):
    """Every table that was brought in; the newest counts."""

    model = PartnerRuleTable
    fields = readonly_fields = ("name", "rules_count", "written_at", "sha256")
    ordering = ("-id",)
    extra = 0


class KeyInline(ReadOnly, TabularInline):
    """Keys for real time; the secret was shown once."""

    model = PartnerKey
    fields = readonly_fields = ("prefix", "made_at", "expires_at", "revoked_at", "last_used_date")
    ordering = ("-id",)
    extra = 0


class KeyForm(forms.Form):
    """How long a new key lasts."""

    days = forms.IntegerField(
        min_value=1, max_value=partner_keys.LONGEST_DAYS, initial=365, widget=UnfoldAdminTextInputWidget
    )


class RuleTableForm(forms.Form):
    """A table of rules as a file."""

    table = forms.FileField(help_text="CSV, or JSON when its name ends in .json. See docs/partner_rules.md.")


@admin.register(TradingPartner, site=operations)
class TradingPartnerAdmin(OperationsModelAdmin):
    """Settings take effect with the next file; a partner is switched off, never deleted."""

    menu_name, menu_place = "Trading partners", 25
    form = PartnerForm
    list_display = (
        "name",
        "ids",
        "isa_reading",
        "situations",
        "code_sets",
        "lines_of_business",
        "own_rules",
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("name", "their_id")
    ordering = ("name", "id")
    inlines = (RuleTableInline, KeyInline)
    change_form_before_template = "admin/partner_links.html"

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<path:object_id>/rules/", self.admin_site.admin_view(self.rules), name="exchange_tradingpartner_rules"
            ),
            path("<path:object_id>/keys/", self.admin_site.admin_view(self.keys), name="exchange_tradingpartner_keys"),
        ]
        return [*own, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("their_qualifier", "their_id", "our_qualifier", "our_id") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: TradingPartner, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            obj.refresh_from_db(fields=["uuid"])
        self._write_down(request, obj, "settings", fields=sorted(form.changed_data))

    def rules(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The rules in force, and a new table for them."""
        partner = self._partner(request, object_id)
        form, faults = RuleTableForm(request.POST or None, request.FILES or None), ()
        if request.method == "POST":
            self._require_change(request, partner)
            if form.is_valid():
                faults = self._bring_in(request, partner, form.cleaned_data["table"])
                if not faults:
                    return HttpResponseRedirect(request.path)
        newest = PartnerRuleTable.objects.filter(partner=partner).order_by("-id").first()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Rules of {partner.name}",
            "opts": self.opts,
            "partner": partner,
            "form": form,
            "may_change": self.has_change_permission(request, partner),
            "faults": faults[:SHOWN_FAULTS],
            "more_faults": max(0, len(faults) - SHOWN_FAULTS),
            "newest": newest,
            "rules": list(PartnerRule.objects.filter(table=newest).order_by("id")) if newest else [],
        }
        return TemplateResponse(request, "admin/partner_rules.html", context)

    def keys(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The keys of a partner: make one, whose secret is shown on this page alone, or revoke one."""
        partner = self._partner(request, object_id)
        form, secret = KeyForm(request.POST if "days" in request.POST else None), ""
        if request.method == "POST":
            self._require_change(request, partner)
            if "revoke" in request.POST:
                self._revoke(request, partner, request.POST["revoke"])
                return HttpResponseRedirect(request.path)
            if form.is_valid():
                _, secret = partner_keys.make_key(
                    partner_uuid=partner.uuid,
                    made_by_uuid=user_of(request).pk,
                    now=timezone.now(),
                    days=form.cleaned_data["days"],
                )
                self._write_down(request, partner, "key_made", days=form.cleaned_data["days"])
        context = {
            **self.admin_site.each_context(request),
            "title": f"Keys of {partner.name}",
            "opts": self.opts,
            "partner": partner,
            "form": form,
            "may_change": self.has_change_permission(request, partner),
            "secret": secret,
            "soon": timezone.now() + timedelta(days=30),
            "keys": list(PartnerKey.objects.filter(partner=partner).order_by("-id")),
        }
        return TemplateResponse(request, "admin/partner_keys.html", context)

    @display(description="interchange ids")
    def ids(self, partner: TradingPartner) -> str:
        return f"{partner.their_qualifier}/{partner.their_id} to {partner.our_qualifier}/{partner.our_id}"

    def _partner(self, request: HttpRequest, object_id: str) -> TradingPartner:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = TradingPartner.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        if found is None:
            raise Http404
        return found

    def _require_change(self, request: HttpRequest, partner: TradingPartner) -> None:
        if not self.has_change_permission(request, partner):
            raise PermissionDenied

    def _bring_in(self, request: HttpRequest, partner: TradingPartner, file: Any) -> tuple[Any, ...]:
        """What is wrong with the file; nothing when it was kept."""
        if file.size > LARGEST_TABLE:
            return (f"the file has more than {LARGEST_TABLE // (1024 * 1024)} MB.",)
        try:
            count, new = partner_tables.bring_in(
                partner_uuid=partner.uuid, name=file.name, content=file.read(), actor=request.actor
            )
        except DomainError as refusal:
            return tuple(getattr(refusal, "faults", ())) or (str(refusal),)
        if new:
            self._write_down(request, partner, "rules", rules=count)
        said = f"{count} rules are in force from the next file on." if new else "This table is in force already."
        self.message_user(request, said, messages.SUCCESS)
        return ()

    def _revoke(self, request: HttpRequest, partner: TradingPartner, text: str) -> None:
        key = PartnerKey.objects.filter(partner=partner, prefix=text).first()
        if key is not None and partner_keys.revoke_key(uuid=UUID(str(key.uuid)), now=timezone.now()):
            self._write_down(request, partner, "key_revoked", prefix=key.prefix)
            self.message_user(request, f"Key {key.prefix} opens nothing from now on.", messages.SUCCESS)

    @staticmethod
    def _write_down(request: HttpRequest, partner: TradingPartner, what: str, **more: Any) -> None:
        StaffEvent.objects.create(
            at=timezone.now(),
            kind="partner_changed",
            staff_uuid=request.user.pk,
            subject_uuid=partner.uuid,
            detail={"what": what, **more},
        )
