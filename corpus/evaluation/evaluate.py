"""Asking a searcher every question of a collection, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import Protocol

from corpus.evaluation.collection import Collection, Question
from corpus.evaluation.metrics import DEPTH, METRICS


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage of an answer."""

    passage_id: str
    score: float
    because: str = ""  # for the one who reads the worst questions: which words and how near in meaning


@dataclass(frozen=True, slots=True)
class Answer:
    ranking: Sequence[Ranked]  # the best first, each passage at most once, the irrelevant ones as well
    nothing_found: bool = False  # whoever asked would be told so


class Searcher(Protocol):
    """Whatever answers questions over one collection."""

    def search(self, question: str, limit: int) -> Answer:
        """The ``limit`` best passages."""
        ...


LanguagePair = tuple[str, str]
"""The question's language, and that of the passages asked for."""


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    question: Question
    ranking: tuple[Ranked, ...]
    nothing_found: bool
    values: Mapping[str, float]  # by metric
    by_language: Mapping[str, Mapping[str, float]]  # the relevant passages' language -> metric -> value


@dataclass(frozen=True)
class Evaluation:
    collection: Collection
    answers: tuple[AnsweredQuestion, ...] = field(repr=False)  # to the questions that have a relevant passage
    unanswerable: Mapping[str, bool] = field(default_factory=dict, repr=False)  # question id -> nothing was found

    @cached_property
    def means(self) -> Mapping[str, float]:
        """Each metric's mean over the answerable questions."""
        return {metric: fmean(answer.values[metric] for answer in self.answers) for metric in METRICS}

    @cached_property
    def by_pair(self) -> Mapping[LanguagePair, Mapping[str, float]]:
        """The means per pair of languages.

        For a pair, only the relevant passages in that language are asked for; those in other languages are taken out
        of the ranking, neither a merit nor a fault.
        """
        values: dict[LanguagePair, list[Mapping[str, float]]] = {}
        for answer in self.answers:
            for language, of_language in answer.by_language.items():
                values.setdefault((answer.question.language, language), []).append(of_language)
        return {
            pair: {metric: fmean(row[metric] for row in rows) for metric in METRICS}
            for pair, rows in sorted(values.items())
        }

    @property
    def lost(self) -> int:
        """Answerable questions that were told that nothing was found."""
        return sum(answer.nothing_found for answer in self.answers)

    @property
    def false_answers(self) -> int:
        """Questions without an answer that got something."""
        return sum(not nothing_found for nothing_found in self.unanswerable.values())

    def count(self, pair: LanguagePair) -> int:
        """How many questions stand behind a pair's means."""
        return sum(a.question.language == pair[0] and pair[1] in a.by_language for a in self.answers)

    def worst(self, count: int, metric: str = "nDCG@10") -> tuple[AnsweredQuestion, ...]:
        """The questions answered worst, the worst first; in the collection's order where equal."""
        return tuple(sorted(self.answers, key=lambda answer: answer.values[metric])[:count])


def evaluate(
    collection: Collection, searcher: Searcher, *, depth: int = DEPTH, progress: Callable[[], None] = lambda: None
) -> Evaluation:
    """Asks each question once. ``progress`` is called after each.

    With less ``depth``, what looks further down (mAP@100) is that of a ranking that ends there.
    """
    language_of = {passage.id: passage.language for passage in collection.passages}
    answers = []
    unanswerable = {}
    for question in collection.questions:
        answer = searcher.search(question.text, depth)
        gains = collection.judgements.get(question.id)
        if gains:
            answers.append(_judge(question, answer, gains, language_of))
        else:
            unanswerable[question.id] = answer.nothing_found
        progress()
    return Evaluation(collection, tuple(answers), unanswerable)


def _judge(
    question: Question, answer: Answer, gains: Mapping[str, int], language_of: Mapping[str, str]
) -> AnsweredQuestion:
    ids = [ranked.passage_id for ranked in answer.ranking]
    by_language = {}
    for language in sorted({language_of[passage] for passage in gains}):
        asked_for = {passage: gain for passage, gain in gains.items() if language_of[passage] == language}
        without_others = [passage for passage in ids if passage in asked_for or passage not in gains]
        by_language[language] = {name: metric(without_others, asked_for) for name, metric in METRICS.items()}
    values = {name: metric(ids, gains) for name, metric in METRICS.items()}
    return AnsweredQuestion(question, tuple(answer.ranking), answer.nothing_found, values, by_language)
