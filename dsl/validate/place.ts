/** Where a check stands: in the document, and in what expressions see there. */
import type { Json } from '../json.ts';
import { pointerToken } from '../json.ts';
import type { Mark } from '../document-position.ts';
import type { Endpoint } from '../types.ts';
import type { ExpressionScope } from './expression-scope.ts';
import type { FindingCode } from './finding.ts';

/** Checks one value and reports what is wrong with it. */
export type Rule = (value: Json, place: Place) => void;

/** A finding before its line and column are known. */
export interface Remark extends Mark {
  readonly pointer: string;
  readonly code: FindingCode;
  readonly message: string;
}

/** Something outside of the document that it names: a deploy reads it. */
export type ExternalReference =
  /** A function by its URI, or as `name:version@catalog`. */
  | { readonly kind: 'function'; readonly pointer: string; readonly name: string }
  | { readonly kind: 'schema'; readonly pointer: string; readonly endpoint: Endpoint };

/** The names that a definition defines under `use`, by what they name. */
export interface ReusableNames {
  readonly authentications: ReadonlySet<string>;
  readonly catalogs: ReadonlySet<string>;
  readonly errors: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly retries: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly timeouts: ReadonlySet<string>;
}

/** What is the same everywhere in one definition. */
interface CheckContext {
  readonly mode: 'strict' | 'loose';
  readonly names: ReusableNames;
  /** The document is a function, of whoever wrote it: the secrets of those who call it are not for its eyes. */
  readonly isFunction: boolean;
  /** It is a function of Perdure's default catalog, which may use calls of Perdure's own. */
  readonly isBuiltIn: boolean;
  readonly report: (remark: Remark) => void;
  /** Hears of everything outside that the document names; what is broken has a remark, too. */
  readonly refer: (reference: ExternalReference) => void;
  /** Tasks hold lists of tasks: the rule comes from here, so that no task's file imports the list's. */
  readonly taskList: Rule;
  readonly branchList: Rule;
}

export interface Place {
  readonly pointer: string;
  readonly scope: ExpressionScope;
  readonly context: CheckContext;
  /** Set where no task may have a `compensate`: what the tasks belong to. */
  readonly neverUndone?: 'compensation' | 'extension';
}

/** The place of a member or item. */
export function below(place: Place, key: string | number): Place {
  return { ...place, pointer: `${place.pointer}/${pointerToken(key)}` };
}

/** The same place, where expressions see something else. */
export function seeing(place: Place, scope: ExpressionScope): Place {
  return { ...place, scope };
}

/** Reports something about the value at the place, or by `mark` about its key or a part of its text. */
export function report(place: Place, code: FindingCode, message: string, mark: Mark = {}): void {
  place.context.report({ pointer: place.pointer, code, message, ...mark });
}

/** A list of tasks, wherever one stands. */
export const nestedTasks: Rule = (value, place) => place.context.taskList(value, place);

/** The branches of a fork. */
export const branches: Rule = (value, place) => place.context.branchList(value, place);
