/** What an operation of the table is: it disturbs an execution of each row and says what must hold. */
import type { Row } from '../definitions.ts';
import type { Stage } from '../stage.ts';
import type { Mark } from '../table.ts';

export interface Operation {
  /** Columns of the table that it fills. */
  readonly columns: readonly string[];
  /** Disturbs an execution of each row, and tells the mark of every cell. */
  run(stage: Stage, rows: readonly Row[], tell: Tell): Promise<void>;
}

export type Tell = (column: string, row: Row, mark: Mark) => void;

// The server and the worker share the machine with this test.
const atOnce = 35;

/** An operation that treats each row by itself, many at once. A row that fails marks all of its cells. */
export function eachRow(
  columns: readonly string[],
  disturb: (stage: Stage, row: Row) => Promise<Mark | void>,
): Operation {
  return {
    columns,
    async run(stage, rows, tell) {
      const waiting = [...rows];
      const work = async (): Promise<void> => {
        for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
          const mark = (await disturb(stage, row).catch(failed)) ?? 'ok';
          for (const column of columns) tell(column, row, mark);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    },
  };
}

/** The mark of a cell that does not hold. */
export function failed(error: unknown): Mark {
  return { failed: error instanceof Error ? error.message : String(error) };
}
