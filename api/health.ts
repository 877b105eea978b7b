import type { ApiDependencies } from './dependencies.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';
import { withinDeadline } from './temporal-deadline.ts';

/** How long readiness waits for each system, in milliseconds. */
const checkDeadlineMs = 2_000;

/** Liveness, readiness and metrics. The first two are open: probes have no key, and they tell nothing else. */
export function healthRoutes(dependencies: ApiDependencies): Route[] {
  const { client, connection, store, metrics, logger, checks: others = {} } = dependencies;

  async function check(
    system: string,
    call: () => Promise<unknown>,
  ): Promise<readonly [string, 'ok' | 'unavailable']> {
    try {
      await withinDeadline(connection, checkDeadlineMs, call);
      return [system, 'ok'];
    } catch (error) {
      logger.warn({ err: error, system }, 'not ready');
      return [system, 'unavailable'];
    }
  }

  return [
    {
      method: 'get',
      path: '/healthz',
      access: 'open',
      handle: (_request, response) => {
        response.json({ status: 'ok' });
      },
    },
    {
      method: 'get',
      path: '/readyz',
      access: 'open',
      handle: async (_request, response) => {
        const { namespace } = client.options;
        const states = await Promise.all([
          check('temporal', () => client.workflowService.describeNamespace({ namespace })),
          check('store', () => store.ping()),
          ...Object.entries(others).map(([system, call]) => check(system, async () => call())),
        ]);
        const checks = Object.fromEntries(states);
        const gone = states.filter(([, state]) => state !== 'ok');
        if (gone.length > 0) {
          const names = gone.map(([system]) => system).join(' and ');
          throw new Problem('not-ready', `No answer from ${names}`, { members: { checks } });
        }
        response.json({ status: 'ready', checks });
      },
    },
    {
      method: 'get',
      path: '/metrics',
      handle: async (_request, response) => {
        const text = await metrics.text();
        response.set('Content-Type', metrics.contentType).end(text);
      },
    },
  ];
}
