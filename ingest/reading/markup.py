"""XML of files that strangers made."""

from lxml.etree import Element, XMLParser, _Element, fromstring  # type: ignore[import-untyped]


def parsed(data: bytes) -> _Element:
    """The root element. Nothing is fetched, no entity is expanded. Raises XMLSyntaxError."""
    return fromstring(data, parser=XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def recovered(data: bytes) -> _Element:
    """The root element of what can be told of XML that is not whole, in nothing but an empty element if need be."""
    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = fromstring(data, parser=parser) if data.strip() else None
    return Element("nothing") if root is None else root
