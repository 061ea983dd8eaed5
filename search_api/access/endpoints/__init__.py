"""Endpoints of access: validate, call, return."""
