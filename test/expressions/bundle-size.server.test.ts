/** Every worker loads the workflow bundle, and every sandbox runs it: expressions may not make it heavy. */
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundlerOptions } from '../../workers/bundler-options.ts';

const root = join(__dirname, '../..');
const mostBytes = 120_000;

/** Bytes of a workflow bundle of this module alone, minified, the Temporal SDK included. */
async function minified(module: string): Promise<number> {
  const { webpackConfigHook } = bundlerOptions(root, '');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, module),
    webpackConfigHook: (configuration) => {
      const { optimization, ...kept } = webpackConfigHook?.(configuration) ?? configuration;
      return {
        ...kept,
        mode: 'production',
        devtool: false,
        optimization: { ...optimization, minimize: true },
      };
    },
  });
  return Buffer.byteLength(code);
}

test('expressions add less than 120 KB to the workflow bundle, beside the engine of regular expressions', async () => {
  // A module of two constants: what is left is the SDK.
  const sdk = await minified('dsl/expressions/limits.ts');
  const regex = (await minified('dsl/expressions/regex/find-matches.ts')) - sdk;
  const rest = (await minified('dsl/expressions/index.ts')) - sdk - regex;
  console.log(`Expressions: ${rest} bytes minified, and ${regex} for regular expressions`);
  expect(regex).toBeGreaterThan(10_000);
  expect(rest).toBeLessThan(mostBytes);
}, 120_000);
