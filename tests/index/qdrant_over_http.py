"""Qdrant's REST interface over the client's own in-memory engine, for processes that have to share one index.

No Qdrant server can be had where the tests run. This speaks as much of its interface as ``corpus.index.server`` uses:
the contract of the index runs over HTTP, and several services and workers share one index, as they would with a server
(``LONJA_TEST_QDRANT_URL`` names a real one where there is one). It stores in memory and answers one request at a time;
payload indexes, quantisation and what else only makes a server fast are left out.

    python -m tests.index.qdrant_over_http 6333
"""

from __future__ import annotations

import sys
import threading
import warnings
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from qdrant_client import QdrantClient
from qdrant_client.http import models

VERSION = "1.16.0"


def qdrant_app() -> FastAPI:
    """One server with no collections yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine = QdrantClient(":memory:")
    turn = threading.Lock()
    app = FastAPI(openapi_url=None)

    def done() -> dict[str, Any]:
        return _told(models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED))

    @app.exception_handler(ValueError)
    def refused(_request: Any, error: ValueError) -> JSONResponse:
        """As for a collection that is not there."""
        return JSONResponse({"status": {"error": str(error)}, "time": 0.0}, status_code=404)

    @app.get("/")
    def version() -> dict[str, str]:
        return {"title": "qdrant - vector search engine", "version": VERSION}

    @app.get("/collections/{name}/exists")
    def exists(name: str) -> dict[str, Any]:
        with turn:
            return _told({"exists": engine.collection_exists(name)})

    @app.get("/collections/{name}")
    def get_collection(name: str) -> dict[str, Any]:
        with turn:
            return _told(engine.get_collection(name))

    @app.put("/collections/{name}")
    def create_collection(name: str, body: models.CreateCollection) -> dict[str, Any]:
        with turn:
            engine.create_collection(
                name, vectors_config=body.vectors, sparse_vectors_config=body.sparse_vectors, metadata=body.metadata
            )
        return _told(True)

    @app.delete("/collections/{name}")
    def delete_collection(name: str) -> dict[str, Any]:
        with turn:
            return _told(engine.delete_collection(name))

    @app.put("/collections/{name}/index")
    def create_index(name: str, body: models.CreateFieldIndex) -> dict[str, Any]:
        """It is fast enough without."""
        return done()

    @app.put("/collections/{name}/points")
    def upsert(name: str, body: models.PointsList) -> dict[str, Any]:
        with turn:
            engine.upsert(name, body.points)
        return done()

    @app.post("/collections/{name}/points")
    def retrieve(name: str, body: models.PointRequest) -> dict[str, Any]:
        with turn:
            return _told(
                engine.retrieve(
                    name, body.ids, with_payload=body.with_payload or False, with_vectors=body.with_vector or False
                )
            )

    @app.post("/collections/{name}/points/payload")
    def set_payload(name: str, body: models.SetPayload) -> dict[str, Any]:
        with turn:
            engine.set_payload(name, body.payload, points=body.filter or body.points or [])
        return done()

    @app.post("/collections/{name}/points/delete")
    def delete(name: str, body: models.FilterSelector | models.PointIdsList) -> dict[str, Any]:
        with turn:
            engine.delete(name, body)
        return done()

    @app.post("/collections/{name}/points/batch")
    def batch(name: str, body: models.UpdateOperations) -> dict[str, Any]:
        """Nothing comes between two of them."""
        with turn:
            engine.batch_update_points(name, body.operations)
        return _told([models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)])

    @app.post("/collections/{name}/points/query/batch")
    def query_batch(name: str, body: models.QueryRequestBatch) -> dict[str, Any]:
        plain = [search.model_copy(update={"params": None}) for search in body.searches]
        with turn:
            return _told(engine.query_batch_points(name, plain))

    @app.post("/collections/{name}/points/scroll")
    def scroll(name: str, body: models.ScrollRequest) -> dict[str, Any]:
        with turn:
            points, offset = engine.scroll(
                name, body.filter, limit=body.limit or 10, offset=body.offset, with_payload=body.with_payload or False
            )
        return _told(models.ScrollResult(points=points, next_page_offset=offset))

    @app.post("/collections/{name}/points/count")
    def count(name: str, body: models.CountRequest) -> dict[str, Any]:
        with turn:
            return _told(engine.count(name, body.filter, exact=True))

    @app.post("/collections/{name}/facet")
    def facet(name: str, body: models.FacetRequest) -> dict[str, Any]:
        with turn:
            return _told(engine.facet(name, body.key, facet_filter=body.filter, limit=body.limit or 10, exact=True))

    return app


def _told(result: Any) -> dict[str, Any]:
    return {"result": _plain(result), "status": "ok", "time": 0.0}


def _plain(result: Any) -> Any:
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json")
    return [_plain(one) for one in result] if isinstance(result, list) else result


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(qdrant_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
