"""A lesson's pictures are made when it is published, and by no visit."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image as Drawing
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.models import Collection

from courses.blocks import FigureBlock
from courses.models import LessonPage
from tests.people import make_person, signed_in
from tutela.accounts.models import User
from tutela.kit.pictures import make_renditions, picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

EVERYTHING = {f"width-{w}|format-{kind}" for w in (400, 800) for kind in ("avif", "jpeg")}


def png(width: int) -> ContentFile[bytes]:
    file = BytesIO()
    Drawing.new("RGB", (width, width // 2), "teal").save(file, "PNG")
    return ContentFile(file.getvalue(), name="gate.png")


@pytest.fixture
def image(db: None, settings: Settings, tmp_path: Path) -> Image:
    settings.MEDIA_ROOT = tmp_path
    made: Image = Image.objects.create(title="A gate", file=png(1000))
    return made


def publish_with(images: list[Image]) -> str:
    """Publish a lesson with these pictures, and return its address."""
    lesson = LessonPage.objects.filter(live=True, locale__language_code="en").first()
    assert lesson is not None
    for image in images:
        lesson.body.append(("figure", figure(image, alt="A gate")))
    lesson.save_revision().publish()
    return str(lesson.url)


def made_of(image: Image) -> set[str]:
    return set(image.renditions.values_list("filter_spec", flat=True))


def figure(image: object, **values: Any) -> dict[str, Any]:
    return {"image": image, "alt": "", "decorative": False, "caption": "", **values}


def test_publishing_makes_every_rendition_and_a_visit_makes_none(
    curriculum: None, image: Image
) -> None:
    lesson = LessonPage.objects.filter(live=True, locale__language_code="en").first()
    assert lesson is not None
    lesson.body.append(("figure", figure(image, alt="An open gate")))
    assert made_of(image) == set()

    lesson.save_revision().publish()

    assert made_of(image) == EVERYTHING
    image.renditions.get(filter_spec="width-800|format-jpeg").delete()
    html = Client(headers={"host": "localhost"}).get(lesson.url, follow=True).text
    assert 'alt="An open gate" width="400" height="200" loading="lazy"' in html
    assert len(made_of(image)) == 3


@pytest.mark.parametrize("item_count", [1, 3])
def test_more_pictures_cost_no_more_queries(
    curriculum: None, image: Image, item_count: int, django_assert_num_queries: Any
) -> None:
    others = [Image.objects.create(title="A gate", file=png(600)) for _ in range(item_count - 1)]
    address, client = publish_with([image, *others]), signed_in(make_person("ana"))
    client.get(address)

    with django_assert_num_queries(8):
        html = client.get(address).text

    assert html.count("<picture>") == item_count


def test_a_picture_with_a_new_file_is_shown_at_once_and_made_anew(
    curriculum: None, image: Image, django_capture_on_commit_callbacks: Any
) -> None:
    address, client = publish_with([image]), Client(headers={"host": "localhost"})
    assert 'width="800"' in client.get(address).text
    sent = {"title": "A gate", "collection": Collection.get_first_root_node().pk}
    form = get_image_form(Image)(
        sent, {"file": png(900)}, instance=image, user=User(is_superuser=True)
    )

    with django_capture_on_commit_callbacks(execute=True):
        form.save()
    form.original_file.close()
    image.file.close()

    assert made_of(image) == EVERYTHING
    found = image.renditions.get(filter_spec="width-800|format-jpeg")
    assert found.file.url in client.get(address).text


def test_a_picture_that_no_lesson_shows_is_not_made(image: Image) -> None:
    sent = {"title": "A gate", "collection": Collection.get_first_root_node().pk}
    form = get_image_form(Image)(
        sent, {"file": png(900)}, instance=image, user=User(is_superuser=True)
    )
    form.save()
    form.original_file.close()
    image.file.close()
    assert made_of(image) == set()


def test_a_picture_that_is_deleted_leaves_every_page(
    curriculum: None, image: Image, django_capture_on_commit_callbacks: Any
) -> None:
    address, client = publish_with([image]), Client(headers={"host": "localhost"})
    assert "<picture>" in client.get(address).text

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert "<picture>" not in client.get(address).text


def test_picture_offers_both_formats_in_both_widths(image: Image) -> None:
    make_renditions(image)

    html = picture(image, alt="")

    assert html.count("400w") == html.count("800w") == 2
    assert '<source type="image/avif"' in html
    assert 'alt="" width="800" height="400" loading="lazy"' in html


def test_without_an_encoder_the_other_format_is_shown(
    image: Image, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tutela.kit.pictures.FORMATS", ("broken", "jpeg"))

    with caplog.at_level(logging.CRITICAL):
        make_renditions(image)
    monkeypatch.undo()

    assert made_of(image) == {"width-400|format-jpeg", "width-800|format-jpeg"}
    assert "<source" not in picture(image, alt="")


def test_what_was_never_made_is_shown_as_it_was_uploaded(image: Image) -> None:
    html = picture(image, alt="<b>")

    assert f'<img src="{image.file.url}" alt="&lt;b&gt;" width="1000" height="500"' in html
    assert made_of(image) == set()


@pytest.mark.parametrize(
    ("alt", "decorative", "accepted"),
    [("", False, False), ("A gate", True, False), ("A gate", False, True), ("", True, True)],
)
def test_alternative_text_or_decoration(
    image: Image, alt: str, decorative: bool, accepted: bool
) -> None:
    value = FigureBlock().to_python(figure(image.pk, alt=alt, decorative=decorative))

    if accepted:
        assert FigureBlock().clean(value)["alt"] == alt
    else:
        with pytest.raises(ValidationError):
            FigureBlock().clean(value)
