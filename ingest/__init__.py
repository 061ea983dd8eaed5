"""From a file to passages: formats, isolated conversion, structure, passages, the Haystack pipeline, the worker."""
