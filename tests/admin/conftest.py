import pytest

from tests.factories.people import kept, make_organisation, make_user
from workflows.spec import Role


@pytest.fixture
def ward(app):
    """The organisation of the administrator."""
    return kept(
        make_organisation("phuong", name="Ủy ban nhân dân phường Thử Nghiệm", short_name="UBND phường Thử Nghiệm")
    )


@pytest.fixture
def admin(ward):
    """An administrator."""
    return kept(make_user("quantri", Role.ADMIN, at=ward, full_name="Đỗ Quản Trị"))


@pytest.fixture
def mai(ward):
    """A clerk of the office."""
    return kept(make_user("mai.tran", Role.OFFICE, at=ward, full_name="Trần Thị Mai"))
