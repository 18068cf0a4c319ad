"""Uploaded files in an S3-compatible store that nobody but Tutela ever speaks to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from botocore.config import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

IN_MEMORY = 5 * 1024 * 1024


class PrivateBucket(S3Storage):
    """Private objects; their addresses are our own, so that permissions and policy hold."""

    def get_default_settings(self) -> dict[str, Any]:
        """Return what stores of every make understand, and how long one is waited for."""
        return {
            **super().get_default_settings(),
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": IN_MEMORY,
            "client_config": Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=2,
                read_timeout=20,
                retries={"total_max_attempts": 2},
                # Sums that only Amazon's own store knows.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address under which Tutela itself serves the file."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
