"""The golden rule: structure from the source, words from the language that is shown."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from wagtail.blocks.stream_block import StreamValue

from courses.blocks import LessonBlocks
from courses.lending import lend_stream
from courses.models import LessonPage

BLOCKS = LessonBlocks()
ENGLISH: list[dict[str, Any]] = [
    {"id": "t1", "type": "text", "value": "<p>One</p>"},
    {
        "id": "k1",
        "type": "key_points",
        "value": [
            {"id": "p1", "type": "item", "value": "First"},
            {"id": "p2", "type": "item", "value": "Second"},
        ],
    },
    {
        "id": "c1",
        "type": "check",
        "value": {
            "question": "Which?",
            "choices": [
                {
                    "id": "a",
                    "type": "item",
                    "value": {"text": "A", "correct": True, "feedback": "Yes"},
                },
                {
                    "id": "b",
                    "type": "item",
                    "value": {"text": "B", "correct": False, "feedback": "No"},
                },
            ],
        },
    },
    {
        "id": "s1",
        "type": "scenario",
        "value": {
            "title": "Story",
            "minutes": 10,
            "introduction": "<p>Once</p>",
            "nodes": [
                {
                    "id": "x",
                    "type": "item",
                    "value": {
                        "node": "n1",
                        "situation": "<p>Here</p>",
                        "choices": [
                            {
                                "id": "y",
                                "type": "item",
                                "value": {
                                    "text": "Go",
                                    "rating": "best",
                                    "feedback": "Fine",
                                    "next": "end",
                                },
                            }
                        ],
                    },
                },
                {
                    "id": "z",
                    "type": "item",
                    "value": {"node": "end", "situation": "<p>There</p>", "choices": []},
                },
            ],
        },
    },
    {"id": "n1", "type": "national", "value": "reporting"},
]
FRENCH_WORDS = {
    "<p>One</p>": "<p>Un</p>", "First": "Premier", "Second": "Deuxième", "Which?": "Laquelle ?",
    "A": "À", "B": "Bé", "Yes": "Oui", "No": "Non", "Story": "Histoire", "<p>Once</p>": "<p>Jadis</p>",
    "<p>Here</p>": "<p>Ici</p>", "Go": "Allez", "Fine": "Bien", "<p>There</p>": "<p>Là</p>",
}  # fmt: skip


def translate(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: translate(part) for key, part in value.items()}
    if isinstance(value, list):
        return [translate(part) for part in value]
    return FRENCH_WORDS.get(value, value) if isinstance(value, str) else value


def stream(blocks: list[dict[str, Any]]) -> StreamValue:
    return BLOCKS.to_python(copy.deepcopy(blocks))


def lend(source: list[dict[str, Any]], text: list[dict[str, Any]] | None) -> list[Any]:
    return lend_stream(stream(source), None if text is None else stream(text), language="en")


FRENCH = translate(ENGLISH)


def test_a_reordered_source_is_right_in_the_translation() -> None:
    blocks = lend(ENGLISH[::-1], FRENCH)
    assert [child.id for child in blocks] == ["n1", "s1", "c1", "k1", "t1"]
    assert str(blocks[-1].value.source) == "<p>Un</p>"
    moved = copy.deepcopy(ENGLISH)
    moved[1]["value"].reverse()
    assert list(lend(moved, FRENCH)[1].value) == ["Deuxième", "Premier"]


def test_a_translation_cannot_change_which_answer_is_right() -> None:
    forged = copy.deepcopy(FRENCH)
    for choice in forged[2]["value"]["choices"]:
        choice["value"]["correct"] = not choice["value"]["correct"]
    choices = lend(ENGLISH, forged)[2].value["choices"]
    assert [(choice["text"], choice["correct"]) for choice in choices] == [
        ("À", True),
        ("Bé", False),
    ]


def test_ways_and_ratings_of_a_story_are_the_sources() -> None:
    forged = copy.deepcopy(FRENCH)
    story = forged[3]["value"]
    story["minutes"] = 1
    story["nodes"][0]["value"]["node"] = "n9"
    story["nodes"][0]["value"]["choices"][0]["value"].update(rating="harmful", next="n1")
    value = lend(ENGLISH, forged)[3].value
    [choice] = value["nodes"][0]["choices"]
    assert (value["title"], value["minutes"], value["nodes"][0]["node"]) == ("Histoire", 10, "n1")
    assert (choice["text"], choice["rating"], choice["next"]) == ("Allez", "best", "end")


def test_what_only_the_translation_has_is_not_shown() -> None:
    more = [*FRENCH, {"id": "t9", "type": "text", "value": "<p>De trop</p>"}]
    more[1] = copy.deepcopy(more[1])
    more[1]["value"].append({"id": "p9", "type": "item", "value": "De trop"})
    blocks = lend(ENGLISH, more)
    assert [child.id for child in blocks] == [child["id"] for child in ENGLISH]
    assert list(blocks[1].value) == ["Premier", "Deuxième"]


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        (ENGLISH[:1], [], '<div lang="en" dir="ltr"><p>One</p></div>'),
        (ENGLISH[:1], None, '<div lang="en" dir="ltr"><p>One</p></div>'),
        (ENGLISH[:1], FRENCH, "<p>Un</p>"),
        (ENGLISH[1:2], [], '<li><span lang="en" dir="ltr">First</span></li>'),
        (ENGLISH[1:2], FRENCH, "<li>Premier</li>"),
        (ENGLISH[2:3], [], '<summary><span lang="en" dir="ltr">A</span></summary>'),
    ],
)
def test_what_is_missing_is_the_sources_and_says_so(source: Any, text: Any, shown: str) -> None:
    [block] = lend(source, text)
    assert shown in str(block.render())


def test_one_missing_item_is_marked_alone_and_escaped() -> None:
    more = copy.deepcopy(ENGLISH[1:2])
    more[0]["value"].append({"id": "p3", "type": "item", "value": "Third <b>"})
    html = str(lend(more, FRENCH)[0].render())
    assert "<li>Premier</li><li>Deuxième</li>" in html
    assert '<li><span lang="en" dir="ltr">Third &lt;b&gt;</span></li>' in html


def test_the_blocks_of_the_model_are_those_that_are_lent() -> None:
    field = LessonPage._meta.get_field("body")
    assert list(field.stream_block.child_blocks) == list(BLOCKS.child_blocks)
