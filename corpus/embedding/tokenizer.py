"""The tokenizer of XLM-RoBERTa, for the ``tokenizers`` package, made of a unigram vocabulary."""

from __future__ import annotations

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from corpus.embedding.charsmap import build_charsmap
from corpus.embedding.weights import Vocabulary


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Pieces, scores and normalisation as in the source; ``<s>`` before and ``</s>`` after a text.

    The source's map knows single characters. XLM-RoBERTa's own also joins a letter and its accents (NFKC), so NFC goes
    before. NUL, which no map of NUL-ended strings can hold, is dropped.
    """
    pieces = vocabulary.pieces
    tokenizer = Tokenizer(
        models.Unigram(
            list(zip(pieces, vocabulary.scores.tolist(), strict=True)), unk_id=vocabulary.unknown, byte_fallback=False
        )
    )
    charsmap = build_charsmap({chr(source): target for source, target in vocabulary.normalisation.items()})
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace("\0", ""), normalizers.NFC(), normalizers.Precompiled(charsmap)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    bos, eos = pieces[vocabulary.bos], pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer
