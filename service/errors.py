"""What can go wrong with a request or the service. Every message ends in what to do next."""

from ingest.errors import EngageError


class MalformedBody(EngageError):
    """A body that is not what it says it is: broken JSON, text that is not UTF-8, a form cut short."""


class WrongContentType(EngageError):
    """A body of a type that this address does not take."""


class BodyTooLarge(EngageError):
    """A body longer than this address takes. It is refused before it is read."""


class WrongHost(EngageError):
    """A request addressed to a name that is not the service's: another site may be behind it."""


class CrossSite(EngageError):
    """A browser was sent here by another site."""


class TokenMissing(EngageError):
    """A change to the library without the owner's token."""


class TokenWrong(EngageError):
    """A change to the library with another token than the owner's."""


class OwnersOnly(EngageError):
    """A page that changes the library, opened by somebody who may not."""


class InvalidFileName(EngageError):
    """An uploaded document whose name is no plain file name."""


class NoAddress(EngageError):
    """A document whose card names no web address."""


class InvalidSpan(EngageError):
    """Characters that the text does not have."""


class UnknownOrganisation(EngageError):
    """A filter by an organisation that the register does not have."""


class UnknownAnswer(EngageError):
    """No answer is kept under that reference."""


class UnknownRegion(EngageError):
    """A filter by a region that the register does not have."""


class UnknownGap(EngageError):
    """No gap is kept under that id."""


class UnknownRequest(EngageError):
    """No request is kept under that number."""


class UnknownFieldQuestion(EngageError):
    """The field asks no question of that id."""


class NoReceipt(EngageError):
    """A submission that no document was added from."""


class NotReady(EngageError):
    """The service is still adding what it was started with."""


class CannotListen(EngageError):
    """The address may not, or cannot, be listened on."""


class ServiceUnreachable(EngageError):
    """A service owns the data folder but does not answer."""
