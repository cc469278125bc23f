"""What packages hold. An entry that came back may go up again with a later package: its last place counts."""

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.core.db import db
from app.entries.models import Entry
from app.handover.models import Package, PackageItem


def entries_of(package: Package) -> list[Entry]:
    """The package's entries in their order, with what lists of them show."""
    return list(
        db.session.scalars(
            select(Entry)
            .join(PackageItem, PackageItem.entry_id == Entry.id)
            .where(PackageItem.package_id == package.id)
            .options(joinedload(Entry.unit), joinedload(Entry.field), selectinload(Entry.authors))
            .order_by(PackageItem.position, PackageItem.id)
        )
    )


def superseded(package: Package) -> set[int]:
    """Ids of its entries that have a later place elsewhere: they came back before."""
    later = aliased(PackageItem)
    return set(
        db.session.scalars(
            select(PackageItem.entry_id)
            .join(later, later.entry_id == PackageItem.entry_id)
            .where(PackageItem.package_id == package.id, later.id > PackageItem.id)
        )
    )


def holding(entry: Entry) -> Package | None:
    """The package with which the entry went up last."""
    return db.session.scalars(
        select(Package)
        .join(PackageItem, PackageItem.package_id == Package.id)
        .where(PackageItem.entry_id == entry.id, Package.sent_at.is_not(None))
        .order_by(PackageItem.id.desc())
        .limit(1)
    ).first()
