"""The queue of all employers. Taking a piece of work opens the door to its employer and leads there."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminSelectWidget

from aso_portal.kernel.money import dollars
from tenants.accounts.models import User
from tenants.core.roles import STAFF_ROLES
from tenants.core.staff_rights import allowed
from tenants.models import WorkItem
from tenants.selectors import queues
from tenants.services import grants
from tenants.web.actors import user_of
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations


class OwnerFilter(admin.SimpleListFilter):
    """Mine, nobody's, somebody's."""

    title = "owner"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "mine"), ("nobody", "nobody's")]

    def queryset(self, request: HttpRequest, items: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "me":
            return items.filter(owner_uuid=request.user.pk)
        return items.filter(owner_uuid__isnull=True) if self.value() == "nobody" else items


class LateFilter(admin.SimpleListFilter):
    """What is past its due time."""

    title = "due"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "late")]

    def queryset(self, request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        return items.filter(due_at__lt=timezone.now()) if self.value() == "yes" else items


class AmountFilter(admin.SimpleListFilter):
    """From which amount on."""

    title = "amount"
    parameter_name = "from"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1000", "$1,000 and more"), ("10000", "$10,000 and more"), ("50000", "$50,000 and more")]

    def queryset(self, request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        chosen = self.value() or ""
        return items.filter(amount_cents__gte=int(chosen) * 100) if chosen.isascii() and chosen.isdigit() else items


class OrderFilter(admin.SimpleListFilter):
    """What comes first; the earliest due unless said otherwise."""

    title = "first"
    parameter_name = "first"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oldest", "the oldest"), ("dearest", "the highest amount")]

    def queryset(self, request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        orders = {"oldest": ("opened_at", "id"), "dearest": ("-amount_cents", "id")}
        return items.order_by(*orders[self.value() or ""]) if self.value() in orders else items


class AssignForm(ActionForm):
    """The action, and to whom."""

    to = forms.ChoiceField(required=False, label="to", widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [
            ("", "whom …"),
            *((str(user.pk), user.display_name or user.email) for user in takers()),
        ]


def takers() -> QuerySet[User]:
    """Staff who may take work, by name."""
    roles = [role for role in STAFF_ROLES if allowed({role}, "tenants.change_workitem")]
    held = User.objects.filter(role_grants__ended_at=None, role_grants__role__in=roles, is_staff=True, is_active=True)
    return held.distinct().order_by("display_name", "email")


@admin.register(WorkItem, site=operations)
class WorkItemAdmin(ReadOnly, OperationsModelAdmin):
    """What waits, the earliest due first: employer, age, due, amount, owner. Details are inside the employer only."""

    menu_name, menu_place = "Queue", 10
    list_display = ("work", "employer", "age", "due", "amount", "owner", "take_button")
    list_display_links = None
    list_filter = (LateFilter, OwnerFilter, "kind", "category", AmountFilter, OrderFilter, "employer")
    action_form = AssignForm
    actions = ("assign", "give_back")
    list_before_template = "admin/take_next.html"
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        name = User.objects.filter(pk=OuterRef("owner_uuid")).values("display_name")[:1]
        return queues.waiting().annotate(owner_name=Subquery(name))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()  # as `waiting` orders

    def get_urls(self) -> list[Any]:
        own = [
            path("next/", self.admin_site.admin_view(require_POST(self.take_next)), name="tenants_workitem_next"),
            path(
                "<uuid:item>/take/", self.admin_site.admin_view(require_POST(self.take)), name="tenants_workitem_take"
            ),
            path(
                "<uuid:item>/release/",
                self.admin_site.admin_view(require_POST(self.release)),
                name="tenants_workitem_release",
            ),
        ]
        return own + super().get_urls()

    def may_take(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tenants.change_workitem")

    def take(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Open the door for this piece of work and go through it."""
        if not self.may_take(request):
            return self._refused(request, "Your role does not take work.")
        found = queues.waiting().filter(uuid=item).first()
        if found is None:
            return self._refused(request, "That work is done or gone. Take the next one.")
        try:
            grant = grants.take(
                item_uuid=item, staff=user_of(request), session_key=request.session.session_key, now=timezone.now()
            )
        except (grants.CannotTake, grants.CannotOpenGrant) as refusal:
            return self._refused(request, str(refusal))
        return HttpResponseRedirect(f"/e/{grant.employer.slug}/admin/go/{found.kind}/{found.subject_uuid}/")

    def take_next(self, request: HttpRequest) -> HttpResponse:
        """The same for the next piece of work that is this person's or nobody's."""
        item = queues.next_for(user_of(request).pk)
        if item is None:
            return self._refused(request, "Nothing waits.", messages.INFO)
        return self.take(request, item.uuid)

    def release(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Give it back."""
        try:
            grants.release(item_uuid=item, staff=user_of(request), now=timezone.now())
        except grants.CannotTake as refusal:
            return self._refused(request, str(refusal))
        return self._refused(request, "It is back in the queue.", messages.SUCCESS)

    def _refused(self, request: HttpRequest, text: str, level: int = messages.ERROR) -> HttpResponse:
        self.message_user(request, text, level)
        return HttpResponseRedirect(reverse("admin:tenants_workitem_changelist"))

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """Who gives work to others, and takes it from them."""
        return request.user.has_perm("tenants.add_workitem")

    @admin.action(description="Give the chosen", permissions=["assign"])
    def assign(self, request: HttpRequest, chosen: QuerySet[WorkItem]) -> None:
        """To one person, whoever had them before."""
        to = User.objects.filter(
            pk__in=[request.POST.get("to")] if _is_uuid(request.POST.get("to", "")) else []
        ).first()
        if to is None:
            self.message_user(request, "Choose to whom.", messages.ERROR)
            return
        uuids = list(chosen.order_by().values_list("uuid", flat=True))
        try:
            given = grants.assign(item_uuids=uuids, to=to, by=user_of(request), now=timezone.now())
        except grants.CannotTake as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        self.message_user(request, f"{given} given to {to.display_name or to.email}.", messages.SUCCESS)

    @admin.action(description="Give back what is mine of the chosen")
    def give_back(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """The chosen that are this person's go back to the queue."""
        mine = list(chosen.order_by().filter(owner_uuid=request.user.pk).values_list("uuid", flat=True))
        for item in mine:
            grants.release(item_uuid=item, staff=user_of(request), now=timezone.now())
        self.message_user(request, f"{len(mine)} back in the queue.", messages.SUCCESS)

    @display(description="work")
    def work(self, item: WorkItem) -> str:
        return item.category.replace("_", " ")

    @display(description="age")
    def age(self, item: WorkItem) -> str:
        return timesince(item.opened_at, depth=1)

    @display(description="due")
    def due(self, item: WorkItem) -> Any:
        if item.due_at is None:
            return "–"
        day = timezone.localtime(item.due_at).date().isoformat()
        return format_html("<strong>{} (late)</strong>", day) if item.due_at < timezone.now() else day

    @display(description="amount")
    def amount(self, item: WorkItem) -> str:
        return dollars(item.amount_cents)

    @display(description="owner", empty_value="–")
    def owner(self, item: Any) -> str | None:
        return item.owner_name or (str(item.owner_uuid) if item.owner_uuid else None)

    @display(description="")
    def take_button(self, item: WorkItem) -> str:
        """A button of the list's own form (which carries the token), sent to another address."""
        return format_html(
            '<button type="submit" formaction="{}" formnovalidate class="ops-take">Take</button>',
            reverse("admin:tenants_workitem_take", args=[item.uuid]),
        )


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
