"""Write one certificate to a file, for the operator's desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from certificates.api import CannotPrintError, draw_certificate, normalise, shown_language
from certificates.models import Certificate

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Writes the certificate with this code to a PDF file; ends with 1 if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="as it is printed; hyphens, spaces and case do not count")
        parser.add_argument("--pdf", required=True, type=Path, metavar="FILE", help="what to write")
        parser.add_argument("--language", help="else the language that the course was completed in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and write, or say in one sentence what is missing."""
        certificates = Certificate.objects.select_related("completion")
        certificate = certificates.filter(code=normalise(options["code"])).first()
        if certificate is None:
            raise CommandError(f"No certificate has the code {options['code']}.")
        if not certificate.holder:
            raise CommandError("The holder withdrew this certificate: there is nothing to print.")
        language = options["language"] or shown_language(certificate, [])
        if language not in certificate.texts:
            raise CommandError(
                f"This certificate is not in {language!r}, but in {', '.join(certificate.texts)}."
            )
        try:
            options["pdf"].write_bytes(draw_certificate(certificate, language=language))
        except CannotPrintError as error:
            raise CommandError("Our fonts lack a character of this certificate.") from error
        except OSError as error:
            raise CommandError(f"{options['pdf']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {options['pdf']}.")
