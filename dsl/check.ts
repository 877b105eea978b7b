/** From the text of a definition to a checked {@link Definition}, or to what is wrong with it. */
import { defaultDocumentLimits, readDocument } from './document.ts';
import type { DocumentLimits, SourceDocument } from './document.ts';
import { isJsonObject } from './json.ts';
import type { Json } from './json.ts';
import type { Definition } from './types.ts';
import type { Finding, FindingCode } from './validate/finding.ts';
import type { Remark } from './validate/place.ts';
import { branchList, taskList } from './validate/task-list.ts';
import { reusableNames } from './validate/use.ts';
import { checkWorkflow } from './validate/workflow.ts';

export type { Finding } from './validate/finding.ts';

export type CheckResult =
  | { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

const maxErrors = 100;
// Beyond this nobody reads, and a document of a million mistakes must not fill the memory.
const maxRemarks = 1_000;

const warningCodes: ReadonlySet<FindingCode> = new Set(['literal-secret', 'reserved-name']);

/**
 * Checks a definition, written in YAML or JSON, against the whole language and against what this release runs. Errors
 * and warnings come in the order of the document, at most 100 of each. Throws nothing that the text could cause.
 */
export function checkDefinition(source: string, limits: Partial<DocumentLimits> = {}): CheckResult {
  const read = readDocument(source, { ...defaultDocumentLimits, ...limits });
  if (!read.ok) return { ok: false, errors: read.errors, warnings: [] };
  const { document } = read;
  const findings = remarksOn(document.value)
    .map((remark) => located(remark, document))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  const isWarning = ({ code }: Finding): boolean => warningCodes.has(code);
  const warnings = findings.filter(isWarning).slice(0, maxErrors);
  const errors = findings.filter((finding) => !isWarning(finding)).slice(0, maxErrors);
  if (errors.length > 0) return { ok: false, errors, warnings };
  // This is what the checks are for: a value without errors has the shape of a definition.
  return { ok: true, definition: document.value as object as Definition, warnings };
}

function remarksOn(value: Json): readonly Remark[] {
  const remarks: Remark[] = [];
  const evaluate = isJsonObject(value) ? value.evaluate : undefined;
  checkWorkflow(value, {
    mode: isJsonObject(evaluate) && evaluate.mode === 'loose' ? 'loose' : 'strict',
    names: reusableNames(value),
    taskList,
    branchList,
    report: (remark) => {
      if (remarks.length < maxRemarks) remarks.push(remark);
    },
  });
  return remarks;
}

function located({ pointer, code, message, ...mark }: Remark, document: SourceDocument): Finding {
  return { pointer, ...document.position(pointer, mark), code, message };
}
