# syntax=docker/dockerfile:1
# Lonja: the service and the worker. Build from the root of the repository: docker build -t lonja .

FROM python:3.12.8-slim-bookworm AS build
WORKDIR /source
# A compiler is not needed: every dependency has a wheel. Node comes with the build hook of the web UI.
RUN python -m venv /opt/lonja
COPY pyproject.toml README.md LICENSE ./
COPY corpus ./corpus
COPY ingest ./ingest
COPY search_api ./search_api
COPY frontend ./frontend
RUN /opt/lonja/bin/pip install --no-cache-dir ".[postgresql]"
# The model pack is built here, once, so that no start of a container waits for it.
RUN LONJA_MODELS=/opt/lonja/models /opt/lonja/bin/lonja model && chmod -R a+rX /opt/lonja

FROM python:3.12.8-slim-bookworm
LABEL org.opencontainers.image.title="Lonja" \
      org.opencontainers.image.description="Knowledge sharing and document search for a cluster of firms" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 lonja \
 && useradd --uid 10001 --gid lonja --no-create-home --home-dir /data --shell /usr/sbin/nologin lonja \
 && install --directory --owner lonja --group lonja --mode 0700 /data
COPY --from=build /opt/lonja /opt/lonja
ENV PATH=/opt/lonja/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LONJA_DATA=/data \
    LONJA_MODELS=/opt/lonja/models \
    LONJA_HOST=0.0.0.0 \
    LONJA_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["lonja"]
CMD ["serve"]
