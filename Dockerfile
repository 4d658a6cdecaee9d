# The exporter's image. What installs packages (the stage `build`) is not in what runs.
#
#   docker compose build                                  the base image and its version: versions.yml
#   docker compose build --build-arg VARIANT=full         with reports and dashboards, too
#
# BASE has no default here, for versions are written in one place. Python is Debian's own, with Debian's security support.
ARG BASE
FROM ${BASE} AS python
RUN apt-get update && apt-get install -y --no-install-recommends python3 ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/man/* \
    && find /usr/share/doc -type f ! -name copyright -delete

FROM python AS build
# `exporter`: what is probed, judged and told, with a journal in SQLite or PostgreSQL. `full`: every extra.
ARG VARIANT=exporter
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY locks locks
# The virtual environment lies where it will run: its scripts name their interpreter by absolute path. Every package is
# one whose hash is in the lock, and a wheel: a compiler is neither needed nor allowed to creep in. What debuggers read of
# their libraries is a seventh of it all, and stays here.
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv binutils \
    && python3 -m venv /opt/pantau && python3 -m venv /opt/build && mkdir /journal /reports \
    && /opt/pantau/bin/pip install --no-compile --require-hashes --only-binary=:all: -r "locks/${VARIANT}.txt" \
    && find /opt/pantau -type f -name '*.so*' -exec strip --strip-unneeded {} + \
    && /opt/build/bin/pip install --require-hashes --only-binary=:all: -r locks/build.txt
COPY pyproject.toml README.md ./
COPY pantau pantau
COPY exporter exporter
COPY dashboards dashboards
# Tests, type stubs and sources in C of others, the dates of languages that nothing here speaks, and how code of a hundred
# languages is coloured, are read by nobody. Bytecode, which
# the user below cannot write, is made for what an exporter runs, and for all of it where reports are made: an eighth of
# the image would be that of modules never asked for.
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/pantau/bin/pip install --no-deps --no-index /wheels/*.whl \
    && /opt/pantau/bin/python -m pip uninstall --yes pip \
    && cd /opt/pantau/lib/python3*/site-packages \
    && find numpy -type d -name tests -prune -exec rm -rf {} + \
    && rm -rf sqlalchemy/testing alembic/testing numpy/f2py numpy/_core/_simd.*.so numpy/_core/_*_tests.*.so \
    && find . -type f \( -name '*.py[ix]' -o -name '*.pxd' -o -name '*.[ach]' \) -delete \
    && find pygments/lexers -name '*.py' ! -name '__init__.py' ! -name _mapping.py ! -name python.py ! -name special.py -delete \
    && spoken="root $(/opt/pantau/bin/python -c 'from pantau.texts import LANGUAGES; print(*LANGUAGES)')" \
    && find babel/locale-data -name '*.dat' \
        $(for one in ${spoken}; do printf ' ! -name %s.dat ! -name %s_*.dat' "${one}" "${one}"; done) -delete \
    && /opt/pantau/bin/python -m compileall -q pantau exporter dashboards \
    && if [ "${VARIANT}" = full ]; then /opt/pantau/bin/python -m compileall -q .; fi \
    && /opt/pantau/bin/python -c "import exporter.app, pantau.simulator.world, pantau.cli.exporter, pantau.cli.journal, \
alembic.command, sqlalchemy.dialects.sqlite.pysqlite, sqlalchemy.dialects.postgresql.psycopg, rich.table, typer.rich_utils, babel.messages.pofile, babel.messages.mofile"

FROM python
ARG VARIANT=exporter
LABEL org.opencontainers.image.title="pantau" \
      org.opencontainers.image.description="Exporter of a city's public WiFi hotspots"
# What WeasyPrint sets the reports' pages with, their fonts, and what verifies signatures under lists of decisions.
RUN if [ "${VARIANT}" = full ]; then \
        apt-get update && apt-get install -y --no-install-recommends \
            libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core openssh-client \
        && rm -rf /var/lib/apt/lists/* /var/cache/apt/*; \
    fi
COPY --from=build /opt/pantau /opt/pantau
# A new volume takes its owner from here: the journal is written by the user below.
COPY --from=build --chown=10001:10001 /journal /etc/pantau/data
COPY --from=build --chown=10001:10001 /reports /reports
# Bytecode is not written (the root is read-only); logs appear at once.
ENV PATH=/opt/pantau/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# A container's loopback is its own: who may come in is decided where its port is published.
ENV PANTAU_WEB_LISTEN_ADDRESS=0.0.0.0:9810
# By number: an orchestrator that refuses root cannot see through a name.
USER 10001:10001
EXPOSE 9810
# Datagram ICMP needs no capability, only net.ipv4.ping_group_range around group 10001 (docker-compose.yml sets it).
# It asks this container itself, whatever `http_proxy` says, over TLS if need be, at the address that `pantau run` takes from
# the same variable. Healthy means: the process answers; readiness is another question.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "pantau.health"]
ENTRYPOINT ["pantau"]
CMD ["run", "--config", "/etc/pantau/pantau.yml"]
