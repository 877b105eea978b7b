import type { Node } from './ast.ts';
import { callBuiltin } from './builtins/index.ts';
import { codeOfConstant, codeOfOne } from './code.ts';
import type { Code } from './code.ts';
import { compileIndex, compileIterate, compileRecurse, compileSlice } from './compile-access.ts';
import { compileArray, compileComma, compilePipe, compileString } from './compile-basics.ts';
import { compileBreak, compileIf, compileLabel, compileTry } from './compile-control.ts';
import { compileBind, compileForeach, compileReduce } from './compile-folds.ts';
import { compileCall, compileDefine, compileVariable } from './compile-functions.ts';
import { compileObject } from './compile-object.ts';
import { compileBinary, compileNegate } from './compile-operators.ts';
import { compilePaths } from './compile-paths.ts';
import { compileUpdate } from './compile-update.ts';
import { formatCode } from './formats.ts';
import { refuse } from './scope.ts';
import type { Compiler, Scope } from './scope.ts';

// A hostile text of nested recursive functions would double the work with every level.
const maxRecompilations = 32;

// What stands left of `=` is compiled in two forms, so that a hostile text of nested updates would double the work, too.
const maxNodes = 50_000;

/** A compiler for one source text. */
export function makeCompiler(source: string): Compiler {
  const count = (node: Node): void => {
    if (--compiler.nodes < 0) refuse(compiler, 'The expression is too complex', node);
  };
  const compiler: Compiler = {
    source,
    globals: new Set(),
    nodes: maxNodes,
    recompilations: maxRecompilations,
    prelude: new Map(),
    code: (node, scope) => {
      count(node);
      return compileNode(node, scope, compiler);
    },
    paths: (node, scope) => {
      count(node);
      return compilePaths(node, scope, compiler);
    },
  };
  return compiler;
}

function compileNode(node: Node, scope: Scope | undefined, compiler: Compiler): Code {
  switch (node.kind) {
    case 'identity':
      return codeOfOne((input) => input, 1);
    case 'literal':
      return codeOfConstant(node.value);
    case 'recurse':
      return compileRecurse();
    case 'string':
      return compileString(node, scope, compiler);
    case 'format':
      return formatCode(node, compiler);
    case 'index':
      return compileIndex(node, scope, compiler);
    case 'slice':
      return compileSlice(node, scope, compiler);
    case 'iterate':
      return compileIterate(node, scope, compiler);
    case 'variable':
      return compileVariable(node, scope, compiler);
    case 'call':
      return compileCall(node, scope, compiler) ?? callBuiltin(node, scope, compiler).code();
    case 'array':
      return compileArray(node, scope, compiler);
    case 'object':
      return compileObject(node, scope, compiler);
    case 'pipe':
      return compilePipe(node, scope, compiler);
    case 'comma':
      return compileComma(node, scope, compiler);
    case 'negate':
      return compileNegate(node, scope, compiler);
    case 'binary':
      return compileBinary(node, scope, compiler);
    case 'update':
      return compileUpdate(node, scope, compiler);
    case 'if':
      return compileIf(node, scope, compiler);
    case 'try':
      return compileTry(node, scope, compiler);
    case 'reduce':
      return compileReduce(node, scope, compiler);
    case 'foreach':
      return compileForeach(node, scope, compiler);
    case 'bind':
      return compileBind(node, scope, compiler);
    case 'define':
      return compileDefine(node, scope, compiler);
    case 'label':
      return compileLabel(node, scope, compiler);
    case 'break':
      return compileBreak(node, scope, compiler);
  }
}
