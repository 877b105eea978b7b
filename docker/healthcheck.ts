/** The image's health check: `node docker/healthcheck.ts [PORT]` exits 0 when the role on that port is ready. */
const port = process.argv[2] ?? process.env.PORT ?? '8080';

try {
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) });
  console.log(`/readyz answered ${status}`);
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  console.log(`/readyz does not answer: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
