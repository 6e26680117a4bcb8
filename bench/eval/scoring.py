"""The figures of one set."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.eval.asking import Asking, Heard
from bench.eval.covering import Ground, gold_sentences
from bench.eval.documents import document_name
from bench.eval.figures import (
    Decisions,
    Match,
    auroc,
    characters,
    common_characters,
    match,
    mean,
    ndcg,
    recall,
    share,
)
from bench.eval.placing import offsets
from bench.eval.sets import Case, DocumentSet, PassageSet, Query, QuestionSet
from ingest.vocabulary import Span
from service.vocabulary import Citation

READ_FOR_RECALL, READ_FOR_PRECISION = 4_000, 2_000
"""Characters of ranked passages that are read."""
DEPTHS = (5, 10, 20)

Figures = dict[str, float | None]
Report = Callable[[int, int], None]
"""Called with how many questions are done, and of how many."""


@dataclass
class _Outcomes:
    """What came of questions that can be answered, and of some that cannot."""

    answerable: list[Heard] = field(default_factory=list)
    unanswerable: list[Heard] = field(default_factory=list)

    def figures(self, name: str) -> Figures:
        """At the threshold in use, and whatever the threshold."""
        if not self.unanswerable:
            return {}
        decisions = Decisions(*(tuple(h.answered for h in group) for group in (self.answerable, self.unanswerable)))
        sure = [[heard.probability for heard in group] for group in (self.answerable, self.unanswerable)]
        return {
            f"AUROC, {name}": auroc(*sure),
            f"F1 of answering, {name}": decisions.f1,
            f"false answers, {name}": decisions.false_answers,
            f"nearest shown, {name}": share(heard.shown and not heard.answered for heard in self.unanswerable),
        }

    def refusals(self) -> Figures:
        return {
            "false refusals": share(not heard.answered for heard in self.answerable),
            "of these, nearest shown": share(heard.shown for heard in self.answerable if not heard.answered),
        }


def score_passages(given: PassageSet, asking: Asking, report: Report) -> Figures:
    """masked: answerable questions, asked without the documents that hold their gold. hard: those that the set itself
    calls unanswerable, although what they are about is held."""
    ground = Ground(given.passages, asking)
    publishers = {passage.id: passage.publisher for passage in given.passages}
    rankings: list[tuple[Query, list[str]]] = []
    evidence: list[Match] = []
    verified: list[bool] = []
    masked, hard = _Outcomes(), _Outcomes()
    for number, query in enumerate(given.queries, start=1):
        heard = asking.ask(query.question)
        verified += asking.verifies(heard.answer)
        if query.gold:
            rankings.append((query, ground.ranked(asking.ranked(query.question))))
        if query.answerable:
            masked.answerable.append(heard)
            if query.gold:
                masked.unanswerable.append(asking.ask(query.question, without=ground.versions(query.gold)))
            if query.evidence:
                whole = heard if heard.answered else asking.ask(query.question, insists=True)
                evidence.append(match(ground.cited(whole.answer.citations), gold_sentences(query.evidence)))
        else:
            hard.unanswerable.append(heard)
        report(number, len(given.queries))
    hard.answerable = masked.answerable
    return {
        "questions": len(given.queries),
        **_ranking_figures(rankings, publishers),
        **_evidence_figures(evidence),
        **masked.figures("masked"),
        **hard.figures("hard"),
        **masked.refusals(),
        "citations that verify": share(verified),
    }


def score_documents(given: DocumentSet, asking: Asking, report: Report) -> Figures:
    """How much of the marked spans is read, and how much of what is read is marked, in one library of all documents."""
    names = {document.id: document_name(number) for number, document in enumerate(given.documents)}
    texts = {document.id: document.text for document in given.documents}
    places = {name: offsets(text, asking.version(names[name])) for name, text in texts.items()}
    recalls: list[float] = []
    precisions: list[float] = []
    for number, query in enumerate(given.queries, start=1):
        gold = list(_stand(query.refs, texts[query.doc], places[query.doc]))
        ranked = [(e.document_id, e.span) for e in asking.ranked(query.query)]
        recalls.append(_shared(names[query.doc], gold, _read(ranked, READ_FOR_RECALL)) / characters(gold))
        read = _read(ranked, READ_FOR_PRECISION)
        precisions.append(_shared(names[query.doc], gold, read) / max(1, sum(end - start for _, (start, end) in read)))
        report(number, len(given.queries))
    return {
        "questions": len(given.queries),
        f"recall in {READ_FOR_RECALL:,} characters": mean(recalls),
        f"precision in {READ_FOR_PRECISION:,} characters": mean(precisions),
    }


def score_questions(given: QuestionSet, asking: Asking, report: Report) -> Figures:
    any_cited: list[bool] = []
    all_cited: list[bool] = []
    quotes: list[bool] = []
    verified: list[bool] = []
    lengths: list[float] = []
    outcomes = _Outcomes()
    for number, case in enumerate(given.cases, start=1):
        heard = asking.ask(case.question, case.history)
        verified += asking.verifies(heard.answer)
        if case.expects == "refuse":
            outcomes.unanswerable.append(heard)
        else:
            outcomes.answerable.append(heard)
            cited = gold_cited(case, heard.answer.citations)
            quotes += cited
            if cited:
                any_cited.append(any(cited))
                all_cited.append(all(cited))
            lengths.append(sum(len(citation.cited_text) for citation in heard.answer.citations))
        report(number, len(given.cases))
    return {
        "questions": len(given.cases),
        "a gold sentence cited": share(any_cited),
        "all gold sentences cited": share(all_cited),
        "gold sentences cited": share(quotes),
        "characters cited": mean(lengths),
        **outcomes.figures("refused"),
        **outcomes.refusals(),
        "citations that verify": share(verified),
    }


def gold_cited(case: Case, citations: Iterable[Citation]) -> list[bool]:
    """Of each gold sentence: whether it stands in something cited, white space folded."""
    cited = [" ".join(citation.cited_text.split()) for citation in citations]
    return [any(" ".join(gold.split()) in text for text in cited) for gold in case.gold_quotes]


def _ranking_figures(rankings: Sequence[tuple[Query, list[str]]], publishers: Mapping[str, str]) -> Figures:
    if not rankings:
        return {}
    pairs = [(ranked, frozenset(query.gold)) for query, ranked in rankings]
    figures: Figures = {"nDCG@10": mean([ndcg(ranked, gold) for ranked, gold in pairs])}
    for depth in DEPTHS:
        figures[f"recall@{depth}"] = mean([recall(ranked, gold, depth) for ranked, gold in pairs])
    named = [(query, ranked) for query, ranked in rankings if any(query.publishers)]
    if named:
        figures["organisation recall@10"] = mean(
            [
                recall([publishers[passage] for passage in ranked[:10]], frozenset(filter(None, query.publishers)), 10)
                for query, ranked in named
            ]
        )
    return figures


def _evidence_figures(matches: Sequence[Match]) -> Figures:
    if not matches:
        return {}
    return {
        "evidence precision": mean([m.precision for m in matches]),
        "evidence recall": mean([m.recall for m in matches]),
        "evidence F1": mean([m.f1 for m in matches]),
    }


def _stand(spans: Iterable[Span], given: str, at: Sequence[int]) -> Iterator[Span]:
    """Spans of the given text, without white space at their ends, as they stand in the canonical one."""
    for start, end in spans:
        words = given[start:end]
        first = start + len(words) - len(words.lstrip())
        last = start + len(words.rstrip()) - 1
        if first <= last:
            yield at[first], at[last] + 1


def _read(ranked: Sequence[tuple[str, Span]], budget: int) -> list[tuple[str, Span]]:
    """The first passages that together are no longer than so many characters."""
    read: list[tuple[str, Span]] = []
    left = budget
    for document, (start, end) in ranked:
        left -= end - start
        if left < 0:
            break
        read.append((document, (start, end)))
    return read


def _shared(document: str, gold: Sequence[Span], read: Iterable[tuple[str, Span]]) -> int:
    return common_characters(gold, [span for name, span in read if name == document])
