/** From the text of a definition or function to a checked value, or to what is wrong with it. */
import { defaultDocumentLimits, readDocument } from './document.ts';
import type { DocumentLimits, SourceDocument } from './document.ts';
import { isJsonObject } from './json.ts';
import type { Json } from './json.ts';
import type { Definition, Task } from './types.ts';
import { detachedScope } from './validate/expression-scope.ts';
import type { Finding, FindingCode } from './validate/finding.ts';
import type { ExternalReference, Place, Remark } from './validate/place.ts';
import { task } from './validate/task.ts';
import { branchList, taskList } from './validate/task-list.ts';
import { reusableNames } from './validate/use.ts';
import { checkWorkflow } from './validate/workflow.ts';

export type { Finding } from './validate/finding.ts';
export type { ExternalReference } from './validate/place.ts';

/** A document with nothing wrong in it. */
interface Sound {
  readonly ok: true;
  readonly warnings: readonly Finding[];
  /** What it names outside of itself, in the order of the document; the same may come several times. */
  readonly references: readonly ExternalReference[];
  /** Gives a remark its place in the text. */
  readonly locate: (remark: Remark) => Finding;
}

export interface Unsound {
  readonly ok: false;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export type CheckedDefinition = Sound & { readonly definition: Definition };
export type CheckResult = CheckedDefinition | Unsound;

const maxErrors = 100;
// Beyond this nobody reads, and a document of a million mistakes must not fill the memory.
const maxRemarks = 1_000;

const warningCodes: ReadonlySet<FindingCode> = new Set(['literal-secret', 'reserved-name']);

/**
 * Checks a definition, written in YAML or JSON, against the whole language and against what this release runs. Errors
 * and warnings come in the order of the document, at most 100 of each. Throws nothing that the text could cause.
 */
export function checkDefinition(source: string, limits: Partial<DocumentLimits> = {}): CheckResult {
  const checked = checkDocument(source, limits, (value, context) => {
    const evaluate = isJsonObject(value) ? value.evaluate : undefined;
    const mode = isJsonObject(evaluate) && evaluate.mode === 'loose' ? 'loose' : 'strict';
    checkWorkflow(value, {
      ...context,
      mode,
      names: reusableNames(value),
      isFunction: false,
      isBuiltIn: false,
    });
  });
  // This is what the checks are for: a value without errors has the shape of a definition.
  return checked.ok ? { ...checked, definition: checked.value as object as Definition } : checked;
}

/**
 * Checks a function that stands in a document of its own: one task. Of the definition that calls it, it knows the
 * expression mode and nothing under `use`. `isBuiltIn` is for those of Perdure's default catalog.
 */
export function checkFunction(
  source: string,
  mode: 'strict' | 'loose',
  limits: Partial<DocumentLimits> = {},
  isBuiltIn = false,
): (Sound & { readonly task: Task }) | Unsound {
  const checked = checkDocument(source, limits, (value, context) => {
    const ofFunction = { ...context, mode, names: reusableNames(null), isFunction: true, isBuiltIn };
    task(value, { pointer: '', scope: detachedScope(), context: ofFunction });
  });
  return checked.ok ? { ...checked, task: checked.value as object as Task } : checked;
}

type Context = Omit<Place['context'], 'mode' | 'names' | 'isFunction' | 'isBuiltIn'>;

function checkDocument(
  source: string,
  limits: Partial<DocumentLimits>,
  check: (value: Json, context: Context) => void,
): (Sound & { readonly value: Json }) | Unsound {
  const read = readDocument(source, { ...defaultDocumentLimits, ...limits });
  if (!read.ok) return { ok: false, errors: read.errors, warnings: [] };
  const { document } = read;
  const remarks: Remark[] = [];
  const references: ExternalReference[] = [];
  check(document.value, {
    taskList,
    branchList,
    report: (remark) => {
      if (remarks.length < maxRemarks) remarks.push(remark);
    },
    refer: (reference) => void references.push(reference),
  });
  const locate = (remark: Remark): Finding => located(remark, document);
  const findings = remarks.map(locate).toSorted((a, b) => a.line - b.line || a.column - b.column);
  const isWarning = ({ code }: Finding): boolean => warningCodes.has(code);
  const warnings = findings.filter(isWarning).slice(0, maxErrors);
  const errors = findings.filter((finding) => !isWarning(finding)).slice(0, maxErrors);
  if (errors.length > 0) return { ok: false, errors, warnings };
  return { ok: true, value: document.value, warnings, references, locate };
}

function located({ pointer, code, message, ...mark }: Remark, document: SourceDocument): Finding {
  return { pointer, ...document.position(pointer, mark), code, message };
}
