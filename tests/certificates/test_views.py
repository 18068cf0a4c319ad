"""The pages where certificates are checked, and the holder's own."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certificates.codes import grouped, new_code
from certificates.issuing import revoke_certificate, withdraw_certificates
from certificates.limits import LOOK_UPS, SURNAMES
from certificates.verifying import holders_address

from .rows import AT, holder_of, make_certificate, make_person

pytestmark = pytest.mark.django_db


def heading(html: str) -> str:
    """Return the text of the page's main heading."""
    found = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
    return found[1].strip() if found else ""


def test_the_form_leads_to_the_codes_page_in_the_same_language(client: Client) -> None:
    certificate = make_certificate()
    typed = grouped(certificate.code).lower()

    posted = client.post("/verify/?lang=fr", {"code": typed, "surname": ""})
    linked = client.get("/verify/", {"code": typed})

    assert (posted.status_code, posted["Location"]) == (303, f"/verify/{certificate.code}/?lang=fr")
    assert (linked.status_code, linked["Location"]) == (303, f"/verify/{certificate.code}/")


def test_a_code_that_is_none_is_told_so_in_the_form(client: Client) -> None:
    answer = client.post("/verify/", {"code": "1234"})

    assert answer.status_code == 422
    assert "<title>Error: Check a certificate" in answer.text
    assert "There is a problem" in answer.text


def test_a_surname_is_answered_without_an_address_that_holds_it(client: Client) -> None:
    certificate = make_certificate()

    answer = client.post("/verify/", {"code": certificate.code, "surname": "example"})

    assert (answer.status_code, heading(answer.text)) == (200, "Valid certificate")
    assert "<bdi>Anna Example</bdi>" in answer.text


def test_a_surname_in_an_address_is_not_heard(client: Client) -> None:
    certificate = make_certificate()

    answer = client.get("/verify/", {"code": certificate.code, "surname": "Example"}, follow=True)

    assert "Anna" not in answer.text
    assert "Example" not in answer.request["QUERY_STRING"]


# A22
@pytest.mark.parametrize("lower", [False, True])
def test_a_code_certifies_the_course_and_not_the_name(client: Client, *, lower: bool) -> None:
    code = make_certificate().code

    answer = client.get(f"/verify/{code.lower() if lower else grouped(code)}/")

    assert (answer.status_code, heading(answer.text)) == (200, "Valid certificate")
    assert "valid until" in answer.text
    assert '<h2 lang="en" dir="ltr">Foundation</h2>' in answer.text
    assert "Text not yet reviewed by a professional" in answer.text
    assert "Anna" not in answer.text
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "private, no-store"


def test_an_unknown_code_gets_a_friendly_404(client: Client) -> None:
    answer = client.get(f"/verify/{new_code()}/")

    assert (answer.status_code, heading(answer.text)) == (404, "No certificate found")
    assert answer["X-Robots-Tag"] == "noindex"


def test_it_speaks_the_readers_language_else_marks_its_own(client: Client) -> None:
    both = make_certificate(titles={"en": "Foundation", "fr": "Socle commun"})
    one = make_certificate(make_person("b@example.org"), titles={"ar": "الأساسيات"})

    assert (
        '<h2 lang="fr" dir="ltr">Socle commun' in client.get(f"/verify/{both.code}/?lang=fr").text
    )
    assert '<h2 lang="ar" dir="rtl">الأساسيات' in client.get(f"/verify/{one.code}/?lang=fr").text


def test_the_right_surname_shows_the_name_and_a_wrong_one_does_not(client: Client) -> None:
    address = f"/verify/{make_certificate().code}/"

    right = client.post(address, {"surname": "EXAMPLE"})
    wrong = client.post(address, {"surname": "Other"})
    empty = client.post(address, {"surname": ""})

    assert [answer.status_code for answer in (right, wrong, empty)] == [200, 200, 422]
    assert ["Anna" in answer.text for answer in (right, wrong, empty)] == [True, False, False]
    assert "not on this certificate" in wrong.text


def test_the_holders_link_shows_her_name_and_nobody_elses(client: Client) -> None:
    annas = make_certificate()
    berts = make_certificate(make_person("b@example.org", name="Bert Other"))
    link = urlsplit(holders_address(annas))

    assert "Anna Example" in client.get(f"{link.path}?{link.query}").text
    assert "Bert" not in client.get(f"/verify/{berts.code}/?{link.query}").text


@pytest.mark.parametrize("days", [0, 1])
def test_a_certificate_is_valid_on_its_last_day(client: Client, days: int) -> None:
    last = timezone.localdate() - timedelta(days=days)
    code = make_certificate(expires_on=last).code

    said = heading(client.get(f"/verify/{code}/").text)

    assert said == ["Valid certificate", "Expired certificate"][days]


def test_a_revoked_certificate_says_so_without_the_reason(client: Client) -> None:
    certificate = make_certificate()
    revoke_certificate(certificate, by=make_person("b@example.org"), reason="Secret", at=AT)

    answer = client.get(f"/verify/{certificate.code}/")

    assert heading(answer.text) == "Revoked certificate"
    assert "Secret" not in answer.text


def test_a_replaced_certificate_says_so_without_its_successor(client: Client) -> None:
    anna = make_person()
    first, second = make_certificate(anna), make_certificate(anna, cycle=2)

    answer = client.get(f"/verify/{first.code}/")

    assert heading(answer.text) == "Replaced certificate"
    assert second.code not in answer.text


def test_a_withdrawn_certificate_says_only_that(client: Client) -> None:
    certificate = make_certificate()
    link = urlsplit(holders_address(certificate))
    withdraw_certificates(holder_of(certificate), at=AT)

    answer = client.get(f"{link.path}?{link.query}")

    assert (answer.status_code, heading(answer.text)) == (200, "Withdrawn certificate")
    assert ["Anna" in answer.text, "Foundation" in answer.text] == [False, False]


def test_guessing_codes_ends_in_429(client: Client) -> None:
    statuses = {client.get(f"/verify/{new_code()}/").status_code for _ in range(LOOK_UPS)}
    certificate = make_certificate()

    assert statuses == {404}
    assert client.get(f"/verify/{certificate.code}/").status_code == 429
    elsewhere = client.get(f"/verify/{certificate.code}/", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_guessing_surnames_ends_in_429_even_for_the_right_one(client: Client) -> None:
    address = f"/verify/{make_certificate().code}/"

    statuses = {client.post(address, {"surname": f"no{n}"}).status_code for n in range(SURNAMES)}
    right = client.post(address, {"surname": "Example"})

    assert statuses == {200}
    assert (right.status_code, "Anna" in right.text) == (429, False)


def test_a_surname_needs_the_forms_token() -> None:
    address = f"/verify/{make_certificate().code}/"

    answer = Client(enforce_csrf_checks=True).post(address, {"surname": "Example"})

    assert answer.status_code == 403


def test_the_holder_sees_her_certificate_and_what_she_can_pass_on(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(holder_of(certificate))

    answer = client.get(f"/en/learning/certificates/{certificate.code}/")

    assert answer.status_code == 200
    assert "<bdi>Anna Example</bdi>" in answer.text
    assert holders_address(certificate) in answer.text
    for language in ("en", "fr"):
        assert f"/en/learning/certificates/{certificate.code}/{language}.pdf" in answer.text


def test_the_pdf_has_a_neutral_name(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(holder_of(certificate))

    answer = client.get(f"/en/learning/certificates/{certificate.code}/fr.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    name = f'attachment; filename="certificate-{certificate.code}.pdf"'
    assert answer["Content-Disposition"] == name
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("path", ["", "en.pdf", "fr.pdf"])
def test_a_strangers_certificate_does_not_exist(client: Client, path: str) -> None:
    certificate = make_certificate()
    address = f"/en/learning/certificates/{certificate.code}/{path}"

    assert client.get(address).status_code == 302
    client.force_login(make_person("stranger@example.org"))
    answer = client.get(address)

    assert (answer.status_code, b"Anna" in answer.content) == (404, False)


def test_a_language_it_was_not_issued_in_has_no_pdf(client: Client) -> None:
    certificate = make_certificate(titles={"en": "Foundation"})
    client.force_login(holder_of(certificate))

    assert client.get(f"/en/learning/certificates/{certificate.code}/fr.pdf").status_code == 404


def test_a_revoked_certificate_has_no_pdf(client: Client) -> None:
    certificate = make_certificate()
    revoke_certificate(certificate, by=make_person("b@example.org"), reason="Error", at=AT)
    client.force_login(holder_of(certificate))

    assert client.get(f"/en/learning/certificates/{certificate.code}/en.pdf").status_code == 404
    page = client.get(f"/en/learning/certificates/{certificate.code}/")
    assert (page.status_code, ".pdf" in page.text) == (200, False)


def test_a_name_that_cannot_be_drawn_gets_a_page_that_says_so(client: Client) -> None:
    certificate = make_certificate(make_person(name="李明"))
    client.force_login(holder_of(certificate))

    answer = client.get(f"/en/learning/certificates/{certificate.code}/en.pdf")

    assert answer.status_code == 422
    assert "in none of our fonts" in answer.text


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_shows_ones_own_in_few_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, item_count: int
) -> None:
    anna = make_person()
    for cycle in range(item_count):
        make_certificate(anna, cycle=cycle + 1)
    berts = make_certificate(make_person("b@example.org"))
    client.force_login(anna)

    with django_assert_num_queries(4):  # session, person, certificates, events
        answer = client.get("/en/learning/certificates/")

    assert answer.text.count("/en/learning/certificates/") >= item_count
    assert berts.code not in answer.text


def test_checking_a_code_takes_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    code = make_certificate().code

    with django_assert_num_queries(2):
        client.get(f"/verify/{code}/")
    with django_assert_num_queries(2):
        client.get(f"/verify/{new_code()}/")


def test_the_name_is_asked_in_the_persons_own_script(client: Client) -> None:
    anna = make_person(name="")
    client.force_login(anna)

    address = "/en/learning/certificates/name/?next=/en/learning/"
    answer = client.post(address, {"name": "  Անի   Օրինակյան "})

    anna.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, "/en/learning/")
    assert anna.certificate_name == "Անի Օրինակյան"


@pytest.mark.parametrize("name", ["", "李明", "a\u202eb", "x" * 121])
def test_a_name_that_cannot_be_printed_is_refused(client: Client, name: str) -> None:
    anna = make_person()
    client.force_login(anna)

    answer = client.post("/en/learning/certificates/name/", {"name": name})

    anna.refresh_from_db()
    assert (answer.status_code, anna.certificate_name) == (422, "Anna Example")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "\\\\evil", ""])
def test_the_name_leads_nowhere_else(client: Client, address: str) -> None:
    client.force_login(make_person())

    asked = f"/en/learning/certificates/name/?{urlencode({'next': address})}"
    answer = client.post(asked, {"name": "Anna"})

    assert answer["Location"] == "/en/learning/certificates/"
