import type { JsonObject } from '../../dsl/json.ts';

/** A moment as expressions see it. Open Workflow DSL, "DateTime Descriptor". */
export function dateTime(milliseconds: number): JsonObject {
  return {
    iso8601: new Date(milliseconds).toISOString(),
    epoch: { seconds: Math.floor(milliseconds / 1_000), milliseconds },
  };
}
