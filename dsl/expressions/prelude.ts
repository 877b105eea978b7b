import { parseExpression } from './parser.ts';
import { findFunction, levelOf } from './scope.ts';
import type { CompiledFunction, Compiler, FoundFunction, Scope } from './scope.ts';

/** Built-ins that are best said in the language itself. Each is compiled only where it is called. */
const sources: Readonly<Record<string, string>> = {
  'values/0': 'def values: select(. != null);',
  'nulls/0': 'def nulls: select(. == null);',
  'booleans/0': 'def booleans: select(type == "boolean");',
  'numbers/0': 'def numbers: select(type == "number");',
  'strings/0': 'def strings: select(type == "string");',
  'arrays/0': 'def arrays: select(type == "array");',
  'objects/0': 'def objects: select(type == "object");',
  'iterables/0': 'def iterables: select(type == "array" or type == "object");',
  'scalars/0': 'def scalars: select(type != "array" and type != "object");',
  'finites/0': 'def finites: select(isfinite);',
  'normals/0': 'def normals: select(isnormal);',
  'first/0': 'def first: .[0];',
  'last/0': 'def last: .[-1];',
  'nth/1': 'def nth($position): .[$position];',
  'map_values/1': 'def map_values(filter): .[] |= filter;',
  'with_entries/1': 'def with_entries(filter): to_entries | map(filter) | from_entries;',
  'walk/1':
    'def walk(filter): def down: if type == "object" then map_values(down) elif type == "array" then map(down) else . end | filter; down;',
  'combinations/0':
    'def combinations: if length == 0 then [] else .[0][] as $head | (.[1:] | combinations) as $rest | [$head] + $rest end;',
  'combinations/1': 'def combinations(count): [range(count) as $_ | .] | combinations;',
  'fromstream/1':
    'def fromstream(events): foreach events as $event ({value: null, done: false};' +
    ' (if .done then {value: null, done: false} else . end)' +
    ' | if $event | length == 2 then .value |= setpath($event[0]; $event[1]) | .done = ($event[0] | length == 0)' +
    ' else .done = ($event[0] | length == 1) end;' +
    ' if .done then .value else empty end);',
  'truncate_stream/1':
    'def truncate_stream(events): . as $depth | null | events' +
    ' | if (.[0] | length) > $depth then .[0] |= .[$depth:] else empty end;',
  'truncate_stream/2':
    'def truncate_stream(depth; events): depth as $depth | $depth | truncate_stream(events);',
  'IN/1': 'def IN(source): any(source == .; .);',
  'IN/2': 'def IN(source; other): any(source == other; .);',
  'INDEX/1': 'def INDEX(key): INDEX(.[]; key);',
  'INDEX/2': 'def INDEX(source; key): reduce source as $row ({}; . + {($row | key | tostring): $row});',
  'JOIN/2': 'def JOIN($index; key): [.[] | [., $index[key]]];',
  'JOIN/3': 'def JOIN($index; source; key): source | [., $index[key]];',
  'JOIN/4': 'def JOIN($index; source; key; joined): source | [., $index[key]] | joined;',
};

/** What a call names: an argument, a function of the expression, or one of the prelude. */
export function resolveFunction(
  name: string,
  arity: number,
  scope: Scope | undefined,
  compiler: Compiler,
): FoundFunction | undefined {
  const found = findFunction(scope, name, arity);
  if (found !== undefined) return found;
  const signature = `${name}/${arity}`;
  const definition = compiler.prelude.get(signature) ?? preludeFunction(signature);
  if (definition === undefined) return undefined;
  compiler.prelude.set(signature, definition);
  return { kind: 'function', definition, hops: levelOf(scope) };
}

function preludeFunction(signature: string): CompiledFunction | undefined {
  const source = Object.hasOwn(sources, signature) ? sources[signature] : undefined;
  if (source === undefined) return undefined;
  const node = parseExpression(`${source} .`);
  if (node.kind !== 'define') throw new TypeError(`The prelude's ${signature} is no definition`);
  return {
    ...node.definition,
    scope: undefined,
    code: undefined,
    paths: undefined,
    pathWeight: 0,
    assumedOne: false,
    recursive: false,
  };
}
