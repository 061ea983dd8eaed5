"""Collections of passages, questions and judgements, read from a folder.

A collection is a folder with three files::

    corpus.jsonl.gz   {"id", "language", "title", "text"} a line   (title may be "" or missing)
    queries.jsonl.gz  {"id", "language", "text"} a line
    qrels.tsv         a header, then query-id <tab> corpus-id <tab> score (a whole number; 0 is "not relevant")

``.jsonl`` without ``.gz`` is read as well. Whatever is wrong is a :class:`BadInput` that names the file and the line.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corpus.errors import BadInput

QRELS = "qrels.tsv"


@dataclass(frozen=True, slots=True)
class CollectionPassage:
    id: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    language: str
    text: str


@dataclass(frozen=True)
class Collection:
    name: str
    passages: tuple[CollectionPassage, ...]
    questions: tuple[Question, ...]  # those with at least one relevant passage, and those with none, in file order
    judgements: Mapping[str, Mapping[str, int]]  # question id -> passage id -> gain, above 0

    @property
    def answerable(self) -> tuple[Question, ...]:
        """The questions that have a relevant passage. Only these count in the metrics."""
        return tuple(question for question in self.questions if question.id in self.judgements)


def load_collection(folder: Path) -> Collection:
    """Reads and checks a collection.

    Raises:
        BadInput: a file is missing or unreadable, a line is malformed, an id occurs twice, a judgement names
            a question or a passage that is not there, or nothing is judged.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.", code="bad_collection", hint="Name the folder of a collection.")
    passages = _unique(_passages(_find(folder, "corpus")), _find(folder, "corpus"))
    questions = _unique(_questions(_find(folder, "queries")), _find(folder, "queries"))
    judgements = _judgements(folder / QRELS, questions.keys(), passages.keys())
    return Collection(folder.resolve().name, tuple(passages.values()), tuple(questions.values()), judgements)


def _find(folder: Path, stem: str) -> Path:
    for name in (f"{stem}.jsonl.gz", f"{stem}.jsonl"):
        if (folder / name).is_file():
            return folder / name
    raise BadInput(
        f"{folder} has no {stem}.jsonl.gz.",
        code="bad_collection",
        hint="A collection is corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv.",
    )


def _wrong(path: Path, line: int, what: str) -> BadInput:
    return BadInput(f"{path}, line {line}: {what}", code="bad_collection")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _wrong(path, number + 1, f"cannot be read ({error}).") from error


def _records(
    path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise _wrong(path, number, f"is not JSON ({error.msg}).") from error
        if not isinstance(record, dict):
            raise _wrong(path, number, "is not a JSON object.")
        for field in required:
            if not isinstance(record.get(field), str) or not record[field]:
                raise _wrong(path, number, f"the field {field!r} is missing, empty or not text.")
        for field in optional:
            if not isinstance(record.setdefault(field, ""), str):
                raise _wrong(path, number, f"the field {field!r} is not text.")
        yield number, {field: record[field] for field in (*required, *optional)}


def _passages(path: Path) -> Iterator[tuple[int, CollectionPassage]]:
    for number, record in _records(path, ("id", "language", "text"), optional=("title",)):
        yield number, CollectionPassage(**record)


def _questions(path: Path) -> Iterator[tuple[int, Question]]:
    for number, record in _records(path, ("id", "language", "text")):
        yield number, Question(**record)


_Item = TypeVar("_Item", CollectionPassage, Question)


def _unique(items: Iterator[tuple[int, _Item]], path: Path) -> dict[str, _Item]:
    found: dict[str, _Item] = {}
    for number, item in items:
        if item.id in found:
            raise _wrong(path, number, f"the id {item.id!r} occurs twice.")
        found[item.id] = item
    if not found:
        raise BadInput(f"{path} is empty.", code="bad_collection")
    return found


def _judgements(path: Path, questions: Container[str], passages: Container[str]) -> dict[str, dict[str, int]]:
    if not path.is_file():
        raise BadInput(f"{path.parent} has no {QRELS}.", code="bad_collection")
    judgements: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.split("\t")
        if number == 1 and not cells[-1].strip().lstrip("-").isdigit():
            continue
        if len(cells) != 3:
            raise _wrong(path, number, f"has {len(cells)} columns instead of 3 (query-id, corpus-id, score).")
        question, passage, score = (cell.strip() for cell in cells)
        if question not in questions:
            raise _wrong(path, number, f"there is no question {question!r}.")
        if passage not in passages:
            raise _wrong(path, number, f"there is no passage {passage!r}.")
        try:
            gain = int(score)
        except ValueError as error:
            raise _wrong(path, number, f"the score {score!r} is not a whole number.") from error
        if gain > 0:
            judgements.setdefault(question, {})[passage] = gain
    if not judgements:
        raise BadInput(f"{path} judges nothing relevant.", code="bad_collection")
    return judgements
