import { spawn } from 'node:child_process';
import type { JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the provider prints when it listens. Its clients have the names of the ways in which they authenticate. */
export interface ProviderFacts {
  readonly issuer: string;
  /** Of the clients that have one. */
  readonly secret: string;
  /** Of the client `private_key_jwt`, as a JSON Web Key. */
  readonly privateKey: JsonWebKey;
  /** One of the client `client_secret_post`, one of `none`. */
  readonly refreshTokens: readonly string[];
}

export interface RunningProvider extends ProviderFacts {
  readonly host: string;
  close(): Promise<void>;
}

/** Starts the provider in a process of its own: it is an ES module that jest cannot load. */
export async function startProvider(): Promise<RunningProvider> {
  const file = join(__dirname, 'oidc-provider.ts');
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const facts = await new Promise<ProviderFacts>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line) as ProviderFacts);
    });
    child.once('exit', () => reject(new Error(`the provider ended: ${complaints}`)));
  });
  return {
    ...facts,
    host: new URL(facts.issuer).host,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
