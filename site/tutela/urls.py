"""Every address of the site, like a site map; Wagtail's catch-all is the last line."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from certificates.urls import learning_patterns, verify_patterns
from tutela.accounts.urls import cms_patterns
from tutela.kit.views import image, pattern, patterns
from tutela.pages.views import show_robots, show_sitemap

handler400 = "tutela.kit.views.bad_request"
handler429 = "tutela.kit.views.too_many_requests"
handler500 = "tutela.kit.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tutela.work.urls")),
    path("", include("tutela.upkeep.urls")),
    path("robots.txt", show_robots, name="robots"),
    path("sitemap.xml", show_sitemap, name="sitemap"),
    path("accounts/", include("tutela.accounts.urls")),  # its log-out stands before allauth's
    path("accounts/", include("allauth.urls")),
    path("verify/", include((verify_patterns, "verify"))),
    path("cms/", include(cms_patterns)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<path:path>", image, name="image"),
]

if settings.DEMONSTRATION:
    urlpatterns += [
        path("kit/", patterns, name="patterns"),
        path("kit/<slug:name>/", pattern, name="pattern"),
    ]

urlpatterns += i18n_patterns(
    path("learning/attempts/", include("quizzes.urls")),
    path("learning/certificates/", include((learning_patterns, "certificates"))),
    path("organisations/", include("organisations.urls")),
    path("help/", include("tutela.helplines.urls")),
    path("", include("courses.urls")),
    path("", include("tutela.pages.urls")),
)
