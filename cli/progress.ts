import { formatDuration } from './duration.ts';
import type { Execution, TaskRunView } from './responses.ts';
import { printable } from './terminal.ts';
import type { Style, Terminal } from './terminal.ts';

const marks: Record<TaskRunView['status'], { readonly mark: string; readonly style: Style }> = {
  running: { mark: '▸', style: 'busy' },
  waiting: { mark: '…', style: 'busy' },
  completed: { mark: '✔', style: 'good' },
  faulted: { mark: '✖', style: 'bad' },
  cancelled: { mark: '⊘', style: 'faint' },
  skipped: { mark: '-', style: 'faint' },
};

/** One task run as a line without a break: mark, name, state and how long it took, or has taken at `now`. */
export function taskLine(task: TaskRunView, now: number, style: Terminal['style']): string {
  const { mark, style: kind } = marks[task.status];
  // Every list position in the reference after the first is one level deeper.
  const depth = Math.max(0, (task.reference.match(/\/\d+(?=\/)/g)?.length ?? 1) - 1);
  // Cut, since a line that wraps cannot be drawn over.
  const label = `${'  '.repeat(depth)}${printable(task.name)}`.slice(0, 44).padEnd(28);
  const ended = task.endedAt == null ? now : Date.parse(task.endedAt);
  const took = task.status === 'skipped' ? '' : formatDuration(ended - Date.parse(task.startedAt));
  const attempt = task.attempt > 1 ? `  attempt ${task.attempt}` : '';
  return `${style(kind, mark)} ${label} ${style(kind, task.status.padEnd(9))} ${took}${attempt}`.trimEnd();
}

/**
 * Shows an execution's tasks as they change: drawn over in place on a terminal, else one line a change, so that a log
 * stays readable.
 */
export class ProgressView {
  readonly #terminal: Terminal;
  readonly #printed = new Map<number, string>();
  #drawnLines = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Brings the view up to date; `now` is in milliseconds since the epoch. */
  update(execution: Execution, now: number): void {
    if (this.#terminal.interactive) this.#draw(execution.tasks, now);
    else this.#append(execution.tasks, now);
  }

  #draw(tasks: readonly TaskRunView[], now: number): void {
    const room = Math.max(3, this.#terminal.rows - 4);
    const hidden = Math.max(0, tasks.length - room);
    const lines = tasks.slice(hidden).map((task) => taskLine(task, now, this.#terminal.style));
    if (hidden > 0) lines.unshift(this.#terminal.style('faint', `  ${hidden} earlier tasks`));
    const up = this.#drawnLines === 0 ? '' : `\u001b[${this.#drawnLines}A`;
    this.#terminal.out(`${up}\r\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawnLines = lines.length;
  }

  #append(tasks: readonly TaskRunView[], now: number): void {
    for (const task of tasks) {
      const state = `${task.status} ${task.attempt}`;
      if (this.#printed.get(task.seq) === state) continue;
      this.#printed.set(task.seq, state);
      this.#terminal.out(`${taskLine(task, now, this.#terminal.style)}\n`);
    }
  }
}
