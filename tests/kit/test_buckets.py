"""Uploaded files in a bucket are served by Tutela itself, with the same permissions as before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from tests.courses.test_pictures import png
from tests.people import Cast, signed_in
from tutela.kit.pictures import make_renditions, picture
from tutela.settings import environment

if TYPE_CHECKING:
    from pytest_django import Settings

KEYS = {"S3_BUCKET": "media", "S3_ACCESS_KEY": "name", "S3_SECRET_KEY": "key"}
NOBODY = "http://127.0.0.1:1"


def use(settings: Settings, endpoint: str) -> None:
    """Keep uploaded files there, as the S3 variables say."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**KEYS, "S3_ENDPOINT": endpoint}.items():
            patch.setenv(name, value)
        settings.STORAGES = {**settings.STORAGES, "default": environment.media("S3_BUCKET")}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """Give the address of an S3-compatible store with one empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    with closing(
        boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEYS["S3_ACCESS_KEY"],
            aws_secret_access_key=KEYS["S3_SECRET_KEY"],
        )
    ) as client:
        client.create_bucket(Bucket="media")
    yield endpoint
    server.stop()


@pytest.fixture
def bucket(settings: Settings, store: str, db: None) -> Iterator[None]:
    use(settings, store)
    yield
    default_storage.connection.meta.client.close()  # type: ignore[attr-defined]


def body(path: str) -> tuple[int, bytes]:
    """Return what a visitor gets at this address."""
    answer = Client().get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, content


def test_a_picture_comes_from_our_own_address(bucket: None) -> None:
    image = Image.objects.create(title="A gate", file=png(1000))
    make_renditions(image)

    shown = picture(image, alt="A gate")
    rendition = image.renditions.first()
    status, content = body(rendition.file.url)

    assert "http" not in shown
    assert rendition.file.url.startswith("/media/images/")
    assert (status, len(content)) == (200, rendition.file.size)
    rendition.file.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("images/none.png", 404),
        ("images/../documents/a.pdf", 400),
        ("images/%2e%2e/documents/a.pdf", 400),
        ("documents/a.pdf", 404),
    ],
)
def test_only_pictures_are_served(bucket: None, path: str, status: int) -> None:
    default_storage.save("documents/a.pdf", ContentFile(b"content"))

    assert Client(headers={"host": "localhost"}).get(f"/media/{path}").status_code == status


def test_a_document_keeps_its_permissions(bucket: None) -> None:
    closed = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    open_, shut = (
        Document.objects.create(title="a", file=ContentFile(b"content", "a.txt"), collection=where)
        for where in (Collection.get_first_root_node(), closed)
    )

    assert body(open_.url) == (200, b"content")
    assert Client().get(shut.url).status_code == 302


def test_a_second_file_of_one_name_replaces_none(bucket: None) -> None:
    names = {default_storage.save("images/a.png", ContentFile(b"a")) for _ in range(2)}

    assert len(names) == 2


def test_a_store_that_is_away_is_said_honestly(settings: Settings) -> None:
    use(settings, NOBODY)

    answer = Client().get("/media/images/a.png")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_an_upload_to_a_store_that_is_away_is_said_honestly(settings: Settings, cast: Cast) -> None:
    use(settings, NOBODY)
    file = SimpleUploadedFile("a.txt", b"content")

    answer = signed_in(cast.publisher).post(
        "/cms/documents/multiple/add/",
        {"title": "a", "collection": Collection.get_first_root_node().pk, "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert answer.status_code == 503


def test_an_instance_without_them_loads_neither_library(settings: Settings) -> None:
    code = (
        "import django, sys; django.setup(); print(sorted({'boto3', 'redis'} & set(sys.modules)))"
    )
    said = subprocess.check_output(
        [sys.executable, "-c", code],
        cwd=settings.ROOT / "site",
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tutela.settings.test"},
        text=True,
    )

    assert said == "[]\n"
