import { collectDefaultMetrics, Registry } from 'prom-client';
import { reasonOf } from '../temporal/start-error.ts';

/** The page of `/metrics`. */
export interface Metrics {
  readonly contentType: string;
  /** Where the parts of the process register what they count. */
  readonly registry: Registry;
  text(): Promise<string>;
}

/**
 * The process's metrics in Prometheus' text format, followed by those of the Temporal SDK where it serves them on a
 * loopback port. A page without the SDK's says so in a comment: the rest stays of use.
 */
export function createMetrics(sdkPort?: number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    contentType: registry.contentType,
    registry,
    text: async () => {
      const own = await registry.metrics();
      return sdkPort === undefined ? own : `${own}\n${await sdkMetrics(sdkPort)}`;
    },
  };
}

async function sdkMetrics(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });
    return await response.text();
  } catch (error) {
    return `# The Temporal SDK's metrics are missing: ${reasonOf(error)}\n`;
  }
}
