/** Reads the text of a definition, YAML 1.2 or JSON, safely: bounded in size, depth and expansion, plain data only. */
import { Lexer, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { positionIn } from './document-position.ts';
import type { Mark, Position } from './document-position.ts';
import { DocumentProblem, plainValue } from './document-value.ts';
import type { DuplicateKey } from './document-value.ts';
import type { Json } from './json.ts';
import { jsonSize } from './json.ts';
import type { Finding, FindingCode } from './validate/finding.ts';
import { quote } from './wording.ts';

export interface DocumentLimits {
  /** Of the text, and of the data after its aliases are expanded. */
  readonly bytes: number;
  readonly depth: number;
  /** How many aliases may be expanded, those inside of expanded ones included. */
  readonly aliases: number;
}

export const defaultDocumentLimits: DocumentLimits = { bytes: 1_048_576, depth: 64, aliases: 100 };

// The parser takes some ten microseconds a token; this bounds it to the order of a second.
const maxTokens = 300_000;

/** A document that was read: its data, and where each part of it stands in the text. */
export interface SourceDocument {
  readonly value: Json;
  /**
   * The place of what a JSON Pointer names: of the value (`offset` UTF-16 units into its text), or of the member's key.
   * What is not there has the place of the nearest part around it that is.
   */
  position(pointer: string, mark?: Mark): Position;
}

export type ReadResult =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly errors: readonly Finding[] };

/** Reads a definition's text. What is wrong with it comes back as findings; nothing is thrown. */
export function readDocument(source: string, limits: DocumentLimits = defaultDocumentLimits): ReadResult {
  const lines = new LineCounter();
  const problem = (code: FindingCode, message: string, offset: number): ReadResult => {
    const { line, col } = lines.linePos(offset);
    return {
      ok: false,
      errors: [{ pointer: '', line: Math.max(line, 1), column: Math.max(col, 1), code, message }],
    };
  };
  if (exceeds(source, limits.bytes)) {
    return problem('too-large', `the document has more than ${limits.bytes} bytes`, 0);
  }
  if (hasTooManyTokens(source)) return problem('too-large', 'the document has too many parts to be read', 0);

  const document = parseDocument(withoutTabs(source), {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // The library compares each key with each other one; `plainValue` finds duplicates in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    // With 'silent' a second document would pass unnoticed.
    logLevel: 'error',
    lineCounter: lines,
  });
  const first = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (first !== undefined) return problem(...parseProblem(first, limits), first.pos[0]);
  return plain(document, source, lines, limits, problem);
}

function plain(
  document: Document.Parsed,
  text: string,
  lines: LineCounter,
  limits: DocumentLimits,
  problem: (code: FindingCode, message: string, offset: number) => ReadResult,
): ReadResult {
  if (document.contents === null) return problem('yaml', 'the document is empty', 0);
  if (document.directives.yaml.version !== '1.2')
    return problem('yaml', 'definitions are written in YAML 1.2', 0);
  const contents: Node = document.contents;
  try {
    const { value, targets, duplicates } = plainValue(contents, limits);
    if (duplicates.length > 0)
      return { ok: false, errors: duplicates.map((found) => duplicate(found, lines)) };
    if (jsonSize(value) > limits.bytes) {
      return problem('too-large', `the document's data has more than ${limits.bytes} bytes`, 0);
    }
    const position = (pointer: string, mark: Mark = {}): Position =>
      positionIn({ contents, targets, lines, text }, pointer, mark);
    return { ok: true, document: { value, position } };
  } catch (error) {
    if (error instanceof DocumentProblem) return problem(error.code, error.message, error.offset);
    throw error;
  }
}

function duplicate({ pointer, key, offset }: DuplicateKey, lines: LineCounter): Finding {
  const { line, col } = lines.linePos(offset);
  const message = `the key ${quote(key)} stands here a second time`;
  return { pointer, line, column: col, code: 'duplicate', message };
}

function exceeds(source: string, bytes: number): boolean {
  return source.length > bytes || jsonSize(source) - 2 > bytes;
}

function hasTooManyTokens(source: string): boolean {
  let count = 0;
  for (const _token of new Lexer().lex(source)) if (++count > maxTokens) return true;
  return false;
}

// YAML forbids tabs where JSON allows them. A raw tab in valid JSON can only be white space.
function withoutTabs(source: string): string {
  if (!source.includes('\t') || !/^\s*\{/.test(source)) return source;
  try {
    JSON.parse(source);
    return source.replaceAll('\t', ' ');
  } catch {
    return source;
  }
}

function parseProblem(error: YAMLError, limits: DocumentLimits): [FindingCode, string] {
  switch (error.code) {
    case 'RESOURCE_EXHAUSTION':
      return ['too-large', `the document is nested deeper than ${limits.depth} levels`];
    case 'MULTIPLE_DOCS':
      return ['yaml', 'the text holds more than one document; deploy each by itself'];
    case 'TAG_RESOLVE_FAILED':
      return [
        'yaml',
        `tags are not allowed in a definition: ${error.message.replace(/^Unresolved tag: /, '')}`,
      ];
    case 'NON_STRING_KEY':
      return ['yaml', 'a key must be a text'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ['yaml', 'a text or an expression with ": " in it must stand between quotes'];
    default:
      return ['yaml', `the text is not valid YAML: ${error.message}`];
  }
}
