# The application and its worker; which of the two runs is said by the command.
FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TWELVEFOLD_INSTANCE=/data
RUN useradd --system --uid 10001 --home-dir /data --create-home twelvefold
WORKDIR /app
COPY --from=packages /app/.venv /app/.venv
COPY crm crm
COPY templates templates
COPY static static
USER twelvefold
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz', headers={'Host': __import__('os').environ.get('TWELVEFOLD_TRUSTED_HOSTS', 'localhost').split(',')[0]}); raise SystemExit(c.getresponse().status != 200)"]
CMD ["flask", "--app", "crm", "serve", "--bind", "0.0.0.0", "--no-worker"]
