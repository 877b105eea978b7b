/**
 * Reads everything outside of a definition that it names, functions and schemas, and puts it beside the definition: an
 * execution then needs nothing but its start argument, and replays from itself.
 */
import type { CheckedDefinition, ExternalReference, Finding, Unsound } from '../check.ts';
import type { Definition, FunctionResource, Resources, SchemaResource } from '../types.ts';
import { endpointUri } from '../resources.ts';
import { quote } from '../wording.ts';
import type { Remark } from '../validate/place.ts';
import { circleOf } from './circle.ts';
import { resolutionLimits } from './limits.ts';
import { readResource } from './read-resource.ts';
import type { ReadResource } from './read-resource.ts';
import type { ResourceSource } from './source.ts';

export type ResolveResult =
  { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Finding[] } | Unsound;

/** A reference, and the place in the definition that leads to it. */
interface Lead {
  readonly reference: ExternalReference;
  readonly pointer: string;
  /** The function whose document names it; absent where the definition does. */
  readonly within?: string;
}

type Gathered =
  | { readonly ok: true; readonly resources: readonly ReadResource[] }
  | { readonly ok: false; readonly remarks: readonly Remark[] };

/**
 * Resolves what a checked definition names, functions called by functions included. Whatever keeps that from working is
 * an error at the place in the definition that leads to it. Rejects only where the source fails in a way of its own.
 */
export async function resolveDefinition(
  { definition, references, warnings, locate }: CheckedDefinition,
  source: ResourceSource,
): Promise<ResolveResult> {
  const [first] = references;
  if (first === undefined) return { ok: true, definition, warnings };
  const gathered = await gather(references, definition, source);
  const remarks = gathered.ok
    ? [...circleRemarks(references, gathered.resources), ...sizeRemarks(first, gathered.resources)]
    : gathered.remarks;
  if (!gathered.ok || remarks.length > 0) return { ok: false, errors: remarks.map(locate), warnings };
  return { ok: true, definition: { ...definition, resources: collected(gathered.resources) }, warnings };
}

/** Reads level after level: what the definition names, what that names, and so on. */
async function gather(
  references: readonly ExternalReference[],
  definition: Definition,
  source: ResourceSource,
): Promise<Gathered> {
  const read = new Map<string, ReadResource>();
  let leads: readonly Lead[] = references.map((reference) => ({ reference, pointer: reference.pointer }));
  for (let depth = 0; ; depth++) {
    const unread = firstOfEach(leads.filter(({ reference }) => !read.has(keyOf(reference))));
    const [first] = unread;
    if (first === undefined) return { ok: true, resources: [...read.values()] };
    const excess = excessOf(depth, read.size + unread.length);
    if (excess !== undefined) return refused(remark(first, 'too-large', excess));

    const results = await Promise.all(
      unread.map(async (lead) => ({ lead, result: await readResource(lead.reference, definition, source) })),
    );
    const remarks = results.flatMap(({ lead, result }) =>
      result.ok ? [] : result.problems.map(({ code, message }) => remark(lead, code, message)),
    );
    if (remarks.length > 0) return refused(...remarks);
    leads = results.flatMap(({ lead, result }) => {
      if (!result.ok) return [];
      read.set(keyOf(lead.reference), result);
      const { pointer } = lead;
      return result.references.map((reference) => ({ reference, pointer, within: result.name }));
    });
  }
}

function firstOfEach(leads: readonly Lead[]): readonly Lead[] {
  const firsts = new Map<string, Lead>();
  for (const lead of leads) {
    const key = keyOf(lead.reference);
    if (!firsts.has(key)) firsts.set(key, lead);
  }
  return [...firsts.values()];
}

function keyOf(reference: ExternalReference): string {
  return reference.kind === 'function'
    ? `function ${reference.name}`
    : `schema ${endpointUri(reference.endpoint)}`;
}

function excessOf(depth: number, count: number): string | undefined {
  const { depth: maxDepth, count: maxCount } = resolutionLimits;
  if (depth >= maxDepth) return `functions call one another over more than ${maxDepth} levels`;
  if (count > maxCount) return `the definition needs more than ${maxCount} functions and schemas`;
  return undefined;
}

function refused(...remarks: readonly Remark[]): Gathered {
  return { ok: false, remarks };
}

function remark({ pointer, within }: Lead, code: Remark['code'], message: string): Remark {
  const by = within === undefined ? '' : `what the function ${quote(within)} names: `;
  return { pointer, code, message: by + message };
}

/** A function stands for its task wherever it is called: one that calls itself would never end. */
function circleRemarks(
  references: readonly ExternalReference[],
  resources: readonly ReadResource[],
): readonly Remark[] {
  const calls = new Map(
    resources.map(({ name, references: below }) => [
      name,
      new Set(below.flatMap((reference) => (reference.kind === 'function' ? [reference.name] : []))),
    ]),
  );
  for (const reference of references) {
    const circle = reference.kind === 'function' ? circleOf(reference.name, calls) : undefined;
    if (circle === undefined) continue;
    const message = `functions call one another in a circle: ${circle.map(quote).join(', ')}`;
    return [{ pointer: reference.pointer, code: 'invalid-function', message }];
  }
  return [];
}

function sizeRemarks({ pointer }: ExternalReference, resources: readonly ReadResource[]): readonly Remark[] {
  const { totalBytes } = resolutionLimits;
  const size = resources.reduce((sum, { bytes }) => sum + bytes, 0);
  if (size <= totalBytes) return [];
  const message = `the functions and schemas that the definition needs have ${size} bytes, more than ${totalBytes}`;
  return [{ pointer, code: 'too-large', message }];
}

function collected(resources: readonly ReadResource[]): Resources {
  const functions: [string, FunctionResource][] = [];
  const schemas: [string, SchemaResource][] = [];
  for (const read of resources) {
    if (read.kind === 'function') functions.push([read.name, read.resource]);
    else schemas.push([read.name, read.resource]);
  }
  return {
    ...(functions.length === 0 ? {} : { functions: Object.fromEntries(functions) }),
    ...(schemas.length === 0 ? {} : { schemas: Object.fromEntries(schemas) }),
  };
}
