/** What each example must do, as `outcomes.yaml` has it: the file's head says what the members mean. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Json } from '../../../dsl/json.ts';

const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);
const texts = z.record(z.string(), z.string());

const call = z.strictObject({
  /** `METHOD host/path?query` */
  request: z.string().regex(/^[A-Z]+ [^/\s]+\/\S*$/),
  headers: texts.optional(),
  form: texts.optional(),
  body: json.optional(),
});

const event = z
  .object({ id: z.string().optional(), source: z.string(), type: z.string(), data: json.optional() })
  .catchall(json);

const run = z.strictObject({
  because: z.string().min(1),
  input: json.optional(),
  secrets: z.record(z.string(), json).optional(),
  events: z.array(event).optional(),
  messages: z.strictObject({ matching: z.int(), other: z.int() }).optional(),
  redirects: z.boolean().optional(),
  schedule: jsonObject.optional(),
  ends: z.enum(['completed', 'faulted', 'listening']),
  output: json.optional(),
  outputContains: z.string().optional(),
  outputPayloads: z.array(z.int()).optional(),
  outputEvents: z.array(jsonObject).optional(),
  error: jsonObject.optional(),
  ordered: z.boolean().optional(),
  calls: z.array(call).optional(),
  publishes: z.array(z.strictObject({ channel: z.string(), payload: json, headers: texts })).optional(),
  emits: z.array(jsonObject).optional(),
  containers: z.enum(['kept', 'removed', 'removed later']).optional(),
  containerName: z.string().optional(),
  pulls: z.int().optional(),
});

export type Outcome = z.infer<typeof run>;
export type ExpectedCall = z.infer<typeof call>;
export type ExpectedEvent = z.infer<typeof event>;
export type Outcomes = Readonly<Record<string, readonly Outcome[]>>;

/** The outcomes by the name of their example. Throws on a member that is not known: a mistyped one would check nothing. */
export async function readOutcomes(): Promise<Outcomes> {
  const text = await readFile(join(import.meta.dirname, 'outcomes.yaml'), 'utf8');
  return z.record(z.string(), z.array(run).min(1)).parse(parse(text));
}
