import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definition } from '../../dsl/types.ts';
import { recordKey } from './definition-records.ts';
import { createDefinitions } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';

let folder: string;
let store: Store;
let definitions: Definitions;
/** Another process's view of the same store. */
let elsewhere: Definitions;
let otherStore: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-definitions-'));
  store = await openStore('sqlite:store.db', folder);
  otherStore = await openStore('sqlite:store.db', folder);
  definitions = createDefinitions(store);
  elsewhere = createDefinitions(otherStore);
});

afterEach(async () => {
  await store.close();
  await otherStore.close();
  rmSync(folder, { recursive: true });
});

function definition(version: string, header: { namespace?: string; name?: string; title?: string } = {}) {
  const document = { dsl: '1.0.3', namespace: 'shop', name: 'order', version, ...header };
  return { document, do: [{ greet: { set: { version } } }] } satisfies Definition;
}

async function deploy(version: string, header?: Parameters<typeof definition>[1]) {
  return await definitions.deploy(definition(version, header), `digest of ${version}`, `# ${version}`);
}

async function latest(of: Definitions = definitions) {
  return (await of.get('shop', 'order', 'latest'))?.definition.document.version;
}

async function versions(of: Definitions = definitions) {
  return (await of.versions('shop', 'order', { limit: 100 })).versions.map((entry) => entry.version);
}

describe('deploy', () => {
  test('keeps the definition, its digest and its text, and gives them back', async () => {
    const before = new Date().toISOString();
    const { outcome, record } = await deploy('1.0.0');
    expect(outcome).toBe('created');
    expect(record.deployedAt >= before).toBe(true);
    const expected = {
      definition: definition('1.0.0'),
      digest: 'digest of 1.0.0',
      source: '# 1.0.0',
      deployedAt: record.deployedAt,
    };
    expect(await definitions.get('shop', 'order', '1.0.0')).toEqual(expected);
    expect(await elsewhere.get('shop', 'order', '1.0.0')).toEqual(expected);
  });

  test('the same content again is unchanged, other content a conflict, and what was there stays', async () => {
    const first = await deploy('1.0.0');
    const again = await definitions.deploy(definition('1.0.0'), 'digest of 1.0.0', '# another comment');
    expect(again).toEqual({ outcome: 'unchanged', record: first.record });
    const other = await definitions.deploy(definition('1.0.0', { title: 'Other' }), 'other digest', '');
    expect(other).toEqual({ outcome: 'conflict', record: first.record });
    expect(await definitions.get('shop', 'order', '1.0.0')).toEqual(first.record);
  });

  test('of many deploys of one version with different content at once exactly one wins', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? definitions : elsewhere).deploy(definition('1.0.0'), `digest ${n}`, `# ${n}`),
      ),
    );
    const outcomes = results.map((result) => result.outcome).sort();
    expect(outcomes).toEqual([...Array.from({ length: 9 }, () => 'conflict'), 'created']);
    expect(new Set(results.map((result) => result.record.digest)).size).toBe(1);
  });

  test('many versions deployed and removed at once are all listed rightly', async () => {
    const wanted = Array.from({ length: 20 }, (_, n) => `1.${n}.0`);
    await deploy('0.1.0');
    await Promise.all([
      ...wanted.map((version, n) =>
        (n % 2 === 0 ? definitions : elsewhere).deploy(definition(version), version, ''),
      ),
      elsewhere.remove('shop', 'order', '0.1.0'),
    ]);
    expect(await versions()).toEqual(wanted.toReversed());
    expect(await latest(elsewhere)).toBe('1.19.0');
  });
});

describe('latest', () => {
  test('is the highest by semantic versioning, whatever came last', async () => {
    const order = ['1.9.0', '1.10.0', '1.10.0-rc.1', '1.2.0+build.7', '1.2.0', '0.9.9'];
    for (const version of order) await deploy(version);
    expect(await latest()).toBe('1.10.0');
    expect(await versions()).toEqual(['1.10.0', '1.10.0-rc.1', '1.9.0', '1.2.0+build.7', '1.2.0', '0.9.9']);
  });

  test('goes back when the highest is removed, and is gone with the last', async () => {
    await deploy('1.0.0', { title: 'First' });
    await deploy('2.0.0', { title: 'Second' });
    expect(await definitions.remove('shop', 'order', '2.0.0')).toBe(true);
    expect(await latest()).toBe('1.0.0');
    expect((await definitions.list({ limit: 10 })).definitions).toEqual([
      { namespace: 'shop', name: 'order', latest: '1.0.0', title: 'First' },
    ]);
    await definitions.remove('shop', 'order', '1.0.0');
    expect(await latest()).toBeUndefined();
    expect(await definitions.list({ limit: 10 })).toEqual({ definitions: [] });
  });
});

describe('remove', () => {
  test('says whether the version was there', async () => {
    await deploy('1.0.0');
    expect(await definitions.remove('shop', 'order', '9.9.9')).toBe(false);
    expect(await definitions.remove('shop', 'order', '1.0.0')).toBe(true);
    expect(await definitions.remove('shop', 'order', '1.0.0')).toBe(false);
  });

  test('holds at once in a process that had read the version before', async () => {
    await deploy('1.0.0');
    await elsewhere.get('shop', 'order', '1.0.0');
    await definitions.remove('shop', 'order', '1.0.0');
    expect(await elsewhere.get('shop', 'order', '1.0.0')).toBeUndefined();
  });

  test('lets the version be deployed anew with other content, seen everywhere', async () => {
    await deploy('1.0.0');
    await elsewhere.get('shop', 'order', '1.0.0');
    await definitions.remove('shop', 'order', '1.0.0');
    const { outcome } = await definitions.deploy(
      definition('1.0.0', { title: 'New' }),
      'new digest',
      '# new',
    );
    expect(outcome).toBe('created');
    expect((await elsewhere.get('shop', 'order', '1.0.0'))?.source).toBe('# new');
    expect((await elsewhere.get('shop', 'order', 'latest'))?.digest).toBe('new digest');
  });
});

describe('a call that was cut off between its two writes', () => {
  test('a deploy is completed by repeating it', async () => {
    const record = {
      definition: definition('1.0.0'),
      digest: 'digest of 1.0.0',
      source: '',
      deployedAt: 'x',
    };
    await store.put(recordKey('shop', 'order', '1.0.0'), record, 'absent');
    expect((await deploy('1.0.0')).outcome).toBe('unchanged');
    expect(await latest()).toBe('1.0.0');
  });

  test('a remove is completed by the next reader, or by repeating it', async () => {
    await deploy('1.0.0');
    await deploy('2.0.0');
    await store.delete(recordKey('shop', 'order', '2.0.0'), 'any');
    expect(await latest()).toBe('1.0.0');
    expect(await versions()).toEqual(['1.0.0']);
    await store.delete(recordKey('shop', 'order', '1.0.0'), 'any');
    expect(await definitions.remove('shop', 'order', '1.0.0')).toBe(true);
    expect(await versions()).toEqual([]);
  });
});

describe('lists', () => {
  test('names come in order of namespace and name, by pages, each with its latest version', async () => {
    for (const [namespace, name] of [
      ['shop', 'order'],
      ['bank', 'loan'],
      ['shop', 'quote'],
      ['shop-eu', 'order'],
    ]) {
      await deploy('1.0.0', { namespace, name });
    }
    await deploy('1.1.0', { title: 'Orders' });
    const first = await definitions.list({ limit: 3 });
    expect(first.definitions).toEqual([
      { namespace: 'bank', name: 'loan', latest: '1.0.0' },
      { namespace: 'shop-eu', name: 'order', latest: '1.0.0' },
      { namespace: 'shop', name: 'order', latest: '1.1.0', title: 'Orders' },
    ]);
    const second = await definitions.list({ limit: 3, cursor: first.nextCursor });
    expect(second).toEqual({ definitions: [{ namespace: 'shop', name: 'quote', latest: '1.0.0' }] });
    const shop = await definitions.list({ limit: 3, namespace: 'shop' });
    expect(shop.definitions.map((entry) => entry.name)).toEqual(['order', 'quote']);
    expect(shop.nextCursor).toBeUndefined();
  });

  test('versions come by pages, highest first, although one is removed between them', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) await deploy(version);
    const first = await definitions.versions('shop', 'order', { limit: 2 });
    expect(first.versions.map((entry) => entry.version)).toEqual(['1.3.0', '1.2.0']);
    await definitions.remove('shop', 'order', '1.2.0');
    const second = await definitions.versions('shop', 'order', { limit: 2, cursor: first.nextCursor });
    expect(second.versions.map((entry) => entry.version)).toEqual(['1.1.0', '1.0.0']);
    expect(second.nextCursor).toBeUndefined();
    expect(second.versions[0]).toEqual({
      version: '1.1.0',
      digest: 'digest of 1.1.0',
      deployedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test('of an unknown name there is nothing, and a strange cursor is refused', async () => {
    expect(await definitions.get('shop', 'nothing', 'latest')).toBeUndefined();
    expect(await definitions.versions('shop', 'nothing', { limit: 5 })).toEqual({ versions: [] });
    await deploy('1.0.0');
    const refusal = { name: 'StoreError', type: 'invalid' };
    const badCursor = { limit: 5, cursor: 'x!' };
    await expect(definitions.versions('shop', 'order', badCursor)).rejects.toMatchObject(refusal);
    await expect(definitions.list(badCursor)).rejects.toMatchObject(refusal);
  });
});

test('a version that is read again comes from memory', async () => {
  await deploy('1.0.0');
  const first = await definitions.get('shop', 'order', '1.0.0');
  expect(await definitions.get('shop', 'order', 'latest')).toBe(first);
});
