# The version that the tests run on. tests/test_packaging.py reads this file and runs its commands without Docker.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
COPY main.py LICENSE ./
COPY bot/ bot/
COPY handlers/ handlers/
COPY data/ data/
COPY locales/ locales/
# Compiled here, since nothing can be written where the bot runs.
RUN /opt/venv/bin/pybabel --quiet compile --directory locales \
    && /opt/venv/bin/python -m compileall -q main.py bot handlers data \
    && mkdir /opt/state

FROM python:3.11-slim
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# The only place that the bot writes to.
COPY --from=build --chown=10001:10001 /opt/state /app/var
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8080
USER 10001:10001
VOLUME /app/var
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "main.py"]
