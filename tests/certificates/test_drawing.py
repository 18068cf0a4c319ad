"""The printed certificate, read back."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from certificates.codes import grouped
from certificates.drawing import (
    CannotPrintError,
    LanguageMissingError,
    can_print,
    draw_certificate,
)
from certificates.models import Certificate

from .rows import make_certificate, make_person

pytestmark = pytest.mark.django_db

NAMES = {
    "Latin": "Anna-Lucía Ñandú Őry Şimşek",
    "Cyrillic": "Ірина Демʼянчук",
    "Kazakh": "Әсел Қожахметқызы",
    "Greek": "Μαρία Παράδειγμα",
    "Armenian": "Անի Օրինակյան",
    "Georgian": "ნინო მაგალითი",
    "Arabic": "ليلى محمد",
    "Hebrew": "נועה לדוגמה",
    "mixed": "Nora نورا Example",
}


def read(certificate: Certificate, *, language: str = "en") -> PdfReader:
    return PdfReader(io.BytesIO(draw_certificate(certificate, language=language)))


def said(certificate: Certificate, *, language: str = "en") -> str:
    """Return all that the sheet says, without its line breaks."""
    (page,) = read(certificate, language=language).pages
    return " ".join(page.extract_text().split())


def test_it_says_what_was_completed() -> None:
    certificate = make_certificate()

    text = said(certificate)

    for words in [
        "Certificate of completion",
        "Anna Example",
        "completed the training",
        "Foundation",
        "Issued by Tutela",
        "1 h 15 min",
        "80 %, every critical question right",
        "Text not yet reviewed by a professional",
        "http://localhost:8000/verify/",
        grouped(certificate.code),
    ]:
        assert words in text
    assert "specialist" not in text


def test_it_speaks_each_language_it_was_issued_in() -> None:
    certificate = make_certificate(titles={"en": "Foundation", "fr": "Socle commun"})

    assert "Socle commun" in said(certificate, language="fr")
    assert str(read(certificate, language="fr").root_object["/Lang"]) == "fr"
    with pytest.raises(LanguageMissingError):
        draw_certificate(certificate, language="hy")


def test_a_language_that_the_interface_lacks_is_drawn_with_english_labels() -> None:
    certificate = make_certificate(titles={"ar": "أساسيات", "hy": "Հիմունքներ", "pt-br": "Base"})

    assert "Certificate of completion" in said(certificate, language="ar")
    assert "Հիմունքներ" in said(certificate, language="hy")
    assert str(read(certificate, language="pt-br").root_object["/Lang"]) == "pt-BR"


# A22
def test_it_is_an_accessible_archival_pdf() -> None:
    pdf = read(make_certificate())
    stream = pdf.root_object["/Metadata"].get_object()
    assert isinstance(stream, StreamObject)
    metadata = stream.get_data().decode()

    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert str(pdf.root_object["/Lang"]) == "en"
    assert str(pdf.root_object["/MarkInfo"]) == "{'/Marked': True, '/Suspects': False}"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Certificate of completion: Foundation"


def test_the_same_certificate_is_the_same_bytes() -> None:
    certificate = make_certificate()

    assert draw_certificate(certificate, language="en") == draw_certificate(
        Certificate.objects.get(), language="en"
    )


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_script_is_printed(name: str) -> None:
    assert can_print(name)
    assert len(read(make_certificate(make_person(name=name))).pages) == 1


@pytest.mark.parametrize(
    "name",
    [
        "#eval(1+1)",
        "*b* _i_ `c`",
        "=cmd|' /C calc'!A0",
        "$x$ @a <b> \\n // [x]",
        "<script>1</script>",
    ],
)
def test_a_hostile_name_is_printed_as_it_was_typed(name: str) -> None:
    assert name in said(make_certificate(make_person(name=name)))


@pytest.mark.parametrize("name", ["W" * 120, "Anna " * 24, "Ա" * 120, "م" * 120])
def test_a_long_name_stays_on_one_sheet(name: str) -> None:
    assert len(read(make_certificate(make_person(name=name))).pages) == 1


def test_long_titles_and_many_objectives_stay_on_one_sheet() -> None:
    certificate = make_certificate(titles={"en": "Protecting children " * 12})
    text = certificate.texts["en"] | {"objectives": ["Know what to do and whom to tell. " * 9] * 30}
    certificate.texts = {"en": text}

    assert len(read(certificate).pages) == 1


@pytest.mark.parametrize("item_count", [0, 1, 2, 7])
def test_every_objective_is_printed(item_count: int) -> None:
    certificate = make_certificate()
    objectives = [f"Objective number {number}." for number in range(item_count)]
    certificate.texts = {"en": certificate.texts["en"] | {"objectives": objectives}}

    assert said(certificate).count("Objective number") == item_count


@pytest.mark.parametrize("name", ["李明", "Anna \U0001f600", "a\u202eb", "Anna\nExample", "\ue000"])
def test_a_name_that_no_font_has_or_that_hides_something_is_refused(name: str) -> None:
    assert not can_print(name)


@pytest.mark.parametrize("name", ["می\u200cخواهم", "O’Neill", "Anna, M.A. (Oxon)", "St. 3 ﷲ"])
def test_joiners_and_punctuation_are_printed(name: str) -> None:
    assert can_print(name)


def test_what_cannot_be_drawn_is_said_by_name() -> None:
    with pytest.raises(CannotPrintError):
        draw_certificate(make_certificate(make_person(name="李明")), language="en")
