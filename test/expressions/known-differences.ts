import { mayBranch, someNode, standsInPath, takesApart } from './program-tree.ts';
import { inexact } from './outcome.ts';
import type { Pair } from './outcome.ts';

/** Something that Perdure does not do as jq does, on purpose. */
export interface KnownDifference {
  readonly reason: string;
  /** Pairs that show it: the test fails when the engines agree on one. */
  readonly shownBy: readonly Pair[];
  /** Whether a generated pair may run into it and is left out. */
  readonly concerns: (pair: Pair) => boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason:
      'An expression has one input and sees nothing of the process that runs it: refused when it is compiled.',
    shownBy: [
      'input',
      'inputs',
      'input_line_number',
      'input_filename',
      'env',
      '$ENV',
      'halt',
      'halt_error',
      'halt_error(1)',
      'stderr',
      'modulemeta',
      'get_search_list',
      'get_jq_origin',
      'get_prog_origin',
      'builtins',
    ].flatMap((call) => [`1, ${call}`, `., 1, ${call}`].map((program) => ({ program, input: '"a"' }))),
    concerns: mentions(
      /\b(?:inputs?|input_line_number|input_filename|env|halt|halt_error|stderr|modulemeta|get_\w+|builtins)\b|\$ENV/,
    ),
  },
  {
    reason: 'Built-ins and formats that the manual of jq 1.8 has and this build of it lacks.',
    shownBy: [
      { program: 'toarray', input: '1' },
      { program: 'ascii', input: '65' },
      { program: 'date', input: '0' },
      { program: '@base32', input: '"a"' },
      { program: '@base32d', input: '"ME======"' },
      { program: 'gamma', input: '3' },
    ],
    concerns: mentions(/\btoarray\b|@base32d?\b|"base32d?"|\bgamma\b/),
  },
  {
    reason:
      'A number is a double from the start; jq keeps the digits of a literal until something is computed with it.',
    shownBy: [
      { program: 'tojson', input: '100000000000000000001' },
      { program: '1.000 | tojson', input: 'null' },
      { program: 'have_decnum', input: 'null' },
      { program: 'have_literal_numbers', input: 'null' },
    ],
    concerns: ({ program, input }) =>
      /\bhave_(?:decnum|literal_numbers)\b/.test(program) ||
      [program, input].some((text) => hasLongSpelling(text)),
  },
  {
    reason: 'The negative of 0 is 0: jq has it so for literals, and -0 for zeros that were computed.',
    shownBy: [{ program: '-(1 - 1) | tojson', input: 'null' }],
    concerns: mentions(
      /-[(.$[a-z][^]*(?:tostring|tojson|\\\(|@\w|join)|(?:tostring|tojson|\\\(|@\w|join)[^]*-[(.$[a-z]/,
    ),
  },
  {
    reason:
      'The last digits of functions such as `exp` are not the same in every mathematical library; the test lets numbers differ by them.',
    shownBy: [{ program: 'log2 | j1 | tostring | length', input: '1.5' }],
    concerns: ({ program }) =>
      inexact.test(program) &&
      /remainder|drem|fmod|tostring|tojson|\\\(|@\w|join|[=<>%]|floor|ceil|round|trunc|rint|unique|group_by|ind(?:ex|ices)|has|inside/.test(
        program,
      ),
  },
  {
    reason:
      'Members whose names are integers come first, in order: objects are those of JavaScript, where jq keeps all in the order they were added.',
    shownBy: [
      { program: 'keys_unsorted', input: '{"b":1,"10":2,"9":3}' },
      { program: 'tojson', input: '{"b":1,"1":2}' },
    ],
    concerns: ({ program, input }) =>
      /"\d+":/.test(input) ||
      (/\b(?:INDEX|from_entries|with_entries|setpath)\b|\)\s*:|\\\([^"]*"\s*:|\.\[(?![-\d\]"n])/.test(
        program,
      ) &&
        /tostring|tojson|\\\(|@(?:text|json)|\bsplits?\b|\bmatch\b|\bscan\b|sub\(|implode|join|"\d+"/.test(
          program,
        )),
  },
  {
    reason:
      'What built-ins do with outputs does not concern `?//`; in jq it tries its next pattern when `add` cannot add one, and even when `first` has seen enough, so that there are two.',
    shownBy: [
      { program: '[first(.[] as [$a] ?// $a | $a)]', input: '[[1]]' },
      {
        program: 'add(1, (.[] as [$a] ?// $a | if ($a | type) == "array" then 1 else "x" end))',
        input: '[[1]]',
      },
    ],
    concerns: ({ program }) =>
      program.includes('?//') &&
      /\|=|\b(?:first|limit|nth|isempty|any|all|IN|map_values|with_entries|walk|add|INDEX|join|last)\b/.test(
        program,
      ),
  },
  {
    reason:
      'The number of a label, which `catch` sees of a `break`, leaves out the labels inside of built-ins.',
    shownBy: [{ program: 'first(1) | label $out | try break $out catch .', input: 'null' }],
    concerns: ({ program }) => /\bbreak\b/.test(program) && /\bcatch\b/.test(program),
  },
  {
    reason:
      'jq runs the source of `reduce` on null for the second and later initial values; here each sees the input.',
    shownBy: [{ program: '[reduce .[] as $v (0, 1; . + $v)]', input: '[1,2]' }],
    concerns: ({ program }) => someNode(program, (node) => node.kind === 'reduce' && mayBranch(node.init)),
  },
  {
    reason:
      'Inside a path, arrays, destructuring, updates, sources of `reduce` and `foreach`, and built-ins that make values are values, and texts that are equal are the same; jq takes their steps for steps of the path, and compares texts by identity.',
    shownBy: [
      { program: 'path({x: [1]} as {x: [$a]} | .a)', input: '{}' },
      { program: 'path(reduce [1][] as $v (.; .) | .a)', input: '{}' },
      { program: 'path(.a? -= ([1, 2] | .[]))', input: '[]' },
      { program: 'path(sub("b"; "c"))', input: '"a"' },
      { program: 'path(ascii_downcase)', input: '"a"' },
    ],
    concerns: ({ program }) => standsInPath(program, takesApart),
  },
  {
    reason:
      'An empty match is found once at each place; jq finds it again at each further byte of what is not ASCII.',
    shownBy: [{ program: '[match(""; "g").offset]', input: '"\u00df"' }],
    concerns: ({ program, input }) =>
      /\b(?:match|test|capture|scan|splits?|g?sub)\b/.test(program) &&
      /""|"[$^]"|\*"/.test(program) &&
      /[^\x20-\x7e]|\\u|implode|base(?:64|32)d|urid/.test(program + input),
  },
  {
    reason:
      'Regular expressions have no text segments, absent operators, callouts and Unicode blocks, which is said when they are compiled; and with flag i no character matches two.',
    shownBy: [
      { program: 'test("^\\\\X$")', input: '"a"' },
      { program: 'test("^(?~b)$")', input: '"a"' },
      { program: 'test("(?{1})")', input: '"a"' },
      { program: 'test("\\\\p{In_Basic_Latin}")', input: '"a"' },
      { program: 'test("ss"; "i")', input: '"\u00df"' },
    ],
    concerns: mentions(/\\[XyY]|\(\?[~{]|\(\*|[pP]\{\^?In/),
  },
  {
    reason:
      'jq fails with "undefined error code" where all parts of a look-behind are optional, and misses matches of a condition that is a pattern and has no alternative.',
    shownBy: [
      { program: 'test("(?<=a?b?)c")', input: '"abc"' },
      { program: '[match("(?(a)b*)-").string]', input: '"a-"' },
    ],
    concerns: mentions(/\(\?<[=!]|\(\?\(/),
  },
  {
    reason: 'NaN has no sign, and sorts in no stated order, since jq has it below itself.',
    shownBy: [
      { program: 'sort_by(nan)', input: '[2,1]' },
      { program: 'copysign(65; -0.25 | sqrt)', input: 'null' },
    ],
    concerns: mentions(
      /(?:_by|copysign)\b.*(?:nan|infinite|log|sqrt|acosh?|asin|atanh|\by[n01]\b|gamma|pow|fmod|remainder)/s,
    ),
  },
  {
    reason: 'The time that it is now is that of the workflow, which a replay sees again.',
    shownBy: [{ program: 'now', input: 'null' }],
    concerns: mentions(/\bnow\b/),
  },
  {
    reason: 'The exponent of a number that is not finite is 0; C leaves it undefined.',
    shownBy: [{ program: 'nan | frexp', input: 'null' }],
    concerns: mentions(/\bfrexp\b/),
  },
  {
    reason:
      'Times as JavaScript has them in this build of jq: none beyond 8.64e12 seconds, years below 100 in the 20th century, and fewer letters of strftime and strptime.',
    shownBy: [
      { program: '[9e12 | gmtime][0]', input: 'null' },
      { program: '0 | strftime("%Z")', input: 'null' },
      { program: '0 | strftime("%k")', input: 'null' },
      { program: '[1, 65, 3] | mktime', input: 'null' },
    ],
    concerns: ({ program, input }) =>
      (/\b(?:mktime|todate\w*|strf\w+)\b/.test(program) && /\[-?[\d.]{1,3}[,\]]/.test(program + input)) ||
      (/\b(?:gmtime|mktime|localtime|todate\w*|fromdate\w*|strftime|strptime)\b/.test(program) &&
        /%[ZklPjsp]|\d{13}|infinite|nan|sqrt|log|fmod|drem|remainder|a(?:cos|sin|tan)h?|\*|\b(?:exp\w*|pow|\w*gamma|ldexp|scalb\w*|sinh|cosh|y[n01])\b/.test(
          program + input,
        )),
  },
];

/** Whether the pair may run into a known difference. */
export function mayDiffer(pair: Pair): boolean {
  return knownDifferences.some(({ concerns }) => concerns(pair));
}

function mentions(pattern: RegExp): KnownDifference['concerns'] {
  return ({ program }) => pattern.test(program);
}

/** Whether a text has number literals that JavaScript would spell in another way. */
function hasLongSpelling(text: string): boolean {
  const literals =
    text.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/(?<![\w.])[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?/g) ?? [];
  return literals.some(
    (literal) => /[eE]|^0\d|\.\d*0$|\.$/.test(literal) || literal.replace('.', '').length >= 17,
  );
}
