"""The CMS: what stands in its addresses, and which roles reach which area of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.resolver import Pattern
    from tests.stage import Stage

# What an address holds, by the name of the place; `space place` where one namespace differs. What
# stands in braces is one of the stage's objects.
PLACES: dict[str, str] = {
    "action": "publish",
    "action_name": "approve",
    "app_label": "courses",
    "app_name": "courses",
    "collection_id": "{collection}",
    "content_type_app_name": "courses",
    "content_type_model_name": "lessonpage",
    "destination_id": "{other_module}",
    "doc_id": "{document}",
    "document_id": "{document}",
    "filter_spec": "width-100",
    "image_id": "{image}",
    "mode": "default",
    "model_name": "lessonpage",
    "object_id": "{page}",
    "overridable_segment_id": "1",
    "page_id": "{page}",
    "page_pk": "{page}",
    "page_to_move_id": "{page}",
    "parent_page_id": "{module}",
    "pk": "{page}",
    "revision_id": "{revision}",
    "session_id": "{session}",
    "string_segment_id": "{segment}",
    "task_id": "{task}",
    "task_state_id": "{page_task}",
    "token": "set-password",
    "translation_id": "{translation}",
    "translation_source_id": "{source}",
    "uidb64": "MQ",
    "uploaded_file_id": "{upload}",
    "workflow_pk": "{workflow}",
    "workflow_state_id": "{page_workflow}",
    "appointment pk": "{appointment}",
    "organisation pk": "{organisation}",
    "unit pk": "{unit}",
    "wagtail_localize pk": "{question}",
    "wagtailadmin_api:documents pk": "{document}",
    "wagtailadmin_api:images pk": "{image}",
    "wagtailadmin_collections pk": "{collection}",
    "wagtailadmin_workflows pk": "{workflow}",
    "wagtaildocs_chooser pk": "{document}",
    "wagtailimages_chooser pk": "{image}",
    "wagtaillocales pk": "{locale}",
    "wagtailsites pk": "{site}",
    "wagtailsnippetchoosers_courses_term pk": "{term}",
    "wagtailsnippetchoosers_courses_termlanguage pk": "{term_language}",
    "wagtailsnippets_courses_term pk": "{term}",
    "wagtailsnippets_courses_term revision_id": "{term_revision}",
    "wagtailsnippets_courses_termlanguage pk": "{term_language}",
    "wagtailsnippets_quizzes_question pk": "{question}",
    "wagtailsnippets_quizzes_question revision_id": "{question_revision}",
    **{
        f"wagtailsnippets_helplines_{model} {place}": "{" + name + "}"
        for model, place, name in (
            ("helpline", "pk", "helpline"),
            ("helpline", "revision_id", "helpline_revision"),
            ("nationalinformation", "pk", "information"),
            ("nationalinformation", "revision_id", "information_revision"),
            ("countryeditor", "pk", "country_editor"),
        )
    },
    "wagtailusers_groups pk": "{group}",
    "wagtailusers_users pk": "{user}",
}
# Where the places alone would address nothing.
ADDRESSES: dict[str, str] = {
    "^.*/$": "nothing/here/",
    r"^api/main/pages/\d+/action/create_alias/$": "api/main/pages/{page}/action/create_alias/",
    "^snippets/choose/.+/create/$": "snippets/choose/courses/term/create/",
    "bulk/<str:app_label>/<str:model_name>/<str:action>/": "bulk/wagtailcore/page/publish/?id={page}",
    "certificates/<int:pk>/revoke/": "certificates/{certificate}/revoke/",
    "text-reviews/<int:page_id>/": "text-reviews/{text_page}/",
    "second-factors/<int:pk>/stop/": "second-factors/{reset}/stop/",
    "undeliverable/<int:pk>/again/": "undeliverable/{undeliverable}/again/",
    "api/main/^pages/<int:pk>/action/<str:action_name>/": "api/main/pages/{page}/action/publish/",
    "api/main/^pages/find/": "api/main/pages/find/?id={page}",
    "api/main/^documents/find/": "api/main/documents/find/?id={document}",
    "api/main/^images/find/": "api/main/images/find/?id={image}",
    r"pages/^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\."
    r"(?P<revision_id_b>live|latest|\d+)/$": "pages/{page}/revisions/compare/earliest...live/",
    r"snippets/courses/term/history/(?P<pk>.+)/revisions/compare/(?P<revision_id_a>live|earliest"
    r"|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
        "snippets/courses/term/history/{term}/revisions/compare/earliest...live/"
    ),
    r"snippets/quizzes/question/history/(?P<pk>.+)/revisions/compare/(?P<revision_id_a>live|earliest"
    r"|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
        "snippets/quizzes/question/history/{question}/revisions/compare/earliest...live/"
    ),
    **{
        f"snippets/helplines/{model}/history/"
        r"(?P<pk>.+)/revisions/compare/(?P<revision_id_a>live|earliest"
        r"|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
            f"snippets/helplines/{model}/history/" + place + "/revisions/compare/earliest...live/"
        )
        for model, place in (("helpline", "{helpline}"), ("nationalinformation", "{information}"))
    },
}
# Where a namespace's addresses of one kind hold other objects than the rest of it.
WAITING = {
    "pages/workflow/": {"page_id": "{waiting_page}"},
    "snippets/quizzes/question/workflow/": {
        "pk": "{waiting_question}",
        "task_state_id": "{question_task}",
    },
    "snippets/quizzes/question/workflow_history/": {
        "pk": "{waiting_question}",
        "workflow_state_id": "{question_workflow}",
    },
    "pages/<int:page_id>/workflow_history/": {"page_id": "{waiting_page}"},
    "workflows/tasks/": {
        "pk": "{task}",
        "app_label": "wagtailcore",
        "model_name": "groupapprovaltask",
    },
    "localize/submit/snippet/": {"app_label": "quizzes", "model_name": "question"},
    "localize/api/snippets/": {"app_label": "quizzes", "model_name": "question"},
}


def address_of(pattern: Pattern, stage: Stage) -> str | None:
    """Return a concrete address of a pattern below `/cms/`; None where a place is not known here."""
    route = pattern.route.removeprefix("cms/")
    if route in ADDRESSES:
        return stage.address(f"/cms/{ADDRESSES[route]}")
    own = next((own for start, own in WAITING.items() if route.startswith(start)), {})
    names = {
        place: own.get(place) or PLACES.get(f"{pattern.space} {place}") or PLACES.get(place)
        for place in pattern.places
    }
    if None in names.values():
        return None
    return stage.address(pattern.fill(names).replace("^", ""))


# The roles.

OUTSIDE = ("visitor", "learner", "stranger", "manager", "other_manager", "auditor")
STAFF = ("trainer", "reviewer", "publisher", "country_editor", "deputy", "administrator")
CONTENT = ("trainer", "reviewer", "publisher", "deputy", "administrator")
COUNTRIES = ("country_editor", "deputy", "administrator")
WRITERS = ("trainer", "publisher", "deputy", "administrator")
REVIEWERS = ("reviewer", "deputy", "administrator")
LOCKERS = ("reviewer", "publisher", "deputy", "administrator")
PUBLISHERS = ("publisher", "deputy", "administrator")
ADMINISTRATORS = ("deputy", "administrator")
SUPERUSER = ("administrator",)
NOBODY: tuple[str, ...] = ()
EVERYBODY = OUTSIDE + STAFF


@dataclass(frozen=True)
class Area:
    """Who reads and who sends to the addresses that begin like this; the longest beginning counts.

    Whom an area is closed to is sent to the sign-in or to the CMS's front page, or refused.
    """

    start: str
    see: tuple[str, ...]
    do: tuple[str, ...]

    def let_in(self, method: str) -> tuple[str, ...]:
        """Return the roles that may send a request of this method, the humblest first."""
        return self.see if method == "get" else self.do


def area(start: str, see: tuple[str, ...], do: tuple[str, ...] | None = None) -> Area:
    """Return an area; who sees it may also send to it, unless it says otherwise."""
    return Area(start, see, see if do is None else do)


QUESTIONS = "snippets/quizzes/question/"
TERMS, WORDS = "snippets/courses/term/", "snippets/courses/termlanguage/"
PAGE = "pages/<int:page_id>/"
AREAS = [
    # What is open, shut, or leads elsewhere for everybody.
    area("login/", NOBODY),
    area("logout/", EVERYBODY),
    area("^password_reset/", NOBODY),
    area("password_reset/", NOBODY),
    area("sprite/", EVERYBODY),
    area("jsi18n/", EVERYBODY),
    area("^locales/copy/", NOBODY),
    area("^sites/copy/", NOBODY),
    area("^users/delete/", NOBODY),
    area(r"^api/main/pages/\d+/action/create_alias/$", NOBODY),
    area("^snippets/choose/.+/create/$", NOBODY),
    area("failwhale/", NOBODY),
    area("^.*/$", NOBODY),
    # The front page, and what belongs to oneself.
    area("test404/", STAFF),
    area("account/", STAFF),
    area("dismissibles/", STAFF),
    area("editing-sessions/", STAFF),
    area("block-preview/", NOBODY),
    # What an editor of anything may look up: titles of pages, files and tasks.
    area("api/main/", STAFF),
    area("api/main/^pages/<int:pk>/action/", CONTENT, PUBLISHERS),
    area("choose-", STAFF),
    area("tag-autocomplete/", STAFF),
    area("tag-autocomplete/<slug:app_name>/", NOBODY),
    # Pages: authors write, reviewers comment and lock, publishers publish, move and delete.
    area("pages/", CONTENT),
    area("bulk/", STAFF),  # it says what it will not do; test_attacks holds it to that
    area("pages/create/", STAFF),  # an empty list, for who may write none
    area("pages/add/", WRITERS),
    area("pages/<int:parent_page_id>/add_subpage/", WRITERS),
    area(f"{PAGE}delete/", PUBLISHERS),
    area(f"{PAGE}unpublish/", PUBLISHERS),
    area(f"{PAGE}privacy/", PUBLISHERS),
    area(f"{PAGE}convert_alias/", NOBODY),
    area(f"{PAGE}revisions/", STAFF),  # leads to the history
    area(f"{PAGE}revisions/<int:revision_id>/", CONTENT),
    area(f"{PAGE}lock/", LOCKERS),
    area(f"{PAGE}unlock/", LOCKERS),
    area(f"{PAGE}revisions/<int:revision_id>/unschedule/", PUBLISHERS),
    area("pages/<int:page_to_move_id>/", PUBLISHERS),
    area("pages/<int:page_to_move_id>/move/<int:destination_id>/", STAFF, PUBLISHERS),
    area("pages/workflow/", REVIEWERS),
    area("pages/workflow/confirm_cancellation/", STAFF),
    # The bank.
    area("snippets/", NOBODY),  # a list of one, which has a menu of its own
    area("snippets/choose/", STAFF),
    area(QUESTIONS, CONTENT),
    area(f"{QUESTIONS}add/", WRITERS),
    area(f"{QUESTIONS}preview/", WRITERS),
    area(f"{QUESTIONS}preview/<int:pk>/", CONTENT),
    area(f"{QUESTIONS}delete/", ADMINISTRATORS),
    area(f"{QUESTIONS}unpublish/", PUBLISHERS),
    area(f"{QUESTIONS}lock/", LOCKERS),
    area(f"{QUESTIONS}unlock/", LOCKERS),
    area(f"{QUESTIONS}history/<int:pk>/revisions/<int:revision_id>/unschedule/", PUBLISHERS),
    area(f"{QUESTIONS}workflow/", REVIEWERS),
    area(f"{QUESTIONS}workflow/confirm_cancellation/", STAFF),
    # Helplines and national information: the editor's own country is the stage's.
    area("snippets/helplines/", COUNTRIES),
    area("snippets/helplines/countryeditor/", ADMINISTRATORS),
    area("reports/helplines/", COUNTRIES),
    area("reports/national-information/", COUNTRIES),
    # The glossary: authors write terms, reviewers confirm and review what a language says.
    area(TERMS, CONTENT),
    area(f"{TERMS}add/", WRITERS),
    area(f"{TERMS}delete/", ADMINISTRATORS),
    area(f"{TERMS}unpublish/", PUBLISHERS),
    area(f"{TERMS}history/<int:pk>/revisions/<int:revision_id>/unschedule/", PUBLISHERS),
    area(WORDS, CONTENT),
    area(f"{WORDS}add/", LOCKERS),
    area(f"{WORDS}edit/", LOCKERS),
    area(f"{WORDS}delete/", ADMINISTRATORS),
    area(f"{WORDS}usage/", LOCKERS),
    area(f"{WORDS}history/", LOCKERS),
    area(f"{WORDS}history-results/", LOCKERS),
    area("snippets/choose/courses/term/create/", NOBODY),
    area("snippets/choose/courses/termlanguage/create/", NOBODY),
    # Translations.
    area("localize/", CONTENT),
    area("localize/jsi18n/", STAFF),
    area("localize/reports/", STAFF),
    area("localize/api/snippets/", STAFF),
    area("localize/submit/", WRITERS),
    area("localize/update/", WRITERS),
    area("localize/page/<int:page_id>/convert_to_alias/", NOBODY),
    area("localize/translate/<int:translation_id>/machine_translate/", NOBODY),
    area("localize/translate/<int:translation_id>/preview/<str:mode>/", NOBODY),
    # Files: a document is its uploader's, an image everybody's who writes.
    area("documents/", WRITERS),
    area("documents/edit/", SUPERUSER),
    area("documents/delete/", SUPERUSER),
    area("documents/usage/", SUPERUSER),
    area("documents/multiple/<int:doc_id>/", SUPERUSER),
    area("documents/multiple/create_from_uploaded_document/", NOBODY),
    area("documents/multiple/delete_upload/", NOBODY),
    area("documents/chooser/", STAFF),
    area("documents/chooser/chosen/", WRITERS),
    area("documents/chooser/create/", WRITERS),
    area("images/", WRITERS),
    area("images/<int:image_id>/generate_url/", NOBODY),
    area("images/multiple/create_from_uploaded_image/", NOBODY),
    area("images/multiple/delete_upload/", NOBODY),
    area("images/chooser/", STAFF),
    area("images/chooser/chosen/", WRITERS),
    area("images/chooser/create/", WRITERS),
    area("images/chooser/<int:image_id>/", WRITERS),
    # Reports of the content.
    area("reports/", CONTENT),
    area("reports/site-history/", STAFF),
    area("reports/locked/", LOCKERS),
    area("reports/events/", ADMINISTRATORS),
    # What administrators keep.
    area("status/", ADMINISTRATORS),
    area("users/", ADMINISTRATORS),
    area("users/delete/", NOBODY),
    area("groups/", ADMINISTRATORS),
    area("groups/delete/", SUPERUSER),
    area("text-reviews/", PUBLISHERS),
    area("second-factors/", ADMINISTRATORS),
    area("undeliverable/", ADMINISTRATORS),
    area("certificates/", ADMINISTRATORS),
    area("organisation/", ADMINISTRATORS),
    area("organisation/delete/", NOBODY),
    area("unit/", ADMINISTRATORS),
    area("unit/delete/", NOBODY),
    area("appointment/", ADMINISTRATORS),
    area("appointment/delete/", NOBODY),
    area("locales/", ADMINISTRATORS),
    area("locales/delete/", SUPERUSER),
    area("locales/copy/", NOBODY),
    area("workflows/", ADMINISTRATORS),
    area("workflows/disable/", SUPERUSER),
    area("workflows/tasks/disable/", SUPERUSER),
    area("workflows/task_chooser/", STAFF),
    area("settings/", NOBODY),
    area("collections/", SUPERUSER),
    area("collections/<int:pk>/delete/", SUPERUSER, NOBODY),  # not while it holds a file
    area("sites/", SUPERUSER),
    area("sites/copy/", NOBODY),
]


def area_of(pattern: Pattern) -> Area | None:
    """Return the area of a pattern below `/cms/`; None where none was written down for it."""
    route = pattern.route.removeprefix("cms/")
    if not route:
        return Area("", STAFF, NOBODY)
    found = [area for area in AREAS if area.start and route.startswith(area.start)]
    return max(found, key=lambda area: len(area.start), default=None)
