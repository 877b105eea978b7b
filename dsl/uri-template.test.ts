import { evaluateUriTemplate, expandUriTemplate, UriTemplateError } from './uri-template.ts';

test('puts scalars in, percent-encoded', () => {
  const variables = { id: 7, name: 'a b/c?ü', ok: true, quote: "it's (*)!" };
  expect(expandUriTemplate('https://shop.test/{id}/{name}?ok={ok}', variables)).toBe(
    'https://shop.test/7/a%20b%2Fc%3F%C3%BC?ok=true',
  );
  expect(expandUriTemplate('{quote}', variables)).toBe('it%27s%20%28%2A%29%21');
});

test('takes names verbatim', () => {
  expect(expandUriTemplate('/{pet.id}', { 'pet.id': 'x', pet: { id: 'y' } })).toBe('/x');
});

test('puts nothing for what is missing, null or inherited', () => {
  expect(expandUriTemplate('/a{none}b{nil}c{toString}{}', { nil: null })).toBe('/abc');
});

test('does not expand what a value contains', () => {
  expect(expandUriTemplate('/{a}', { a: '{b}', b: 'secret' })).toBe('/%7Bb%7D');
});

test('refuses objects and arrays', () => {
  expect(() => expandUriTemplate('/{pet}', { pet: { id: 1 } })).toThrow(UriTemplateError);
  expect(() => expandUriTemplate('/{pets}', { pets: [1] })).toThrow(
    '"{pets}" needs a string, number, boolean or null, found an array',
  );
});

test.each([
  ['https://x.test/{id}', 'https://x.test/a%2Fb'],
  ['${ .base }/{id}', '<${ .base }/a%2Fb>'],
  ['${ .base + "/{id}" }', '<${ .base + "/{id}" }>'],
  ['${ .base }/{id}/${ {id} }', '<${ .base }/a%2Fb/${ {id} }>'],
])('only what is written in %j is a template', (text, expected) => {
  const evaluate = (given: string): string => (given.includes('${') ? `<${given}>` : given);
  expect(evaluateUriTemplate(text, { id: 'a/b' }, evaluate)).toBe(expected);
});

test('survives broken UTF-16', () => {
  expect(expandUriTemplate('/{a}', { a: '\ud800' })).toBe('/%EF%BF%BD');
});
