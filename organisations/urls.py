"""The addresses below `/<lang>/organisations/`."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "organisations"

urlpatterns = [
    path("", views.my_organisations, name="mine"),
    path("join/<str:token>/", views.join_organisation, name="join"),
    path("join/<str:token>/stop/", views.stop_invitation_mail, name="stop"),
    # What a member does.
    path("<slug:slug>/leave/", views.leave_organisation, name="leave"),
    # What a manager, or for the first one an auditor, sees.
    path("<slug:slug>/", views.dashboard, name="dashboard"),
    path("<slug:slug>/people/", views.people, name="people"),
    path("<slug:slug>/records/", views.records, name="records"),
    path("<slug:slug>/records/export.csv", views.export_csv, name="export_csv"),
    path("<slug:slug>/records/export.xlsx", views.export_xlsx, name="export_xlsx"),
    path("<slug:slug>/invitations/", views.invitations, name="invitations"),
    # What a manager changes.
    path("<slug:slug>/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw"),
    path("<slug:slug>/members/<int:pk>/move/", views.move_member, name="move"),
    path("<slug:slug>/members/<int:pk>/end/", views.end_member, name="end"),
]
