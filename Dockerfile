# docker build -t tutela .
# docker run -e SECRET_KEY_FILE=… -e ALLOWED_HOSTS=… -e BASE_URL=https://… -v tutela:/var/lib/tutela -p 8000:8000 tutela
# Any command of docs/operators.md runs the same way: docker run … tutela migrate

FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app
COPY bin/uv.txt bin/
RUN pip install --no-cache-dir --require-hashes --only-binary=:all: -r bin/uv.txt
# The packages change seldom, so they have a layer of their own.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project --no-cache
COPY manage.py ./
COPY site site
COPY quizzes quizzes
COPY courses courses
COPY certificates certificates
COPY organisations organisations
# The build looks for the catalogues, even for the editable install that keeps this tree the only copy.
COPY locale locale
RUN uv sync --locked --no-dev --no-cache \
    && .venv/bin/python -m tutela.work.catalogues \
    # The demonstration makes a key of its own, and it stays in this folder and out of every layer.
    && TUTELA_VAR=/tmp/build STATIC_ROOT=/app/static DJANGO_SETTINGS_MODULE=tutela.settings.demonstration \
        .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /tmp/build

FROM python:3.13-slim
# `backup` and `restore` of the shape `large` call pg_dump and pg_restore.
RUN apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends postgresql-client \
    && rm -r /var/lib/apt/lists
RUN useradd --system --uid 10001 --home-dir /var/lib/tutela --create-home tutela
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=tutela.settings.production \
    TUTELA_VAR=/var/lib/tutela \
    STATIC_ROOT=/app/static \
    HOST=0.0.0.0
WORKDIR /app
USER tutela
VOLUME /var/lib/tutela
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "tutela.work.health"]
# Told to stop, `start` ends its children in order.
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "manage.py"]
CMD ["start"]
