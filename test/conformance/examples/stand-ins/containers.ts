import { startContainerEngine } from '../../../system/container-engine.ts';
import { busybox, ensureTools } from '../../../system/packages.ts';
import { startRegistry } from './registry.ts';

/** A container engine that has the examples' images, and the registry that it has them from. */
export interface Containers {
  readonly engineHost?: string;
  readonly registry: string;
  /** Names of the containers that definitions started and that are still there. */
  names(): Promise<readonly string[]>;
  pulls(): number;
  close(): Promise<void>;
}

/** Starts registry and engine, and pulls the images once. Fails where no engine can be had. */
export async function startContainers(): Promise<Containers> {
  await ensureTools([busybox]);
  const engine = await startContainerEngine();
  const registry = await startRegistry();
  const before = new Set(await labelled());
  for (const image of registry.images) await engine.run(['pull', '--quiet', image]);

  async function labelled(): Promise<readonly string[]> {
    const args = ['ps', '--all', '--filter', 'label=io.perdure.run', '--format', '{{.Names}}'];
    return (await engine.run(args)).split('\n').filter((name) => name !== '');
  }

  async function names(): Promise<readonly string[]> {
    return (await labelled()).filter((name) => !before.has(name));
  }

  return {
    engineHost: engine.host,
    registry: registry.host,
    names,
    pulls: () => registry.pulls(),
    async close() {
      const left = await names();
      if (left.length > 0) await engine.run(['rm', '--force', ...left]);
      await engine.run(['rmi', '--force', ...registry.images]).catch(() => undefined);
      await engine.stop();
      await registry.close();
    },
  };
}
