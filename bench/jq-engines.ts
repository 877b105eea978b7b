/** Perdure's jq and the others that JavaScript can call, each by its own fastest public way to the first output. */
import { evaluate, parse } from '@jq-tools/jq';
import { compile } from '@michaelhomer/jqjs';
import { loadJq } from 'jq-wasm';
import { compileExpression, defaultExpressionLimits } from '../dsl/expressions/index.ts';
import type { ExpressionEnvironment } from '../dsl/expressions/index.ts';
import type { Json } from '../dsl/json.ts';

/** The first output on an input, which is all that a workflow takes; undefined when there is none. */
type First = (input: Json) => unknown;

export interface JqEngine {
  readonly name: string;
  /** Everything that can be done before there is an input. */
  prepare(source: string): First;
}

const environment: ExpressionEnvironment = { variables: {}, now: Date.now, limits: defaultExpressionLimits };

export const ours: JqEngine = {
  name: 'Perdure',
  prepare(source) {
    const expression = compileExpression(source);
    return (input) => expression.first(input, environment);
  },
};

/** The others. Takes a moment: jq-wasm loads its module. */
export async function loadOthers(): Promise<readonly JqEngine[]> {
  const wasm = await loadJq();
  return [
    {
      name: 'jqjs',
      prepare(source) {
        const filter = compile(source);
        return (input) => filter(input).next().value;
      },
    },
    {
      name: 'jq-tools',
      prepare(source) {
        const program = parse(source);
        return (input) => evaluate(program, [input]).next().value;
      },
    },
    {
      name: 'jq-wasm',
      // It has no compile step that is public: jq parses the source in every run.
      prepare: (source) => (input) => wasm.first(asText(input), source),
    },
  ];
}

/** jq-wasm takes a text for JSON. */
function asText(input: Json): Exclude<Json, string> | string {
  return typeof input === 'string' ? JSON.stringify(input) : input;
}
