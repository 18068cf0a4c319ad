"""Whether a branching story holds together."""

from __future__ import annotations

import pytest

from courses.stories import Flaws, flaws_of

SOUND = [("n1", ["n2", "n1"]), ("n2", ["end"]), ("end", [])]


@pytest.mark.parametrize(
    ("nodes", "flaws"),
    [
        (SOUND, Flaws()),
        ([*SOUND, ("n2", [])], Flaws(twice=["n2"])),
        ([("n1", ["n2", "n3"]), ("n2", [])], Flaws(dangling=[("n1", "n3")])),
        ([*SOUND, ("far", ["end"])], Flaws(lost=["far"])),
        # A circle apart: each of its nodes is led to, and yet nobody comes there.
        ([*SOUND, ("x", ["y"]), ("y", ["x", "end"])], Flaws(lost=["x", "y"])),
        ([("n1", ["n2"]), ("n2", ["n1"])], Flaws(endless=["n1", "n2"])),
        ([("n1", ["n2", "n3"]), ("n2", ["n2"]), ("n3", [])], Flaws(endless=["n2"])),
    ],
)
def test_a_story_is_followed_to_all_its_ends(
    nodes: list[tuple[str, list[str]]], flaws: Flaws
) -> None:
    assert flaws_of(nodes) == flaws
    assert bool(flaws_of(nodes)) == (flaws != Flaws())
