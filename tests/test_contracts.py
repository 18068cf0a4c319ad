"""What import-linter cannot see: a foreign key given as a string is an import too."""

from __future__ import annotations

import grimp
from django.apps import apps

ROOMS = [
    "kit",
    "work",
    "accounts",
    "helplines",
    "quizzes",
    "courses",
    "certificates",
    "organisations",
    "pages",
    "upkeep",
]


def test_rooms_are_the_ones_that_are_installed() -> None:
    ours = {
        app.label for app in apps.get_app_configs() if app.name.split(".")[0] in {*ROOMS, "tutela"}
    }
    assert ours == set(ROOMS)


def test_foreign_keys_point_downwards() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if (here := model._meta.app_label) in ROOMS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if (there := field.related_model._meta.app_label) in ROOMS
        if ROOMS.index(there) > ROOMS.index(here)
    ]
    assert upward == []


# A room's door is its api, models and signals; these registries are filled by the rooms above.
DOORS = {"api", "models", "signals"}
REGISTRIES = {
    *("tutela.accounts.privacy", "tutela.accounts.second_factor", "tutela.accounts.telling"),
    *("tutela.accounts.reasons", "tutela.work.jobs", "tutela.work.watching"),
}
# The top room shows courses in the tree, loads the curriculum and founds the demonstration.
LENT_TO_PAGES = {
    *("courses.catalogue", "courses.curriculum", "courses.glossary", "courses.lending"),
    *("courses.outline", "courses.sectors", "courses.sources", "organisations.founding"),
}
# The operator's room shows what the web processes counted, and asks whether a backup is newer than the code.
LENT_TO_UPKEEP = {"tutela.work.counting", "tutela.work.schema"}
PACKAGES = {room: f"tutela.{room}" for room in ("work", "accounts", "helplines", "pages", "upkeep")}


def room_of(module: str) -> str | None:
    """Return the package of the room that a module stands in; the kit is everybody's."""
    rooms = (PACKAGES.get(room, room) for room in ROOMS)
    return next((room for room in rooms if f"{module}.".startswith(f"{room}.")), None)


def is_open(imported: str, *, to: str) -> bool:
    """Tell whether a module of one room may be imported by this other room."""
    room = room_of(imported) or ""
    first = imported.removeprefix(f"{room}.").split(".")[0]
    lent = {"tutela.pages": LENT_TO_PAGES, "tutela.upkeep": LENT_TO_UPKEEP}.get(to, set())
    return f"{room}.{first}" in lent or first in DOORS or imported in REGISTRIES


def test_rooms_are_entered_by_their_doors() -> None:
    graph = grimp.build_graph("tutela", "quizzes", "courses", "certificates", "organisations")
    burglaries = [
        f"{importer} -> {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if (here := room_of(importer)) and (there := room_of(imported))
        if here != there and not is_open(imported, to=here)
    ]
    assert burglaries == []
