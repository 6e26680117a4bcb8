"""A PDF with text → one of pictures, as a scanner would make it again."""

from io import BytesIO

from PIL import ImageFilter
from pypdfium2 import PdfDocument
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def scanned(data: bytes, dpi: int = 150, turn: int = 0) -> bytes:
    """Each page a slightly soft picture, turned anticlockwise by degrees."""
    rl_config.invariant = 1
    made = BytesIO()
    canvas = Canvas(made)
    for page in PdfDocument(data):
        picture = page.render(scale=dpi / 72).to_pil().convert("L").filter(ImageFilter.GaussianBlur(0.5))
        picture = picture.quantize(16).convert("L").rotate(turn, expand=True)
        size = tuple(72 / dpi * side for side in picture.size)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(picture), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return made.getvalue()
