"""People in the CMS: administrators give roles and lock accounts; they enter none and delete none.

An account's address and password are its owner's: whoever could change them could sign in as her,
past the day's delay that guards her second factor. A person ends by erasure (`privacy`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from wagtail.users.forms import GroupForm, UserCreationForm, UserEditForm
from wagtail.users.views import groups, users

from .models import User
from .reasons import ReasonedForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


class NewPersonForm(ReasonedForm, UserCreationForm):
    """Makes an account that its owner enters by a code to her address."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_superuser"].disabled = not by.is_superuser

    def clean_email(self) -> str:
        """Return the address as all of them are kept."""
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (Django's own)
        """Return the person, whom no password lets in."""
        self.instance.set_unusable_password()
        person: User = super().save(commit=commit)
        return person


class PersonForm(ReasonedForm, UserEditForm):
    """Gives roles, corrects a name, locks an account."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        if "is_superuser" in self.fields:
            self.fields["is_superuser"].disabled = not by.is_superuser


class PeopleView(users.IndexView):
    """The list of people."""

    def get_delete_url(self, instance: User) -> None:
        """Offer no deletion."""


class AddPersonView(users.CreateView):
    """Makes an account."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who asks."""
        return {**super().get_form_kwargs(), "by": self.request.user}

    def save_instance(self) -> User:
        """Return the new person; the code that lets her in confirms her address."""
        person: User = super().save_instance()
        EmailAddress.objects.create(user=person, email=person.email, primary=True)
        return person


class EditPersonView(users.EditView):
    """Changes an account."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who asks."""
        return {**super().get_form_kwargs(), "by": self.request.user}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refuse_rulers(request.user, [self.object])
        return super().dispatch(request, *args, **kwargs)


class RoleForm(ReasonedForm, GroupForm):
    """Says what a role may do."""


class GroupViewSet(groups.GroupViewSet):
    """The roles."""

    def get_form_class(self, for_update: bool = False) -> type[Any]:  # noqa: FBT001, FBT002
        """Return the one form for both."""
        return RoleForm


class UserViewSet(users.UserViewSet):
    """Everybody who has an account."""

    copy_view_enabled = False
    index_view_class = PeopleView
    add_view_class = AddPersonView
    edit_view_class = EditPersonView

    def get_form_class(self, for_update: bool = False) -> type[Any]:  # noqa: FBT001, FBT002
        """Return the form of a new person or of one who is there."""
        return PersonForm if for_update else NewPersonForm


def refuse_rulers(by: Any, people: Iterable[User]) -> None:
    """Let nobody but a superuser change a superuser. Raises `PermissionDenied`."""
    if not by.is_superuser and any(person.is_superuser for person in people):
        raise PermissionDenied
