"""Every page of the tree, by one view; the catch-all, so it is included last.

Wagtail's own list is not included: it brings a login form without a second factor.
"""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.urls import serve_pattern
from wagtail.views import authenticate_with_password

from . import views

urlpatterns = [
    path("search/", views.show_search, name="search"),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        authenticate_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    re_path(serve_pattern, views.serve, name="wagtail_serve"),
]
