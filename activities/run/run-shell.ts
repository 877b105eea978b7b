import type { Json } from '../../dsl/json.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { processArguments, requiredText } from './process-arguments.ts';
import { requireSwitch, runSandboxed } from './process-environment.ts';
import type { Processes } from './process-environment.ts';
import { preparedProcess } from './prepared-process.ts';
import { systemPath } from './system-path.ts';

/** `run: shell`: runs the command in /bin/sh, with the arguments as `$1`, `$2`, … ("Shell Process"). */
export async function runShell(
  request: ProcessRequest,
  secrets: CallSecrets,
  processes: Processes | undefined,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference } = request;
  requireSwitch(processes, 'shell', reference);
  const { arguments: described } = await preparedProcess(request, secrets, environment);
  const { arguments: args, environment: variables, stdin } = processArguments(described, reference);
  const program = {
    // A file and not `-c`: its length has no limit, and no list of processes shows what is in it.
    command: ['/bin/sh', '{file}', ...args] as const,
    file: { name: 'command.sh', text: requiredText(described, 'command', reference) },
    environment: { ...systemPath, ...variables },
    stdin,
    visible: processes.settings.visibleFolders,
    kind: 'program' as const,
  };
  return await runSandboxed(program, request, processes, environment);
}
