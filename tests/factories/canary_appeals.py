"""Marked rows of appeals: Alma's, in review, asked about, and one of Emil's that went outside of the plan."""

from datetime import timedelta

from claims.models import Appeal, AppealEvent, AppealRemedy, ClaimVersion, Letter, Night, ReviewOrganization
from tenants import facade as tenants
from tenants.records.models import Document
from tests.factories import marks
from tests.factories.canaries import ALMA, EMIL, LONG_AGO, Marked


def appeals(home: Marked, night: Night) -> None:
    """The connection stands in the employer's schema, its claims are decided.

    A question and a letter to the member name what he may see of his own care; a paper is for staff alone.
    """
    staff, at, day = home.uuid_of("reviewer"), night.planned_at, night.business_date
    outside = ReviewOrganization.objects.create(
        name=f"{home.mark(marks.PLAN)} Review", accredited_by="URAC", start_date=LONG_AGO, actor_uuid=staff, added_at=at
    )
    by = {"actor_kind": "staff", "actor_uuid": staff, "written_at": at, "on_date": day}
    for who, level in ((ALMA, "first"), (EMIL, "external")):
        version = ClaimVersion.objects.filter(person=home.people[who]).latest("pk")
        filed = {
            "submission": version.submission,
            "version": version,
            "kind": "post_service",
            "levels": 1,
            "rests_on_judgment": False,
            "filed_by": "member",
            "reason": home.mark(marks.NOTE, who),
            "language": "en",
            "received_at": at,
            "received_date": day,
            "zone": "America/Chicago",
            "told_on": day,
            "file_by": day + timedelta(180),
            "actor_kind": "member",
            "filed_at": at,
        }
        row = Appeal.objects.create(number=1, level="first", **filed)
        if level == "external":
            event = AppealEvent.objects.create(
                appeal=row,
                kind="decided",
                outcome="partly",
                text=home.mark(marks.NOTE, who),
                reviewer_uuid=staff,
                independent=True,
                **by,
            )
            AppealRemedy.objects.create(event=event, submission=version.submission, line_no=1, field="copay", value="0")
            row = Appeal.objects.create(number=2, level=level, ground="rescission", prior=row, **filed)
            AppealEvent.objects.create(appeal=row, kind="checked", text=home.mark(marks.NOTE, who), **by)
            AppealEvent.objects.create(appeal=row, kind="sent", organization=outside, **by)
        else:
            event = AppealEvent.objects.create(
                appeal=row, kind="asked", text=home.mark(marks.PROVIDER, who), until_date=day + timedelta(45), **by
            )
        content = f"%PDF-1.7 {home.mark(marks.FILE, who)}".encode()
        paper = tenants.store_document(
            tenants.NewDocument("appeal_paper", "paper.pdf", "application/pdf", "appeal", row.uuid, content)
        )
        sent = tenants.store_document(
            tenants.NewDocument(
                "letter_sent",
                "appeal_acknowledgment.pdf",
                "application/pdf",
                "claim",
                version.submission.uuid,
                f"%PDF-1.7 {home.mark(marks.PROVIDER, who)}".encode(),
            )
        )
        letter = Letter.objects.create(
            submission=version.submission,
            kind="appeal_acknowledgment",
            recipient="member",
            about_uuid=row.uuid,
            template_version=2,
            language="en",
            content_sha256="0" * 64,
            document_uuid=sent.uuid,
            sent_at=at,
            actor_kind="staff",
            actor_uuid=staff,
        )
        for one in (row, event, letter):
            one.refresh_from_db()
            home.name_row(who, one)
        home.name_row(who, Document.objects.get(uuid=paper.uuid))
    outside.refresh_from_db()
    home.name_row(EMIL, outside)
