"""Questions of providers are answered once, about the one person meant, and about nobody else."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db.models import Max
from django_tenants.utils import schema_context

from aso_portal.kernel.x12.reader import SetEnd, read
from claims.models import ClaimSubmission
from claims.services import inquiries, intake
from tenants import facade as tenants
from tenants.records.models import PhiAccess
from tests.factories import care, questions
from tests.factories.questions import NOW, about, dependant, interchange, of_kind, status_of, subscriber, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(employer):
    with schema_context(employer.schema_name):
        return care.household()


@pytest.fixture
def partner(employer):
    return questions.house(employer)


def ask(partner, content, *, at=NOW):
    answer = inquiries.answer_now(body=content, partner=partner, key_uuid=uuid4(), request_id="req-1", at=at)
    for event in read(io.BytesIO(answer)):
        if isinstance(event, SetEnd):
            assert (event.verdict, event.faults) == ("A", []), [str(fault) for fault in event.faults]
    return answer


@pytest.fixture(autouse=True)
def _earlier_looks(employer, other_employer):
    """Looks stay when a test is rolled back; those of other tests do not count."""
    for facts in (employer, other_employer):
        with schema_context(facts.schema_name):
            EARLIER[facts.slug] = PhiAccess.objects.aggregate(last=Max("id"))["last"] or 0


EARLIER: dict[str, int] = {}


def looks(employer):
    with schema_context(employer.schema_name):
        return list(
            PhiAccess.objects.filter(id__gt=EARLIER[employer.slug])
            .order_by("id")
            .values_list("actor_kind", "role", "person_uuid", "record_class", "purpose", "request_id")
        )


def aaa(answer):
    return [segment.removeprefix("AAA*") for segment in of_kind(answer, "AAA")]


# Eligibility ---------------------------------------------------------------------------------------------------------


def test_the_plan_as_a_whole_with_what_is_left(home, partner, employer):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
        reasons = (("CO", "45", 40_000), ("PR", "1", 75_000), ("PR", "2", 7_000))
        care.decide(home, claim, (28_000, reasons), counts={"ded.inn": 60_000, "oop.inn": 82_000})
    answer = ask(partner, interchange(about(subscriber())))
    assert of_kind(answer, "BHT") == ["BHT*0022*11*REQ-77*20260520*1600"]
    assert of_kind(answer, "TRN") == ["TRN*2*TRACE-3*9AAAAAAAAA"]
    assert of_kind(answer, "NM1")[2] == "NM1*IL*1*RUIZ*ALMA****MI*H0001"
    assert of_kind(answer, "DMG") == ["DMG*D8*19850302*F"]
    assert "DTP*346*D8*20260101" in of_kind(answer, "DTP")
    benefits = of_kind(answer, "EB")
    assert benefits[0] == "EB*1**30**PPO 750"
    assert benefits[1:9] == [
        "EB*C*IND*30***23*750*****Y",
        "EB*C*IND*30***29*150*****Y",
        "EB*C*FAM*30***23*1500*****Y",
        "EB*C*FAM*30***29*900*****Y",
        "EB*C*IND*30***23*1500*****N",
        "EB*C*IND*30***29*1500*****N",
        "EB*C*FAM*30***23*3000*****N",
        "EB*C*FAM*30***29*3000*****N",
    ]
    assert "EB*G*IND*30***29*3180*****Y" in benefits
    assert "EB*G*FAM*30***29*7180*****Y" in benefits
    assert "EB*1**98**PPO 750" in benefits
    assert "EB*B*IND*98***27*25*****Y" in benefits
    assert "EB*A*IND*98*****.4****N" in benefits
    assert not any(benefit.startswith("EB*6") for benefit in benefits)


def test_one_service_type_with_its_copay_and_what_is_left_of_its_visits(home, partner, employer):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
        care.decide(home, claim, (28_000, (("PR", "3", 3_000),)), counts={"therapy_visits": 4})
    benefits = of_kind(ask(partner, interchange(about(subscriber(asks=("PT",))))), "EB")
    assert benefits[0] == "EB*1**PT**PPO 750"
    assert "EB*B*IND*PT***27*30*****Y" in benefits
    assert "EB*C*IND*PT***23*0*****Y" in benefits
    assert "EB*A*IND*PT*****.4****N" in benefits
    assert [each for each in benefits if each.startswith("EB*F")] == [
        "EB*F*IND*PT***23***VS*30**W",
        "EB*F*IND*PT***29***VS*26**W",
    ]


def test_service_types_may_be_repeated_in_one_question(home, partner):
    benefits = of_kind(ask(partner, interchange(about(subscriber(asks=("30^PT",))))), "EB")
    assert "EB*1**30**PPO 750" in benefits and "EB*1**PT**PPO 750" in benefits


def test_a_line_without_coverage_is_inactive(home, partner):
    assert of_kind(ask(partner, interchange(about(subscriber(asks=("35",))))), "EB") == ["EB*6**35"]


def test_before_and_after_coverage_is_inactive(home, partner, employer):
    with schema_context(employer.schema_name):
        coverage = home.members["alma"].coverages.get()
        coverage.end_date = care.date(2026, 5, 1)
        coverage.save()
    answer = ask(partner, interchange(about(subscriber(day="20260430"))))
    assert "EB*1**30**PPO 750" in of_kind(answer, "EB")
    assert "DTP*347*D8*20260430" in of_kind(answer, "DTP")
    assert "EB*6**30" in of_kind(ask(partner, interchange(about(subscriber(day="20260501")))), "EB")


def test_a_dependant_is_answered_under_his_subscriber(home, partner, employer):
    answer = ask(partner, interchange(about(dependant())))
    assert of_kind(answer, "HL") == ["HL*1**20*1", "HL*2*1*21*1", "HL*3*2*22*1", "HL*4*3*23*0"]
    assert of_kind(answer, "NM1")[2:] == ["NM1*IL*1*RUIZ*ALMA****MI*H0001", "NM1*03*1*RUIZ*BEN"]
    assert of_kind(answer, "INS") == ["INS*N*19"]
    assert of_kind(answer, "TRN") == ["TRN*2*TRACE-4*9AAAAAAAAA"]
    assert "EB*1**30**PPO 750" in of_kind(answer, "EB")


def test_a_dependant_asked_about_as_a_subscriber_is_answered_as_what_he_is(home, partner):
    answer = ask(partner, interchange(about(subscriber(name="RUIZ*BEN", born="20160809", sex="M"))))
    assert of_kind(answer, "NM1")[2:] == ["NM1*IL*1*RUIZ*ALMA****MI*H0001", "NM1*03*1*RUIZ*BEN"]
    assert of_kind(answer, "TRN") == ["TRN*2*TRACE-3*9AAAAAAAAA"]


REFUSED = [
    ("unknown number", {"number": "H9999"}, "N**72*C"),
    ("birth date differs", {"born": "19850303"}, "N**71*C"),
    ("name differs", {"name": "RUIZ*ELSA"}, "N**73*C"),
    ("both differ", {"name": "RUIZ*ELSA", "born": "19700101"}, "Y**75*C"),
    ("nobody of that name and day", {"number": "", "name": "RUIZ*ELSA"}, "Y**75*C"),
    ("neither number nor day", {"number": "", "born": ""}, "N**58*C"),
    ("number alone", {"name": "", "born": ""}, "N**58*C"),
    ("a year ago and more", {"day": "20250519"}, "N**62*C"),
    ("next month", {"day": "20260601"}, "N**63*C"),
]


@pytest.mark.parametrize(("case", "told_of_her", "code"), REFUSED, ids=[case for case, *_ in REFUSED])
def test_who_cannot_be_found_is_refused_with_its_reason_and_nothing_else(
    home, partner, employer, case, told_of_her, code
):
    answer = ask(partner, interchange(about(subscriber(**told_of_her))))
    assert aaa(answer) == [code]
    assert of_kind(answer, "EB") == []
    assert of_kind(answer, "TRN") == ["TRN*2*TRACE-3*9AAAAAAAAA"]
    assert looks(employer) == []


@pytest.mark.parametrize(
    "told_of_her",
    [
        {},
        {"born": ""},
        {"name": "RUIZ"},
        {"name": "RUIZ", "born": ""},
        {"number": ""},
        {"name": "ruiz jr*alma"},
        {"sex": ""},
    ],
)
def test_each_listed_combination_finds_her(home, partner, told_of_her):
    assert "EB*1**30**PPO 750" in of_kind(ask(partner, interchange(about(subscriber(**told_of_her)))), "EB")


def test_among_several_nobody_is_chosen(home, partner, employer):
    with schema_context(employer.schema_name):
        care.household(number="H0002", on=(home.option, home.design, home.account))
    answer = ask(partner, interchange(about(subscriber(number=""))))
    assert (aaa(answer), of_kind(answer, "EB"), looks(employer)) == (["Y**76*C"], [], [])


@pytest.mark.parametrize(
    ("told_of_him", "code"),
    [
        ({"name": "RUIZ*JON"}, "N**65*C"),
        ({"born": "20160810"}, "N**71*C"),
        ({"name": "RUIZ*JON", "born": "19990101"}, "Y**77*C"),
        ({"name": "RUIZ", "born": ""}, "N**58*C"),
    ],
)
def test_a_dependant_who_is_not_found_is_refused_below_his_subscriber(home, partner, employer, told_of_him, code):
    answer = ask(partner, interchange(about(dependant(**told_of_him))))
    assert aaa(answer) == [code]
    assert of_kind(answer, "HL")[-1] == "HL*4*3*23*0"
    assert looks(employer) == []


def test_a_provider_number_that_cannot_be_read_is_refused_at_the_provider(home, partner, employer):
    content = interchange(about(subscriber(), provider="NM1*1P*2*MERCY GENERAL*****QQ*1234567893"))
    answer = inquiries.answer_now(body=content, partner=partner, key_uuid=uuid4(), request_id="r", at=NOW)
    assert aaa(answer) == ["N**43*C"]
    assert looks(employer) == []


def test_every_look_is_logged_with_ids_only(home, partner, employer):
    ask(partner, interchange(about(subscriber())))
    assert looks(employer) == [("api", "partner", home.alma.uuid, "coverage", "care_payment", "req-1")]


def test_nothing_is_told_when_the_look_cannot_be_logged(home, partner, monkeypatch):
    def refuse(**look):
        raise tenants.ReadNotLogged("no")

    monkeypatch.setattr(tenants, "log_view", refuse)
    with pytest.raises(tenants.ReadNotLogged):
        ask(partner, interchange(about(subscriber())))


# Other employers -----------------------------------------------------------------------------------------------------


def test_another_employers_people_do_not_exist(home, partner, employer, other_employer):
    with schema_context(other_employer.schema_name):
        care.household(subscriber="Zoe", family_name="Meadows", number="M0001")
    zoe = {"name": "MEADOWS*ZOE", "number": "M0001"}
    assert aaa(ask(partner, interchange(about(subscriber(**zoe))))) == ["N**72*C"]
    assert aaa(ask(partner, interchange(about(subscriber(**zoe | {"number": ""}))))) == ["Y**75*C"]
    assert looks(other_employer) == []


def test_a_group_number_names_the_one_employer_asked(home, employer, other_employer):
    stranger = questions.house(their_id="CLR02")
    tenants.set_group_route(group_number="HRB-1", schema_name=employer.schema_name)
    tenants.set_group_route(group_number="MDW-1", schema_name=other_employer.schema_name)
    told_by = {"sender": "CLR02"}
    assert aaa(ask(stranger, interchange(about(subscriber()), **told_by))) == ["Y**75*C"]
    assert aaa(ask(stranger, interchange(about(subscriber(group="MDW-1")), **told_by))) == ["N**72*C"]
    assert aaa(ask(stranger, interchange(about(subscriber(group="NONE")), **told_by))) == ["Y**75*C"]
    assert "EB*1**30**PPO 750" in of_kind(ask(stranger, interchange(about(subscriber(group="HRB1")), **told_by)), "EB")


def test_a_person_of_two_employers_is_told_of_for_neither(home, employer, other_employer):
    both = questions.house(employer, other_employer)
    with schema_context(other_employer.schema_name):
        care.household(number="H0001")
    assert aaa(ask(both, interchange(about(subscriber())))) == ["Y**76*C"]
    assert looks(employer) == looks(other_employer) == []


# Claim status --------------------------------------------------------------------------------------------------------


def by_number(claim, trace="T-1"):
    return (f"TRN*1*{trace}", f"REF*1K*{claim.claim_number}")


BY_DAYS = ("TRN*1*T-1", "REF*EJ*PCN1", "DTP*472*RD8*20260401-20260403")


def stc(answer):
    return [segment.removeprefix("STC*") for segment in of_kind(answer, "STC")]


def test_a_paid_claim_tells_amounts_days_and_trace(home, partner, employer):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
        reasons = (("CO", "45", 40_000), ("PR", "1", 75_000), ("PR", "2", 7_000))
        payment = care.pay(care.decide(home, claim, (28_000, reasons))).payment
    for asked in (by_number(claim), BY_DAYS):
        answer = ask(partner, interchange(status_of(asked), kind="276"))
        assert of_kind(answer, "TRN") == ["TRN*2*T-1"]
        assert stc(answer) == [f"F1:65*20260405**1500*280*20260404**20260405*{payment.trace_number}", "F1:65*20260405"]
        assert of_kind(answer, "REF") == [f"REF*1K*{claim.claim_number}", "REF*EJ*PCN1"]
        assert of_kind(answer, "SVC") == ["SVC*HC:G0463*1500*280****1"]
        assert of_kind(answer, "DTP") == ["DTP*472*D8*20260401"] * 2
    assert [look[2:5] for look in looks(employer)] == [(home.alma.uuid, "claim", "care_payment")] * 2


def test_each_state_has_its_category(home, partner, employer):
    with schema_context(employer.schema_name):
        claims = [care.submit(home, home.alma) for _ in range(6)]
        _, waiting, approved, denied, reversed_, deductible = claims
        care.pend(waiting, "COB-02")
        care.pend(waiting, "MED-01", on=care.date(2026, 4, 5))
        care.decide(home, approved, (150_000, ()))
        care.pay(care.decide(home, denied, (0, (("PR", "27", 150_000),)), outcome="deny"))
        care.reverse(care.decide(home, reversed_, (150_000, ())))
        care.pay(care.decide(home, deductible, (0, (("PR", "1", 150_000),))))
    content = interchange(status_of(*(by_number(claim, f"T-{claim.intake_seq}") for claim in claims)), kind="276")
    answer = ask(partner, content)
    of_claims = [segment for segment in stc(answer) if segment.count("*") > 1]
    assert [segment.partition("*")[0] for segment in of_claims] == [
        "P1:20",
        "P3:286",
        "P1:3",
        "F2:88:QC",
        "F3:101",
        "F4:98",
    ]
    assert of_claims[1] == "P3:286*20260405**1500******P2:46"
    assert of_claims[2] == "P1:3*20260404**1500"
    assert [each.partition("*")[2] for each in of_kind(answer, "TRN")] == [
        f"2*T-{claim.intake_seq}" for claim in claims
    ]


@pytest.mark.parametrize(
    ("case", "more"),
    [
        ("another provider's number", {"provider": "XX*1679576722"}),
        ("another patient's claim", {"name": "RUIZ*CARL", "born": "19830130*M"}),
    ],
)
def test_a_claim_is_told_of_to_its_own_provider_about_its_own_patient(home, partner, employer, case, more):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
    answer = ask(partner, interchange(status_of(by_number(claim), **more), kind="276"))
    assert stc(answer) == ["D0:35*20260520"]
    assert claim.claim_number.encode() not in answer
    assert looks(employer) == []


def test_what_does_not_fit_finds_no_claim(home, partner, employer):
    with schema_context(employer.schema_name):
        care.submit(home, home.alma)
    for asked in (
        ("TRN*1*T-1", "REF*1K*C0000000000"),
        ("TRN*1*T-1", "REF*EJ*PCN1", "DTP*472*D8*20260331"),
        ("TRN*1*T-1", "REF*EJ*PCN2", "DTP*472*D8*20260401"),
        ("TRN*1*T-1", "AMT*T3*1500.01", "DTP*472*D8*20260401"),
        ("TRN*1*T-1", "REF*EJ*PCN1"),
    ):
        answer = ask(partner, interchange(status_of(asked), kind="276"))
        assert [segment.partition("*")[0] for segment in stc(answer)] == ["D0:35"], asked


def test_an_unknown_patient_is_told_apart_from_an_unknown_claim(home, partner):
    answer = ask(partner, interchange(status_of(BY_DAYS, number="H9999"), kind="276"))
    assert stc(answer) == ["D0:33:IL*20260520"]
    assert of_kind(answer, "REF") == ["REF*EJ*PCN1"]


def test_the_tax_number_of_the_provider_is_as_good_as_his_npi(home, partner, employer):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
    assert (
        stc(ask(partner, interchange(status_of(by_number(claim), provider="FI*911234567"), kind="276")))[0][:5]
        == "P1:20"
    )


# Envelopes -----------------------------------------------------------------------------------------------------------


def real_time(partner, content):
    return inquiries.answer_now(body=content, partner=partner, key_uuid=uuid4(), request_id="r", at=NOW)


def test_a_set_that_cannot_be_read_is_told_of_by_a_999(home, partner, employer):
    content = interchange(about(subscriber())).replace(b"SE*", b"SE*9")
    answer = real_time(partner, content)
    assert of_kind(answer, "IK5") == ["IK5*R*4"]
    assert looks(employer) == []


@pytest.mark.parametrize(("usage", "control", "code"), [("T", 17, "020"), ("P", 18, "001")])
def test_an_interchange_that_is_turned_away_is_told_of_by_a_ta1(home, partner, employer, usage, control, code):
    content = interchange(about(subscriber()), usage=usage)
    content = content.replace(b"IEA*1*000000017", f"IEA*1*{control:09d}".encode())
    answer = real_time(partner, content)
    assert [elements[4:] for elements in told(answer) if elements[0] == "TA1"] == [("R", code)]
    assert looks(employer) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        interchange(about(subscriber()), about(subscriber())),
        interchange(about(subscriber(), subscriber(name="RUIZ*CARL", born="19830130", level=4))),
        interchange(about(subscriber())) * 2,
    ],
)
def test_more_or_less_than_one_question_is_not_answered(home, partner, employer, content):
    with pytest.raises(inquiries.NotOneQuestion):
        real_time(partner, content)
    assert looks(employer) == []


def test_another_senders_interchange_is_not_answered(home, partner, employer):
    questions.house(employer, their_id="CLR02")
    with pytest.raises(inquiries.NotThisPartner):
        real_time(partner, interchange(about(subscriber()), sender="CLR02"))
    with pytest.raises(inquiries.NotThisPartner):
        real_time(partner, interchange(about(subscriber()), sender="NOBODY"))


# Files ---------------------------------------------------------------------------------------------------------------


def take(content, *, at=NOW):
    uuid, _ = intake.receive(stream=io.BytesIO(content), name="questions.270", received_at=at)
    return intake.import_file(file_uuid=uuid)


def answers(uuid):
    found = {}
    for answer in tenants.answers_to(uuid):
        with tenants.open_outbound_file(answer.uuid) as stream:
            found[answer.kind] = stream.read()
    return found


def test_a_file_is_answered_set_by_set_and_question_by_question(home, partner, employer):
    first = about(subscriber(), subscriber(name="RUIZ*NOBODY", number="H0009", level=4), dependant(level=5))
    report = take(interchange(first, about(subscriber(asks=("PT",)))))
    assert (report.questions, report.accepted, report.rejected, report.faults) == (4, 4, 0, [])
    written = answers(report.file_uuid)
    assert sorted(written) == ["271", "999", "TA1"]
    assert of_kind(written["999"], "AK9") == ["AK9*A*2*2*2"]
    answer = written["271"]
    assert of_kind(answer, "GS")[0].startswith("GS*HB*ASO01*CLR01*")
    assert len(of_kind(answer, "ST")) == 2
    assert of_kind(answer, "TRN") == [
        "TRN*2*TRACE-3*9AAAAAAAAA",
        "TRN*2*TRACE-4*9AAAAAAAAA",
        "TRN*2*TRACE-6*9AAAAAAAAA",
        "TRN*2*TRACE-3*9AAAAAAAAA",
    ]
    assert aaa(answer) == ["N**72*C"]
    assert [event.verdict for event in read(io.BytesIO(answer)) if isinstance(event, SetEnd)] == ["A", "A"]
    assert len(looks(employer)) == 3
    assert {look[5] for look in looks(employer)} == {f"file {report.file_uuid}"}


def test_a_file_of_status_questions_is_answered_by_a_277(home, partner, employer):
    with schema_context(employer.schema_name):
        claim = care.submit(home, home.alma)
    report = take(interchange(status_of(by_number(claim), BY_DAYS), kind="276"))
    written = answers(report.file_uuid)
    assert sorted(written) == ["277", "999", "TA1"]
    assert [each.partition("*")[0] for each in stc(written["277"])] == ["P1:20", "P1:20"]
    assert of_kind(written["277"], "HL")[-2:] == ["HL*4*3*22*0", "HL*5*3*22*0"]


def test_a_file_is_answered_once(home, partner, employer):
    content = interchange(about(subscriber()))
    report = take(content)
    before = len(looks(employer))
    again = take(content)
    assert again.acknowledgments == [answer.uuid for answer in tenants.answers_to(report.file_uuid)]
    assert (len(tenants.answers_to(report.file_uuid)), len(looks(employer))) == (3, before)
    assert tenants.inbound_state(report.file_uuid) == "done"


def test_a_run_that_was_killed_begins_anew(home, partner, employer, monkeypatch):
    uuid, _ = intake.receive(stream=io.BytesIO(interchange(about(subscriber()))), name="q.270", received_at=NOW)
    with monkeypatch.context() as patched:
        patched.setattr("claims.services.acknowledgments.tenants.write_outbound", lambda **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake.import_file(file_uuid=uuid)
    assert tenants.inbound_state(uuid) == "received"
    assert intake.import_file(file_uuid=uuid).questions == 1
    assert len(tenants.answers_to(uuid)) == 3


def test_a_control_number_that_came_before_is_not_answered(home, partner, employer):
    take(interchange(about(subscriber())))
    report = take(interchange(about(subscriber(asks=("98",)))), at=NOW + timedelta(minutes=1))
    assert (report.questions, report.rejected, report.refusal) == (0, 1, "no_questions")
    assert [elements[4:] for elements in told(answers(report.file_uuid)["TA1"]) if elements[0] == "TA1"] == [
        ("R", "025")
    ]
    assert len(looks(employer)) == 1


def test_a_bad_set_never_loses_its_neighbour(home, partner):
    content = interchange(about(subscriber()), about(subscriber())).replace(b"SE*12*0001", b"SE*99*0001")
    assert b"SE*99" in content
    report = take(content)
    assert (report.questions, report.rejected) == (1, 1)
    written = answers(report.file_uuid)
    assert of_kind(written["999"], "AK9") == ["AK9*P*2*2*1"]
    assert len(of_kind(written["271"], "ST")) == 1


def test_questions_touch_no_claim(home, partner, employer):
    take(interchange(about(subscriber())))
    with schema_context(employer.schema_name):
        assert ClaimSubmission.objects.count() == 0


def test_answers_that_name_people_are_not_for_all_of_the_staff(home, partner):
    from tests.factories.tenants import OPERATIONS, signed_in, staff

    report = take(interchange(about(subscriber())))
    client = signed_in(staff("finance"), OPERATIONS)
    opened = {
        answer.kind: client.get(f"/admin/exchange/inboundfile/answers/{answer.uuid}/").status_code
        for answer in tenants.answers_to(report.file_uuid)
    }
    assert opened == {"TA1": 200, "999": 200, "271": 403}


def test_the_command_that_takes_files_in_answers_questions_too(home, partner, tmp_path, capsys):
    path = tmp_path / "week.270"
    path.write_bytes(interchange(about(subscriber(), subscriber(name="RUIZ*CARL", born="19830130", sex="M", level=4))))
    call_command("import_claims", str(path), "--acks", str(tmp_path / "answers"))
    assert "week.270: 2 questions answered, 0 sets rejected." in capsys.readouterr().out
    assert sorted(found.suffix for found in (tmp_path / "answers").iterdir()) == [".271", ".999", ".ta1"]
