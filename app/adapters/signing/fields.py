"""Empty signature fields, put into a PDF before its first signature.

All of them exist before the first signature: a field that comes later would be a change to what was signed.
"""

import io
from collections.abc import Iterator, Mapping

from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, VisibleSigSettings, append_signature_field, enumerate_sig_fields

from app.adapters.signing.errors import SigningError
from app.adapters.signing.places import Place

SIGNATURES_EXIST, APPEND_ONLY = 1, 2
SLOTS = ("writer", "person", "number", "date", "seal")
"""In the order in which they are signed: who drew the paper up, who has the power to sign it, then the organisation."""
NAMES = {"writer": "NguoiLap", "person": "NguoiKy", "number": "SoVanBan", "date": "NgayVanBan", "seal": "DauCoQuan"}
SLOT_OF = {name: slot for slot, name in NAMES.items()}

# A printed signature keeps its size whatever the zoom, and is printed.
_VISIBLE = VisibleSigSettings(rotate_with_page=True, scale_with_page_zoom=True, print_signature=True)


def add(pdf: bytes, places: Mapping[str, Place]) -> bytes:
    """The PDF with an empty signature field for each place; its own bytes stay the exact beginning.

    Raises SigningError (`bad_file`).
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for slot in SLOTS:
            if slot in places:
                append_signature_field(writer, _spec(slot, places[slot]))
        _announce_signatures(writer)
        out = io.BytesIO()
        writer.write(out)
    except PdfError as error:
        raise SigningError("bad_file", str(error)) from error
    return out.getvalue()


def _announce_signatures(writer: IncrementalPdfFileWriter) -> None:
    """Say at once what the first signature would say otherwise, so that it adds nothing but itself."""
    form = writer.root["/AcroForm"]
    form["/SigFlags"] = NumberObject(SIGNATURES_EXIST | APPEND_ONLY)
    writer.update_container(form)


def _spec(slot: str, place: Place) -> SigFieldSpec:
    box = tuple(round(side) for side in place.box)
    return SigFieldSpec(NAMES[slot], on_page=place.page, box=box, visible_sig_settings=_VISIBLE)


def placed(pdf: bytes) -> dict[str, Place]:
    """Where the fields of a PDF stand, by slot. Raises SigningError (`bad_file`)."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        pages = reader.root["/Pages"]["/Count"]
        return {slot: place for number in range(pages) for slot, place in _on_page(reader, number)}
    except PdfError as error:
        raise SigningError("bad_file", str(error)) from error


def _on_page(reader: PdfFileReader, number: int) -> Iterator[tuple[str, Place]]:
    page = reader.find_page_for_modification(number)[0].get_object()
    for one in page.get("/Annots", ()):
        widget = one.get_object()
        slot = SLOT_OF.get(str(widget.get("/T", "")))
        if slot:
            yield slot, Place(number, tuple(float(side) for side in widget["/Rect"]))


def empty(pdf: bytes) -> tuple[str, ...]:
    """Slots whose field is there and not signed yet, in their order. Raises SigningError (`bad_file`)."""
    try:
        found = {name for name, _value, _ref in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)), False)}
    except PdfError as error:
        raise SigningError("bad_file", str(error)) from error
    return tuple(slot for slot in SLOTS if NAMES[slot] in found)
