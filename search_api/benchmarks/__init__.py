"""``lonja bench``: ratios measured in one run, because machines are noisy and differ."""
