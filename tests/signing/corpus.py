"""Signed PDFs that are not what they seem, each made by a small program: attacks known of PDF signatures, wrong
certificates, wrong order. Every function takes the papers of the tests and returns a file."""

import io
import re

import pypdfium2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from app.adapters import signing
from app.adapters.signing import authority
from tests.signing import keys
from tests.signing.conftest import clerk_marks, person_mark


def edited(pdf: bytes, change) -> bytes:
    """The file with an incremental update, as an attacker appends one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def first_page(writer):
    """The page object of the first page."""
    return writer.find_page_for_modification(0)[0].get_object()


def note(writer) -> None:
    """A note with text over the page."""
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FreeText"),
            NameObject("/Rect"): ArrayObject(NumberObject(n) for n in (100, 500, 400, 560)),
            NameObject("/Contents"): generic.pdf_string("Thưởng 90.000.000 đồng"),
            NameObject("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
        }
    )
    page = first_page(writer)
    page.setdefault(NameObject("/Annots"), ArrayObject()).append(writer.add_object(annotation))
    writer.update_container(page)


def overlay(writer) -> None:
    """A white box drawn over the page."""
    stream = StreamObject(stream_data=b"q 1 1 1 rg 80 300 450 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(stream))


def hidden_layer(writer) -> None:
    """Content in an optional layer that is switched off now and can be switched on later."""
    layer = writer.add_object(
        DictionaryObject(
            {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): generic.pdf_string("Trang khác")}
        )
    )
    writer.root["/OCProperties"] = DictionaryObject(
        {
            NameObject("/OCGs"): ArrayObject([layer]),
            NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer])}),
        }
    )
    writer.update_root()
    stream = StreamObject(stream_data=b"/OC /L1 BDC q 1 1 1 rg 0 0 600 800 re f Q EMC")
    writer.add_stream_to_page(0, writer.add_object(stream))


def other_language(writer) -> None:
    """A small change that nobody sees."""
    writer.root["/Lang"] = generic.pdf_string("xx-XX")
    writer.update_root()


def replaced_page(writer) -> None:
    """The second page in place of the first: what was signed lies beneath, unseen."""
    root = writer.root["/Pages"]
    root["/Kids"] = ArrayObject(reversed(root["/Kids"]))
    writer.update_container(root)


CHANGES = (note, overlay, hidden_layer, other_language, replaced_page)


def saved_anew(pdf: bytes) -> bytes:
    """Opened and saved by another program."""
    document = pypdfium2.PdfDocument(pdf)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def flipped(pdf: bytes, position: int) -> bytes:
    """One bit turned."""
    return pdf[:position] + bytes([pdf[position] ^ 1]) + pdf[position + 1 :]


def uncovered(papers) -> bytes:
    """The signature's range stops before the end of what it should cover."""
    ranges = list(re.finditer(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", papers.signed))[-1]
    short = str(int(ranges[3]) - 500).rjust(len(ranges[3]), "0").encode()
    return papers.signed[: ranges.start(3)] + short + papers.signed[ranges.end(3) :]


def hole_in_the_middle(papers) -> bytes:
    """The signature leaves out more than its own room."""
    ranges = list(re.finditer(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", papers.signed))[-1]
    start = str(int(ranges[2]) + 40).encode()
    length = str(int(ranges[3]) - 40).rjust(len(ranges[3]), "0").encode()
    return papers.signed[: ranges.start(2)] + start + b" " + length + papers.signed[ranges.end(3) :]


def forged(papers) -> bytes:
    """The raw signature inside the file is another one."""
    start = papers.signed.rindex(b"/Contents <") + len(b"/Contents <")
    content = bytes.fromhex(papers.signed[start : papers.signed.index(b">", start)].decode())
    length = 4 + int.from_bytes(content[2:4], "big")
    last = start + 2 * length - 40
    digit = b"0" if papers.signed[last : last + 1] != b"0" else b"1"
    return papers.signed[:last] + digit + papers.signed[last + 1 :]


def by_other_root(papers) -> bytes:
    """The chairman's name on a certificate of somebody else's authority."""
    return papers.by(keys.issued("Nguyễn Công Lộc", under="CA khác"))


def by_expired(papers) -> bytes:
    """A certificate whose time was over."""
    return papers.by(keys.issued("Hết hạn", keys.START, keys.AT - keys.days(1)))


def by_future(papers) -> bytes:
    """A certificate whose time has not come."""
    return papers.by(keys.issued("Chưa hiệu lực", keys.AT + keys.days(1), keys.END))


def by_someone_else(papers) -> bytes:
    """A right certificate of another person."""
    return papers.by(keys.issued("Trần Thị Thu Hà"))


def by_certificate_for_encryption(papers) -> bytes:
    """A certificate that is meant for something else."""
    return papers.by(encipher_only())


def encipher_only() -> authority.Issued:
    """A certificate for encryption only."""
    plain = keys.issued("Chỉ mã hóa")
    one, root = plain.certificate, keys.root()
    builder = x509.CertificateBuilder(
        one.issuer, one.subject, one.public_key(), x509.random_serial_number(), keys.START, keys.END, []
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(authority._usage("key_encipherment"), critical=True)
    return authority.Issued(builder.sign(root.key, hashes.SHA256()), plain.key)


def weak_digest(papers) -> bytes:
    """A signature over SHA-1."""
    key = keys.key_file(papers.folder, keys.person())
    with key.opened() as signer:
        meta = PdfSignatureMetadata(field_name="NguoiKy", md_algorithm="sha1", subfilter=SigSeedSubFilter.PADES)
        out = io.BytesIO()
        PdfSigner(meta, signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(papers.empty)), existing_fields_only=True, output=out
        )
        return out.getvalue()


def number_first(papers) -> bytes:
    """The clerk numbers before the chairman signs."""
    numbered = papers.by(keys.organisation(), clerk_marks()[0])
    return papers.by(keys.person(), person_mark(), pdf=numbered)


def sealed_at_once(papers) -> bytes:
    """The organisation signs along with the person, before there is a number."""
    return papers.by(keys.organisation(), clerk_marks()[2], pdf=papers.signed)


def only_the_organisation(papers) -> bytes:
    """Nobody signed but the organisation."""
    return papers.by(keys.organisation(), *clerk_marks())


def person_seals(papers) -> bytes:
    """The chairman's own key in the place of the organisation's."""
    return papers.by(keys.person(), *clerk_marks(), pdf=papers.signed)


def organisation_signs(papers) -> bytes:
    """The organisation's key in the chairman's place."""
    return papers.by(keys.organisation(), person_mark())


def in_a_field_of_its_own(papers, box=(300, 200, 480, 280)) -> bytes:
    """Signed as the office's own tool does it: in a new field, the prepared ones stay empty."""
    key = keys.key_file(papers.folder, keys.person())
    with key.opened() as signer:
        out = io.BytesIO()
        meta = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256")
        spec = SigFieldSpec("Signature1", on_page=0, box=box)
        PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(papers.empty)), output=out
        )
        return out.getvalue()


def over_the_whole_page(papers) -> bytes:
    """A visible signature that covers the text."""
    return in_a_field_of_its_own(papers, (0, 0, 595, 842))


def trust_with_revocation(who: authority.Issued, moment) -> signing.Trust:
    """The root with its list, on which the certificate stands."""
    revoked = {who.certificate.serial_number: moment}
    return keys.trust(lists=(authority.revocation_list(keys.root(), revoked, now=keys.AT),))
