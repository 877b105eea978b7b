/**
 * The definitions that start by events (`schedule.on`), in the subscription index. The latest version of a name has the
 * trigger. A document a name says which version that is; an entry of the index that says otherwise counts for nothing,
 * so that a change which a crash cut off starts no execution of a version that has gone.
 */
import { routesOf } from '../../dsl/events/routes.ts';
import { scheduleExpressions } from '../../dsl/events/evaluate-on-event.ts';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { asJson, isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import type { DefinitionRecord, Definitions } from '../store/definitions.ts';
import type { Store } from '../store/port.ts';
import type { Subscriptions, TriggerSubscriber } from './subscriptions.ts';

/** Which definitions start by events. Fails with a `StoreError`. */
export interface EventTriggers {
  /**
   * Brings the index in line with the deployed versions of a name: to be called after each deploy and removal, safe to
   * repeat. Resolves to the version that had the trigger before, where that changed.
   */
  sync(namespace: string, name: string): Promise<TriggerSubscriber | undefined>;
  /** The definition that a trigger starts; undefined when the trigger is another version's by now. */
  current(trigger: TriggerSubscriber): Promise<Definition | undefined>;
}

interface TriggerRecord {
  readonly trigger: TriggerSubscriber;
  readonly routes: readonly EventRoute[];
}

/** The triggers in `store`. */
export function createEventTriggers(
  store: Store,
  definitions: Pick<Definitions, 'get'>,
  subscriptions: Subscriptions,
): EventTriggers {
  return {
    async sync(namespace, name) {
      const key = triggerKey(namespace, name);
      for (;;) {
        const document = await store.get(key);
        const before = document && parseRecord(document.value);
        const after = triggerOf(await definitions.get(namespace, name, 'latest'));
        if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
        if (after !== undefined) await subscriptions.add(after.routes, after.trigger);
        const expected = document === undefined ? 'absent' : { version: document.version };
        const written =
          after === undefined
            ? await store.delete(key, expected)
            : (await store.put(key, asJson(after), expected)) !== undefined;
        if (!written) continue;
        if (before !== undefined) await subscriptions.remove(before.routes, before.trigger);
        return before?.trigger;
      }
    },

    async current({ namespace, name, version, digest }) {
      const document = await store.get(triggerKey(namespace, name));
      const trigger = document && parseRecord(document.value)?.trigger;
      if (trigger?.version !== version || trigger.digest !== digest) return undefined;
      const record = await definitions.get(namespace, name, version);
      return record?.digest === digest ? record.definition : undefined;
    },
  };
}

function triggerKey(namespace: string, name: string): string {
  return `event-trigger/${namespace}/${name}`;
}

function triggerOf(record: DefinitionRecord | undefined): TriggerRecord | undefined {
  const on = record?.definition.schedule?.on;
  if (record === undefined || on === undefined) return undefined;
  const { definition, digest } = record;
  const { namespace, name, version } = definition.document;
  const mode = definition.evaluate?.mode ?? 'strict';
  // What the runtime's own variables would give is left to the filters.
  const expressions = scheduleExpressions(mode, {}, Date.now);
  const routes = routesOf(on, mode, (text) =>
    text.includes('${') ? undefined : expressions.template(text, null),
  );
  return { trigger: { kind: 'trigger', namespace, name, version, digest }, routes };
}

function parseRecord(value: Json): TriggerRecord | undefined {
  // Written by this file.
  return isJsonObject(value) ? (value as object as TriggerRecord) : undefined;
}
