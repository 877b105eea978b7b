/** The lifecycle events of the language, and which of them an execution publishes. Open Workflow DSL, "Lifecycle Events". */

/** Every kind of lifecycle event: the member of its data that says when it was, and the phase that begins with it. */
export const lifecycleKinds = {
  'workflow.started': { time: 'startedAt', phase: 'running' },
  'workflow.suspended': { time: 'suspendedAt', phase: 'suspended' },
  'workflow.resumed': { time: 'resumedAt', phase: 'running' },
  'workflow.correlation-started': { time: 'startedAt' },
  'workflow.correlation-completed': { time: 'completedAt' },
  'workflow.cancelled': { time: 'cancelledAt', phase: 'cancelled' },
  'workflow.faulted': { time: 'faultedAt', phase: 'faulted' },
  'workflow.completed': { time: 'completedAt', phase: 'completed' },
  'workflow.status-changed': { time: 'updatedAt' },
  'task.created': { time: 'createdAt', phase: 'pending' },
  'task.started': { time: 'startedAt', phase: 'running' },
  'task.suspended': { time: 'suspendedAt', phase: 'suspended' },
  'task.resumed': { time: 'resumedAt', phase: 'running' },
  'task.retried': { time: 'retriedAt', phase: 'running' },
  'task.cancelled': { time: 'cancelledAt', phase: 'cancelled' },
  'task.faulted': { time: 'faultedAt', phase: 'faulted' },
  'task.completed': { time: 'completedAt', phase: 'completed' },
  'task.status-changed': { time: 'updatedAt' },
} as const;

/** The part of an event's type that tells it from the others. */
export type LifecycleKind = keyof typeof lifecycleKinds;

const prefix = 'io.serverlessworkflow.';
const suffix = '.v1';

/** The CloudEvents type of a kind: the specification kept its old name in these. */
export function lifecycleType(kind: LifecycleKind): string {
  return prefix + kind + suffix;
}

/** Whether events of this type are lifecycle events, of whichever runtime. */
export function isLifecycleType(type: string): boolean {
  return type.startsWith(`${prefix}workflow.`) || type.startsWith(`${prefix}task.`);
}

/**
 * The kinds that a pattern names: a kind or its whole type, with `*` for any part of it. None where there is no such
 * kind.
 */
export function lifecycleKindsLike(pattern: string): readonly LifecycleKind[] {
  const short =
    pattern.startsWith(prefix) && pattern.endsWith(suffix)
      ? pattern.slice(prefix.length, -suffix.length)
      : pattern;
  const parts = short.split('*').map((part) => part.replaceAll('.', String.raw`\.`));
  if (!/^[a-z.*-]+$/.test(short)) return [];
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return allKinds.filter((kind) => expression.test(kind));
}

/** The kinds that the setting `lifecycle` asks for, in the order of the specification, none twice. */
export function lifecycleKindsOf(setting: 'off' | 'all' | readonly string[]): readonly LifecycleKind[] {
  if (setting === 'off') return [];
  if (setting === 'all') return allKinds;
  const named = new Set(setting.flatMap(lifecycleKindsLike));
  return allKinds.filter((kind) => named.has(kind));
}

// The keys of the table above, and nothing else.
const allKinds = Object.keys(lifecycleKinds) as readonly LifecycleKind[];
