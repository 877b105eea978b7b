/**
 * Who may import whom at run time: the rooms of the design. Types may cross every wall, since Node erases them before
 * anything runs; `tsPreCompilationDeps: false` leaves them out.
 */
const { builtinModules } = require('node:module');

const rooms =
  '^(dsl|config|network|temporal|workflows|activities|backends|workers|api|cli|testing|examples|test|bench)/';
const tests = '(\\.test|/conformance)\\.ts$';

/** A room, and what it may import beside itself and packages. */
function room(name, allowed) {
  const own = [name, ...allowed].map((path) => (path.endsWith('.ts') ? `^${path}$` : `^${path}/`));
  return {
    name: `room-${name}`,
    comment: `${name}/ may import only ${allowed.join(', ') || 'itself'}`,
    severity: 'error',
    from: { path: `^${name}/`, pathNot: tests },
    to: { path: `${rooms}|^main\\.ts$`, pathNot: own },
  };
}

const contract = 'workflows/contract.ts';

module.exports = {
  forbidden: [
    room('dsl', []),
    room('config', ['dsl', contract]),
    room('network', []),
    room('temporal', ['config', 'dsl', contract]),
    room('workflows', ['dsl']),
    room('backends', ['dsl', contract]),
    room('activities', ['dsl', 'network', 'backends', contract]),
    room('workers', ['config', 'temporal', 'network', 'activities', 'backends', 'dsl', contract]),
    room('api', ['config', 'temporal', 'network', 'dsl', 'backends', contract]),
    room('cli', ['config', 'temporal', 'dsl', 'backends', contract, 'main.ts']),
    {
      name: 'contract-imports-dsl-only',
      severity: 'error',
      from: { path: '^workflows/contract(\\.ts$|/)' },
      to: { pathNot: '^(dsl|workflows/contract)/' },
    },
    {
      name: 'workflow-code-stays-in-the-sandbox',
      comment:
        'Whatever workflow code reaches runs in the deterministic sandbox: no Node built-in, however far away',
      severity: 'error',
      // The Temporal SDK itself is made for the sandbox; its workflow package hides what is not.
      from: { path: '^workflows/', pathNot: tests },
      to: { path: `^(node:)?(${builtinModules.join('|')})$`, reachable: true },
    },
    {
      name: 'language-is-pure',
      comment: 'dsl/ knows neither Temporal nor Node',
      severity: 'error',
      from: { path: '^dsl/', pathNot: tests },
      to: { path: '^node_modules/@temporalio' },
    },
    {
      name: 'no-circular',
      comment: 'The parser of expressions is as recursive as its grammar; nothing else is',
      severity: 'error',
      from: { pathNot: '^(dsl/expressions/pars|node_modules/)' },
      to: { circular: true },
    },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: { pathNot: [tests, '^node_modules/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/@temporalio' },
    exclude: { path: '(^|/)(coverage|\\.perdure)/' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
