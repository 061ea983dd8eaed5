"""Signing in with an OpenID Connect provider that the operator names."""
