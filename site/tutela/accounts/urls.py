"""The person's own pages; what else signs in and out is allauth's."""

from __future__ import annotations

from django.urls import path, re_path

from . import mail_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("start/", views.start, name="start"),
    path("preferences/", views.preferences, name="preferences"),
    path("data/", views.data, name="data"),
    path("data/file/", views.data_file, name="data_file"),
    path("close/", views.close, name="close"),
    path("closed/", views.closed, name="closed"),
    path("reset/<str:token>/", views.stop_factor_reset, name="stop_factor_reset"),
    path("notices/<str:token>/", mail_views.stop_notices, name="stop_notices"),
    path("logout/", views.log_out, name="log_out"),
]
# Before Wagtail's own: the CMS has no door of its own, which would ask for no second factor.
cms_patterns = [
    path("login/", views.cms_sign_in),
    path("logout/", views.log_out),
    re_path(r"^password_reset/", views.nowhere),
    # A person ends by erasure; a copy in Wagtail 8.0.1 writes over its original.
    re_path(r"^users/delete/", views.nowhere),
    re_path(r"^locales/copy/", views.nowhere),
    re_path(r"^sites/copy/", views.nowhere),
    # An alias is live at once, and there are none here.
    re_path(r"^api/main/pages/\d+/action/create_alias/$", views.nowhere),
    # These fail whatever is sent: the first on purpose, the second without a form of its own.
    path("failwhale/", views.nowhere),
    re_path(r"^snippets/choose/.+/create/$", views.nowhere),
]
