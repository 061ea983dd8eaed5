"""The passage index: one protocol, Qdrant Edge in the process or a Qdrant server behind it."""
