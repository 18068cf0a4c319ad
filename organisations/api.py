"""The door of this room."""

from __future__ import annotations

from .checking import breaches
from .exports import write_csv, write_xlsx
from .founding import (
    Charter,
    ForeignUnitError,
    UnitBelowItselfError,
    add_unit,
    appoint,
    end_appointment,
    found_organisation,
    move_unit,
    root_of,
)
from .memberships import (
    AddressMismatchError,
    AlreadyMemberError,
    InvitationClosedError,
    MembershipOverError,
    StaffNumberTakenError,
    accept_invitation,
    end_membership,
    invite,
    join,
    leave,
    move,
    remove_old_invitations,
    withdraw,
)
from .records import end_retention, record_completion

__all__ = [
    "AddressMismatchError",
    "AlreadyMemberError",
    "Charter",
    "ForeignUnitError",
    "InvitationClosedError",
    "MembershipOverError",
    "StaffNumberTakenError",
    "UnitBelowItselfError",
    "accept_invitation",
    "add_unit",
    "appoint",
    "breaches",
    "end_appointment",
    "end_membership",
    "end_retention",
    "found_organisation",
    "invite",
    "join",
    "leave",
    "move",
    "move_unit",
    "record_completion",
    "remove_old_invitations",
    "root_of",
    "withdraw",
    "write_csv",
    "write_xlsx",
]
