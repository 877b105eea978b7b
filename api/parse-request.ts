import { z } from 'zod';
import { pointerToken } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';
import { Problem } from './problem.ts';
import type { ProblemDetail } from './problem.ts';

/** Deepest nesting of a JSON body: well under what recursion over it can take. */
const maxDepth = 200;

/** A JSON value as the body parser made it, handed on as it is. */
export const jsonValue = z.custom<Json>((value) => value !== undefined, 'must be a JSON value');

/**
 * Text without control characters, backslashes and double quotes: the SQL stores of Temporal's visibility escape these
 * in a query as MySQL does, and elsewhere what holds one cannot be found.
 */
export const plainText = z
  .string()
  .min(1)
  .regex(/^[^\p{C}\\"]*$/u, 'must not hold control characters, backslashes or double quotes');

/** An execution id: any text that can stand in a URL and be found in a list. */
export const executionId = plainText.max(255);

/** Parses a JSON body; an absent one counts as `{}`. Fails with a 400 problem that points at each thing wrong. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  refuseDeep(body);
  return parse(schema, body ?? {}, 'body');
}

/** Parses the query string. Fails with a 400 problem; a parameter given twice is refused. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  return parse(schema, { ...(query as object) }, 'query');
}

/** `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(4096).optional(),
};

function parse<T extends z.ZodType>(schema: T, value: unknown, where: 'body' | 'query'): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(problemDetails);
  const first = errors[0];
  const summary = first === undefined ? '' : `: ${first.pointer || 'the body'} ${first.message}`;
  throw new Problem('invalid-request', `The ${where} is not what this call takes${summary}`, { errors });
}

function problemDetails(issue: z.core.$ZodIssue): ProblemDetail[] {
  const pointer = issue.path.map((token) => `/${pointerToken(String(token))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${pointerToken(key)}`,
      code: 'unknown-field',
      message: 'is not known here',
    }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ pointer, code: 'required', message: 'is required' }];
  }
  return [{ pointer, code: issue.code.replaceAll('_', '-'), message: lowerFirst(issue.message) }];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Without recursion: the point is to protect code that recurses. */
function refuseDeep(body: unknown): void {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) {
      throw new Problem('invalid-request', `The body is nested more than ${maxDepth} levels deep`);
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
}
