"""Between rows of the tables and the nouns: packing on the way in, unpacking on the way out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Row

from ingest.catalogue.held import Edit, HeldDocument, HeldPassage, HeldVersion, NewVersion, State
from ingest.shingling import sketch
from ingest.vocabulary import BlockKind, Card, Passage, Quality, Sentence, TextBlock

Values = dict[str, Any]
AnyRow = Row[*tuple[Any, ...]]


def first_day(date: str) -> str:
    """The first day that a partial date may mean."""
    return date + "-01-01"[len(date) - 4 :]


def last_day(date: str) -> str:
    """The last day that a partial date may mean; the 31st of any month, since days are only compared as text."""
    return date + "-12-31"[len(date) - 4 :]


def card_values(card: Card, edit: Edit | None) -> Values:
    """The card, and the columns that repeat it."""
    newest = card.newest_date
    return {
        "card": card.model_dump(mode="json", exclude_defaults=True),
        "kind": str(card.kind),
        "edited_at": edit.at if edit else None,
        "file_card": edit.file_card.model_dump(mode="json", exclude_defaults=True) if edit else None,
        "first_day": first_day(newest) if newest else None,
        "last_day": last_day(newest) if newest else None,
    }


def version_values(new: NewVersion) -> Values:
    prepared = new.prepared
    quality = prepared.reading.quality
    return {
        **card_values(new.card, new.edit),
        "document_id": new.card.id,
        "state": State.STAGED,
        "card_digest": new.card_digest,
        "sha256": new.original.sha256,
        "file_name": new.original.file_name,
        "format": new.original.format,
        "size": new.original.size,
        "pages": prepared.reading.pages,
        "embedder": new.embedder,
        "added_at": datetime.now(UTC),
        "centroid": _blob(_centroid(prepared.passage_vectors)),
        "left_out": list(prepared.reading.left_out),
        "text": prepared.canonical.text,
        "blocks": [_packed_block(block) for block in prepared.canonical.blocks],
        "quality": quality.model_dump(mode="json", exclude_defaults=True) if quality else None,
        "sketch": sketch_blob(prepared.canonical.text),
        "printed_pages": {str(page): label for page, label in prepared.reading.printed_pages.items()} or None,
    }


def passage_values(
    text: str, passages: Sequence[Passage], keys: Sequence[str], vectors: np.ndarray, sentence_vectors: np.ndarray
) -> list[Values]:
    """One dictionary a passage, without the version's id; sentence_vectors holds those of all passages in order."""
    values, at = [], 0
    for passage, key, vector in zip(passages, keys, vectors, strict=True):
        upto = at + len(passage.sentences)
        values.append({**_passage_place(text, passage), "embedding_key": key, "vector": _blob(vector)})
        values[-1]["sentence_vectors"] = _blob(sentence_vectors[at:upto])
        at = upto
    if at != len(sentence_vectors):
        raise ValueError(f"{len(sentence_vectors)} sentence vectors for {at} sentences")
    return values


def sketch_blob(text: str) -> bytes:
    return sketch(text).astype("<u8").tobytes()


def sketch_of(blob: bytes) -> np.ndarray:
    """uint64, ascending, read-only."""
    return np.frombuffer(blob, dtype="<u8")


def centroid_blob(vectors: np.ndarray) -> bytes:
    return _blob(_centroid(vectors))


def held_document(row: AnyRow) -> HeldDocument:
    return HeldDocument(
        id=row.document_id,
        version_id=row.id,
        number=row.number,
        card=Card.model_validate(row.card),
        sha256=row.sha256,
        file_name=row.file_name,
        format=row.format,
        size=row.size,
        pages=row.pages,
        passages=row.passage_count,
        added_at=_utc(row.added_at),
        quality=_quality(row),
        state=State(row.state),
    )


def held_version(row: AnyRow) -> HeldVersion:
    return HeldVersion(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        state=State(row.state),
        card=Card.model_validate(row.card),
        text=row.text,
        blocks=tuple(_unpacked_block(block) for block in row.blocks),
        pages=row.pages,
        sha256=row.sha256,
        file_name=row.file_name,
        format=row.format,
        size=row.size,
        embedder=row.embedder,
        card_digest=row.card_digest,
        added_at=_utc(row.added_at),
        left_out=tuple(row.left_out),
        quality=_quality(row),
        printed_pages={int(page): label for page, label in (row.printed_pages or {}).items()},
        edit=_edit(row),
    )


def _edit(row: AnyRow) -> Edit | None:
    return Edit(Card.model_validate(row.file_card), _utc(row.edited_at)) if row.edited_at else None


def _quality(row: AnyRow) -> Quality | None:
    return None if row.quality is None else Quality.model_validate(row.quality)


def held_passage(row: AnyRow) -> HeldPassage:
    vector = vector_of(row.vector)
    return HeldPassage(
        id=row.id,
        version_id=row.version_id,
        document_id=row.document_id,
        number=row.number,
        ordinal=row.ordinal,
        span=(row.start, row.end),
        text=row.text,
        heading_path=tuple(row.heading_path),
        page_start=row.page_start,
        page_end=row.page_end,
        digest=row.digest,
        vector=vector,
        sentences=tuple(_unpacked_sentence(sentence) for sentence in row.sentences),
        sentence_vectors=vector_of(row.sentence_vectors).reshape(-1, len(vector)),
    )


def vector_of(blob: bytes) -> np.ndarray:
    """float32, one-dimensional, read-only."""
    return np.frombuffer(blob, dtype="<f4")


def _blob(vectors: np.ndarray) -> bytes:
    return np.ascontiguousarray(vectors, dtype="<f4").tobytes()


def _centroid(vectors: np.ndarray) -> np.ndarray:
    mean: np.ndarray = vectors.mean(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean


def _utc(moment: datetime) -> datetime:
    """SQLite forgets the time zone; what we write is always UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _passage_place(text: str, passage: Passage) -> Values:
    return {
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "page_start": passage.page_start,
        "page_end": passage.page_end,
        "digest": passage.digest,
        "text": text[passage.start : passage.end],
        "heading_path": list(passage.heading_path),
        "sentences": [_packed_sentence(sentence) for sentence in passage.sentences],
    }


def _packed_sentence(sentence: Sentence) -> list[Any]:
    return [sentence.start, sentence.end, sentence.kind, sentence.lead_in, sentence.paragraph, sentence.page]


def _unpacked_sentence(packed: list[Any]) -> Sentence:
    start, end, kind, lead_in, paragraph, page = packed
    return Sentence(start, end, kind, (lead_in[0], lead_in[1]) if lead_in else None, paragraph, page)


def _packed_block(block: TextBlock) -> list[Any]:
    place = [str(block.kind), block.start, block.end, list(block.heading_path)]
    return [*place, block.level, block.page, block.paragraph, block.lead_in]


def _unpacked_block(packed: list[Any]) -> TextBlock:
    kind, start, end, heading_path, level, page, paragraph, lead_in = packed
    span = (lead_in[0], lead_in[1]) if lead_in else None
    return TextBlock(BlockKind(kind), start, end, tuple(heading_path), level, page, paragraph, span)
