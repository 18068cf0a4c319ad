"""Where certificates are checked (`/verify/`), and where their holders find them.

Two namespaces: the first stands outside the languages' prefixes, the second below `/<lang>/`.
"""

from __future__ import annotations

from django.urls import path

from . import views

verify_patterns = [
    path("", views.verify, name="start"),
    path("<str:code>/", views.verify_code, name="code"),
]

learning_patterns = [
    path("", views.show_list, name="list"),
    path("name/", views.ask_name, name="name"),
    path("<str:code>/", views.show_mine, name="mine"),
    path("<str:code>/<slug:language>.pdf", views.download_pdf, name="pdf"),
]
