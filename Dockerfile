# Belfry's image: the worker by default, any other command by name (docker run … belfry:0.1.0 search QUERY).
# Nothing is resolved to what is newest: all that is installed is named in a lock, by its hashes.

FROM python:3.13-slim AS build
WORKDIR /opt/belfry/src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
COPY requirements-bootstrap.lock requirements.lock pyproject.toml ./
# pyproject.toml says what is needed at run time, the lock which one exactly: linters and tests stay out.
RUN python -m venv /opt/belfry/venv \
    && python -m venv /opt/uv \
    && /opt/uv/bin/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock \
    && /opt/uv/bin/uv pip install --quiet --compile-bytecode --python /opt/belfry/venv/bin/python \
        --require-hashes --requirements pyproject.toml --constraints requirements.lock
# What .dockerignore lets through. Installed in place: lexicon, models and Kibana's objects stand beside the packages.
COPY . .
RUN /opt/uv/bin/uv pip install --quiet --no-deps --python /opt/belfry/venv/bin/python \
        --build-constraints requirements.lock --editable . \
    && /opt/belfry/venv/bin/python -m compileall -q belfry producers processors schemas

FROM python:3.13-slim AS runtime
RUN groupadd --system --gid 10001 belfry \
    && useradd --system --uid 10001 --gid belfry --home-dir /var/lib/belfry --create-home belfry
COPY --from=build /opt/belfry /opt/belfry
ENV PATH=/opt/belfry/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BELFRY_HOME=/var/lib/belfry/home \
    BELFRY_CACHE=/var/lib/belfry/cache
# By number, so that a host that demands "not root" can tell.
USER 10001:10001
WORKDIR /var/lib/belfry
VOLUME ["/var/lib/belfry"]
# Ends with 1 where Kafka or Elasticsearch doesn't answer. A role that exits is restarted inside the container.
HEALTHCHECK --interval=30s --timeout=25s --start-period=60s --retries=3 CMD ["belfry", "status", "--json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["belfry"]
CMD ["worker"]
