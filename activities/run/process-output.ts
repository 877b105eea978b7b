import { standardFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { ProcessResult } from '../../dsl/types.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import type { Redactor } from '../secrets/redaction.ts';

/** How much of what a failed process said goes into the error. */
const tellingCharacters = 2_000;

/**
 * What a run task gives for the result of its process ("Run", `return`; "Process Result"), without secrets. A definition
 * that takes the exit code looks at it by itself; for every other form a process that failed is a `runtime` fault.
 */
export function processOutput(
  result: ProcessResult,
  { return: form, reference, task, maxResponseBytes }: ProcessRequest,
  redactor: Redactor,
): Json {
  const { code } = result;
  const stdout = redactor.text(result.stdout);
  const stderr = redactor.text(result.stderr);
  if (code !== 0 && form !== 'code' && form !== 'all') {
    const said = stderr.trim() === '' ? stdout.trim() : stderr.trim();
    const tail = said.length > tellingCharacters ? `…${said.slice(-tellingCharacters)}` : said;
    const detail = `${task} ended with exit code ${code}${tail === '' ? '' : `: ${tail}`}`;
    throw standardFault('runtime', reference, detail, { title: 'Process Failed' });
  }
  const forms: Readonly<Record<ProcessRequest['return'], Json>> = {
    stdout,
    stderr,
    code,
    all: { code, stdout, stderr },
    none: null,
  };
  const size = Buffer.byteLength(JSON.stringify(forms[form]));
  if (size <= maxResponseBytes) return forms[form];
  const detail = `the output of ${task} takes ${size} bytes as JSON, more than ${maxResponseBytes} (limits.payloadBytes)`;
  throw standardFault('runtime', reference, detail, { status: 413, title: 'Content Too Large' });
}
