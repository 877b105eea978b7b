/** The rows of one table: reads, writes under a condition and pieces of scans, each at the region that has the row. */
import { CallError, remoteError } from './call-error.ts';
import type { Connections } from './connections.ts';
import type { Cell, Column, Condition, Mutation } from './messages.ts';
import { get, type Method, multi, scan } from './methods.ts';
import type { Patience } from './patience.ts';
import { type Region, specifierOf } from './region.ts';
import type { Regions } from './regions.ts';
import { behindRegion, behindRow, fromRow, type RowRange } from './row-range.ts';

/** One answer to a scan carries about this much: the row with which it comes to that is the last one. */
const maxAnswerBytes = 2 * 1024 * 1024;

/** Rows that were found, and what is left of the range; undefined at its end. */
export interface Piece {
  readonly rows: readonly (readonly Cell[])[];
  readonly rest: RowRange | undefined;
}

export class Rows {
  private readonly regions: Regions;
  private readonly connections: Connections;

  constructor(regions: Regions, connections: Connections) {
    this.regions = regions;
    this.connections = connections;
  }

  /** The cells of a row in this column. */
  async get(row: Buffer, column: Column, patience: Patience): Promise<readonly Cell[]> {
    return await patience.retry(async () => {
      const region = await this.regions.at(row, patience);
      const request = { region: specifierOf(region.name), get: { row, column: [column] } };
      const { result } = await this.ask(region, get, request, patience);
      return result?.cell ?? [];
    });
  }

  /**
   * Changes one row, with all mutations or none, where the condition holds. Says `unknown` where it does not hold, but
   * an earlier attempt of this call may have been carried out, and be the reason.
   */
  async mutate(
    condition: Condition,
    mutations: readonly Mutation[],
    patience: Patience,
  ): Promise<'done' | 'refused' | 'unknown'> {
    const action = mutations.map((mutation, index) => ({ index, mutation }));
    let mayHaveRun = false;
    const isDone = await patience.retry(
      async () => {
        const region = await this.regions.at(Buffer.from(condition.row), patience);
        const change = { region: specifierOf(region.name), atomic: true, condition, action };
        const answer = await this.ask(region, multi, { regionAction: [change] }, patience);
        const [result] = answer.regionActionResult;
        if (result?.exception) throw this.refusal(region, result.exception);
        return result?.processed ?? false;
      },
      (failure) => (mayHaveRun ||= failure.mayHaveRun),
    );
    if (isDone) return 'done';
    return mayHaveRun ? 'unknown' : 'refused';
  }

  /**
   * Reads on in a range: at most `limit` rows that have a cell in the column. Each answer stands for itself, no scanner
   * is left open on the server.
   */
  async scan(range: RowRange, column: Column, limit: number, patience: Patience): Promise<Piece> {
    const { first, end, reverse } = range;
    const bounds = reverse
      ? { startRow: end, includeStartRow: false, stopRow: first, includeStopRow: first.length > 0 }
      : { startRow: first, stopRow: end };
    return await patience.retry(async () => {
      const region = reverse
        ? await this.regions.before(end, patience)
        : await this.regions.at(first, patience);
      const request = {
        region: specifierOf(region.name),
        scan: {
          ...bounds,
          column: [column],
          reversed: reverse,
          maxResultSize: maxAnswerBytes,
          needCursorResult: true,
        },
        numberOfRows: limit,
        closeScanner: true,
        // A row has one cell in the column, so parts of rows are whole. Without them the server takes all the time it needs.
        clientHandlesPartials: true,
        clientHandlesHeartbeats: true,
      };
      const answer = await this.ask(region, scan, request, patience);
      const rows = answer.results.map(({ cell }) => cell).filter((cells) => cells.length > 0);
      if (!answer.moreResultsInRegion) return { rows, rest: behindRegion(range, region) };
      const [last] = rows.at(-1) ?? [];
      if (last !== undefined) return { rows, rest: behindRow(range, Buffer.from(last.row)) };
      // The server's time was over before a row was found, as among many that were deleted: it says how far it came.
      if (answer.cursor !== null) return { rows, rest: fromRow(range, Buffer.from(answer.cursor.row)) };
      throw new CallError('The scan does not get on', { retry: true, mayHaveRun: false });
    });
  }

  private async ask<Request, Response>(
    region: Region,
    method: Method<Request, Response>,
    request: Request,
    patience: Patience,
  ): Promise<Response> {
    try {
      const connection = this.connections.to(region.server, method.service);
      return await connection.call(method, request, patience.callMs());
    } catch (error) {
      this.regions.forget(region);
      throw error;
    }
  }

  /** The error for an exception within an answer, which says less than others. */
  private refusal(
    region: Region,
    exception: { readonly name: string; readonly value: Uint8Array },
  ): CallError {
    this.regions.forget(region);
    const stackTrace = Buffer.from(exception.value).toString();
    return remoteError({ exceptionClassName: exception.name, stackTrace, doNotRetry: false });
  }
}
