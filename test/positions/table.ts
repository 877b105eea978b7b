/** The table that the test fills: operation, task, nesting. */
import type { Row } from './definitions.ts';

/** A cell: it holds, it cannot be and here is why, or it does not hold. */
export type Mark = 'ok' | { readonly notApplicable: string } | { readonly failed: string };

export interface Table {
  fill(operation: string, row: Row, mark: Mark): void;
  /** Cells without a mark, by name. */
  empty(): readonly string[];
  /** The table as text, one block a nesting, with the reasons below. */
  text(): string;
}

/** An empty table for these operations and rows. */
export function createTable(operations: readonly string[], rows: readonly Row[]): Table {
  const marks = new Map<string, Mark>();
  const cell = (operation: string, { subject, nesting }: Row): string =>
    [operation, subject.name, nesting.name].join(' × ');
  const nestings = [...new Set(rows.map(({ nesting }) => nesting.name))];

  function text(): string {
    const reasons: string[] = [];
    const shown = (mark: Mark | undefined): string => {
      if (mark === undefined) return '-';
      if (mark === 'ok') return 'ok';
      if ('failed' in mark) return 'FAILED';
      if (!reasons.includes(mark.notApplicable)) reasons.push(mark.notApplicable);
      return `n/a (${reasons.indexOf(mark.notApplicable) + 1})`;
    };
    const blocks = nestings.map((nesting) => {
      const inside = rows.filter((row) => row.nesting.name === nesting);
      const lines = [
        [nesting, ...operations],
        ...inside.map((row) => [
          row.subject.name,
          ...operations.map((operation) => shown(marks.get(cell(operation, row)))),
        ]),
      ];
      return aligned(lines);
    });
    return [...blocks, ...reasons.map((reason, index) => `(${index + 1}) ${reason}`)].join('\n\n');
  }

  return {
    fill: (operation, row, mark) => void marks.set(cell(operation, row), mark),
    empty: () =>
      operations
        .flatMap((operation) => rows.map((row) => cell(operation, row)))
        .filter((name) => !marks.has(name)),
    text,
  };
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
