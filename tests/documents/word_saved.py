"""A template as Microsoft Word leaves it when somebody has edited and saved it, made without Word.

What Word adds is known from its files: revision marks on every run, tags cut into runs by spelling and by typing,
bookmarks, marks of the last rendering, straight quotes bent, content controls, drawings with an alternative,
settings of compatibility, theme, fonts, web settings, custom XML, and the namespaces of later versions.
"""

import io
import re
import zipfile

from tests.documents.word_files import parts

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
LATER = (
    f' xmlns:w14="{W14}" xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    ' xmlns:w16cid="http://schemas.microsoft.com/office/word/2016/wordml/cid"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
COMPATIBLE = ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14 w15 w16cid"'
TAG_RUN = re.compile(
    r'<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: xml:space="preserve")?>([^<]*\{[^<]*)</w:t></w:r>'
)
PROOF = '<w:proofErr w:type="{}"/>'
SETTINGS = (
    '<w:zoom w:percent="110"/>',
    '<w:proofState w:spelling="clean" w:grammar="clean"/>',
)
DRAWING = (
    '<w:p w14:paraId="5A0E11F2" w14:textId="77777777"><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing/>'
    "</mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office Theme"><a:themeElements>'
    '<a:fontScheme name="Office"><a:majorFont><a:latin typeface="Calibri Light"/></a:majorFont><a:minorFont>'
    '<a:latin typeface="Calibri"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>'
)
MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BESIDE = {
    "word/theme/theme1.xml": ("theme", "application/vnd.openxmlformats-officedocument.theme+xml", THEME),
    "word/webSettings.xml": (
        "webSettings",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.webSettings+xml",
        f"<w:webSettings {MAIN}><w:optimizeForBrowser/></w:webSettings>",
    ),
    "word/fontTable.xml": (
        "fontTable",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml",
        f'<w:fonts {MAIN}><w:font w:name="Times New Roman"><w:charset w:val="00"/></w:font></w:fonts>',
    ),
    "customXml/item1.xml": (
        "customXml",
        "application/xml",
        '<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"/>',
    ),
}
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Template>Normal.dotm</Template><TotalTime>7</TotalTime><Application>Microsoft Office Word</Application>"
    "<Company>UBND phường</Company><AppVersion>16.0000</AppVersion></Properties>"
)


def as_word_saves(data, change=lambda xml: xml):
    """The package with everything that Word would have added; `change` edits the document's XML before that."""
    known = {
        name: content.decode() if name.endswith((".xml", ".rels")) else content for name, content in parts(data).items()
    }
    known["word/document.xml"] = _document(change(known["word/document.xml"]))
    known["word/settings.xml"] = re.sub(r"(<w:settings[^>]*>)", rf"\1{''.join(SETTINGS)}", known["word/settings.xml"])
    known["docProps/app.xml"] = APP
    for number, (name, (kind, content_type, xml)) in enumerate(BESIDE.items(), 90):
        known[name] = xml
        link = (
            f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        )
        target = f"../{name}" if name.startswith("customXml") else name.removeprefix("word/")
        rels = "word/_rels/document.xml.rels"
        known[rels] = known[rels].replace("</Relationships>", f'{link}{kind}" Target="{target}"/></Relationships>')
        part = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        known["[Content_Types].xml"] = known["[Content_Types].xml"].replace("</Types>", part)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in known.items():
            archive.writestr(name, content)
    return out.getvalue()


def _document(xml):
    xml = TAG_RUN.sub(_cut, xml)
    xml = re.sub(
        r"<w:p>", '<w:p w14:paraId="3C2B1A00" w14:textId="77777777" w:rsidR="00A41C7E" w:rsidRDefault="00B9135D">', xml
    )
    xml = xml.replace("<w:r>", '<w:r w:rsidRPr="00E2477A">')
    root = re.search(r"<w:document[^>]*>", xml).group()
    declared = "".join(
        one for one in re.findall(r' [\w:]+="[^"]*"', LATER + COMPATIBLE) if one.split("=")[0] not in root
    )
    xml = xml.replace(root, root[:-1] + declared + ">")
    first = xml.index("<w:tbl>")
    return xml[:first] + DRAWING + xml[first:]


def _cut(match):
    """One run with a tag as Word keeps it: braces apart, the name taken for a wrong word, quotes bent."""
    look, text = match.group(1) or "", match.group(2)
    quotes = iter("‘’" * text.count("'"))
    text = re.sub("'", lambda _one: next(quotes), text)
    pieces = [piece for piece in re.split(r"(\{\{?|\}\}?|&\w+;|\w+)", text) if piece]
    run = f'<w:r>{look}<w:t xml:space="preserve">{{}}</w:t></w:r>'
    written = []
    for place, piece in enumerate(pieces):
        if piece in ("{{", "}}"):
            written += [run.format(piece[0]), run.format(piece[1])]
        elif re.fullmatch(r"\w+", piece):
            written += [PROOF.format("spellStart"), run.format(piece), PROOF.format("spellEnd")]
        else:
            written.append(run.format(piece))
        if place == 1:
            written.append('<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>')
    written.insert(1, f"<w:r>{look}<w:lastRenderedPageBreak/></w:r>")
    return "".join(written)
