"""Fields, looks and keys: what the signed PDF holds, by our own reader and by poppler's."""

import io
import re
import subprocess

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from app.adapters import signing
from app.adapters.signing import authority, fields, looks, remote
from tests.signing import keys
from tests.signing.conftest import clerk_marks, person_mark

PLACES = signing.find(keys.PAPER, keys.WORDS)


def pdfsig(pdf, folder):
    path = folder / "checked.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True, timeout=60).stdout


def text_of(pdf, folder):
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", "-layout", path, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def page_picture(pdf, page):
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    picture = document[page].render(scale=2).to_pil().convert("RGB")
    document.close()
    return picture


def test_places_stand_where_the_decree_puts_them():
    person, seal = PLACES["person"], PLACES["seal"]
    number, date = PLACES["number"], PLACES["date"]
    left, bottom, right, top = person.box
    assert (person.page, seal.page, number.page, date.page) == (0, 0, 0, 0)
    assert seal.box[2] == pytest.approx(left + (right - left) / 3, abs=0.1)
    assert seal.box[2] - seal.box[0] == pytest.approx(36 / 25.4 * 72, abs=0.1)
    assert (seal.box[1] + seal.box[3]) / 2 == pytest.approx((bottom + top) / 2, abs=0.1)
    assert number.box[1] == pytest.approx(date.box[1], abs=0.5)
    assert number.box[2] < date.box[0]
    assert top < number.box[1]


def test_a_paper_without_room_is_refused_with_the_missing_part():
    words = signing.Words({"person": ("CHỦ TỊCH", "Nguyễn Công Lộc")}, ("Số:", "/TTr-KHAC"), None)
    with pytest.raises(signing.SigningError) as refused:
        signing.find(keys.PAPER, words)
    assert (refused.value.code, refused.value.params) == ("no_place", {"part": "số văn bản"})
    with pytest.raises(signing.SigningError) as refused:
        signing.find(keys.PAPER, signing.Words({"person": ("CHỦ TỊCH", "Trần Văn Khác")}, None, None))
    assert refused.value.params == {"part": "chữ ký"}


def test_a_paper_without_number_and_date_gets_two_fields():
    places = signing.find(keys.PAPER, signing.Words({"person": ("CHỦ TỊCH", "Nguyễn Công Lộc")}, None, None))
    assert signing.empty(signing.add(keys.PAPER, places)) == ("person", "seal")


@pytest.mark.parametrize("broken", [b"", b"not a PDF", keys.PAPER[:2000]])
def test_what_is_no_pdf_is_refused(broken):
    with pytest.raises(signing.SigningError) as refused:
        signing.add(broken, PLACES)
    assert refused.value.code == "bad_file"


def test_fields_are_there_before_the_first_signature_and_each_stage_begins_with_the_last(papers):
    assert papers.empty.startswith(keys.PAPER)
    assert papers.signed.startswith(papers.empty)
    assert papers.sealed.startswith(papers.signed)
    assert signing.empty(keys.PAPER) == ()
    assert signing.empty(papers.empty) == ("person", "number", "date", "seal")
    assert signing.empty(papers.signed) == ("number", "date", "seal")
    assert signing.empty(papers.sealed) == ()


def test_the_fields_say_where_they_stand(papers):
    placed = signing.placed(papers.sealed)
    assert set(placed) == {"person", "number", "date", "seal"}
    for slot, place in placed.items():
        assert place.page == PLACES[slot].page
        assert place.box == tuple(round(side) for side in PLACES[slot].box)
    assert signing.placed(keys.PAPER) == {}


def test_an_independent_reader_finds_four_valid_signatures(papers, tmp_path):
    told = pdfsig(papers.sealed, tmp_path)
    assert told.count("Signature Validation: Signature is Valid.") == 4
    assert told.count("  - Total document signed") == 1
    assert re.findall(r"Field Name: (\w+)", told) == ["NguoiKy", "SoVanBan", "NgayVanBan", "DauCoQuan"]
    assert re.findall(r"Certificate Common Name: (.+)", told)[:2] == [
        "Nguyễn Công Lộc",
        "Ủy ban nhân dân phường Thử Nghiệm",
    ]
    assert set(re.findall(r"Signature Type: (.+)", told)) == {"ETSI.CAdES.detached"}


def test_number_day_and_names_are_read_as_text_in_their_lines(papers, tmp_path):
    text = text_of(papers.sealed, tmp_path)
    assert re.search(r"Số: +07 */TTr-UBND", text)
    assert re.search(r"ngày +20 +tháng 11 năm 2026", text)
    assert "Ký bởi: Nguyễn Công Lộc" in text
    before = text_of(papers.signed, tmp_path)
    assert re.search(r"Số: +/TTr-UBND", before)


def test_the_embedded_font_is_scaled_so_that_letters_stand_together(papers):
    reader = PdfFileReader(io.BytesIO(papers.signed))
    found = [field.get_object() for field in reader.root["/AcroForm"]["/Fields"]]
    field = next(field for field in found if field["/T"] == fields.NAMES["person"])
    (font,) = (one.get_object() for one in field["/AP"]["/N"]["/Resources"]["/Font"].values())
    inner = font["/DescendantFonts"][0].get_object()
    widths = [width for part in inner["/W"] if isinstance(part, list) for width in part]
    assert widths
    assert max(widths) <= 1000, "no letter is wider than the em, counted in thousandths"


def test_number_and_day_stand_on_the_line_of_their_words(papers):
    """The lowest ink of the number is the lowest ink of `Số` beside it, to half a point."""
    picture = page_picture(papers.sealed, 0)
    left, bottom, right, top = PLACES["number"].box
    height = picture.height

    def lowest(first, last):
        crop = picture.crop(
            (round(first * 2), height - round(top * 2), round(last * 2), height - round(bottom * 2 - 12))
        )
        box = crop.convert("L").point(lambda level: 255 if level < 128 else 0).getbbox()
        return box[3]

    assert abs(lowest(left, right - 1) - lowest(left - 25, left - 6)) <= 1


def test_pictures_of_signature_and_seal_are_shown_in_their_colours(papers):
    seal = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse((5, 5, 295, 295), outline=(200, 0, 0, 255), width=20)
    out = io.BytesIO()
    seal.save(out, "PNG")
    mark = signing.Mark("seal", looks.seal(out.getvalue(), "", ""))
    pdf = papers.by(keys.organisation(), mark, pdf=papers.signed)
    picture = page_picture(pdf, 0)
    left, bottom, right, top = (side * 2 for side in PLACES["seal"].box)
    crop = picture.crop((round(left), round(picture.height - top), round(right), round(picture.height - bottom)))
    red = [pixel for pixel in crop.get_flattened_data() if pixel[0] > 150 and pixel[1] < 60]
    assert len(red) > 500


def test_filled_places_are_those_that_show_more(papers):
    places = {slot: PLACES[slot] for slot in ("number", "date")}
    assert signing.filled(papers.signed, papers.sealed, places) == {"number", "date"}
    only_date = papers.by(keys.organisation(), clerk_marks()[1], pdf=papers.signed)
    assert signing.filled(papers.signed, only_date, places) == {"date"}


def test_a_key_of_another_certificate_does_not_sign(papers):
    key = keys.key_file(papers.folder, keys.organisation())
    with pytest.raises(signing.SigningError) as refused:
        signing.sign(papers.empty, [person_mark()], key, keys.mark_of(keys.person()))
    assert refused.value.code == "other_key"


@pytest.mark.parametrize("passphrase", ["", "sai"])
def test_a_wrong_passphrase_opens_nothing(papers, passphrase):
    path = keys.key_file(papers.folder, keys.person()).path
    with pytest.raises(signing.SigningError) as refused:
        signing.certificate_of(signing.FileKey(path, passphrase))
    assert refused.value.code == "no_key"


def test_a_missing_or_broken_key_file_is_named(papers):
    broken = papers.folder / "broken.p12"
    broken.write_bytes(b"no key")
    for path in (broken, papers.folder / "missing.p12"):
        with pytest.raises(signing.SigningError) as refused:
            signing.certificate_of(signing.FileKey(path, keys.PASSPHRASE))
        assert refused.value.code == "no_key"


# --- PKCS#11 ------------------------------------------------------------------------------------------------------
def test_a_token_signs(papers, token, tmp_path):
    assert signing.certificate_of(token.key()) == keys.person().der
    pdf = signing.sign(papers.empty, [person_mark()], token.key(), keys.mark_of(keys.person()))
    assert papers.verdict(pdf) == "valid"
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)


def test_a_wrong_pin_and_a_missing_token_are_told_apart(token):
    for key, code in (
        (token.key("111111"), "wrong_pin"),
        (signing.TokenKey(token.module, "khong-co", "chu-tich", keys.PIN), "no_token"),
        (signing.TokenKey("/khong/co.so", token.label, "chu-tich", keys.PIN), "no_token"),
        (signing.TokenKey(token.module, token.label, "khong-co", keys.PIN), "no_key"),
    ):
        with pytest.raises(signing.SigningError) as refused:
            signing.certificate_of(key)
        assert refused.value.code == code


# --- in two phases ------------------------------------------------------------------------------------------------
def test_a_key_elsewhere_signs_in_two_phases(papers, tmp_path):
    prepared = remote.prepare(papers.empty, person_mark(), keys.person().der)
    assert prepared.pdf.startswith(papers.empty)
    signature = keys.raw_signature(keys.person(), prepared.to_sign)
    pdf = remote.finish(prepared.pdf, prepared.state, keys.person().der, signature)
    assert papers.verdict(pdf) == "valid"
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["P-256", "P-384"])
def test_a_key_on_an_elliptic_curve_signs_too(papers, tmp_path, curve):
    """Its signature is taken as DER and as the two numbers that a token gives."""
    key = ec.generate_private_key(curve)
    who = authority.issue(keys.root(), "Nguyễn Công Lộc", valid_from=keys.START, valid_to=keys.END, key=key)
    expected = signing.Expected(papers.empty, {"person": frozenset({keys.mark_of(who)})}, "person")
    prepared = remote.prepare(papers.empty, person_mark(), who.der)
    assert remote.algorithm_of(who.der) == "ECDSA SHA-256"
    der = key.sign(prepared.to_sign, ec.ECDSA(hashes.SHA256()))
    size = (curve.key_size + 7) // 8
    numbers = b"".join(number.to_bytes(size) for number in decode_dss_signature(der))
    for signature in (der, numbers):
        pdf = remote.finish(prepared.pdf, prepared.state, who.der, signature)
        assert signing.check(pdf, expected, keys.trust(), at=keys.AT).verdict.code == "valid"
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)
    for wrong in (
        numbers[:-1] + bytes([numbers[-1] ^ 1]),
        bytes(2 * size),
        der[:-1],
        key.sign(b"other", ec.ECDSA(hashes.SHA256())),
    ):
        with pytest.raises(signing.SigningError) as refused:
            remote.finish(prepared.pdf, prepared.state, who.der, wrong)
        assert refused.value.code == "bad_signature"


def test_a_key_of_another_kind_is_told_at_once(papers):
    key = ed25519.Ed25519PrivateKey.generate()
    name = keys.person().certificate.subject
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(keys.START).not_valid_after(keys.END)
    with pytest.raises(signing.SigningError) as refused:
        remote.prepare(papers.empty, person_mark(), builder.sign(key, None).public_bytes(Encoding.DER))
    assert refused.value.code == "bad_certificate"


def test_a_prepared_file_is_not_signed(papers):
    prepared = remote.prepare(papers.empty, person_mark(), keys.person().der)
    assert papers.verdict(prepared.pdf) == "unreadable"


def test_a_signature_by_another_key_or_of_other_attributes_is_refused(papers):
    prepared = remote.prepare(papers.empty, person_mark(), keys.person().der)
    wrong = (
        keys.raw_signature(keys.organisation(), prepared.to_sign),
        keys.raw_signature(keys.person(), prepared.to_sign + b"x"),
        b"",
        bytes(256),
    )
    for signature in wrong:
        with pytest.raises(signing.SigningError) as refused:
            remote.finish(prepared.pdf, prepared.state, keys.person().der, signature)
        assert refused.value.code == "bad_signature"
