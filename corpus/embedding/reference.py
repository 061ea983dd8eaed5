"""The pack's source as a sentence-transformers model in fp32: what our runtime is measured against.

Needs the extra ``lonja[sentence-transformers]``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from corpus.embedding.charsmap import build_charsmap
from corpus.embedding.weights import Vocabulary, Weights

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_PARAMETER = {"w": "weight", "b": "bias"}


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The same tokenizer for the package ``tokenizers``, which transformers use; ``<s>`` before and ``</s>`` after."""
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


def write_sentence_transformers_folder(
    weights: Weights, folder: Path, prompts: tuple[str, str] | None = ("query: ", "passage: ")
) -> None:
    """Write the dequantised weights to ``folder`` as ``SentenceTransformer(str(folder))`` loads them.

    ``prompts``: what goes before a question and before a passage, for its configuration.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    layout = weights.layout
    config = BertConfig(
        vocab_size=layout.vocabulary,
        hidden_size=layout.hidden,
        num_hidden_layers=layout.layers,
        num_attention_heads=layout.heads,
        intermediate_size=layout.feed_forward,
        max_position_embeddings=layout.positions,
        layer_norm_eps=layout.norm_epsilon,
        pad_token_id=weights.vocabulary.pad,
    )
    model = BertModel(config)
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word"),
        "embeddings.position_embeddings.weight": weights.vectors["emb.pos"].reshape(layout.positions, -1),
        "embeddings.token_type_embeddings.weight": weights.vectors["emb.type"].reshape(-1, layout.hidden),
        "embeddings.LayerNorm.weight": weights.vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": weights.vectors["emb.ln.b"],
        "pooler.dense.weight": np.zeros((layout.hidden, layout.hidden), np.float32),  # not used, and not in the source
        "pooler.dense.bias": np.zeros(layout.hidden, np.float32),
    }
    for layer in range(layout.layers):
        for short, long in _LAYER.items():
            for letter, parameter in _PARAMETER.items():
                name = f"l{layer}.{short}.{letter}"
                values = weights.matrix(name) if name in weights.matrices else weights.vectors[name]
                state[f"encoder.layer.{layer}.{long}.{parameter}"] = values
    model.load_state_dict({name: torch.tensor(values) for name, values in state.items()})
    plain = folder / "plain"  # sentence-transformers reads this, and then writes its own
    model.save_pretrained(plain)
    pieces, start, end = weights.vocabulary.pieces, weights.vocabulary.bos, weights.vocabulary.eos
    PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(weights.vocabulary),
        model_max_length=layout.positions,
        bos_token=pieces[start],
        eos_token=pieces[end],
        cls_token=pieces[start],
        sep_token=pieces[end],
        pad_token=pieces[weights.vocabulary.pad],
        unk_token=pieces[weights.vocabulary.unknown],
        mask_token=pieces[-1],
    ).save_pretrained(plain)
    modules: list[torch.nn.Module] = [
        Transformer(str(plain), max_seq_length=layout.positions),
        Pooling(layout.hidden),
        Normalize(),
    ]
    named = dict(zip(("query", "document"), prompts, strict=True)) if prompts else None
    SentenceTransformer(modules=modules, device="cpu", prompts=named).save(str(folder), create_model_card=False)
    shutil.rmtree(plain)
