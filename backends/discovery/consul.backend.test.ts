import { discoveryConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_CONSUL_URL ?? '';
const api = url.replace(/^consul:/, 'http:');

discoveryConformance('Consul', {
  url,
  closedUrl: 'consul://:hunter2-secret@127.0.0.1:1',
  async forget(service) {
    const filter = encodeURIComponent(`Service == "${service}"`);
    const listed = await fetch(`${api}/v1/agent/services?filter=${filter}`);
    for (const id of Object.keys((await listed.json()) as object)) {
      await fetch(`${api}/v1/agent/service/deregister/${id}`, { method: 'PUT' });
    }
  },
});
