"""The way of a question: from text and filters to passages grouped by document."""
