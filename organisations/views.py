"""Pages for members, managers and auditors: one authorised fetch, one domain call."""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from tutela.kit.keeping import keeping_post, kept_post
from tutela.kit.paging import BoundedPaginator

from .columns import (
    NEWEST_FIRST,
    bars,
    course_columns,
    invitation_columns,
    order_of,
    people_columns,
    record_columns,
    sort_of,
    unit_columns,
)
from .exports import (
    ExportBusyError,
    Turn,
    holding_turn,
    log_export,
    state_word,
    write_csv,
    write_xlsx,
)
from .forms import InvitationForm, JoinForm, MoveForm, PeopleFilter, RecordFilter
from .memberships import (
    AlreadyMemberError,
    MembershipOverError,
    StaffNumberTakenError,
    accept_invitation,
    answers_to,
    end_membership,
    invite,
    leave,
    move,
    withdraw,
)
from .models import Appointment, Invitation, Membership, Organisation, Record
from .overview import overview
from .people import member_lines
from .permissions import may_see_counts, may_see_people, sight_of
from .records import course_titles
from .stopping import allow_invitations, are_stopped, invitation_of, stop_invitations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django import forms
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from tutela.accounts.models import User

    from .models import RecordQuerySet
    from .permissions import Sight

    class Asked(HttpRequest):
        """The request of somebody who is signed in: `login_required` saw to it."""

        user: User


log = logging.getLogger("tutela.organisations")
LINES_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def organisation_for(
    request: Asked,
    slug: str,
    *,
    at: datetime,
    may: Callable[[Sight], bool] = may_see_people,
) -> Sight:
    """Return what the person sees of an organisation; a stranger learns not even that it exists."""
    organisation = get_object_or_404(Organisation, slug=slug)
    sight = sight_of(request.user, organisation, at=at)
    if not may(sight):
        log.warning("An organisation was refused to somebody who may not look into it.")
        raise Http404
    return sight


# What a member sees and does.


@login_required
@require_safe
def my_organisations(request: Asked) -> HttpResponse:
    """Show where the person is a member, and into which organisations she looks."""
    now = timezone.now()
    memberships = Membership.objects.active(at=now).filter(person=request.user)
    appointments = Appointment.objects.open(at=now).filter(person=request.user)
    context = {
        "memberships": memberships.select_related("organisation", "unit").order_by("pk"),
        "appointments": appointments.select_related("organisation", "unit").order_by("pk"),
    }
    return render(request, "organisations/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join_organisation(request: Asked, token: str) -> HttpResponse:
    """Show who invites and what the organisation will see; a POST joins."""
    now = timezone.now()
    invitation = get_object_or_404(
        Invitation.objects.select_related("organisation", "unit__organisation"), token=token
    )
    context: dict[str, object] = {
        "invitation": invitation,
        "organisation": invitation.organisation,
    }
    if not invitation.is_open(at=now):
        return render(request, "organisations/invitation_closed.html", context, status=410)
    if not request.user.is_authenticated and request.method != "POST":
        return render(request, "organisations/join.html", context)
    return _ask_to_join(request, invitation, context, at=now)


@keeping_post
def _ask_to_join(
    request: Asked, invitation: Invitation, context: dict[str, object], *, at: datetime
) -> HttpResponse:
    if not answers_to(request.user, email=invitation.email):
        return render(request, "organisations/join_other_address.html", context, status=403)
    known = request.user.certificate_name or request.user.get_full_name()  # nobody is asked twice
    initial = {"name": known, **kept_post(request).dict()}
    form = JoinForm(request.POST or None, initial=initial)
    if form.is_valid():
        return _join(request, invitation, name=form.cleaned_data["name"], at=at)
    status = 422 if form.is_bound else 200
    return render(request, "organisations/join.html", {**context, "form": form}, status=status)


def _join(request: Asked, invitation: Invitation, *, name: str, at: datetime) -> HttpResponse:
    try:
        accept_invitation(invitation, person=request.user, name=name, at=at)
    except AlreadyMemberError:
        messages.info(request, _("You are a member of this organisation already."))
    except StaffNumberTakenError:
        messages.error(
            request,
            _("Somebody else has your staff number. Please ask whoever invited you to correct it."),
        )
    else:
        messages.success(request, _("You have joined. You can start your training now."))
    return _see_other("organisations:mine")


@csrf_exempt  # a mail program sends no cookie; the address is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def stop_invitation_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of an invitation stop further ones; a POST does it, or takes it back."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    if "again" in request.POST:
        allow_invitations(invitation)
    elif request.method == "POST":
        stop_invitations(invitation, at=timezone.now())
    if request.method == "POST" and "List-Unsubscribe" not in request.POST:
        return HttpResponseRedirect(request.path, status=303)
    # A mail program follows no redirect (RFC 8058).
    context = {
        "organisation": invitation.organisation,
        "invitation": invitation,
        "stopped": are_stopped(invitation),
    }
    return render(request, "organisations/stop.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_organisation(request: Asked, slug: str) -> HttpResponse:
    """Ask whether the person means it; a POST ends her membership."""
    now = timezone.now()
    membership = get_object_or_404(
        Membership.objects.active(at=now).select_related("organisation"),
        person=request.user,
        organisation__slug=slug,
    )
    if request.method != "POST":
        return render(request, "organisations/leave.html", {"membership": membership})
    leave(membership, at=now)
    messages.success(request, _("You have left. What was recorded until today stays recorded."))
    return _see_other("organisations:mine")


# What managers and auditors see.


@login_required
@require_safe
def dashboard(request: Asked, slug: str) -> HttpResponse:
    """Show how many members have completed what, in each unit."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now, may=may_see_counts)
    seen = overview(sight, at=now)
    context = {
        **_place(sight, "dashboard"),
        "now": now,
        "overview": seen,
        "bars": bars(seen),
        "course_columns": course_columns(),
        "unit_columns": unit_columns(seen),
    }
    return render(request, "organisations/dashboard.html", context)


@login_required
@require_safe
def people(request: Asked, slug: str) -> HttpResponse:
    """Show the members of the units that the person manages, and what each has completed."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    members = Membership.objects.visible_to(
        request.user, organisation=sight.organisation, at=now
    ).active(at=now)
    records = Record.objects.of_members(members, organisation=sight.organisation)
    form = PeopleFilter(
        request.GET, courses=course_titles(records), units=sight.units_with_people()
    )
    on = sight.organisation.day(now)
    shown = members.none()
    if form.is_valid():
        shown = form.narrow(members, organisation=sight.organisation, on=on)
    shown = shown.select_related("unit").order_by("name", "pk")
    page = BoundedPaginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_place(sight, "people"),
        "form": form,
        "columns": people_columns(),
        "page": page,
        "lines": member_lines(page.object_list, organisation=sight.organisation, on=on),
    }
    return render(request, "organisations/people.html", context, status=_status(form))


@login_required
@require_safe
def records(request: Asked, slug: str) -> HttpResponse:
    """Show the organisation's records, filtered."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    visible, form = _filtered(request, sight, at=now)
    return _show_records(request, sight, visible, form)


@login_required
@require_GET
def export_csv(request: Asked, slug: str) -> HttpResponseBase:
    """Send the filtered records as CSV, row by row."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    visible, form = _filtered(request, sight, at=now)
    if not form.is_valid():
        return _show_records(request, sight, visible, form)
    _log_export(request, sight, form, at=now, kind="csv")
    chunks = write_csv(visible, language=get_language(), on=sight.organisation.day(now))
    try:
        turn = Turn(chunks)
    except ExportBusyError:
        return _ask_to_wait(request, sight)
    response = StreamingHttpResponse(turn, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-records.csv"'
    return response


@login_required
@require_GET
def export_xlsx(request: Asked, slug: str) -> HttpResponseBase:
    """Send the filtered records as XLSX, from a file that goes away with the answer."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    visible, form = _filtered(request, sight, at=now)
    if not form.is_valid():
        return _show_records(request, sight, visible, form)
    _log_export(request, sight, form, at=now, kind="xlsx")
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the answer closes it)
    on = sight.organisation.day(now)
    try:
        with holding_turn():
            write_xlsx(visible, Path(file.name), language=get_language(), on=on)
    except ExportBusyError:
        file.close()
        return _ask_to_wait(request, sight)
    return FileResponse(
        file, as_attachment=True, filename=f"{slug}-records.xlsx", content_type=XLSX
    )


# What managers change.


@keeping_post
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: Asked, slug: str) -> HttpResponse:
    """Show the open invitations; a POST invites one address a line, all or none."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    units = sight.units_with_people()
    form = InvitationForm(request.POST or None, units=units, initial=kept_post(request).dict())
    if form.is_valid() and _invite_all(request, form, at=now):
        return _see_other("organisations:invitations", slug)
    waiting = Invitation.objects.visible_to(request.user, organisation=sight.organisation, at=now)
    waiting = waiting.open(at=now).select_related("unit").order_by("-invited_at", "-pk")
    page = BoundedPaginator(waiting, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_place(sight, "invitations"),
        "form": form,
        "page": page,
        "columns": invitation_columns(),
    }
    return render(request, "organisations/invitations.html", context, status=_status(form))


def _invite_all(request: Asked, form: InvitationForm, *, at: datetime) -> bool:
    """Invite every line, or none and say which one cannot be."""
    unit, language = form.cleaned_data["unit"], form.cleaned_data["language"]
    lines = form.cleaned_data["lines"]
    with transaction.atomic():
        for line in lines:
            try:
                invite(
                    unit,
                    email=line.email,
                    staff_number=line.staff_number,
                    by=request.user,
                    at=at,
                    language=language,
                )
            except StaffNumberTakenError:
                form.add_taken(line)
        if form.errors:
            transaction.set_rollback(True)
            return False
    messages.success(request, _("Invitations sent: %(count)d.") % {"count": len(lines)})
    return True


@login_required
@require_POST
def withdraw_invitation(request: Asked, slug: str, pk: int) -> HttpResponse:
    """Withdraw an invitation of the units that the person manages."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    mine = Invitation.objects.visible_to(request.user, organisation=sight.organisation, at=now)
    withdraw(get_object_or_404(mine, pk=pk), at=now, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return _see_other("organisations:invitations", slug)


@keeping_post
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_member(request: Asked, slug: str, pk: int) -> HttpResponse:
    """Ask for the new unit; a POST moves the member there."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    membership = _member_for(request, sight, pk, at=now)
    form = MoveForm(
        request.POST or None,
        units=sight.units_with_people(),
        initial=kept_post(request).get("unit", membership.unit.code),
    )
    if not form.is_valid():
        context = {**_place(sight, "people"), "membership": membership, "form": form}
        return render(request, "organisations/move.html", context, status=_status(form))
    move(membership, unit=form.cleaned_data["unit"], at=now, by=request.user)
    messages.success(request, _("The member has moved to the new unit."))
    return _see_other("organisations:people", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_member(request: Asked, slug: str, pk: int) -> HttpResponse:
    """Ask whether the manager means it; a POST ends the membership."""
    now = timezone.now()
    sight = organisation_for(request, slug, at=now)
    membership = _member_for(request, sight, pk, at=now)
    if request.method != "POST":
        context = {**_place(sight, "people"), "membership": membership}
        return render(request, "organisations/end.html", context)
    try:
        end_membership(membership, by=request.user, at=now)
    except MembershipOverError:
        messages.info(request, _("The membership had ended already."))
    else:
        messages.success(request, _("The membership has ended. Its records stay."))
    return _see_other("organisations:people", slug)


# What the views above share.


def _place(sight: Sight, here: str) -> dict[str, object]:
    return {"organisation": sight.organisation, "sight": sight, "here": here}


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _see_other(name: str, *args: str) -> HttpResponse:
    response = redirect(name, *args)
    response.status_code = 303
    return response


def _member_for(request: Asked, sight: Sight, pk: int, *, at: datetime) -> Membership:
    mine = Membership.objects.visible_to(request.user, organisation=sight.organisation, at=at)
    return get_object_or_404(mine.active(at=at).select_related("unit"), pk=pk)


def _filtered(request: Asked, sight: Sight, *, at: datetime) -> tuple[RecordQuerySet, RecordFilter]:
    """Return the records that the person may see, narrowed by a filter that knows no others."""
    visible = Record.objects.visible_to(request.user, organisation=sight.organisation, at=at)
    form = RecordFilter(
        request.GET, courses=course_titles(visible), units=sight.units_with_people()
    )
    return (form.narrow(visible) if form.is_valid() else visible.none()), form


def _show_records(
    request: Asked, sight: Sight, visible: RecordQuerySet, form: RecordFilter
) -> HttpResponse:
    on = sight.organisation.day(timezone.now())
    sort = sort_of(request.GET)
    # Only numbers are sorted and skipped; the records and their states are fetched for one page.
    order = order_of(sort)
    numbers = visible.order_by(*order).values_list("pk", flat=True)
    page = BoundedPaginator(numbers, LINES_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = (
        Record.objects.filter(pk__in=list(page.object_list))
        .order_by(*order)
        .annotate(state=state_word(on=on))
    )
    context = {
        **_place(sight, "records"),
        "form": form,
        "page": page,
        "is_newest_first": sort == NEWEST_FIRST,
        "columns": record_columns(request.GET, sort=sort),
    }
    return render(request, "organisations/records.html", context, status=_status(form))


def _ask_to_wait(request: Asked, sight: Sight) -> HttpResponse:
    response = render(request, "organisations/busy.html", _place(sight, "records"), status=503)
    response.headers["Retry-After"] = "10"
    return response


def _log_export(
    request: Asked, sight: Sight, form: RecordFilter, *, at: datetime, kind: str
) -> None:
    log_export(sight.organisation, by=request.user, at=at, kind=kind, wanted=form.cleaned_data)
