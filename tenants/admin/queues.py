"""The queue of all employers. Taking a piece of work opens the door to its employer and leads there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenants.accounts.models import User
from tenants.core import queue_views
from tenants.core.queue_views import ANY, BANDS, DUES, FLOORS, LATE, ME, NOBODY, ORDERS, PAUSED, View
from tenants.core.roles import STAFF_ROLES
from tenants.core.staff_rights import allowed
from tenants.models import WorkItem
from tenants.selectors import queues
from tenants.services import grants, saved_views
from tenants.web.actors import user_of
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations

QUEUE = "admin:tenants_workitem_changelist"


def takers() -> QuerySet[User]:
    """Staff who may take work, by name."""
    roles = [role for role in STAFF_ROLES if allowed({role}, "tenants.change_workitem")]
    held = User.objects.filter(role_grants__ended_at=None, role_grants__role__in=roles, is_staff=True, is_active=True)
    return held.distinct().order_by("display_name", "email")


@admin.register(WorkItem, site=operations)
class WorkItemAdmin(ReadOnly, OperationsModelAdmin):
    """What waits, the earliest due first: employer, age, due, amount, owner. Details are inside the employer only."""

    menu_name, menu_place = "Queue", 10

    def get_urls(self) -> list[Any]:
        own = [
            path("next/", self.admin_site.admin_view(require_POST(self.take_next)), name="tenants_workitem_next"),
            path("keep/", self.admin_site.admin_view(require_POST(self.keep)), name="tenants_workitem_keep"),
            path(
                "views/<uuid:kept>/remove/",
                self.admin_site.admin_view(require_POST(self.remove)),
                name="tenants_workitem_remove_view",
            ),
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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """GET shows a page of a view. POST does one act to the chosen lines."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request)
        kept = self._kept(request)
        view = queue_views.read(kept.query if kept else {key: str(request.GET[key]) for key in request.GET})
        me, now = user_of(request).pk, timezone.now()
        mark = queue_views.read_mark(request.GET.get("after", ""))
        page = queues.page(view, staff_uuid=me, now=now, after=mark)
        counts = queues.counts(view, staff_uuid=me, now=now)
        people = list(takers()) if self._may_give(request) else []
        context = {
            **self.admin_site.each_context(request),
            "title": "Queue",
            "opts": self.opts,
            "view": view,
            "page": page,
            "counts": counts,
            "now": now,
            "first_page": mark is None,
            "address": urlencode(view.query()),
            "hidden": view.query().items(),
            "next_page": _address(view.query() | {"after": page.next_mark}),
            "tabs": _tabs(view, counts),
            "table": _table(view, counts),
            "bands": [words for *_, words in BANDS.values()],
            "lists": _lists(view, counts, people),
            "people": people,
            "kept": kept,
            "saved": [(each, _address({"view": str(each.uuid)})) for each in queues.saved_views(me)],
            "me": me,
            "may_take": self.may_take(request),
        }
        return TemplateResponse(request, "admin/work_queue.html", context)

    def _kept(self, request: HttpRequest) -> Any:
        """The kept view of the address; 404 for one that is none any more."""
        asked = request.GET.get("view", "")
        if not asked:
            return None
        found = queues.saved_view(UUID(asked)) if _is_uuid(asked) else None
        if found is None:
            raise Http404
        return found

    def may_take(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tenants.change_workitem")

    def take(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Open the door for this piece of work and go through it."""
        if not self.may_take(request):
            return self._back(request, "Your role does not take work.")
        found = queues.open_work().filter(uuid=item).first()
        if found is None:
            return self._back(request, "That work is done or gone. Take the next one.")
        try:
            grant = grants.take(
                item_uuid=item, staff=user_of(request), session_key=request.session.session_key, now=timezone.now()
            )
        except (grants.CannotTake, grants.CannotOpenGrant) as refusal:
            return self._back(request, str(refusal))
        return HttpResponseRedirect(f"/e/{grant.employer.slug}/admin/go/{found.kind}/{found.subject_uuid}/")

    def take_next(self, request: HttpRequest) -> HttpResponse:
        """The same for the next piece of work, of the view that was shown, that is this person's or nobody's."""
        item = queues.next_for(user_of(request).pk, view=_posted_view(request), now=timezone.now())
        if item is None:
            return self._back(request, "Nothing waits here.", messages.INFO)
        return self.take(request, item.uuid)

    def release(self, request: HttpRequest, item: UUID) -> HttpResponse:
        """Give it back."""
        try:
            grants.release(item_uuid=item, staff=user_of(request), now=timezone.now())
        except grants.CannotTake as refusal:
            return self._back(request, str(refusal))
        return self._back(request, "It is back in the queue.", messages.SUCCESS)

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep the view that was shown, under a name of this person's own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        view = _posted_view(request)
        try:
            kept = saved_views.keep(
                name=request.POST.get("name", ""), view=view, owner=user_of(request), now=timezone.now()
            )
        except saved_views.CannotKeep as refusal:
            return self._back(request, str(refusal))
        self.message_user(
            request, "The view is kept. Its link works for everybody who sees the queue.", messages.SUCCESS
        )
        return HttpResponseRedirect(_address({"view": str(kept.uuid)}))

    def remove(self, request: HttpRequest, kept: UUID) -> HttpResponse:
        """Take a view off one's own list."""
        if not saved_views.remove(view_uuid=kept, owner=user_of(request), now=timezone.now()):
            return self._back(request, "That is no view of yours.")
        return self._back(request, "The view is off your list.", messages.SUCCESS)

    def _act(self, request: HttpRequest) -> HttpResponse:
        acts = {"assign": self.assign, "give_back": self.give_back}
        act = acts.get(request.POST.get("action", ""))
        keys = [key for key in request.POST.getlist("_selected_action") if key.isascii() and key.isdigit()]
        chosen = queues.open_work().filter(pk__in=[int(key) for key in keys[: queues.PAGE] if len(key) < 19])
        uuids = list(chosen.order_by("pk").values_list("uuid", flat=True))
        if act is None or not uuids:
            return self._back(request, "Choose lines of the queue, and what to do with them.")
        return act(request, uuids)

    def assign(self, request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
        """To one person, whoever had them before."""
        if not self._may_give(request):
            raise PermissionDenied
        asked = request.POST.get("to", "")
        to = User.objects.filter(pk=asked).first() if _is_uuid(asked) else None
        if to is None:
            return self._back(request, "Choose to whom.")
        try:
            given = grants.assign(item_uuids=chosen, to=to, by=user_of(request), now=timezone.now())
        except grants.CannotTake as refusal:
            return self._back(request, str(refusal))
        return self._back(request, f"{given} given to {to.display_name or to.email}.", messages.SUCCESS)

    def give_back(self, request: HttpRequest, chosen: list[UUID]) -> HttpResponse:
        """The chosen that are this person's go back to the queue."""
        mine = queues.open_work().filter(uuid__in=chosen, owner_uuid=user_of(request).pk)
        uuids = list(mine.values_list("uuid", flat=True))
        for item in uuids:
            grants.release(item_uuid=item, staff=user_of(request), now=timezone.now())
        return self._back(request, f"{len(uuids)} back in the queue.", messages.SUCCESS)

    def _may_give(self, request: HttpRequest) -> bool:
        """Who gives work to others, and takes it from them."""
        return request.user.has_perm("tenants.add_workitem")

    def _back(self, request: HttpRequest, text: str, level: int = messages.ERROR) -> HttpResponse:
        """To the view the act came from."""
        self.message_user(request, text, level)
        return HttpResponseRedirect(_address(_posted_view(request).query()))


def _posted_view(request: HttpRequest) -> View:
    """The view a form was part of, from its hidden fields."""
    named = {key.removeprefix("view-"): str(request.POST[key]) for key in request.POST if key.startswith("view-")}
    return queue_views.read(named)


def _address(query: Mapping[str, str]) -> str:
    return f"{reverse(QUEUE)}{'?' if query else ''}{urlencode(query)}"


def _tabs(view: View, counts: queues.Counts) -> list[tuple[str, str, int | None, bool]]:
    """(words, address, how many, whether it is shown): the looks people need most."""
    at = view.but(owner=ANY, due=ANY)
    looks = [
        ("Everything", at, None),
        ("My work", at.but(owner=ME), counts.owners[ME]),
        ("Nobody's", at.but(owner=NOBODY), counts.owners[NOBODY]),
        ("Late", at.but(due=LATE), counts.dues[LATE]),
        ("Clock stands still", at.but(due=PAUSED), counts.dues[PAUSED]),
    ]
    return [(words, _address(each.query()), count, each == view) for words, each, count in looks]


def _table(view: View, counts: queues.Counts) -> list[dict[str, Any]]:
    """Queue by age, each figure a link to what it counts."""
    return [
        {
            "told": queue.told,
            "address": _address(view.but(category="" if view.category == queue.category else queue.category).query()),
            "chosen": view.category == queue.category,
            "cells": [
                (count, _address(view.but(category=queue.category, age=band).query()), view.age == band)
                for band, count in zip(BANDS, queue.by_age, strict=True)
            ],
            "total": queue.total,
            "late": queue.late,
            "late_address": _address(view.but(category=queue.category, due=LATE).query()),
        }
        for queue in counts.queues
    ]


def _lists(view: View, counts: queues.Counts, people: list[User]) -> list[dict[str, Any]]:
    """The choices of the form that narrows the queue: name, label, (value, words) pairs, what is chosen."""
    told = [each.category for each in counts.queues]
    categories = told if not view.category or view.category in told else [*told, view.category]
    choices = {
        "category": ("Queue", [(each, each.replace("_", " ")) for each in categories]),
        "employer": ("Employer", [(each.uuid, f"{each.name} ({each.total})") for each in counts.employers]),
        "age": ("Age", [(key, words) for key, (*_, words) in BANDS.items()]),
        "due": ("Due", [(key, f"{words} ({counts.dues[key]})") for key, words in DUES.items()]),
        "owner": (
            "Owner",
            [(ME, "mine"), (NOBODY, "nobody's"), *((str(each.pk), each.display_name or each.email) for each in people)],
        ),
        "floor": ("Amount", list(FLOORS.items())),
    }
    lists = [
        {"name": name, "label": label, "choices": [("", "any"), *pairs], "chosen": getattr(view, name)}
        for name, (label, pairs) in choices.items()
    ]
    return [*lists, {"name": "first", "label": "First", "choices": list(ORDERS.items()), "chosen": view.first}]


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
