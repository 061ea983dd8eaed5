"""Reading a collection: what is right is read whole, what is wrong is named with its file and line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import BadInput
from corpus.evaluation.collection import load_collection

PASSAGES = [
    {"id": "p1", "language": "es", "title": "Café", "text": "El café verde se exporta."},
    {"id": "p2", "language": "pt", "title": "", "text": "O café verde é exportado."},
]
QUESTIONS = [
    {"id": "q1", "language": "en", "text": "Is green coffee exported?"},
    {"id": "q2", "language": "en", "text": "Who won the cup?"},
]
HEADER = "query-id\tcorpus-id\tscore\n"
QRELS = HEADER + "q1\tp1\t2\nq1\tp2\t1\nq2\tp1\t0\n"


def _write(folder: Path, passages: list[dict], questions: list[dict], qrels: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, records in (("corpus", passages), ("queries", questions)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_everything_is_read(tmp_path: Path) -> None:
    collection = load_collection(_write(tmp_path / "coffee", PASSAGES, QUESTIONS, QRELS))
    assert collection.name == "coffee"
    assert [p.title for p in collection.passages] == ["Café", ""]
    assert collection.judgements == {"q1": {"p1": 2, "p2": 1}}
    assert [q.id for q in collection.answerable] == ["q1"]


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda f: (f / "qrels.tsv").unlink(), "has no qrels.tsv"),
        (lambda f: (f / "corpus.jsonl.gz").unlink(), "has no corpus.jsonl.gz"),
        (
            lambda f: (f / "corpus.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00broken"),
            "corpus.jsonl.gz, line 1: ",
        ),
        (lambda f: (f / "corpus.jsonl.gz").write_bytes((f / "corpus.jsonl.gz").read_bytes()[:-12]), "cannot be read"),
        (
            lambda f: (f / "qrels.tsv").write_text(HEADER + "q1\tp9\t1\n"),
            "line 2: there is no passage 'p9'",
        ),
        (
            lambda f: (f / "qrels.tsv").write_text(HEADER + "q9\tp1\t1\n"),
            "line 2: there is no question 'q9'",
        ),
        (lambda f: (f / "qrels.tsv").write_text(HEADER + "q1\tp1\n"), "line 2: has 2 columns"),
        (
            lambda f: (f / "qrels.tsv").write_text(HEADER + "q1\tp1\tmuch\n"),
            "line 2: the score 'much'",
        ),
        (lambda f: (f / "qrels.tsv").write_text(HEADER + "q1\tp1\t0\n"), "judges nothing relevant"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, break_it: Callable[[Path], object], said: str) -> None:
    folder = _write(tmp_path / "coffee", PASSAGES, QUESTIONS, QRELS)
    break_it(folder)
    with pytest.raises(BadInput) as caught:
        load_collection(folder)
    assert said in caught.value.message
    assert caught.value.code == "bad_collection"


@pytest.mark.parametrize(
    ("passages", "said"),
    [
        ([PASSAGES[0], PASSAGES[0]], "line 2: the id 'p1' occurs twice"),
        ([PASSAGES[0], {"id": "p2", "language": "pt"}], "line 2: the field 'text' is missing"),
        (
            [PASSAGES[0], {"id": 2, "language": "pt", "text": "x"}],
            "line 2: the field 'id' is missing",
        ),
        ([PASSAGES[0], {**PASSAGES[1], "title": 7}], "line 2: the field 'title' is not text"),
        ([], "is empty"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, passages: list[dict], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        load_collection(_write(tmp_path / "coffee", passages, QUESTIONS, QRELS))
    assert said in caught.value.message


def test_a_line_that_is_no_object(tmp_path: Path) -> None:
    folder = _write(tmp_path / "coffee", PASSAGES, QUESTIONS, QRELS)
    (folder / "queries.jsonl.gz").unlink()
    (folder / "queries.jsonl").write_text('{"id": "q1", "language": "en", "text": "x"}\n[1]\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"queries\.jsonl, line 2: is not a JSON object"):
        load_collection(folder)
