"""Jobs: where each version of a document is on its way."""
