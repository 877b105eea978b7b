import type { Settings } from '../config/settings.ts';
import { connectClient } from '../temporal/connect.ts';
import { reachServer } from '../temporal/reach-server.ts';
import { UsageError } from '../temporal/start-error.ts';
import { loadWorkflowBundle } from './bundle.ts';
import type { WorkflowBundle } from './bundle.ts';
import { outcomeLines, replayDirectory, replayNamespace } from './replay.ts';
import type { ReplayOutcome } from './replay.ts';
import { silenceSdk } from './runtime.ts';

/** Where the histories are: recorded in folders, or live in a namespace. */
export type ReplaySource =
  { readonly folders: readonly string[] } | { readonly namespace: string; readonly query: string };

export interface ReplayCommand {
  readonly source: ReplaySource;
  readonly settings: Settings;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

/**
 * Replays histories against the current workflow code and prints how each fared. Resolves to the exit code: 0 when all
 * replay, 1 when one does not, 2 when there is no history at all.
 */
export async function replayCommand({ source, settings, root, env, print }: ReplayCommand): Promise<number> {
  silenceSdk();
  const prebuilt = env['PERDURE_WORKFLOW_BUNDLE'];
  const bundle = await loadWorkflowBundle({ root, data: settings.data, prebuilt, progress: print });
  let [all, failed] = [0, 0];
  for await (const outcome of replayAll(source, settings, bundle)) {
    print(outcomeLines(outcome));
    all += 1;
    if (outcome.failure !== undefined) failed += 1;
  }
  if (all === 0) {
    print(`There is no history to replay in ${describe(source)}.`);
    return 2;
  }
  print(`${all} ${all === 1 ? 'history' : 'histories'}: ${all - failed} ok, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function* replayAll(
  source: ReplaySource,
  settings: Settings,
  bundle: WorkflowBundle,
): AsyncGenerator<ReplayOutcome> {
  if ('folders' in source) {
    for (const folder of source.folders) yield* replayDirectory(folder, bundle);
    return;
  }
  const { server } = await reachServer(settings);
  const connection = await connectClient(server);
  try {
    yield* replayNamespace(connection, source.namespace, source.query, bundle);
  } finally {
    await connection.close();
  }
}

function describe(source: ReplaySource): string {
  if ('folders' in source) return source.folders.join(', ');
  return `the namespace ${source.namespace}${source.query === '' ? '' : ` for the query ${source.query}`}`;
}

/** Reads `replay`'s arguments: folders, or a namespace with a query. Fails with a {@link UsageError} on a wrong use. */
export function replaySource(
  folders: readonly string[],
  { namespace, query }: { readonly namespace?: string; readonly query?: string },
): ReplaySource {
  if (folders.length > 0 && namespace === undefined && query === undefined) return { folders };
  if (folders.length === 0 && namespace !== undefined) return { namespace, query: query ?? '' };
  throw new UsageError('Usage: perdure replay DIR... | perdure replay --namespace NAME [--query QUERY]');
}
