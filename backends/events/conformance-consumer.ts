/**
 * A consumer in a process of its own, for tests that kill it: `node conformance-consumer.ts URL GROUP CONCURRENCY`. Says
 * in lines of JSON what it does. An event whose data says `hang` is never done; one with `pauseMs` takes that long.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../dsl/json.ts';
import { openEvents } from './open.ts';

const [url = '', group = '', concurrency = '1'] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const system = await openEvents(url, (message, error) => say({ report: message, error: String(error) }));
const consumption = await system.consumer?.consume(
  { group, concurrency: Number(concurrency) },
  async ({ content, attempt, following = [] }) => {
    for (const one of [content, ...following]) {
      const { id, data } = isJsonObject(one) ? one : {};
      say({ begun: id, attempt });
      const { hang, pauseMs } = isJsonObject(data) ? data : {};
      if (hang === true) await new Promise(() => undefined);
      if (typeof pauseMs === 'number') await delay(pauseMs);
      say({ done: id });
    }
  },
);
process.on('SIGTERM', () => {
  void consumption
    ?.stop()
    .then(() => system.close())
    .then(() => process.exit(0));
});
say({ ready: true });
