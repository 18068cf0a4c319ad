"""The operator's command `certificate CODE --pdf FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certificates.codes import grouped, new_code
from certificates.drawing import draw_certificate
from certificates.issuing import withdraw_certificates

from .rows import AT, holder_of, make_certificate, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "language"), [([], "en"), (["--language", "fr"], "fr")])
def test_it_writes_the_pdf(tmp_path: Path, asked: list[str], language: str) -> None:
    certificate = make_certificate()
    file = tmp_path / "certificate.pdf"

    call_command("certificate", grouped(certificate.code).lower(), "--pdf", str(file), *asked)

    assert file.read_bytes() == draw_certificate(certificate, language=language)


def test_an_unknown_code_is_one_sentence(tmp_path: Path) -> None:
    code = new_code()

    with pytest.raises(CommandError, match=f"^No certificate has the code {code}.$"):
        call_command("certificate", code, "--pdf", str(tmp_path / "none.pdf"))

    assert list(tmp_path.iterdir()) == []


def test_a_language_it_lacks_is_one_sentence(tmp_path: Path) -> None:
    code = make_certificate().code

    with pytest.raises(CommandError, match=r"^This certificate is not in 'hy', but in en, fr\.$"):
        call_command("certificate", code, "--pdf", str(tmp_path / "x.pdf"), "--language", "hy")


def test_a_withdrawn_certificate_is_not_printed(tmp_path: Path) -> None:
    certificate = make_certificate()
    withdraw_certificates(holder_of(certificate), at=AT)

    with pytest.raises(CommandError, match="withdrew"):
        call_command("certificate", certificate.code, "--pdf", str(tmp_path / "x.pdf"))


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    code = make_certificate().code

    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("certificate", code, "--pdf", str(tmp_path / "no" / "x.pdf"))


def test_a_character_that_no_font_has_is_one_sentence(tmp_path: Path) -> None:
    code = make_certificate(make_person(name="李明")).code

    with pytest.raises(CommandError, match=r"^Our fonts lack a character of this certificate\.$"):
        call_command("certificate", code, "--pdf", str(tmp_path / "x.pdf"))
