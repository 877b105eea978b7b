/** What a runtime expression sees in each place of a definition: the table under "Runtime expression arguments". */

export interface ExpressionScope {
  /** The variables that have a value here, without `$`. */
  readonly variables: ReadonlySet<string>;
  /** Variables of the enclosing `for` tasks and `catch` clauses; they are part of `variables`. */
  readonly locals: ReadonlySet<string>;
  /** `$secrets` and `$authorization` may stand here: what stands here is evaluated in the activity. */
  readonly secrets: boolean;
  /** `$input` holds a secret and must not be used here. */
  readonly secretInput: boolean;
  /** The place is used from elsewhere, so that it may see variables that are not known here. */
  readonly open: boolean;
}

/** The stages of a workflow's and a task's data flow, and what each sees beside the locals. */
const stages = {
  // No execution is there yet.
  schedule: ['runtime'],
  workflowInput: ['workflow', 'runtime'],
  workflowOutput: ['context', 'workflow', 'runtime'],
  taskInput: ['context', 'task', 'workflow', 'runtime'],
  taskBody: ['context', 'input', 'task', 'workflow', 'runtime'],
  taskOutput: ['context', 'input', 'task', 'workflow', 'runtime'],
  taskExport: ['context', 'input', 'output', 'task', 'workflow', 'runtime'],
} as const;

export type Stage = keyof typeof stages;

/** Names that the language gives a meaning: no `for` or `catch` may take them for its own. */
export const reservedVariables: ReadonlySet<string> = new Set([
  'authorization',
  'context',
  'input',
  'output',
  'runtime',
  'secrets',
  'task',
  'workflow',
]);

/** Variables whose values must not reach the workflow's history. */
export const secretVariables: ReadonlySet<string> = new Set(['secrets', 'authorization']);

/** What a stage outside of any task sees. */
export function outermostScope(stage: Stage): ExpressionScope {
  return {
    variables: new Set(stages[stage]),
    locals: new Set(),
    secrets: false,
    secretInput: false,
    open: false,
  };
}

/** What a stage of a task sees, given what stands around the task. */
export function stageScope(scope: ExpressionScope, stage: Stage): ExpressionScope {
  return {
    ...scope,
    variables: new Set([...stages[stage], ...scope.locals]),
    secrets: false,
    secretInput: false,
  };
}

/** The scope with more local variables. */
export function withLocals(scope: ExpressionScope, names: readonly string[]): ExpressionScope {
  return {
    ...scope,
    variables: new Set([...scope.variables, ...names]),
    locals: new Set([...scope.locals, ...names]),
  };
}

/**
 * The scope of the tasks that undo a task, given what stands around it: its input and output are there as `$input` and
 * `$output`, until a task has its own. An input that names a secret is known to the activity alone.
 */
export function compensationScope(scope: ExpressionScope, secretInput: boolean): ExpressionScope {
  return withLocals(scope, secretInput ? ['output'] : ['input', 'output']);
}

/** The scope, where secrets may be used as well. */
export function withSecrets(scope: ExpressionScope): ExpressionScope {
  return { ...scope, secrets: true };
}

/** The scope of functions and extensions: tasks that see the execution, and no variables of what stands around them. */
export function detachedScope(): ExpressionScope {
  return outermostScope('taskBody');
}

/** The scope of something under `use`: a task's body, with whatever variables there are where it is used. */
export function reusableScope(): ExpressionScope {
  return { ...outermostScope('taskBody'), open: true };
}
