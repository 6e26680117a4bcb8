"""Vectors of passages in Chroma: derived from the catalogue, disposable, and never needed for an answer to be right."""

from ingest.index.exact import ExactVectors, VectorSource
from ingest.index.keeping import VectorIndex
from ingest.index.reaching import ChromaFailed

__all__ = ["ChromaFailed", "ExactVectors", "VectorIndex", "VectorSource"]
