/** The messages of the calls, with the fields that the store writes or looks at (schema.ts has their numbers). */

export interface RegionSpecifier {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface Column {
  readonly family: Uint8Array;
  readonly qualifier: readonly Uint8Array[];
}

export interface Cell {
  readonly row: Uint8Array;
  readonly qualifier: Uint8Array;
  /** A 64-bit number as the decoder gives it. */
  readonly timestamp: number | { toNumber(): number };
  readonly value: Uint8Array;
}

export interface Result {
  readonly cell: readonly Cell[];
}

export interface Condition {
  readonly row: Uint8Array;
  readonly family: Uint8Array;
  readonly qualifier: Uint8Array;
  readonly compareType: number;
  readonly comparator: { readonly name: string; readonly serializedComparator: Uint8Array };
}

export interface Mutation {
  readonly row: Uint8Array;
  readonly mutateType: number;
  readonly columnValue: readonly {
    readonly family: Uint8Array;
    readonly qualifierValue: readonly {
      readonly qualifier: Uint8Array;
      readonly value?: Uint8Array;
      readonly timestamp: number;
      readonly deleteType?: number;
    }[];
  }[];
  readonly attribute?: readonly { readonly name: string; readonly value: Uint8Array }[];
}

export interface Scan {
  readonly column?: readonly Column[];
  readonly startRow?: Uint8Array;
  readonly stopRow?: Uint8Array;
  readonly includeStartRow?: boolean;
  readonly includeStopRow?: boolean;
  readonly reversed?: boolean;
  readonly maxResultSize?: number;
  readonly needCursorResult?: boolean;
}

export interface ServerName {
  readonly hostName: string;
  readonly port: number;
}

export interface ActiveMaster {
  readonly serverName: ServerName | null;
}

export interface MetaRegionLocations {
  readonly metaLocations: readonly { readonly serverName: ServerName | null }[];
}

export interface GetRequest {
  readonly region: RegionSpecifier;
  readonly get: { readonly row: Uint8Array; readonly column: readonly Column[] };
}

export interface GetResponse {
  readonly result: Result | null;
}

export interface MultiRequest {
  readonly regionAction: readonly {
    readonly region: RegionSpecifier;
    readonly atomic: boolean;
    readonly condition: Condition;
    readonly action: readonly { readonly index: number; readonly mutation: Mutation }[];
  }[];
}

export interface MultiResponse {
  readonly regionActionResult: readonly {
    readonly processed: boolean;
    readonly exception: { readonly name: string; readonly value: Uint8Array } | null;
  }[];
}

export interface ScanRequest {
  readonly region: RegionSpecifier;
  readonly scan: Scan;
  readonly numberOfRows: number;
  readonly closeScanner: boolean;
  readonly clientHandlesPartials: boolean;
  readonly clientHandlesHeartbeats: boolean;
}

export interface ScanResponse {
  readonly results: readonly Result[];
  readonly moreResultsInRegion: boolean;
  /** Where a scan stands that found nothing in the time that the server gives it. */
  readonly cursor: { readonly row: Uint8Array } | null;
}

export interface CreateTableRequest {
  readonly tableSchema: {
    readonly tableName: { readonly namespace: Uint8Array; readonly qualifier: Uint8Array };
    readonly columnFamilies: readonly {
      readonly name: Uint8Array;
      readonly attributes: readonly { readonly first: Uint8Array; readonly second: Uint8Array }[];
    }[];
  };
  readonly nonceGroup: number;
  readonly nonce: number;
}

/** A 64-bit number as the decoder gave it: it is only handed back. */
type ProcedureId = unknown;

export interface CreateTableResponse {
  readonly procId: ProcedureId;
}

export interface ProcedureResultRequest {
  readonly procId: ProcedureId;
}

export interface ProcedureResult {
  readonly state: number;
  readonly exception: {
    readonly genericException: { readonly className: string; readonly message: string } | null;
  } | null;
}

export type Nothing = Readonly<Record<string, never>>;
