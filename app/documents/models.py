"""Tables of official papers: the paper, its stored bytes and signatures, batches, and the register of numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Stateful, UtcDateTime, state_check
from workflows import DOCUMENT, TEMPLATE


class Document(Stateful, Base):
    """One paper, made from `template_code` and the JSON text in `data` that it keeps for ever.

    `signer_role` is the application role whose holder signs (empty: nobody has to), `signatory_id` the dated
    appointment whose name and capacity are printed. `series` is the register the number comes from. `verify_code`
    lets anyone check the paper. `sign_method` says how it was signed: "" approved in the application and then signed
    on paper, "digital" by a signature inside the PDF. `stale` lists the facts that changed since it was drawn up, as
    JSON rows `[label, then, now]`, "" for none. `relation` says what the paper does to the one in `related_id`.
    """

    __workflow__ = DOCUMENT
    __tablename__ = "document"
    __table_args__ = (
        state_check(DOCUMENT),
        CheckConstraint("render_state IN ('waiting', 'ready', 'failed')", name="render_state"),
        CheckConstraint("relation IN ('', 'replaces', 'corrects', 'revokes')", name="relation"),
        CheckConstraint("sign_method IN ('', 'digital')", name="sign_method"),
        Index("ix_document_contest", "contest_id", "template_code", "id"),
        Index("ix_document_state", "organisation_id", "state", "id"),
        Index("ix_document_entry", "entry_id"),
        Index("ix_document_package", "package_id"),
        Index("ix_document_related", "related_id"),
        Index("ix_document_batch", "batch_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    verify_code: Mapped[str] = mapped_column(String(20), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    package_id: Mapped[int | None] = mapped_column()
    sheet_id: Mapped[int | None] = mapped_column()
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("document_batch.id"))
    template_code: Mapped[str] = mapped_column(String(40))
    template_sha256: Mapped[str] = mapped_column(String(64))
    type_name: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(500))
    data: Mapped[str] = mapped_column(Text)
    signer_role: Mapped[str] = mapped_column(String(30), default="")
    signer_name: Mapped[str] = mapped_column(String(100), default="")
    signer_title: Mapped[str] = mapped_column(String(100), default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"))
    stale: Mapped[str] = mapped_column(Text, default="")
    # rendering
    render_state: Mapped[str] = mapped_column(String(10), default="waiting")
    render_error: Mapped[str] = mapped_column(Text, default="")
    # sign-off
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_sha256: Mapped[str] = mapped_column(String(64), default="")
    sign_method: Mapped[str] = mapped_column(String(10), default="")
    # number and release
    series: Mapped[str] = mapped_column(String(30), default="")
    symbol: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[int | None] = mapped_column()
    issued_on: Mapped[date | None] = mapped_column(Date)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    relation: Mapped[str] = mapped_column(String(10), default="")
    related_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(100), default="")


class DocumentFile(Base):
    """Stored bytes of a paper at one stage. Never changed.

    `draft` is what the signer is shown, `signed` the same with the person's digital signature, `issued` the paper with
    number and date (and the organisation's digital signature), `scan` the picture of a paper signed by hand.
    """

    __tablename__ = "document_file"
    __table_args__ = (
        CheckConstraint("stage IN ('draft', 'signed', 'issued', 'scan')", name="stage"),
        CheckConstraint("kind IN ('docx', 'pdf')", name="kind"),
        Index("ix_document_file_document", "document_id", "stage", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    stage: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentSignature(Base):
    """One signature on a paper, by a person or by the organisation.

    `slot` is its place: the person's, the one beside it of the writer, the number, the date or the seal. `method` says
    how it was made: approved in the `application`, with a key at the `server`, at the signer's computer (`client`),
    with the office's own tool and sent in (`upload`), or by hand on `paper`. `on_behalf_of` names who was signed for.
    `file_sha256` is the hash of the bytes with this signature, `shown_sha256` of those that the signer was shown. A
    signature that a later change made worthless stays, with `voided_at` and why.
    """

    __tablename__ = "document_signature"
    __table_args__ = (
        CheckConstraint("slot IN ('writer', 'person', 'number', 'date', 'seal')", name="slot"),
        CheckConstraint("method IN ('application', 'server', 'client', 'upload', 'paper')", name="method"),
        Index("ix_document_signature_document", "document_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    slot: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(100), default="")
    on_behalf_of: Mapped[str] = mapped_column(String(200), default="")
    certificate: Mapped[str] = mapped_column(String(400), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(String(300), default="")


class SigningCertificate(Base):
    """A certificate that is expected on papers of an organisation: a person's (`user_id`) or the organisation's own.

    `place` says where its key is: a `pkcs12` file or a `pkcs11` token at the server (named by `locator`), or
    `external`, at the holder's computer. No key and no secret stands here.
    """

    __tablename__ = "signing_certificate"
    __table_args__ = (
        CheckConstraint("place IN ('pkcs12', 'pkcs11', 'external')", name="place"),
        UniqueConstraint("organisation_id", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(400))
    serial: Mapped[str] = mapped_column(String(80), default="")
    der: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(10))
    locator: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SigningSession(Base):
    """A signature in two phases: prepared here, made by the key at the signer's computer, finished here.

    `prepared` is the JSON that the second phase needs; the prepared PDF is stored under `prepared_sha256`.
    """

    __tablename__ = "signing_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    document_version: Mapped[int] = mapped_column()
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    slot: Mapped[str] = mapped_column(String(10))
    shown_sha256: Mapped[str] = mapped_column(String(64))
    prepared_sha256: Mapped[str] = mapped_column(String(64))
    prepared: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DocumentTemplate(Stateful, Base):
    """A version of a Word template that an office uploaded in place of the built-in one.

    `report` is the JSON of what the check found; `preview_sha256` the PDF of the trial with sample data. The bytes are
    stored under `sha256`.
    """

    __workflow__ = TEMPLATE
    __tablename__ = "document_template"
    __table_args__ = (
        state_check(TEMPLATE),
        UniqueConstraint("organisation_id", "template_code", "number"),
        Index("ix_document_template_state", "organisation_id", "template_code", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    template_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    file_name: Mapped[str] = mapped_column(String(255))
    note: Mapped[str] = mapped_column(String(300), default="")
    report: Mapped[str] = mapped_column(Text, default="")
    preview_sha256: Mapped[str] = mapped_column(String(64), default="")
    preview_pages: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_by: Mapped[str] = mapped_column(String(100))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    activated_by: Mapped[str] = mapped_column(String(100), default="")
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DocumentBatch(Base):
    """Papers of one kind made together, such as the certificates of all winners.

    The worker draws them up: `undrawn` is the JSON list of ids of subjects (`subject_type` names their life cycle)
    that are still to come, "" when all are through; `refused` the JSON rows `[code, why]` of those about which no
    paper could be drawn up. How far it is further on is counted from its papers. `told` is what the person who began
    it was told last: "" for nothing, "ready" or "failed". `merged_sha256` is one PDF of all for printing, `zip_sha256`
    one file each; both are made when the last paper is ready and again when one changed since (`made_from` names the
    bytes).
    """

    __tablename__ = "document_batch"
    __table_args__ = (Index("ix_document_batch_contest", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    template_code: Mapped[str] = mapped_column(String(40))
    total: Mapped[int] = mapped_column()
    subject_type: Mapped[str] = mapped_column(String(30), default="")
    undrawn: Mapped[str] = mapped_column(Text, default="")
    refused: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[str] = mapped_column(String(10), default="")
    made_from: Mapped[str] = mapped_column(String(64), default="")
    merged_sha256: Mapped[str] = mapped_column(String(64), default="")
    merged_size: Mapped[int] = mapped_column(default=0)
    merged_pages: Mapped[int] = mapped_column(default=0)
    zip_sha256: Mapped[str] = mapped_column(String(64), default="")
    zip_size: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(100), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RegisterSeries(Base):
    """The last number taken in one series and year of an organisation; locked while a number is taken."""

    __tablename__ = "register_series"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column()


class RegisterEntry(Base):
    """One line of the register of outgoing papers (Nghị định 30/2020/NĐ-CP, Phụ lục IV). `series` is the book that
    counts the paper; number and symbol together stand once in a year, whatever the books are."""

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "series", "year", "number"),
        Index("ix_register_entry_symbol", "organisation_id", "year", "symbol", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    series: Mapped[str] = mapped_column(String(30))
    year: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    symbol: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    issued_on: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(600))
    signer: Mapped[str] = mapped_column(String(200))
    recipients: Mapped[str] = mapped_column(Text, default="")
    archive_unit: Mapped[str] = mapped_column(String(200), default="")
    copies: Mapped[int] = mapped_column(default=1)
    sent_on: Mapped[date | None] = mapped_column(Date)
    received_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
