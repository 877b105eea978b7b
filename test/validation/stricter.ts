/** Where validation asks for more than the specification's schema, and why. Whatever else it refuses is a mistake. */
import type { Json } from '../../dsl/json.ts';
import type { Finding } from '../../dsl/validate/finding.ts';
import type { Path } from './edit.ts';
import type { Mutant } from './mutant.ts';

export interface Strictness {
  /** Any when absent. */
  readonly code?: Finding['code'];
  /** What the message says; any when absent. */
  readonly message?: RegExp;
  /** Where the finding is; anywhere when absent. */
  readonly pointer?: RegExp;
  readonly reason: string;
  /** A document that shows it: valid by the schema, and refused for nothing else. */
  readonly witness: Mutant;
  /** The schema skips what stands beside: findings there need no reason of their own. */
  readonly coversSiblings?: true;
}

/** A document of the corpus with something else in one place, or nothing. */
function change(from: string, path: Path, value?: Json): Mutant {
  return { from, edits: [value === undefined ? { path } : { path, value }] };
}

/** Perdure's own metadata first, then names and flow, then expressions and values, then what only some constructs have. */
export const stricter: readonly Strictness[] = [
  {
    code: 'value',
    message: /cannot (?:itself )?be undone/,
    reason: 'What undoes a task, and what belongs to an extension, is not undone: the list would never run',
    witness: change(
      'compensation.yaml',
      ['do', 1, 'pay', 'metadata', 'compensate', 0, 'refund', 'metadata'],
      {
        compensate: [{ again: { wait: 'PT1S' } }],
      },
    ),
  },
  {
    pointer: /\/metadata\/compensate(?:\/|$)/,
    reason:
      'The schema leaves metadata open; in Perdure these tasks undo the task, and they must be able to run',
    witness: change('compensation.yaml', ['do', 1, 'pay', 'metadata', 'compensate', 1], {
      tell: { wiat: 'PT1S' },
    }),
  },
  {
    pointer: /^\/document\/metadata\/onFault$/,
    reason: 'The schema leaves metadata open; in Perdure this says what an execution does when it faults',
    witness: change('compensation.yaml', ['document', 'metadata', 'onFault'], 'hodl'),
  },
  {
    code: 'unknown-field',
    message:
      /^(?:a definition|an authentication policy|an OAuth 2 request|the endpoints of an OAuth 2 server|the "errors" of a catch|a correlation|a foreach|an MCP (?:call|transport|client)|an HTTP transport|a stdio transport) has no field/,
    reason: 'The schema leaves these objects open; a field that nobody reads is a typing error',
    witness: change('errors.yaml', ['do', 0, 'risky', 'catch', 'errors', 'type'], 'gone'),
  },
  {
    code: 'dsl-version',
    reason: 'A document of another version of the language may mean something else',
    witness: change('loose.yaml', ['document', 'dsl'], '1.1.0'),
  },
  {
    code: 'unknown-reference',
    reason:
      'The name leads to nothing: no error, retry policy, secret, function, catalog and so on is called so',
    witness: change('errors.yaml', ['do', 0, 'risky', 'catch', 'retry'], 'oftn'),
  },
  {
    code: 'unknown-target',
    reason: 'The flow directive leads to no task of its own list, as the reference wants it',
    witness: change('errors.yaml', ['do', 0, 'risky', 'catch', 'then'], 'fail'),
  },
  {
    code: 'unreachable',
    reason: 'No flow leads to the task: the author meant something else',
    witness: change('loose.yaml', ['do', 0, 'a', 'then'], 'end'),
  },
  {
    code: 'duplicate',
    message: /^the task name/,
    reason: 'With two tasks of one name in a list a flow directive is ambiguous',
    witness: change('loose.yaml', ['do', 1], { a: { wait: 'PT1S' } }),
  },
  {
    code: 'duplicate',
    message: /^the case .* has no "when"/,
    reason: 'Of two cases without a condition the second is never chosen',
    witness: change('control-flow.yaml', ['do', 0, 'look', 'switch', 0, 'many'], { then: 'end' }),
  },
  {
    code: 'duplicate',
    message: /^the item and its index/,
    reason: 'One variable cannot be both the item and its index',
    witness: change('control-flow.yaml', ['do', 2, 'listed', 'for', 'at'], 'item'),
  },
  {
    code: 'expression',
    reason: 'The expression does not parse, and would fail when it is reached',
    witness: change('loose.yaml', ['do', 1, 'b', 'if'], '.a | '),
  },
  {
    code: 'value',
    message: /^expected a runtime expression, found an empty text/,
    reason: 'An empty text is no expression',
    witness: change('loose.yaml', ['do', 1, 'b', 'if'], ''),
  },
  {
    code: 'unavailable-variable',
    reason:
      'The variable has no value there ("Runtime expression arguments"), so that the expression would fail',
    witness: change('data-flow.yaml', ['output', 'as', 'by'], '${ $task.name }'),
  },
  {
    code: 'secret-in-data',
    reason: 'The secret would enter the history',
    witness: change('data-flow.yaml', ['do', 0, 'shape', 'set', 'text'], '${ $secrets.schemas }'),
  },
  {
    code: 'schema',
    reason: 'The JSON Schema is none, and could check nothing',
    witness: change('data-flow.yaml', ['output', 'schema', 'document'], { type: 'text' }),
  },
  {
    code: 'unsupported',
    message: /schema format/,
    reason: 'JSON Schema is the one format that the reference names',
    witness: change('data-flow.yaml', ['input', 'schema', 'format'], 'avro'),
  },
  {
    code: 'unsupported',
    message: /expression language/,
    reason: 'jq is the one language that every runtime has; Perdure has no other',
    witness: change('control-flow.yaml', ['evaluate', 'language'], 'javascript'),
  },
  {
    code: 'unsupported',
    message: /years or months/,
    reason: 'Years and months have no fixed length, and a timer needs one',
    witness: change('loose.yaml', ['do', 1, 'b', 'wait'], 'P1M'),
  },
  {
    code: 'unsupported',
    message: /^the grant authorization_code/,
    reason: 'It exchanges a code that a person brings, and the reference has no field for one',
    witness: change(
      'tokens.yaml',
      ['use', 'authentications', 'person', 'oauth2', 'grant'],
      'authorization_code',
    ),
  },
  {
    code: 'unsupported',
    message: /URI templates/,
    reason: 'The reference has no other form than {name}, and says so',
    witness: change('http-calls.yaml', ['do', 0, 'get', 'with', 'endpoint'], 'https://shop.test/{+id}'),
  },
  {
    code: 'format',
    message: /^an expression stands for a whole URI/,
    reason:
      'The schema takes "${.id}" within a URI for a template; an expression is meant, and none is evaluated there',
    witness: change('http-calls.yaml', ['do', 0, 'get', 'with', 'endpoint'], 'https://shop.test/${.id}'),
  },
  {
    code: 'format',
    message: /^expected a URI/,
    reason: 'The schema takes any text where a function is named; one that looks like a URI must be one',
    witness: change('functions.yaml', ['do', 3, 'fetched', 'call'], 'https://shop.test/a b'),
  },
  {
    code: 'value',
    message: /read when the definition is deployed/,
    reason: 'Catalogs and schemas are read at deploy, where no data is there for an expression or a template',
    witness: change('functions.yaml', ['use', 'catalogs', 'open', 'endpoint'], 'https://shop.test/{id}'),
  },
  {
    code: 'value',
    message: /^the URI of a function/,
    reason: 'Functions are read from the web or a file, nowhere else',
    witness: change('functions.yaml', ['do', 3, 'fetched', 'call'], 'ftp://shop.test/log.yaml'),
  },
  {
    code: 'format',
    message: /function of a catalog|of the function/,
    reason: 'A function of a catalog is named name:version@catalog ("Using Cataloged Functions")',
    witness: change('functions.yaml', ['do', 1, 'cataloged', 'call'], 'log@shop'),
  },
  {
    code: 'value',
    message: /calls itself/,
    reason: 'A function stands for its task; one that calls itself would never end',
    witness: change('functions.yaml', ['use', 'functions', 'greet'], { call: 'twice' }),
  },
  {
    code: 'value',
    message: /longer than 100 years/,
    reason: 'Longer durations overflow timers and are always a mistake',
    witness: change('loose.yaml', ['do', 1, 'b', 'wait'], { days: 40_000 }),
  },
  {
    code: 'value',
    message: /^must be at least [01], found/,
    reason: 'Negative durations, less than one message and the port 0 mean nothing',
    witness: change('messages.yaml', ['do', 2, 'amount', 'with', 'subscription', 'consume', 'amount'], 0),
  },
  {
    code: 'value',
    message: /at most once a second/,
    reason: 'A schedule without a pause starts executions without end',
    witness: change('schedules.yaml', ['schedule', 'every'], 'PT0S'),
  },
  {
    code: 'format',
    message: /cron expression/,
    reason: 'The schema takes any text for a cron expression',
    witness: change('schedules.yaml', ['schedule', 'cron'], '0 24 * * *'),
  },
  {
    code: 'missing',
    message: /^a schedule needs one of/,
    reason: 'The schedule says nothing; the reference requires one of its properties',
    witness: change('loose.yaml', ['schedule'], {}),
  },
  {
    code: 'format',
    message: /HTTP method/,
    reason: 'The schema takes any text for an HTTP method',
    witness: change('http-calls.yaml', ['do', 0, 'get', 'with', 'method'], 'g t'),
  },
  {
    code: 'missing',
    message: /^an A2A call needs one of/,
    reason: 'The reference requires an agent card or a server',
    witness: change('protocols.yaml', ['do', 3, 'card', 'with', 'server']),
  },
  {
    code: 'missing',
    message: /^the event to emit needs/,
    reason: 'An event without attributes has no type, which the reference requires',
    witness: change('events.yaml', ['do', 0, 'tell', 'emit', 'event'], {}),
  },
  {
    code: 'missing',
    message: /^the grant /,
    reason: 'Without it the grant cannot ask for a token (RFC 6749, RFC 8693)',
    witness: change('tokens.yaml', ['use', 'authentications', 'person', 'oauth2', 'username']),
  },
  {
    code: 'missing',
    message: /^an OAuth 2 client/,
    reason: 'The reference requires it for this way of client authentication',
    witness: change('tokens.yaml', ['use', 'authentications', 'machine', 'oauth2', 'client', 'id']),
  },
  {
    code: 'value',
    message: /^an authentication policy takes only one/,
    reason: 'Beside a good scheme the schema skips a bad one; the reference wants one',
    witness: change('http-calls.yaml', ['use', 'authentications', 'named', 'bearer'], {}),
    coversSiblings: true,
  },
  {
    code: 'value',
    message: /^an error filter compares/,
    reason: 'Error filters are static; an expression there would be compared as text',
    witness: change('errors.yaml', ['do', 0, 'risky', 'catch', 'errors', 'with', 'title'], '${ .title }'),
  },
  {
    code: 'format',
    message: /^a variable's name/,
    reason: 'Expressions could not name a variable called so',
    witness: change('control-flow.yaml', ['do', 2, 'listed', 'for', 'at'], 'the line'),
  },
  {
    code: 'value',
    message: /has a meaning of its own/,
    reason: 'The variable would hide one of the language',
    witness: change('control-flow.yaml', ['do', 2, 'listed', 'for', 'at'], 'input'),
  },
  {
    code: 'format',
    message: /^expected (?:a name of letters|a semantic version such as "1.0.0", or "latest")/,
    reason: 'No definition can have such a namespace, name or version, so that none would be found',
    witness: change('processes.yaml', ['do', 6, 'latest', 'run', 'workflow', 'version'], '1'),
  },
  {
    code: 'value',
    message: /^expected "js" or "python"/,
    reason: 'The reference has these two languages of scripts',
    witness: change('processes.yaml', ['do', 2, 'script', 'run', 'script', 'language'], 'ruby'),
  },
  {
    code: 'format',
    message: /number of a port/,
    reason: 'The schema takes any text for a port',
    witness: change('processes.yaml', ['do', 0, 'container', 'run', 'container', 'ports', '8080'], 'web'),
  },
  {
    code: 'value',
    message: /^must be at most 65535/,
    reason: 'There is no such port',
    witness: change('processes.yaml', ['do', 0, 'container', 'run', 'container', 'ports', '8080'], 70_000),
  },
  {
    code: 'type',
    message: /^expected a (?:text|whole number), found/,
    reason: 'The schema takes anything for a port or a volume',
    witness: change('processes.yaml', ['do', 0, 'container', 'run', 'container', 'volumes', '/srv/data'], 1),
  },
];

/** What of the findings has no reason above, and the reasons of the others. */
export function explained(findings: readonly Finding[]): {
  readonly reasons: readonly Strictness[];
  readonly unexplained: readonly Finding[];
} {
  const found = findings.map((finding) => ({ finding, reason: reasonFor(finding) }));
  const covered = found
    .filter(({ reason }) => reason?.coversSiblings === true)
    .map(({ finding }) => finding.pointer.replace(/[^/]*$/, ''));
  const bare = found.filter(
    ({ finding, reason }) =>
      reason === undefined && !covered.some((parent) => finding.pointer.startsWith(parent)),
  );
  return {
    reasons: found.flatMap(({ reason }) => reason ?? []),
    unexplained: bare.map(({ finding }) => finding),
  };
}

function reasonFor(finding: Finding): Strictness | undefined {
  return stricter.find(
    ({ code, message, pointer }) =>
      (code === undefined || finding.code === code) &&
      (message === undefined || message.test(finding.message)) &&
      (pointer === undefined || pointer.test(finding.pointer)),
  );
}
