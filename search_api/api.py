"""Every area's endpoints in one place: those behind ``current_caller``, and the few that are not."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from search_api.access.endpoints import audit, keys, members, openid_connect, organisations, session
from search_api.access.principal import current_caller, identify
from search_api.chatbots import dify, openai
from search_api.documents import endpoints as documents
from search_api.feedback import endpoints as feedback
from search_api.jobs import endpoints as jobs
from search_api.openapi import COMMON, SIGNED_IN
from search_api.operations import endpoints as operations
from search_api.requests import endpoints as requests
from search_api.saved_searches import endpoints as saved_searches
from search_api.search import endpoints as search
from search_api.statistics import endpoints as statistics

PREFIX = "/api/v1"

AREAS: tuple[APIRouter, ...] = (
    search.router,
    feedback.router,
    saved_searches.router,
    requests.router,
    documents.router,
    jobs.router,
    session.router,
    members.router,
    organisations.router,
    keys.router,
    audit.router,
    statistics.router,
)
"""An area that is added here is behind ``current_caller``: its endpoints cannot forget to ask who calls."""

CHATBOTS = (openai.router, dify.router)
"""Behind ``current_caller`` as well, at the addresses that their clients know."""

BEFORE_PASSWORD = (session.before_password,)
"""Also for somebody who has yet to replace a one-time password."""

PUBLIC = (session.public, members.public, openid_connect.public)
"""For anybody. A test holds the list of these operations."""


def include(app: FastAPI) -> None:
    for router in PUBLIC:
        app.include_router(router, prefix=PREFIX, responses=COMMON)
    for router in BEFORE_PASSWORD:
        app.include_router(router, prefix=PREFIX, responses=SIGNED_IN, dependencies=[Depends(identify)])
    for router in AREAS:
        app.include_router(router, prefix=PREFIX, responses=SIGNED_IN, dependencies=[Depends(current_caller)])
    for router in CHATBOTS:
        app.include_router(router, responses=SIGNED_IN, dependencies=[Depends(current_caller)])
    app.include_router(operations.router, responses=COMMON)
