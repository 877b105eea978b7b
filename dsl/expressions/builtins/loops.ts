import type { Json } from '../../json.ts';
import { codeOfMany, codeOfOne, together } from '../code.ts';
import type { Code, Emit, PathEmit, Paths, PathTo } from '../code.ts';
import { pathFactor } from '../path-walk.ts';
import type { Env } from '../runtime.ts';
import { isTruthy } from '../values.ts';
import type { Builtin, Builtins, Call } from './define.ts';

/** A loop of jq: what is done with a value before and after the step to the next. */
interface Loop {
  /** Which argument makes the next values. */
  readonly step: number;
  /** Which argument is asked, if any. */
  readonly condition?: number;
  /** `enter`: a value that fails ends the branch. `arrive`: so does a value that `step` gave. `leave`: one that passes comes out. */
  readonly asks?: 'enter' | 'arrive' | 'leave';
}

const passing: Code = {
  one: () => true,
  many: (_input, _env, emit) => emit(true),
  weight: 1,
  constant: true,
};

/** A plain loop when neither argument can have two outputs: as long as the steps last, at no depth. */
function compileLoop(loop: Loop, call: Call): Code {
  const step = call.code(loop.step);
  const condition = loop.condition === undefined ? passing : call.code(loop.condition);
  const next = step.one;
  const test = condition.one;
  const weight = 6 + together(step, condition);
  if (next === undefined || test === undefined) {
    return codeOfMany(branching(loop, step, condition, weight), weight);
  }
  if (loop.asks === 'leave') {
    return codeOfOne((input, env) => {
      for (let value: Json | undefined = input; value !== undefined; value = next(value, env)) {
        env.run.tick();
        const done = test(value, env);
        if (done === undefined) return undefined;
        if (isTruthy(done)) return value;
      }
      return undefined;
    }, weight);
  }
  return codeOfMany((input, env, emit) => {
    let isFirst = true;
    for (let value: Json | undefined = input; value !== undefined; value = next(value, env)) {
      env.run.tick();
      const asked = loop.asks === 'enter' || (loop.asks === 'arrive' && !isFirst);
      const answer = asked ? test(value, env) : true;
      if (answer === undefined || !isTruthy(answer)) return false;
      if (emit(value)) return true;
      isFirst = false;
    }
    return false;
  }, weight);
}

function branching(loop: Loop, step: Code, condition: Code, weight: number): Code['many'] {
  const round = (value: Json, env: Env, emit: Emit, isFirst: boolean): boolean => {
    const { run } = env;
    run.tick();
    run.enter(weight);
    const goOn = (): boolean => step.many(value, env, (inner) => round(inner, env, emit, false));
    const stopped = decide(loop, condition, value, env, isFirst, () => emit(value), goOn);
    run.leave(weight);
    return stopped;
  };
  return (input, env, emit) => round(input, env, emit, true);
}

function decide(
  loop: Loop,
  condition: Code,
  value: Json,
  env: Env,
  isFirst: boolean,
  output: () => boolean,
  goOn: () => boolean,
): boolean {
  if (loop.asks === undefined || (loop.asks === 'arrive' && isFirst)) return output() || goOn();
  return condition.many(value, env, (answer) => {
    const isYes = isTruthy(answer);
    if (loop.asks === 'leave') return isYes ? output() : goOn();
    return isYes && (output() || goOn());
  });
}

function loopPaths(loop: Loop, call: Call): Paths {
  const step = call.paths(loop.step);
  const condition = loop.condition === undefined ? passing : call.code(loop.condition);
  const weight = 8 + pathFactor * call.code(loop.step).weight + condition.weight;
  const round = (path: PathTo, value: Json, env: Env, emit: PathEmit, isFirst: boolean): boolean => {
    const { run } = env;
    run.tick();
    run.enter(weight);
    const goOn = (): boolean =>
      step(path, value, env, (inner, output) => round(inner, output, env, emit, false));
    const stopped = decide(loop, condition, value, env, isFirst, () => emit(path, value), goOn);
    run.leave(weight);
    return stopped;
  };
  return (path, value, env, emit) => round(path, value, env, emit, true);
}

function loopBuiltin(loop: Loop): Builtin {
  return { code: (call) => compileLoop(loop, call), paths: (call) => loopPaths(loop, call) };
}

/** Built-ins that follow a filter from value to value. */
export const loopBuiltins: Builtins = {
  'recurse/0': {
    code: (call) => call.compiler.code({ kind: 'recurse', offset: call.node.offset }, call.scope),
    paths: (call) => call.compiler.paths({ kind: 'recurse', offset: call.node.offset }, call.scope),
  },
  'recurse/1': loopBuiltin({ step: 0 }),
  'recurse/2': loopBuiltin({ step: 0, condition: 1, asks: 'arrive' }),
  // The same outputs over and over, as jq has it: only what fails, breaks out or is limited ends it.
  'repeat/1': {
    code: (call) => {
      const body = call.code(0);
      return codeOfMany((input, env, emit) => {
        while (!body.many(input, env, emit)) env.run.tick();
        return true;
      }, 2 + body.weight);
    },
    paths: (call) => {
      const body = call.paths(0);
      return (path, value, env, emit) => {
        while (!body(path, value, env, emit)) env.run.tick();
        return true;
      };
    },
  },
  'while/2': loopBuiltin({ step: 1, condition: 0, asks: 'enter' }),
  'until/2': loopBuiltin({ step: 1, condition: 0, asks: 'leave' }),
};
