/** The specification's own JSON Schema as a judge of documents. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Json } from '../../dsl/json.ts';

/** Whether a document is valid. */
export type Oracle = (document: Json) => boolean;

/**
 * The schema in a file, with formats asserted: its `oneOf` of a JSON Pointer or an expression, and of a time or an
 * expression, tell the two apart by nothing else.
 */
export function oracleFrom(file: string): Oracle {
  const ajv = new Ajv2020({ strict: false, logger: false });
  addFormats.default(ajv);
  letNamesHaveDots(ajv);
  const validate = ajv.compile(parse(readFileSync(file, 'utf8')) as object);
  return (document) => validate(document);
}

/** RFC 6570, 2.3 lets the names in a URI template have dots, and the reference writes {pet.id}; ajv-formats does not. */
function letNamesHaveDots(ajv: Ajv2020): void {
  const template = ajv.formats['uri-template'];
  if (!(template instanceof RegExp)) throw new TypeError('ajv-formats has another format "uri-template" now');
  // A dot in the first place is an operator.
  const withoutDots = (text: string): string =>
    text.replace(/\{[^{}]+\}/g, (expression) => expression.replace(/(?<!^\{)\./g, '_'));
  ajv.addFormat('uri-template', (text: string) => template.test(withoutDots(text)));
}
