import type { Json } from '../../../../dsl/json.ts';
import type { Site } from './site.ts';

/** Takes the CloudEvents that executions publish. */
export interface EventSink {
  readonly events: readonly Json[];
  readonly site: Site;
}

export function eventSink(): EventSink {
  const events: Json[] = [];
  return {
    events,
    site: ({ body }) => {
      events.push(JSON.parse(body) as Json);
      return { status: 202 };
    },
  };
}
