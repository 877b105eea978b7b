/** CloudEvents in HTTP requests (CloudEvents HTTP Protocol Binding 1.0.2): structured, binary and in batches. */
import type { Request } from 'express';
import { parseCloudEvent } from '../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../dsl/events/cloud-event.ts';
import type { Json } from '../dsl/json.ts';
import { Problem } from './problem.ts';
import type { ProblemDetail } from './problem.ts';

/** Media types of the structured modes; with `ce-` headers any other type is the data's. */
export const eventTypes = ['application/cloudevents+json', 'application/cloudevents-batch+json'] as const;

/** Events that one request may carry. */
const maxBatch = 1_000;

/** The events in a request. Fails with a problem: 415 where there is none, 422 that points at what is wrong with one. */
export function eventsOf(request: Request): readonly CloudEvent[] {
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const [single, batch] = eventTypes;
  if (request.is(batch)) return batchOf(parseJson(bytes));
  if (request.is(single)) return checked([parseJson(bytes)], () => '');
  if (request.get('ce-specversion') !== undefined) return checked([binaryEvent(request, bytes)], () => '');
  throw new Problem(
    'unsupported-media-type',
    `Send ${eventTypes.join(' or ')}, or the data of one event with its attributes in ce- headers`,
  );
}

function batchOf(value: Json): readonly CloudEvent[] {
  if (!Array.isArray(value)) {
    throw invalid([{ pointer: '', code: 'type', message: 'expected a list of CloudEvents' }]);
  }
  const events = value as readonly Json[];
  if (events.length > maxBatch) {
    const message = `a batch has at most ${maxBatch} events, this one has ${events.length}`;
    throw invalid([{ pointer: '', code: 'value', message }]);
  }
  return checked(events, (index) => `/${index}`);
}

/** All of the events, or a problem with everything that is wrong with any. */
function checked(values: readonly Json[], place: (index: number) => string): readonly CloudEvent[] {
  const events: CloudEvent[] = [];
  const errors: ProblemDetail[] = [];
  values.forEach((value, index) => {
    const parsed = parseCloudEvent(value);
    if (parsed.ok) events.push(parsed.event);
    else {
      for (const problem of parsed.problems) {
        errors.push({ ...problem, pointer: place(index) + problem.pointer });
      }
    }
  });
  if (errors.length > 0) throw invalid(errors);
  return events;
}

/** The event whose attributes are headers. Their values are percent-encoded; the body is the data. */
function binaryEvent(request: Request, bytes: Buffer): Json {
  const attributes = Object.entries(request.headers).flatMap(([header, value]) => {
    if (!header.startsWith('ce-') || typeof value !== 'string') return [];
    return [[header.slice(3), decoded(header, value)] as const];
  });
  const datacontenttype = request.get('content-type');
  return {
    ...Object.fromEntries(attributes),
    ...(datacontenttype === undefined ? {} : { datacontenttype }),
    ...dataOf(request, bytes),
  };
}

function decoded(header: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    const pointer = `/${header.slice(3)}`;
    throw invalid([{ pointer, code: 'format', message: 'is not percent-encoded UTF-8' }], error);
  }
}

function dataOf(request: Request, bytes: Buffer): { readonly data?: Json; readonly data_base64?: string } {
  if (bytes.length === 0) return {};
  if (request.is(['json', '+json'])) return { data: parseJson(bytes) };
  if (request.is(['text/*', 'xml', '+xml'])) return { data: bytes.toString('utf8') };
  return { data_base64: bytes.toString('base64') };
}

function parseJson(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-json', `The body is not valid JSON: ${why}`, { cause: error });
  }
}

function invalid(errors: readonly ProblemDetail[], cause?: unknown): Problem {
  const first = errors[0];
  const what = first === undefined ? '' : `: ${first.pointer || 'the body'} ${first.message}`;
  return new Problem('invalid-event', `This is no CloudEvent 1.0${what}`, { errors, cause });
}
