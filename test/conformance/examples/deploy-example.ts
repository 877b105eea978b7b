import { apiClient } from '../../client.ts';
import { parse } from 'yaml';
import type { Rewritten } from './rewrite.ts';
import type { Deployed } from './start-execution.ts';

/** The definition that the example of `run: workflow` runs. */
const child = {
  name: 'register-customer',
  version: '0.1.0',
  do: `[{ register: { set: { registered: '\${ .customer }' } } }]`,
};

/** Deploys an example, and what it runs. Rejects with what the service says of it. */
export async function deployExample(
  url: string,
  { yaml, name }: Rewritten,
): Promise<Deployed & { remove(): Promise<void> }> {
  const api = apiClient(url);
  const { document, schedule } = parse(yaml) as {
    readonly document: { readonly namespace: string; readonly version: string };
    readonly schedule?: { readonly on?: object };
  };
  const { namespace } = document;
  const versions: string[] = [];
  const deploy = async (text: string, definition: string, version: string): Promise<void> => {
    const { status, body } = await api.deploy(text);
    if (status !== 201) throw new Error(`deploy: ${status} ${JSON.stringify(body)}`);
    versions.push(`/v1/definitions/${namespace}/${definition}/versions/${version}`);
  };
  const remove = async (): Promise<void> => {
    for (const path of versions) await fetch(url + path, { method: 'DELETE' });
  };
  if (yaml.includes(child.name)) {
    const header = `{ dsl: '1.0.3', namespace: ${namespace}, name: ${child.name}, version: ${child.version} }`;
    await deploy(`document: ${header}\ndo: ${child.do}\n`, child.name, child.version);
  }
  await deploy(yaml, name, document.version);
  return { api, url, workflow: `${namespace}/${name}`, startsByEvents: schedule?.on !== undefined, remove };
}
