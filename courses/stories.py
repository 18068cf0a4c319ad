"""Whether a branching story holds together. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Flaws:
    """The nodes at which a story breaks, in order of their names."""

    twice: list[str] = field(default_factory=list)
    # (node, where it leads to, though nothing is there)
    dangling: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    endless: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.twice, self.dangling, self.lost, self.endless))


def flaws_of(nodes: Sequence[tuple[str, Sequence[str]]]) -> Flaws:
    """Return what is wrong with a story given as (node, the nodes its choices lead to).

    The first node is the start, a node without choices an ending. While names are wrong, paths are
    not followed.
    """
    targets = dict(nodes)
    names = [name for name, _ in nodes]
    twice = sorted({name for name in names if names.count(name) > 1})
    dangling = sorted(
        {(name, to) for name, following in nodes for to in following if to not in targets}
    )
    if twice or dangling:
        return Flaws(twice=twice, dangling=dangling)
    reached: set[str] = set()
    queue = names[:1]
    while queue:
        name = queue.pop()
        if name not in reached:
            reached.add(name)
            queue.extend(targets[name])
    ending = {name for name in names if not targets[name]}
    while grown := {name for name in names if name not in ending and ending & set(targets[name])}:
        ending |= grown
    return Flaws(lost=sorted(set(names) - reached), endless=sorted(set(names) - ending))
