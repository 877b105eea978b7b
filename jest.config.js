// jq, which expressions are compared with, has a local time; here as there it is UTC. Workers of jest inherit this.
process.env.TZ = 'UTC';

// Tests are compiled to CommonJS: native ESM under jest breaks module mocks. Sources that tests import
// therefore use neither `import.meta` nor top-level await.
const transform = {
  '^.+\\.[jt]s$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};

const base = {
  testEnvironment: 'node',
  transform,
  // Packages that are published as ES modules only are compiled like our own sources.
  transformIgnorePatterns: ['/node_modules/(?!(@noble/hashes|commander|kysely|oauth4webapi)/)'],
  modulePathIgnorePatterns: ['<rootDir>/.perdure'],
};

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{dsl,config,network,workflows,activities,backends,workers,api,cli,temporal,examples}/**/*.test.ts',
        '<rootDir>/test/validation/*.test.ts',
      ],
      testPathIgnorePatterns: ['\\.(server|backend)\\.test\\.ts$'],
    },
    {
      ...base,
      displayName: 'server',
      globalSetup: '<rootDir>/test/global-setup.ts',
      testMatch: ['<rootDir>/**/*.server.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/system/'],
    },
    {
      // Run by `npm run test:long`.
      ...base,
      displayName: 'long',
      globalSetup: '<rootDir>/test/global-setup.ts',
      testMatch: ['<rootDir>/test/long-runs/*.long.test.ts'],
    },
    {
      // Run by test/backends/run.ts, which starts the server of each file and names it in the environment.
      ...base,
      displayName: 'backends',
      testMatch: ['<rootDir>/**/*.backend.test.ts'],
    },
  ],
  testTimeout: 60_000,
};
