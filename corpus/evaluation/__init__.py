"""How good search is, measured: collections with judgements, metrics, comparison of two runs."""
