"""Every component renders its sample, and refers to nothing that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils.translation import override

import tutela.kit
from tests.kit.pages import Reader, faults_of
from tutela.kit.samples import SampleForm, samples
from tutela.kit.stylesheet import LAYERS
from tutela.kit.views import SAMPLE_PAGES, pattern, patterns

COMPONENTS = Path(tutela.kit.__file__).parent / "templates" / "kit" / "components"
PARTS_OF_THE_SHELL = {
    *("header", "navigation", "footer"),  # every page has them
    *("field", "field_help"),  # rendered by `fields`
}


MADE_OF_OTHERS = {"content_note", "fields", "form", "language_list", "messages", "task_item"}
SAMPLES = samples()


@pytest.fixture
def request_of_a_visitor(rf: RequestFactory) -> HttpRequest:
    return rf.get("/en/courses/?unit=north")


def render(component: str, request: HttpRequest, **context: object) -> str:
    return render_to_string(f"kit/components/{component}.html", context, request)


def test_every_component_has_a_sample() -> None:
    assert {file.stem for file in COMPONENTS.glob("*.html")} - PARTS_OF_THE_SHELL == {*samples()}


LINKED = {"error_summary", "content_note", "scenario_node"}  # they lead to what stands elsewhere


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in LINKED])
def test_samples_are_sound(name: str, request_of_a_visitor: HttpRequest) -> None:
    for context in samples()[name]:
        html = render(name, request_of_a_visitor, **context)
        named = context.get("region", "none")
        assert faults_of(f'<h2 id="{named}"></h2>{html}') == []


def test_scenario_leads_from_node_to_node(request_of_a_visitor: HttpRequest) -> None:
    nodes = [
        render("scenario_node", request_of_a_visitor, **one) for one in SAMPLES["scenario_node"]
    ]

    assert faults_of("".join(nodes)) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_pattern_page_shows_them_all(rf: RequestFactory, language: str, direction: str) -> None:
    with override(language), override_settings(ROOT_URLCONF="tests.kit.addresses"):
        html = patterns(rf.get("/kit/", {"dir": direction})).text

    assert f'<html lang="{language}" dir="{direction}">' in html
    assert {f"pattern-{name}" for name in SAMPLES} <= {*Reader(html).ids}


@pytest.mark.parametrize("name", SAMPLE_PAGES)
def test_whole_pages_are_shown(rf: RequestFactory, name: str) -> None:
    html = pattern(rf.get(f"/kit/{name}/"), name).text

    assert html.startswith("<!doctype html>")
    assert faults_of(html) == []


def test_no_other_page_is_shown(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        pattern(rf.get("/kit/base/"), "base")


def test_every_component_has_a_part_of_its_own_in_the_stylesheet() -> None:
    parts = {name for names in LAYERS.values() for name in names}

    assert {*SAMPLES} - parts == MADE_OF_OTHERS


def test_error_summary_leads_to_the_first_control_of_each_field(
    request_of_a_visitor: HttpRequest,
) -> None:
    form = SampleForm({})

    summary = render("error_summary", request_of_a_visitor, form=form)
    page = summary + render("fields", request_of_a_visitor, form=form)

    assert faults_of(page) == []
    assert Reader(summary).references == {
        *("error-summary-title", "id_name", "id_country", "id_role_0", "id_days_0", "id_agree")
    }


def test_no_summary_without_errors(request_of_a_visitor: HttpRequest) -> None:
    assert render("error_summary", request_of_a_visitor, form=SampleForm()).strip() == ""


def test_field_names_its_hint_and_its_error(request_of_a_visitor: HttpRequest) -> None:
    html = render("field", request_of_a_visitor, field=SampleForm({})["name"])

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert Reader(html).texts == [
        "Your name",
        "As it shall stand on the certificate.",
        "Error:",
        "This field is required.",
    ]


def test_group_of_choices_is_one_fieldset(request_of_a_visitor: HttpRequest) -> None:
    html = render("field", request_of_a_visitor, field=SampleForm()["role"])

    assert [tag for tag in Reader(html).tags if tag in {"fieldset", "legend", "input"}] == [
        *("fieldset", "legend", "input", "input", "input")
    ]
    assert "checked" not in html


def test_optional_field_says_so(request_of_a_visitor: HttpRequest) -> None:
    html = render("field", request_of_a_visitor, field=SampleForm()["note"])

    asked, optional, not_here = Reader(html).texts
    assert (asked, optional) == ("A note for the trainer", "(optional)")
    assert not_here == "This site is not a reporting channel."


def test_form_says_what_it_does_and_where_else_to_go(request_of_a_visitor: HttpRequest) -> None:
    html = render("form", request_of_a_visitor, form=SampleForm(), words="Save", away="/en/")

    assert Reader(html).texts[-2:] == ["Save", "Cancel"]
    assert html.count('method="post" novalidate') == html.count('name="csrfmiddlewaretoken"') == 1


def test_notice_may_lead_on(request_of_a_visitor: HttpRequest) -> None:
    html = render("notice", request_of_a_visitor, text="Kept.", link="/en/", words="Go on")

    assert '<p>Kept. <a href="/en/">Go on</a></p>' in html


def test_pagination_keeps_the_filters(request_of_a_visitor: HttpRequest) -> None:
    html = render("pagination", request_of_a_visitor, **SAMPLES["pagination"][0])

    assert 'href="?unit=north&amp;page=1"' in html
    assert 'href="?unit=north&amp;page=3"' in html


def test_texts_of_a_person_are_escaped(request_of_a_visitor: HttpRequest) -> None:
    html = render("notice", request_of_a_visitor, text="<b onclick=alert(1)>")

    assert "&lt;b onclick=alert(1)&gt;" in html
