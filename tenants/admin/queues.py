"""The queue of all employers. Taking a piece of work opens the door to its employer and leads there."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST
from unfold.decorators import display

from aso_portal.kernel.money import dollars
from tenants.accounts.models import User
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


@admin.register(WorkItem, site=operations)
class WorkItemAdmin(ReadOnly, OperationsModelAdmin):
    """What waits, the earliest due first: employer, age, due, amount, owner. Details are inside the employer only."""

    menu_name, menu_place = "Queue", 10
    list_display = ("work", "employer", "age", "due", "amount", "owner", "take_button")
    list_display_links = None
    list_filter = (LateFilter, OwnerFilter, "kind", "category", "employer")
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
