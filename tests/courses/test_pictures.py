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
from wagtail.images.models import Image

from courses.blocks import FigureBlock
from courses.models import LessonPage
from tutela.kit.pictures import make_renditions, picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

EVERYTHING = {f"width-{w}|format-{kind}" for w in (400, 800) for kind in ("avif", "jpeg")}


@pytest.fixture
def image(db: None, settings: Settings, tmp_path: Path) -> Image:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO()
    Drawing.new("RGB", (1000, 500), "teal").save(file, "PNG")
    made: Image = Image.objects.create(
        title="A gate", file=ContentFile(file.getvalue(), name="gate.png")
    )
    return made


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
