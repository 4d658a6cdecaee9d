# The exporter's image. Two stages: what installs packages is not in what runs.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
# The virtual environment lies where it will run: its scripts name their interpreter by absolute path.
RUN python -m venv /opt/pantau && mkdir /journal
ENV PATH=/opt/pantau/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml README.md ./
COPY pantau pantau
COPY exporter exporter
COPY dashboards dashboards
# All dependencies have wheels for this Python; a compiler is neither needed nor allowed to creep in.
RUN pip install --only-binary=:all: "setuptools>=77" wheel \
    && pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip install --only-binary=:all: /wheels/*.whl \
    && pip uninstall --yes setuptools wheel pip

FROM python:3.11.13-slim-bookworm
LABEL org.opencontainers.image.title="pantau" \
      org.opencontainers.image.description="Exporter of a city's public WiFi hotspots"
# What WeasyPrint sets the reports' pages with, and their fonts.
RUN apt-get update && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/pantau /opt/pantau
# A new volume takes its owner from here: the journal is written by the user below.
COPY --from=build --chown=10001:10001 /journal /etc/pantau/data
# Bytecode is not written (the root is read-only); logs appear at once.
ENV PATH=/opt/pantau/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# By number: an orchestrator that refuses root cannot see through a name.
USER 10001:10001
EXPOSE 9810
# Datagram ICMP needs no capability, only net.ipv4.ping_group_range around group 10001 (docker-compose.yml sets it).
# urllib, for the image has neither curl nor wget. Healthy means: the process answers; readiness is another question.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9810/-/healthy', timeout=4)"]
ENTRYPOINT ["pantau"]
CMD ["run", "--config", "/etc/pantau/pantau.yml", "--listen", "0.0.0.0:9810"]
