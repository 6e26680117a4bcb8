"""Formats that are not read, and as what to save them."""

from collections.abc import Iterable

_INSTEAD = {
    ".docx": (".doc", ".docm", ".dot", ".dotx", ".pages", ".rtf", ".wpd", ".wps"),
    ".odp": (".otp", ".sxi"),
    ".odt": (".fodt", ".ott", ".sxw"),
    ".pdf": (".csv", ".eps", ".indd", ".numbers", ".ods", ".pub", ".vsdx", ".xls", ".xlsm", ".xlsx", ".xps"),
    ".pptx": (".key", ".pot", ".potx", ".pps", ".ppsx", ".ppt", ".pptm"),
    ".zip": (".7z", ".gz", ".rar", ".tar", ".tgz"),
}
"""What programs that open such files can save them as."""


def remedy(extension: str, known: Iterable[str]) -> str:
    """What to do with a file that has this extension, in lower case with its dot."""
    for instead, extensions in _INSTEAD.items():
        if extension in extensions:
            return f"Open it in the program that made it, save it as {instead} and add that file."
    return f"Save it as one of {', '.join(known)} and add that file."
