# armcrawl for one machine: docs/operations.md. Every package that is installed has its hash in deploy/.
FROM python:3.13-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/armcrawl && python -m venv /opt/build
COPY deploy/requirements.txt deploy/build-requirements.txt /source/deploy/
RUN /opt/armcrawl/bin/python -m pip install --require-hashes -r /source/deploy/requirements.txt \
 && /opt/build/bin/python -m pip install --require-hashes -r /source/deploy/build-requirements.txt
COPY pyproject.toml README.md LICENSE /source/
COPY armcrawl /source/armcrawl
COPY pipelines /source/pipelines
COPY data/sample /source/data/sample
# The package itself, last, and without dependencies: they are there.
RUN /opt/build/bin/python -m build --no-isolation --wheel --outdir /wheel /source \
 && /opt/armcrawl/bin/python -m pip install --no-deps --no-index /wheel/*.whl


FROM python:3.13-slim

# A plain user, with nothing to write but the data.
RUN useradd --system --uid 10001 --home-dir /srv/armcrawl --shell /usr/sbin/nologin armcrawl \
 && install -d -o armcrawl -g armcrawl -m 750 /srv/armcrawl/data
COPY --from=build /opt/armcrawl /opt/armcrawl
COPY deploy/nightly.sh /usr/local/bin/nightly
ENV PATH=/opt/armcrawl/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/armcrawl
# By number, so that a host can check that it is not root.
USER 10001
VOLUME /srv/armcrawl/data
# It asks no site, and says what is to be done; before the first night there is no database.
HEALTHCHECK --interval=1h --timeout=60s --start-period=6h CMD ["armcrawl", "doctor", "--offline"]
ENTRYPOINT ["armcrawl"]
CMD ["crawl"]
