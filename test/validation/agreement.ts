/** Compares what validation says about a document with what the specification's schema says. */
import { checkDefinition } from '../../dsl/check.ts';
import type { Json } from '../../dsl/json.ts';
import type { Finding } from '../../dsl/validate/finding.ts';
import { explained } from './stricter.ts';
import type { Strictness } from './stricter.ts';

export type Agreement =
  | { readonly kind: 'agree' }
  /** Validation lets through what the schema refuses. */
  | { readonly kind: 'laxer' }
  | {
      readonly kind: 'stricter';
      readonly reasons: readonly Strictness[];
      readonly unexplained: readonly Finding[];
    };

/** Whether validation and a schema that found the document valid or not agree on it. */
export function agreementOn(document: Json, validBySchema: boolean): Agreement {
  const result = checkDefinition(JSON.stringify(document));
  if (result.ok === validBySchema) return { kind: 'agree' };
  return result.ok ? { kind: 'laxer' } : { kind: 'stricter', ...explained(result.errors) };
}

/** Whether validation refuses a valid document for this reason alone. */
export function isShownBy(document: Json, reason: Strictness): boolean {
  const agreement = agreementOn(document, true);
  if (agreement.kind !== 'stricter') return false;
  return agreement.unexplained.length === 0 && agreement.reasons.every((found) => found === reason);
}
