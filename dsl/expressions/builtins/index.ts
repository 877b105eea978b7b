import type { NodeOf } from '../ast.ts';
import type { Code, Paths } from '../code.ts';
import { afterValue } from '../path-errors.ts';
import { refuse } from '../scope.ts';
import type { Compiler, Scope } from '../scope.ts';
import { arrayBuiltins } from './arrays.ts';
import { coreBuiltins } from './core.ts';
import { dateBuiltins } from './dates.ts';
import type { Builtin, Call } from './define.ts';
import { generatorBuiltins } from './generators.ts';
import { loopBuiltins } from './loops.ts';
import { mathBuiltins } from './math.ts';
import { objectBuiltins } from './objects.ts';
import { orderBuiltins } from './order.ts';
import { pathBuiltins } from './paths.ts';
import { regexBuiltins } from './regex.ts';
import { stringBuiltins } from './strings.ts';

const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    coreBuiltins,
    generatorBuiltins,
    loopBuiltins,
    pathBuiltins,
    arrayBuiltins,
    orderBuiltins,
    objectBuiltins,
    stringBuiltins,
    regexBuiltins,
    mathBuiltins,
    dateBuiltins,
  ].flatMap((family) => Object.entries(family)),
);

const noOutside = 'expressions have one input and see nothing of the process that runs them';

/** Built-ins of jq that reach outside of the expression, with the reason why they are not here. */
const refused: ReadonlyMap<string, string> = new Map(
  [
    'env/0',
    'input/0',
    'inputs/0',
    'input_filename/0',
    'input_line_number/0',
    'halt/0',
    'halt_error/0',
    'halt_error/1',
    'stderr/0',
    'modulemeta/0',
    'get_search_list/0',
    'get_jq_origin/0',
    'get_prog_origin/0',
    'builtins/0',
  ].map((signature) => [signature, noOutside]),
);

/** The two forms of a call of a built-in. Throws ExpressionSyntaxError for a name that is none. */
export function callBuiltin(
  node: NodeOf<'call'>,
  scope: Scope | undefined,
  compiler: Compiler,
): { code(): Code; paths(): Paths } {
  const signature = `${node.name}/${node.args.length}`;
  const reason = refused.get(signature);
  if (reason !== undefined) refuse(compiler, `${signature} is not available: ${reason}`, node);
  const builtin = builtins.get(signature);
  if (builtin === undefined) return refuse(compiler, `${signature} is not defined`, node);
  const call = makeCall(node, scope, compiler);
  return {
    code: () => builtin.code(call),
    paths: () => builtin.paths?.(call) ?? identityPaths(builtin.code(call)),
  };
}

function makeCall(node: NodeOf<'call'>, scope: Scope | undefined, compiler: Compiler): Call {
  const argument = (position: number): NodeOf<'call'>['args'][number] => {
    const arg = node.args[position];
    if (arg === undefined) throw new TypeError(`${node.name} has no argument ${position}`);
    return arg;
  };
  return {
    node,
    scope,
    compiler,
    code: (position) => compiler.code(argument(position), scope),
    paths: (position) => compiler.paths(argument(position), scope),
  };
}

/** Outputs that are the very input keep its path; others have none. */
function identityPaths(code: Code): Paths {
  return (path, value, env, emit) =>
    code.many(value, env, (output) => emit(afterValue(path, value, output), output));
}
