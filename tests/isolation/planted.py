"""Views with one fault each, as a hurried person might write them: the watch has to find every one."""

import logging

from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django_tenants.utils import schema_context

from aso_portal.celery import app
from benefits.models import Person
from claims.models import ClaimSubmission
from tests.factories import marks
from tests.factories.canaries import ALMA
from tests.factories.marks import Mark

OWN = Mark("harbor", marks.NAME, ALMA)
CARE = Mark("harbor", marks.DIAGNOSIS, ALMA)
schema_of_the_other = ""


def _other_person() -> Person:
    with schema_context(schema_of_the_other):
        return Person.objects.order_by("pk")[0]


def shows_another_employer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_other_person().given_name)


def names_another_employers_row(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(_other_person().uuid))


def writes_at_another_employer(request: HttpRequest) -> HttpResponse:
    with schema_context(schema_of_the_other):
        Person.objects.update(sex="U")
    return HttpResponse()


def shows_a_secret(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Person.objects.filter(ssn__isnull=False).order_by("pk")[0].ssn)


def shows_care(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(CARE))


def names_a_row_about_care(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(ClaimSubmission.objects.order_by("pk")[0].uuid))


def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError("No answer.")


def tells_in_an_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{OWN} has no such claim.", status=404)


def logs(request: HttpRequest) -> HttpResponse:
    logging.getLogger("planted").debug("Looked at %s", OWN)
    return HttpResponse()


def logs_an_exception(request: HttpRequest) -> HttpResponse:
    try:
        raise ValueError(f"{OWN} is not covered.")
    except ValueError:
        logging.getLogger("planted").exception("Not covered")
    return HttpResponse()


def wakes_a_worker(request: HttpRequest) -> HttpResponse:
    app.send_task("planted.task", kwargs={"name": str(OWN)})
    return HttpResponse()


def writes_a_letter(request: HttpRequest) -> HttpResponse:
    send_mail("Your claim", f"Dear {OWN}", None, ["alma@harbor.example"])
    return HttpResponse()


def links(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f'<a href="/search/?q={OWN}">again</a>')


def redirects(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": f"/?name={OWN}"})


def has_a_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<script>1</script>")


def has_a_handler(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<p onclick="1">')


def has_a_style(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<p style="color: red">')


def has_a_loose_policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>", headers={"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"})


def is_limited(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=429)


FAULTS = {
    shows_another_employer: "of another employer",
    names_another_employers_row: "names row",
    writes_at_another_employer: "rows of meadow written",
    shows_a_secret: "kept secret",
    shows_care: "to somebody who may not see it",
    names_a_row_about_care: "a row about somebody else",
    breaks: "No answer.",
    tells_in_an_error: "an error page shows",
    logs: "a log line holds",
    logs_an_exception: "a log line holds",
    wakes_a_worker: "a message to a worker holds",
    writes_a_letter: "a letter holds",
    links: "an address holds",
    redirects: "an address holds",
    has_a_script: "a script of its own",
    has_a_handler: "onclick=",
    has_a_style: "style=",
    has_a_loose_policy: "content policy",
    is_limited: "a rate limit",
}
"""What the watch says of each."""

urlpatterns = [path(f"{view.__name__}/", view) for view in FAULTS]
