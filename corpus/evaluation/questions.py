"""Questions over whole documents, judged by what stands in them, whatever passages the documents are cut into.

``questions.jsonl``, a question a line::

    {"id": "s002", "language": "pt", "text": "Posso pôr o meu número REX na fatura?",
     "relevant": [{"document": "firm/agreement.docx", "contains": "Cada año alguien envía un número REX", "grade": 2}]}

``document`` is a path below the documents' folder; ``contains`` is a stretch of its text, white space made one space,
and the passage that holds it is the relevant one. ``relevant`` is empty where no document answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.evaluation.collection import Collection, CollectionPassage, Question

FILE_NAME = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Place:
    document: str
    contains: str
    grade: int = 1  # above 0; 2 answers, 1 helps


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    id: str
    language: str
    text: str
    relevant: tuple[Place, ...]


def read_questions(path: Path) -> tuple[PlacedQuestion, ...]:
    """
    Raises:
        BadInput: the file cannot be read, or a line is no question; it names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}).", code="bad_collection") from error
    return tuple(_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


def collection_of(
    name: str, questions: Sequence[PlacedQuestion], documents: Mapping[str, Sequence[CollectionPassage]]
) -> Collection:
    """The questions as a collection over the passages that the documents (by their paths) were cut into.

    Raises:
        BadInput: a judgement names a document that is not there, or a text that none of its passages holds.
    """
    texts = {path: [one_line(each.text) for each in passages] for path, passages in documents.items()}
    judgements: dict[str, dict[str, int]] = {}
    for question in questions:
        for place in question.relevant:
            if place.document not in documents:
                raise BadInput(
                    f"The question {question.id!r} names {place.document!r}, which is not among the documents.",
                    code="bad_collection",
                )
            holding = [at for at, text in enumerate(texts[place.document]) if place.contains in text]
            if not holding:
                raise BadInput(
                    f"No passage of {place.document!r} holds what the question {question.id!r} is judged by: "
                    f"{place.contains!r}.",
                    code="bad_collection",
                )
            for at in holding:
                gains = judgements.setdefault(question.id, {})
                passage = documents[place.document][at].id
                gains[passage] = max(place.grade, gains.get(passage, 0))
    return Collection(
        name,
        tuple(passage for passages in documents.values() for passage in passages),
        tuple(Question(each.id, each.language, each.text) for each in questions),
        judgements,
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def _question(path: Path, number: int, line: str) -> PlacedQuestion:
    try:
        record: dict[str, Any] = json.loads(line)
        places = tuple(Place(**each) for each in record["relevant"])
        return PlacedQuestion(**record | {"relevant": places})
    except (json.JSONDecodeError, TypeError, KeyError) as error:
        raise BadInput(f"{path}, line {number}: is no question ({error}).", code="bad_collection") from error
