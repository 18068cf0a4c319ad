"""Reads a page as a browser would, far enough to find what is broken."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
VOID |= {"path", "circle", "rect", "use"}  # written <path/> in the few drawings that we have
REFERENCES = {"for", "form", "aria-labelledby", "aria-describedby", "aria-controls"}


class Reader(HTMLParser):
    """Collects ids, references to ids, tags left open, and inline code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        self.faults += [f"id {name} twice" for name in {*self.ids} if self.ids.count(name) > 1]
        self.faults += [f"no id {name}" for name in sorted(self.references - {*self.ids})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        found = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.faults.append("inline script")
        for name, value in found.items():
            self._read(tag, name, value)

    def _read(self, tag: str, name: str, value: str) -> None:
        if name == "id":
            self.ids.append(value)
        elif name in REFERENCES:
            self.references.update(value.split())
        elif name == "href" and value.startswith("#") and value != "#":
            self.references.add(value[1:])
        elif name == "style" or name.startswith("on"):
            self.faults.append(f"inline {name} in <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(" ".join(data.split()))


def faults_of(html: str) -> list[str]:
    """Return what is wrong with a page or a part of one."""
    return Reader(html).faults
