"""From Markdown to what the editor of the CMS writes."""

from __future__ import annotations

import pytest

from courses.curriculum.files import read_curriculum, texts_of
from courses.curriculum.messages import paragraphs
from courses.curriculum.rendering import body_of, html_of, key_of


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One\ntwo", "<p>One two</p>"),
        ("**Stay** *calm*.", "<p><b>Stay</b> <i>calm</i>.</p>"),
        ("### What\n\nText", "<h3>What</h3> <p>Text</p>"),
        ("- a\n- b", "<ul> <li>a</li> <li>b</li> </ul>"),
        ("[law](https://example.org/x)", '<p><a href="https://example.org/x">law</a></p>'),
        ('Say "no" & <b>go</b>', '<p>Say "no" &amp; &lt;b&gt;go&lt;/b&gt;</p>'),
        ("[bad](javascript:alert(1))", "<p>[bad](javascript:alert(1))</p>"),
        ("![x](https://example.org/x.png)", '<p>!<a href="https://example.org/x.png">x</a></p>'),
        ("", ""),
    ],
)
def test_prose_becomes_clean_html(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


def test_keys_are_the_same_on_every_instance() -> None:
    assert str(key_of("F5")) == "127f0dc2-be40-52ad-89c4-09b7db9ce209"
    assert key_of("F5", "text", 1) != key_of("F5", "text", 2)


def test_every_block_has_an_id_of_its_own() -> None:
    def ids(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["id"]] if "id" in value else []
            return own + [found for part in value.values() for found in ids(part)]
        return [found for part in value for found in ids(part)] if isinstance(value, list) else []

    for course in read_curriculum():
        for module in course.modules:
            found = [name for lesson in module.lessons for name in ids(body_of(lesson))]
            assert len(found) == len(set(found))


def test_paragraphs_put_together_say_the_same() -> None:
    for course in read_curriculum():
        for node in course.objects():
            for _, text in texts_of(node):
                assert html_of("\n\n".join(paragraphs(text))) == html_of(text)
