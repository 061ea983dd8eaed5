"""The project's own questions: as many as promised, and every judgement still stands in the text of its document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.evaluation.questions import PlacedQuestion, one_line, read_questions
from ingest.front_matter import read_front_matter
from ingest.isolation import Converter
from ingest.lonja_toml import FILE_NAME, FolderReader

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpus" / "samples"
QUESTIONS = Path(__file__).parent / "samples" / "questions.jsonl"
LANGUAGES = {"es", "pt", "en"}
SNIPPET = range(20, 121)  # characters: long enough to be the only one, short enough to sit in one passage


Questions = tuple[PlacedQuestion, ...]


@dataclass(frozen=True)
class Document:
    text: str
    language: str


def _document(converter: Converter, folders: FolderReader, path: Path) -> Document:
    converted = converter.convert(path, file_name=path.name)
    said, _ = read_front_matter(converted.metadata, path.name)
    languages = [each.language for each in (said, *folders.declarations(path).entries) if each.language]
    assert languages, f"nobody says which language {path} is in"
    return Document(one_line("\n".join(block.text for block in converted.blocks)), languages[0])


@pytest.fixture(scope="module")
def questions() -> Questions:
    return read_questions(QUESTIONS)


@pytest.fixture(scope="module")
def documents() -> Mapping[str, Document]:
    files = [path for path in sorted(SAMPLES.glob("*/*")) if path.is_file() and path.name != FILE_NAME]
    folders = FolderReader()
    with Converter() as converter:
        return {path.relative_to(SAMPLES).as_posix(): _document(converter, folders, path) for path in files}


def _answerable(questions: Questions) -> list[PlacedQuestion]:
    return [question for question in questions if question.relevant]


def test_each_is_well_formed(questions: Questions) -> None:
    for question in questions:
        assert question.language in LANGUAGES, question
        assert question.text == one_line(question.text) != "", question
        for relevant in question.relevant:
            assert relevant.grade in (1, 2), question
            assert relevant.contains == one_line(relevant.contains), question
            assert len(relevant.contains) in SNIPPET, question
        if question.relevant:
            assert any(relevant.grade == 2 for relevant in question.relevant), question


def test_none_is_there_twice(questions: Questions) -> None:
    for seen in (Counter(question.id for question in questions), Counter(question.text for question in questions)):
        assert [value for value, times in seen.items() if times > 1] == []
    for question in questions:
        places = [(relevant.document, relevant.contains) for relevant in question.relevant]
        assert len(set(places)) == len(places), question


def test_there_are_as_many_as_promised(questions: Questions) -> None:
    assert len(questions) >= 300
    assert len(questions) - len(_answerable(questions)) >= 36
    asked = Counter(question.language for question in questions)
    assert min(asked.values()) >= 0.3 * len(questions), asked
    unanswerable = Counter(question.language for question in questions if not question.relevant)
    assert min(unanswerable[language] for language in LANGUAGES) >= 12, unanswerable
    several = [each for each in questions if len({relevant.document for relevant in each.relevant}) > 1]
    assert len(several) >= 60


def test_at_least_half_are_answered_only_in_another_language(
    questions: Questions, documents: Mapping[str, Document]
) -> None:
    answerable = _answerable(questions)
    across = [
        question
        for question in answerable
        if question.language not in {documents[relevant.document].language for relevant in question.relevant}
    ]
    assert len(across) >= 0.5 * len(answerable)


def test_every_judgement_stands_once_in_its_document(questions: Questions, documents: Mapping[str, Document]) -> None:
    wrong = {
        (question.id, relevant.document, relevant.contains): documents[relevant.document].text.count(relevant.contains)
        if relevant.document in documents
        else "no such document"
        for question in questions
        for relevant in question.relevant
    }
    assert {place: found for place, found in wrong.items() if found != 1} == {}


def test_the_questions_are_spread_over_all_documents(questions: Questions, documents: Mapping[str, Document]) -> None:
    answers = Counter(
        document
        for question in questions
        for document in {relevant.document for relevant in question.relevant if relevant.grade == 2}
    )
    assert set(documents) - set(answers) == set()
    assert {document: times for document, times in answers.items() if times > 8} == {}
