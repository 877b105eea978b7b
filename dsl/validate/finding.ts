/** What a check says about a definition, and the closed set of codes that programs can rely on. */

/** Every code with what it stands for. Codes are part of the API: they are added, never renamed. */
const findingCodes = {
  yaml: 'The text is not YAML 1.2 (or JSON), or uses a part of it that definitions may not',
  'too-large': 'The document is too large, too deep, or expands to too much',
  duplicate: 'The same key, task name or variable name is used twice where it must be unique',
  type: 'The value has another type than the field takes',
  missing: 'A required field is not there',
  'unknown-field': 'The field is not one that this object has',
  value: 'The value has the right type and is not one that the field takes',
  format: 'The text does not have the form that the field takes',
  'dsl-version': 'The definition is written in a version of the language that is not known',
  expression: 'The runtime expression cannot be parsed',
  'unavailable-variable': 'The expression names a variable that has no value in this place',
  'secret-in-data':
    'The expression would put a secret into the data of the workflow, and so into its history',
  'unknown-target': 'A flow directive names no task of the same list',
  unreachable: 'No flow leads to the task',
  'unknown-reference': 'The name is not defined under `use`',
  schema: 'The JSON Schema cannot be used',
  'resource-unreachable': 'A function or schema that the definition names could not be read',
  'invalid-function': 'What stands where the definition calls a function is no function that can be run',
  unsupported: 'The language has it and this release does not run it',
  'literal-secret': 'A warning: a password or token stands in the definition in clear',
  'reserved-name': 'A warning: a task is named like a flow directive, so that nothing can lead to it',
} as const;

export type FindingCode = keyof typeof findingCodes;

/** One thing that is wrong with a definition, or that its author should know. */
export interface Finding {
  /** JSON Pointer (RFC 6901) into the definition. */
  readonly pointer: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
  readonly code: FindingCode;
  readonly message: string;
}
