"""The static register: a page a certificate, as the instance saw it at its end, and no names."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from certificates.api import revoke_certificate, withdraw_certificates
from certificates.models import Certificate
from tests.certificates.rows import holder_of, make_certificate, make_person
from tutela.upkeep.digests import digests
from tutela.upkeep.registering import RegisterError, write_register

from .instance import AT

pytestmark = pytest.mark.django_db

NAME = "Zoë Quillfeather"
WORDS = ("Zoë", "Quillfeather", "quillfeather", "zoe")


def page_of(folder: Path, certificate: Certificate) -> str:
    return (folder / "verify" / certificate.code / "index.html").read_text(encoding="utf-8")


def headings(html: str) -> list[str]:
    """Return a page's headings of the first level, a language each."""
    return re.findall(r"<h1>(.*?)</h1>", html)


def test_every_state_is_told_as_the_live_page_tells_it(tmp_path: Path) -> None:
    administrator = make_person("admin@example.org")
    valid = make_certificate(make_person("one@example.org", NAME), expires_on=date(2030, 1, 2))
    lasting = make_certificate(make_person("two@example.org", NAME), expires_on=None)
    expired = make_certificate(make_person("three@example.org", NAME), expires_on=date(2025, 1, 2))
    revoked = make_certificate(make_person("four@example.org", NAME))
    revoke_certificate(revoked, by=administrator, reason="by mistake", at=AT)
    gone = make_certificate(make_person("five@example.org", NAME))
    withdraw_certificates(holder_of(gone), at=AT)
    first = make_certificate(make_person("six@example.org", NAME), cycle=1)
    make_certificate(holder_of(first), cycle=2)

    register = write_register(tmp_path / "register", at=AT)

    pages = {
        "Certificate valid until 2 January 2030": valid,
        "Valid certificate": lasting,
        "Expired certificate": expired,
        "Revoked certificate": revoked,
        "Withdrawn certificate": gone,
        "Replaced certificate": first,
    }
    found = {headings(page_of(register.folder, one))[0]: one for one in pages.values()}
    assert found == pages
    assert register.states == {
        "valid": 3, "expired": 1, "revoked": 1, "withdrawn": 1, "superseded": 1
    }  # fmt: skip
    assert "by mistake" not in page_of(register.folder, revoked)


def test_a_page_speaks_every_language(tmp_path: Path) -> None:
    certificate = make_certificate()
    html = page_of(write_register(tmp_path / "register", at=AT).folder, certificate)

    languages = [code for code, _name in configured.LANGUAGES]
    assert re.findall(r'<section id="(\w+)"[^>]* lang="\1" dir="ltr"', html) == languages
    assert len(headings(html)) == len(languages)
    assert '<h2 lang="fr" dir="ltr">Socle commun</h2>' in html


def test_no_file_holds_a_name(tmp_path: Path) -> None:
    person = make_person(name=NAME)
    certificate = make_certificate(person)
    folder = write_register(tmp_path / "register", at=AT).folder

    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert [word for word in (*WORDS, person.email) if any(word in text for text in texts)] == []
    html = page_of(folder, certificate)
    salt, known = re.search(r'data-salt="(\w+)".* data-digests="([\w ]+)"', html).groups()  # type: ignore[union-attr]
    assert known.split() == digests(NAME, salt=bytes.fromhex(salt))


def test_a_withdrawn_page_tells_nothing_and_can_be_laid_over_another(tmp_path: Path) -> None:
    certificate = make_certificate()
    withdraw_certificates(holder_of(certificate), at=AT)
    folder = write_register(tmp_path / "register", at=AT).folder

    html = page_of(folder, certificate)
    assert html == (folder / "verify/withdrawn.html").read_text(encoding="utf-8")
    assert not any(word in html for word in (certificate.code, "Foundation", "data-digests"))


def test_the_index_holds_the_sum_of_every_file_and_is_not_served(tmp_path: Path) -> None:
    make_certificate()
    folder = write_register(tmp_path / "register", at=AT).folder
    index = folder / "SHA256SUMS"

    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", index.name], cwd=folder, check=False
    )
    listed = {line.split("  ")[1] for line in index.read_text(encoding="utf-8").splitlines()}
    assert done.returncode == 0
    assert listed == {
        str(path.relative_to(folder)) for path in (folder / "verify").rglob("*") if path.is_file()
    }
    assert index.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    tmp_path: Path, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_certificate(make_person(f"{number}@example.org"))

    with django_assert_num_queries(2):  # certificates with completions, and their events
        write_register(tmp_path / "register", at=AT, sharded=False)


def test_millions_lie_in_folders_by_two_letters(tmp_path: Path) -> None:
    code = make_certificate().code
    folder = write_register(tmp_path / "register", at=AT, sharded=True).folder

    html = (folder / "verify" / code[:2] / f"{code}.html").read_text(encoding="utf-8")
    assert 'href="../register.css"' in html  # as the browser sees it: from /verify/<code>/


def test_the_entry_says_the_address_without_a_script(tmp_path: Path) -> None:
    folder = write_register(tmp_path / "register", at=AT).folder
    html = (folder / "verify/index.html").read_text(encoding="utf-8")

    assert html.count(f"{configured.BASE_URL}/verify/CODE/") == len(configured.LANGUAGES)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").touch()

    with pytest.raises(RegisterError, match="is there already"):
        write_register(tmp_path, at=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_the_command_counts_and_gives_the_sum_of_the_index(tmp_path: Path) -> None:
    make_certificate()
    said = StringIO()
    call_command("export_register", str(tmp_path / "register"), stdout=said)

    lines = said.getvalue().splitlines()
    assert lines[0].split() == ["1", "valid"]
    assert re.fullmatch(r"SHA-256 of .*SHA256SUMS: [0-9a-f]{64}", lines[-1])
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_register", str(tmp_path / "register"))
