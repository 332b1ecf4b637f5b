# Crosspatch in a container: dependencies before source, and a last stage that holds nothing but what runs.
# Any image with Python 3.11 or newer at `python3` serves as base, for both stages.
ARG BASE=python:3.13-slim

FROM ${BASE} AS builder
WORKDIR /build
# pip works from an environment of its own, so that the one that is shipped never holds it.
RUN python3 -m venv /opt/installer && python3 -m venv --without-pip /opt/crosspatch
# Only a changed lock invalidates this layer; the cache of downloads stays outside of it.
COPY requirements.txt requirements-build.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/installer/bin/pip --disable-pip-version-check --python /opt/crosspatch/bin/python install \
        --no-compile --require-hashes --requirement requirements.txt \
    && /opt/installer/bin/pip --disable-pip-version-check install \
        --no-compile --require-hashes --requirement requirements-build.txt
# Nothing ships that the service does not import, which also leaves less to attack. In turn: test suites (81 MB);
# headers, static libraries and stubs; of SciPy all but special, ndimage, spatial and what these import; of Pillow what
# decodes AVIF, draws text, converts colour profiles and opens windows; commands of dependencies. The last line fails
# the build when a new release needs what is gone. (DL3003: the directory's name holds Python's version, so it cannot
# be a WORKDIR.)
# hadolint ignore=DL3003
RUN cd /opt/crosspatch/lib/python3*/site-packages \
    && find . -depth -type d \( -name tests -o -path ./gevent/testing -o -path ./numpy/_core/include \) -exec rm -r {} + \
    && find . -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.[ach]' -o -name '*.hpp' \) -delete \
    && find scipy -mindepth 1 -maxdepth 1 -type d ! -name '_*' ! -name constants ! -name linalg ! -name ndimage \
        ! -name sparse ! -name spatial ! -name special -exec rm -r {} + \
    && rm -f PIL/_avif.* PIL/_imagingft.* PIL/_imagingcms.* PIL/_imagingtk.* pillow.libs/libavif-* pillow.libs/libfreetype-* \
        pillow.libs/libharfbuzz-* pillow.libs/liblcms2-* pillow.libs/libpng16-* pillow.libs/libbrotli* \
        numpy/_core/_simd.* numpy/_core/_*_tests.*.so \
    && find /opt/crosspatch/bin -type f -delete \
    && python3 -m compileall -q -j 0 /opt/crosspatch/lib \
    && /opt/crosspatch/bin/python -c 'import scipy.special, scipy.ndimage, scipy.sparse, scipy.spatial, PIL.Image; PIL.Image.init()'
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY src src
# The project goes to a tree of its own: after a change of source, only a layer of its size is built and shipped.
RUN /opt/installer/bin/pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation . \
    && /opt/installer/bin/pip --disable-pip-version-check --python /opt/crosspatch/bin/python install --quiet \
        --no-compile --no-deps --root /tree crosspatch-*.whl \
    && python3 -m compileall -q -s /tree /tree

FROM ${BASE}
# No installer of Python packages stays within reach. /tmp is 1777 because Docker ignores a tmpfs's mode where the image
# says otherwise; the store's directory belongs to the user because a new volume takes its owner from here.
RUN rm -rf /usr/lib/python3*/ensurepip /usr/local/lib/python3*/ensurepip /usr/share/python-wheels \
        /usr/lib/python3/dist-packages/pip* /usr/local/lib/python3*/site-packages/pip* \
        /usr/bin/pip* /usr/local/bin/pip* \
    && chmod 1777 /tmp \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/crosspatch
COPY --from=builder /opt/crosspatch /opt/crosspatch
COPY --from=builder /tree /
# The file system is read-only, and its bytecode is complete. OpenBLAS would otherwise keep a thread and its buffers for
# every processor of the host, and glibc an arena for every thread and each peak for good: measured, 50 photographs at
# once then leave 25 % more memory taken, and 10 % as it is.
# The rest fits the service to 512 MB: each of the two workers computes one thing at a time, in bounded memory, and holds
# and keeps little of files and pictures; what all decode at once is bounded by default. The store is a tmpfs, which counts
# as memory, unless a volume takes its place.
ENV PATH=/opt/crosspatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072 \
    CROSSPATCH_HOST=0.0.0.0 \
    CROSSPATCH_COMPUTATIONS=1 \
    CROSSPATCH_CACHE_BYTES=16777216 \
    CROSSPATCH_FILES_BYTES=50331648 \
    CROSSPATCH_WORKER_MEMORY_BYTES=167772160 \
    CROSSPATCH_STORE=/tmp/crosspatch \
    CROSSPATCH_STORE_MAX_BYTES=67108864
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# Every 3 s, so that a container is known to be healthy within 10.
HEALTHCHECK --interval=3s --timeout=2s --start-period=10s --retries=3 \
    CMD ["/opt/crosspatch/bin/python", "-m", "crosspatch.web.health"]
ENTRYPOINT ["/opt/crosspatch/bin/crosspatch"]
CMD ["serve"]
# Last, for a new version or revision leaves every layer above as it is.
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Crosspatch" \
      org.opencontainers.image.description="How well do two equally sized patches of pixels agree?" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}"
