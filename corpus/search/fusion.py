"""From what words and meaning each say of the candidates to one order.

Ranks are not fused, scores are: a rank says nothing of whether the words occur at all. Both scores are put on one
scale, the spread of the cosines of texts that have nothing to do with each other (``CosineScale``):

- **meaning**: the cosine, in spreads;
- **words**: the BM25 score as a share of the best in the passage's own language. A question's words are those of its
  language: in the others names, codes, relatives of the words and some translations match, and the best that such a
  passage can reach is lower without its being less relevant. A language's best counts as at least ``FLOOR`` of the
  best of all, so that a language in which next to nothing matches is not lifted to the top. A full share is worth
  ``WORDS`` spreads: few enough for meaning to overrule a chance match, enough to decide between passages alike in
  meaning. Where even the best passage has few of the question's words (``coverage`` below ``ENOUGH``), a full share
  is worth as much less: the answer is in another language then, or in other words.
- **neighbours** (:func:`join_neighbours`): of the few best, those that have the question's words side by side, in
  another language what the words are called there.
- **siblings** (:func:`join_siblings`): a passage that says in another language what one of the best passages says, as
  their vectors tell, shares in that one's standing, its neighbours included. Questions find their own language's
  version by its words; the translation is found by its nearness to that version, which is far surer than its nearness
  to the question.

- **words as they are written** (:func:`join_written`): among passages of the question's own language, the one with its
  very words goes before one that has other forms of them.

``docs/relevance.md`` has the evidence for each, and for what was left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.embedding.embedder import Vector
from corpus.embedding.projection import CosineScale
from corpus.index.passage_words import Terms
from corpus.index.protocol import Candidate

WORDS = 2.0
FLOOR = 0.5
ENOUGH = 0.3  # coverage from which words count fully
RARE = 8.0  # IDF of a word that stands in one passage of a few thousand

READ = 6  # passages whose words are read in their order
NEIGHBOURS = 1.25  # spreads that a passage gains in which all of the question's words stand in the question's order

LEADERS = 3  # passages whose siblings are looked for
FOLLOWERS = 40  # passages that may be siblings: the best so far
SIBLING_FROM = 5.0  # spreads above the level from which two passages in two languages say partly the same,
SIBLING_SURE = 7.5  # and from which they say the same
SIBLING = 2.0  # spreads that the sibling of the best passage gains

COMPARED = 16  # passages, the best, that are held against each other by words as they are written
WRITTEN = 2.5  # spreads that all of the question's words, as it writes them, are worth among passages of its language


class Fused(NamedTuple):
    """A candidate in its place."""

    candidate: Candidate
    score: float  # in spreads; comparable within one answer only
    by_words: bool  # words of the question occur in it
    by_meaning: bool  # it is near the question, as near goes in this answer
    neighbours: float = 0.0  # share of the question's pairs of words that stand together in it; 0 where it was not read


def coverage(score: float, terms: int) -> float:
    """A BM25 score as a share of what as many rare words would bring as the question has terms."""
    return score / (terms * RARE) if terms else 0.0


def fuse(candidates: Sequence[Candidate], scale: CosineScale, terms: int) -> list[Fused]:
    """All candidates, the best first; equal ones in the order of their ids. A leg that was not asked counts nothing.

    ``terms`` is how many distinct ones the question has.
    """
    if not candidates:
        return []
    ids, _, _, languages, dense, sparse = zip(*candidates, strict=True)
    asked_meaning, asked_words = dense[0] is not None, sparse[0] is not None
    nothing = np.zeros(len(candidates))
    meaning = np.array(dense, np.float64) / scale.spread if asked_meaning else nothing
    words = np.array(sparse, np.float64) if asked_words else nothing
    worth = WORDS * min(1.0, coverage(float(words.max()), terms) / ENOUGH)
    score = meaning + worth * _shares(words, languages)
    near = meaning >= meaning.max() - WORDS
    rows = list(zip(candidates, score.tolist(), (words > 0).tolist(), (near & asked_meaning).tolist(), strict=True))
    return [Fused(*rows[place]) for place in np.lexsort((ids, -score)).tolist()]


def neighbour_candidates(fused: Sequence[Fused]) -> list[int]:
    """The passages whose terms :func:`join_neighbours` needs; none where one leg alone was asked."""
    if not fused or fused[0].candidate.dense is None or fused[0].candidate.sparse is None:
        return []
    return [each.candidate.passage_id for each in fused[:READ] if each.by_words]


def join_neighbours(fused: Sequence[Fused], asked: Sequence[int], read: Mapping[int, Terms]) -> list[Fused]:
    """Moves up passages in which words stand together that stand together in the question.

    ``asked`` and ``read`` (by passage) are terms in reading order, the question's in its own language, and a passage's
    with the question's in the place of those that translate them.
    """
    shares = {passage: _neighbours(asked, found) for passage, found in read.items()}
    best = [
        each._replace(neighbours=share) if (share := shares.get(each.candidate.passage_id)) else each
        for each in fused[:READ]
    ]
    return _moved([*best, *fused[READ:]], {passage: NEIGHBOURS * share for passage, share in shares.items()})


def _neighbours(asked: Sequence[int], found: Terms) -> float:
    """The mean, over the question's pairs of neighbours, of one over their least distance; 0 for a pair not there."""
    pairs = list(pairwise(dict.fromkeys(asked)))
    if not pairs:
        return 0.0
    places = {term: np.flatnonzero(found == term).tolist() for term in set(asked)}
    least = (min((abs(a - b) for a in places[one] for b in places[other]), default=0) for one, other in pairs)
    return sum(1 / distance for distance in least if distance) / len(pairs)


def sibling_candidates(fused: Sequence[Fused]) -> list[int]:
    """The passages whose vectors :func:`join_siblings` needs; none where all the best are in one language."""
    best = fused[:FOLLOWERS]
    if not best or best[0].candidate.dense is None or len({each.candidate.language for each in best}) < 2:
        return []
    return [each.candidate.passage_id for each in best]


def join_siblings(fused: Sequence[Fused], vectors: Mapping[int, Vector], scale: CosineScale) -> list[Fused]:
    """Moves up what says in another language what one of the best says. ``vectors`` may lack some passages."""
    known = [each for each in fused[:FOLLOWERS] if each.candidate.passage_id in vectors]
    leaders = known[:LEADERS]
    if not leaders:
        return list(fused)
    of_known = np.stack([vectors[each.candidate.passage_id] for each in known])
    nearness = (of_known @ of_known[: len(leaders)].T - scale.level) / scale.spread
    likeness = np.clip((nearness - SIBLING_FROM) / (SIBLING_SURE - SIBLING_FROM), 0.0, 1.0)
    languages = np.array([each.candidate.language for each in known])
    likeness[languages[:, None] == languages[: len(leaders)][None, :]] = 0.0
    standing = np.exp([leader.score - leaders[0].score for leader in leaders])
    together = np.array(
        [leader.neighbours for leader in leaders]
    )  # what stands together there, does here in translation
    gains = likeness @ ((SIBLING + NEIGHBOURS * together) * standing / standing.sum())
    gained = {each.candidate.passage_id: float(gain) for each, gain in zip(known, gains, strict=True)}
    return _moved(fused, gained)


def written_candidates(fused: Sequence[Fused], language: str) -> list[int]:
    """The passages whose texts :func:`join_written` needs; none where one leg alone was asked."""
    if not neighbour_candidates(fused):
        return []
    return [each.candidate.passage_id for each in fused[:COMPARED] if each.candidate.language == language]


def join_written(fused: Sequence[Fused], shares: Mapping[int, float]) -> list[Fused]:
    """Passages with a share (of the question's words, as it writes them) change places among themselves.

    The places that they have between them, and these places' scores, stay: a passage of another language, which cannot
    have those words, neither gains nor loses.
    """
    places = [place for place, each in enumerate(fused[:COMPARED]) if each.candidate.passage_id in shares]
    chosen = [fused[place] for place in places]
    chosen.sort(key=lambda each: -(each.score + WRITTEN * shares[each.candidate.passage_id]))
    joined = list(fused)
    for place, each in zip(places, chosen, strict=True):
        joined[place] = each._replace(score=fused[place].score)
    return joined


def _moved(fused: Sequence[Fused], gained: Mapping[int, float]) -> list[Fused]:
    if not any(gained.values()):
        return list(fused)
    moved = [
        each._replace(score=each.score + gain) if (gain := gained.get(each.candidate.passage_id)) else each
        for each in fused
    ]
    return sorted(moved, key=_standing)


def _standing(fused: Fused) -> tuple[float, int]:
    return -fused.score, fused.candidate.passage_id


def _shares(words: NDArray[np.float64], languages: Sequence[str]) -> NDArray[np.float64]:
    """Of the best score in each passage's language, or of ``FLOOR`` times the best of all where that is more."""
    best = float(words.max())
    if best <= 0:
        return np.zeros_like(words)
    of_language: dict[str, float] = {}
    for score, language in zip(words.tolist(), languages, strict=True):
        of_language[language] = max(of_language.get(language, FLOOR * best), score)
    shares: NDArray[np.float64] = words / np.array([of_language[language] for language in languages])
    return shares
