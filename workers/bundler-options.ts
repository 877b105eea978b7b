import { join } from 'node:path';
import type { BundleOptions } from '@temporalio/worker';

type AdjustConfiguration = NonNullable<BundleOptions['webpackConfigHook']>;

// What Node 20 runs as it is. The SDK's default of 2017 turns private fields into look-ups in a WeakMap and class fields
// into calls of Object.defineProperty: in the sandbox, expressions take ten times as long.
const target = 'es2022';

// Pure code with no state of an execution: loaded once for each thread of a worker and not for each execution, so that
// what an expression compiles to is kept, too.
const preloaded = ['errors.ts', 'evaluate.ts', 'duration.ts', 'schema.ts', 'uri-template.ts'];

/** How the bundler of Temporal's SDK makes workflow code into a script. `root` is the project's folder, absolute. */
export function bundlerOptions(root: string, workflowsPath: string): BundleOptions {
  return {
    workflowsPath,
    preloadModules: preloaded.map((file) => join(root, 'dsl', file)),
    webpackConfigHook: keepSyntax,
  };
}

/** Sets the year of the language that TypeScript is compiled to. */
const keepSyntax: AdjustConfiguration = (configuration) => {
  for (const rule of configuration.module?.rules ?? []) {
    if (typeof rule !== 'object' || typeof rule?.use !== 'object' || Array.isArray(rule.use)) continue;
    const { options } = rule.use;
    if (typeof options !== 'object' || typeof options['jsc'] !== 'object') continue;
    options['jsc'] = { ...options['jsc'], target };
    return configuration;
  }
  throw new Error("The SDK's bundler compiles TypeScript in another way than this release knows");
};
