import { ExpressionSyntaxError, expressionSource, parseTemplate } from './index.ts';

test.each(['', 'plain', 'costs $5 {a}', '}'])('%j is literal', (text) => {
  expect(parseTemplate(text)).toEqual({ kind: 'literal', text });
});

test.each([
  ['${ .a }', ' .a ', 2],
  ['  ${.a}\n', '.a', 4],
  ['${ {a: {b: 1}} }', ' {a: {b: 1}} ', 2],
  ['${ "}" + "\\("}" + "${")" }', ' "}" + "\\("}" + "${")" ', 2],
  ['${ .a # a } in a comment\n }', ' .a # a } in a comment\n ', 2],
])('%j is one expression', (text, source, offset) => {
  expect(parseTemplate(text)).toEqual({ kind: 'expression', source, offset });
});

test('text around expressions is kept', () => {
  expect(parseTemplate('a ${ .b } c ${ {d: 1} }')).toEqual({
    kind: 'interpolation',
    parts: ['a ', { source: ' .b ', offset: 4 }, ' c ', { source: ' {d: 1} ', offset: 14 }],
  });
  expect(parseTemplate('${.a}${.b}')).toMatchObject({ kind: 'interpolation' });
});

test.each(['${ .a', 'a ${ "}', '${ {a: 1 }', '${ } ${'])('%j is not closed', (text) => {
  expect(() => parseTemplate(text)).toThrow(ExpressionSyntaxError);
});

test('a field whose type is an expression takes it bare and marked', () => {
  expect(expressionSource('.a == "}"')).toEqual({ source: '.a == "}"', offset: 0 });
  expect(expressionSource(' ${ .a } ')).toEqual({ source: ' .a ', offset: 3 });
  expect(() => expressionSource('${ .a } + ${ .b }')).toThrow(ExpressionSyntaxError);
});
