import { standardFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { javascriptProgram } from '../sandbox/javascript/javascript-program.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { processArguments } from './process-arguments.ts';
import type { ProcessArguments } from './process-arguments.ts';
import { requireSwitch, runSandboxed } from './process-environment.ts';
import type { Processes } from './process-environment.ts';
import { preparedProcess } from './prepared-process.ts';
import { scriptCode } from './script-code.ts';
import { systemPath } from './system-path.ts';

/** `run: script`: runs JavaScript or Python, from the definition or from an external resource ("Script Process"). */
export async function runScript(
  request: ProcessRequest,
  secrets: CallSecrets,
  processes: Processes | undefined,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference } = request;
  const call = await preparedProcess(request, secrets, environment);
  const { language } = call.arguments;
  const given = processArguments(call.arguments, reference);
  const isJavascript = language === 'js' || language === 'javascript';
  if (!isJavascript && language !== 'python') {
    const detail = `${JSON.stringify(language)} is not a language of scripts: they are js and python`;
    throw standardFault('configuration', reference, detail);
  }
  requireSwitch(processes, isJavascript ? 'javascript' : 'python', reference);
  const code = await scriptCode(call, request, environment);
  const program = isJavascript
    ? javascriptProgram(processes.root, {
        ...given,
        code,
        memoryBytes: processes.settings.limits.memoryBytes,
      })
    : pythonProgram(code, given, processes);
  // What fetching the script took is spent.
  return await runSandboxed(program, { ...request, timeoutMs: call.remainingMs() }, processes, environment);
}

function pythonProgram(
  code: string,
  { arguments: args, environment, stdin }: ProcessArguments,
  { settings }: Processes,
): Parameters<Processes['sandbox']['run']>[0] {
  return {
    command: [settings.pythonCommand, '{file}', ...args],
    file: { name: 'script.py', text: code },
    // Without it Python takes ASCII for its streams where no locale is set.
    environment: { ...systemPath, PYTHONUTF8: '1', ...environment },
    stdin,
    visible: settings.visibleFolders,
    kind: 'program',
  };
}
