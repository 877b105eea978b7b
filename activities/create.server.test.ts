import { createDefinitions } from '../backends/store/definitions.ts';
import type { Definition } from '../dsl/types.ts';
import type { CloudEvent } from '../workflows/contract.ts';
import { faultOf, openCalls } from './calls-under-test.ts';
import type { CallsUnderTest } from './calls-under-test.ts';

const event: CloudEvent = { specversion: '1.0', id: '1', source: 'test', type: 'order.placed' };

const definition: Definition = {
  document: { dsl: '1.0.3', namespace: 'shop', name: 'refund', version: '1.0.0' },
  do: [{ done: { set: { done: true } } }],
};

describe('the activities of the engine', () => {
  let calls: CallsUnderTest;
  beforeEach(async () => {
    calls = await openCalls([]);
  });
  afterEach(() => calls.close());

  it('publish an event, on every attempt under the same id', async () => {
    const publish = (): Promise<void> =>
      calls.environment.run((request) => calls.activities.publishEvent(request), {
        reference: '/do/0/emit',
        event,
      });
    await publish();
    await publish();
    expect(calls.events.recent()).toEqual([event]);
  });

  it('load a deployed definition, by version and as latest', async () => {
    await createDefinitions(calls.store).deploy(definition, 'digest', '{}');
    for (const version of ['1.0.0', 'latest']) {
      const request = { reference: '/do/0/run', namespace: 'shop', name: 'refund', version };
      const loaded = await calls.environment.run(
        (wanted) => calls.activities.loadDefinition(wanted),
        request,
      );
      expect(loaded).toEqual(definition);
    }
  });

  it('fault for a definition that is not deployed', async () => {
    const request = { reference: '/do/0/run', namespace: 'shop', name: 'refund', version: '9.9.9' };
    const load = calls.environment.run((wanted) => calls.activities.loadDefinition(wanted), request);
    expect(await faultOf(load)).toEqual({
      type: 'https://open-workflow-specification.org/spec/1.0.0/errors/configuration',
      status: 404,
      title: 'Definition Not Found',
      instance: '/do/0/run',
      detail: 'definition shop/refund 9.9.9 is not deployed',
    });
  });

  it('leave a store that is away to Temporal', async () => {
    await calls.store.close();
    const request = { reference: '/do/0/run', namespace: 'shop', name: 'refund', version: 'latest' };
    const load = calls.environment.run((wanted) => calls.activities.loadDefinition(wanted), request);
    await expect(load).rejects.toMatchObject({ name: 'StoreError' });
  });
});
