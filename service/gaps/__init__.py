"""What could not be answered, in SQL: every wording with its counts, and the gap that it belongs to.

A gap is known by the wording that it was first asked in. That it is answered is written on the wording that an answer
was found for; one is enough, since they ask the same.
"""

from service.gaps.log import GapLog
from service.gaps.put import GAPS, Put, digest_of
from service.gaps.rows import Kept
from service.gaps.writing import answered_by, close, forget, keep

__all__ = ["GAPS", "GapLog", "Kept", "Put", "answered_by", "close", "digest_of", "forget", "keep"]
