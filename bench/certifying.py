"""Certificates a second: the drawing of a PDF with its QR code."""

from __future__ import annotations

from certificates.api import draw_certificate
from certificates.models import Certificate

from .figures import measure, table, verdict


def measure_certificates() -> str:
    """Return the table of certificates."""
    certificate = Certificate.objects.latest("pk")
    figure = measure("certificate", lambda: draw_certificate(certificate, language="en"), times=40)
    row = ["PDF with QR", f"{figure.cpu:.1f}", f"{figure.a_second:.0f}", verdict(figure.cpu, 10)]
    return table(["certificate", "CPU ms", "a second", "gate of 10 ms"], [row])
