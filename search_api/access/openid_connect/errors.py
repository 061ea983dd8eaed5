"""Why a sign-in with the provider did not work; the codes are what the web UI is told."""

from __future__ import annotations

from corpus.errors import LonjaError


class SignInFailed(LonjaError):
    """``code``: openid_connect_failed, openid_connect_refused, openid_connect_expired, unverified_email,
    unknown_member or inactive_member. The message is for the operator's log."""

    default_code = "openid_connect_failed"
