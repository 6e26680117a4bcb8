"""Makes the OpenDocument samples beside it, of the same plan: python tests/samples/make_opendocument.py"""

import zipfile
from collections.abc import Iterable

from make import HERE, MEETINGS, PURPOSE, REASONS, STAFF, YOUNG

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *((name, name) for name in ("office", "text", "table", "style", "presentation", "meta")),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)
MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
META = """<office:document-meta %s xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>
<dc:title>Northshire plan</dc:title></office:meta></office:document-meta>"""
WRITER = """<office:automatic-styles>
<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">
<style:header><text:p>Northshire Police - for the public</text:p></style:header>
<style:footer><text:p><text:page-number>1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles>"""
IMPRESS = """<office:automatic-styles>
<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="pm1"/></office:master-styles>"""
STYLES = """<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="Secret" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="White" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>
<style:style style:name="Dark" style:family="table-cell"><style:table-cell-properties fo:background-color="#003366"/>
</style:style>
<style:style style:name="Large" style:family="text"><style:text-properties fo:font-size="32pt"/></style:style>
<style:style style:name="Small" style:family="text"><style:text-properties fo:font-size="14pt"/></style:style>
<style:style style:name="Kept" style:family="drawing-page">
<style:drawing-page-properties presentation:visibility="hidden"/></style:style>"""
NOTE = """<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>
<text:p>The survey was sent to 4,000 homes.</text:p></text:note-body></text:note>"""
DELETED = """<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>
<text:p>in secret</text:p></text:deletion></text:changed-region></text:tracked-changes>"""
CONTENTS = """<text:table-of-content><text:index-body><text:index-title><text:p>Contents</text:p></text:index-title>
<text:p>Why we engage<text:tab/>2</text:p></text:index-body></text:table-of-content>"""
BOX = """<draw:frame text:anchor-type="paragraph"><draw:text-box><text:p>Next meeting: the harbour, in June.</text:p>
</draw:text-box></draw:frame>"""


def text() -> None:
    nested = "<text:list>" + item("by post and on the door") + "</text:list>"
    tracked = '<text:change text:change-id="c1"/><text:change-start text:change-id="c2"/> in public<text:change-end/>'
    unseen = '<text:span text:style-name="Secret">Nobody sees this</text:span>'
    body = (
        DELETED
        + '<text:p text:style-name="P1">Northshire community engagement plan</text:p>'
        + CONTENTS
        + '<text:h text:outline-level="1">Why we engage</text:h>'
        + f"<text:p>{BOX}{PURPOSE}{NOTE}<office:annotation><text:p>Still right?</text:p></office:annotation></text:p>"
        + f"<text:p>Our reasons<text:s text:c='3'/>are:</text:p><text:list>{''.join(map(item, REASONS[:-1]))}"
        + f"<text:list-item><text:p>{REASONS[-1]}</text:p>{nested}</text:list-item></text:list>"
        + '<text:h text:outline-level="2">Where we meet</text:h>'
        + table()
        + f"<text:p>Answers are given{tracked}. {unseen}</text:p>"
    )
    save("engagement-plan.odt", "text", f"<office:text>{body}</office:text>", WRITER)


def presentation() -> None:
    reasons = "<text:list><text:list-header><text:p>Our reasons are:</text:p></text:list-header>"
    nested = (
        "<text:list-item><text:list>" + item("by post and on the door") + "</text:list></text:list-item></text:list>"
    )
    pages = (
        slide(
            frame("<text:p>Northshire community engagement plan</text:p>", kind="title"),
            frame("<text:p>For the residents' panel</text:p>", kind="subtitle"),
        ),
        slide(
            frame("<text:p>Why we engage</text:p>", kind="title"),
            frame(reasons + "".join(map(item, REASONS)) + nested, (2, 5, 20, 10), "outline"),
            frame("<text:p>OFFICIAL</text:p>", (2, 19, 5, 1), "footer"),
            notes="<text:p>Ask the panel which reason matters most.</text:p>",
        ),
        slide(
            frame("<text:p>Where we meet</text:p>", kind="title"),
            f"<draw:frame svg:x='2cm' svg:y='5cm' svg:width='20cm'>{table()}<draw:image/></draw:frame>",
        ),
        slide(frame("<text:p>What it costs</text:p>", kind="title"), style="Kept"),
        slide(
            frame(sized(STAFF), (13, 6, 10, 8)),
            frame(sized("Officers' time"), (13, 4, 10, 1.5)),
            f"<draw:g>{frame(sized(YOUNG), (1, 6, 10, 8))}</draw:g>",
            frame(sized("Young people"), (1, 4, 10, 1.5)),
            frame(sized("Who else is asked", "Large"), (1, 1, 22, 2)),
            frame("<text:p>Do not show this to the panel.</text:p>", (30, 1, 5, 2)),
        ),
    )
    body = f"<office:presentation>{''.join(pages)}</office:presentation>"
    save("engagement-plan.odp", "presentation", body, IMPRESS)


def item(words: str) -> str:
    return f"<text:list-item><text:p>{words}</text:p></text:list-item>"


def sized(words: str, style: str = "Small") -> str:
    return f'<text:p><text:span text:style-name="{style}">{words}</text:span></text:p>'


def table() -> str:
    """The head in white on dark blue."""
    head = (
        '<table:table-cell table:style-name="Dark"><text:p><text:span text:style-name="White">%s</text:span></text:p>'
    )
    first = row(head % cell + "</table:table-cell>" for cell in MEETINGS[0])
    rest = (
        row(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells) for cells in MEETINGS[1:]
    )
    rows = f"<table:table-header-rows>{first}</table:table-header-rows>{''.join(rest)}"
    return f'<table:table><table:table-column table:number-columns-repeated="3"/>{rows}</table:table>'


def row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def slide(*shapes: str, notes: str = "", style: str = "") -> str:
    spoken = f"<presentation:notes>{frame(notes, kind='notes')}</presentation:notes>" if notes else ""
    return f'<draw:page draw:style-name="{style}">{"".join(shapes)}{spoken}</draw:page>'


def frame(content: str, place: tuple[float, float, float, float] | None = None, kind: str = "") -> str:
    """A text box; place: left, top, width and height in centimetres."""
    sides = zip(("x", "y", "width", "height"), place or (), strict=False)
    where = " ".join(f'svg:{side}="{length}cm"' for side, length in sides)
    named = f'presentation:class="{kind}"' if kind else ""
    return f"<draw:frame {where} {named}><draw:text-box>{content}</draw:text-box></draw:frame>"


def save(name: str, kind: str, body: str, styles: str) -> None:
    media = f"application/vnd.oasis.opendocument.{kind}"
    parts = {
        "mimetype": media,
        "META-INF/manifest.xml": MANIFEST % media,
        "meta.xml": META % NAMESPACES,
        "styles.xml": f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>",
        "content.xml": f"<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>",
    }
    with zipfile.ZipFile(HERE / name, "w") as archive:
        for part, content in parts.items():
            compression = zipfile.ZIP_STORED if part == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(part), content, compression)


if __name__ == "__main__":
    text()
    presentation()
