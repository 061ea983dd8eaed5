"""Ingestion beside the service: the worker process it keeps, and what lets finished documents be found."""
