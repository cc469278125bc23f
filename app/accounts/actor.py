"""Who acts: a person with dated, scoped roles, or the system itself. Passed down to services, never fetched there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflows.spec import ROLE_LABELS, Role


@dataclass(frozen=True)
class Grant:
    """A role in an organisation; `contest_id` None means in all its contests."""

    role: Role
    organisation_id: int
    contest_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The person behind an act. `on_behalf_of` names the one for whom they stand in, if any."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    organisation_id: int | None = None
    job_title: str = ""
    on_behalf_of: str = ""
    is_system: bool = False

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in (or the system acts)."""
        return self.is_system or self.user_id is not None

    @property
    def role_labels(self) -> tuple[str, ...]:
        """The distinct roles held anywhere, as shown, in the order of `Role`."""
        held = {grant.role for grant in self.grants}
        return tuple(ROLE_LABELS[role] for role in Role if role in held)

    def holds(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def roles_in(self, organisation_id: int | None, contest_id: int | None = None) -> frozenset[Role]:
        """Roles held in this organisation for this contest (grants for all its contests count)."""
        if self.is_system:
            return frozenset({Role.SYSTEM})
        return frozenset(
            grant.role
            for grant in self.grants
            if grant.organisation_id == organisation_id and grant.contest_id in (None, contest_id)
        )

    def organisations_as(self, *roles: Role) -> frozenset[int]:
        """Ids of organisations where one of the roles is held (for all contests or for some)."""
        return frozenset(grant.organisation_id for grant in self.grants if grant.role in roles)

    def contests_as(self, *roles: Role) -> frozenset[int]:
        """Ids of single contests for which one of the roles is held."""
        return frozenset(g.contest_id for g in self.grants if g.role in roles and g.contest_id is not None)


SYSTEM = Actor(None, "Hệ thống", is_system=True)
ANONYMOUS = Actor(None, "")


def valid_grants(rows: Iterable, today: date) -> tuple[Grant, ...]:
    """The grants among rows of `RoleGrant` columns that hold today."""
    return tuple(
        Grant(Role(row.role), row.organisation_id, row.contest_id)
        for row in rows
        if row.role and row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)
    )
