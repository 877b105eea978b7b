import { greeting, startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
  expect((await service.deploy(greeting())).status).toBe(201);
});
afterAll(() => service?.stop());

const yaml = { 'content-type': 'application/yaml' };

describe('definitions', () => {
  it('are 201, then 200 with the same content and 409 with other content', async () => {
    const first = await service.deploy(greeting({ name: 'deploys' }));
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe('/v1/definitions/shop/deploys/versions/1.0.0');
    expect(first.body).toMatchObject({ namespace: 'shop', name: 'deploys', version: '1.0.0' });

    const commented = `# the same in other words\n${greeting({ name: 'deploys' })}`;
    expect((await service.deploy(commented)).status).toBe(200);

    const other = await service.deploy(greeting({ name: 'deploys', word: 'Hi' }));
    expect(other.status).toBe(409);
    expect(other.body.type).toBe('urn:perdure:problem:definition-exists');
  });

  it('are told where they are wrong', async () => {
    const answer = await service.deploy(greeting().replace('set:', 'sett:'));
    expect(answer.status).toBe(422);
    const error = {
      pointer: expect.any(String),
      line: expect.any(Number),
      message: expect.any(String),
    } as object;
    expect(answer.body.errors).toEqual(expect.arrayContaining([expect.objectContaining(error)]));
  });

  it('are taken as JSON and read back', async () => {
    const document = { dsl: '1.0.3', namespace: 'shop', name: 'as-json', version: '2.0.0' };
    const definition = { document, do: [{ hello: { set: { a: 1 } } }] };
    expect((await service.post('/v1/definitions', definition)).status).toBe(201);
    const read = await service.call('GET', '/v1/definitions/shop/as-json');
    expect(read.body).toMatchObject({ version: '2.0.0', definition });
  });

  it('are checked without being stored', async () => {
    const answer = await service.call(
      'POST',
      '/v1/definitions/validate',
      greeting({ name: 'checked' }),
      yaml,
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ valid: true, name: 'checked' });
    expect((await service.call('GET', '/v1/definitions/shop/checked')).status).toBe(404);
  });

  it('are listed in pages, with versions from the highest', async () => {
    await service.deploy(greeting({ name: 'pages-a' }));
    await service.deploy(greeting({ name: 'pages-a', version: '1.10.0' }));
    await service.deploy(greeting({ name: 'pages-a', version: '1.9.0' }));
    const versions = await service.call('GET', '/v1/definitions/shop/pages-a/versions?limit=2');
    expect(versions.body.versions).toMatchObject([{ version: '1.10.0' }, { version: '1.9.0' }]);
    const cursor = encodeURIComponent(String(versions.body.nextCursor));
    const rest = await service.call('GET', `/v1/definitions/shop/pages-a/versions?cursor=${cursor}`);
    expect(rest.body.versions).toMatchObject([{ version: '1.0.0' }]);

    const names: string[] = [];
    for (let query = 'limit=1'; query !== '';) {
      const { body } = await service.call('GET', `/v1/definitions?${query}`);
      names.push(...(body.definitions as { name: string }[]).map(({ name }) => name));
      const { nextCursor } = body as { nextCursor?: string };
      query = nextCursor === undefined ? '' : `limit=1&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(names).toEqual(expect.arrayContaining(['greet', 'pages-a']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('can be removed, and are then started no more', async () => {
    await service.deploy(greeting({ name: 'removed' }));
    expect((await service.call('DELETE', '/v1/definitions/shop/removed/versions/1.0.0')).status).toBe(204);
    expect((await service.call('DELETE', '/v1/definitions/shop/removed/versions/1.0.0')).status).toBe(404);
    expect((await service.post('/v1/executions', { workflow: 'shop/removed' })).status).toBe(404);
  });

  it('stand among the workflows that can be started, with their input schemas', async () => {
    const { body } = await service.call('GET', '/v1/workflows');
    const schema = expect.objectContaining({ type: 'object' }) as object;
    expect(body.workflows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ workflow: 'shop/greet', kind: 'definition', inputSchema: schema }),
        expect.objectContaining({ workflow: 'approval', kind: 'typescript', inputSchema: schema }),
      ]),
    );
  });
});
