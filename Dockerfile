# The chat, and the same Chroma that it was tested with: `chroma run` comes with the pinned chromadb package.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
# Without pip inside, the image that runs cannot install anything.
RUN ["python", "-m", "venv", "--without-pip", "/opt/engage"]
COPY requirements.lock ./
RUN ["pip", "--python", "/opt/engage/bin/python", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:", \
     "-r", "requirements.lock"]
COPY pyproject.toml README.md ./
COPY ingest ingest
COPY prompts prompts
COPY service service
RUN ["pip", "--python", "/opt/engage/bin/python", "install", "--no-deps", "--no-build-isolation", "."]
WORKDIR /
RUN ["/opt/engage/bin/python", "-c", "from ingest.embedding import check_weights; check_weights()"]

FROM python:3.11-slim-bookworm
# Text recognition for scans.
RUN ["apt-get", "update"]
RUN ["apt-get", "install", "--yes", "--no-install-recommends", "tesseract-ocr"]
RUN ["useradd", "--uid", "10001", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "engage"]
RUN ["install", "--directory", "--owner", "engage", "--group", "engage", "--mode", "0700", "/data"]
COPY --from=build /opt/engage /opt/engage
COPY corpus /corpus
ENV PATH=/opt/engage/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    ENGAGE_DATA_DIR=/data \
    ENGAGE_HOST=0.0.0.0 \
    ENGAGE_LISTEN_BEYOND_LOOPBACK=true
USER 10001:10001
WORKDIR /
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["engage", "serve", "--add", "/corpus"]
