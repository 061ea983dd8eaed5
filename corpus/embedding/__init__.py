"""Embedders: from text to vectors, behind one small protocol."""
