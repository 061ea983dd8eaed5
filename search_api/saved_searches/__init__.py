"""Searches that a member keeps."""
