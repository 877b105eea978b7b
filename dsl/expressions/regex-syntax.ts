/** A pattern in JavaScript's syntax with Unicode on, and what the translation took away. */
export interface TranslatedPattern {
  readonly source: string;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  /** Of every capturing group, in order. */
  readonly groupNames: readonly (string | null)[];
}

/** Thrown for what JavaScript's engine cannot do; the message says what. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';
}

const token =
  /\\[kg]<\w+>|\\[pP]\{\^?[^}]*\}|\\x\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?(?:<(?![=!])|P<)\w+>|\(\?[ims]+\)|\(\?#[^)]*\)|\(\?>|[*+?}]\+|\((?!\?)|[\s\S]/gu;

const start = '(?<![\\s\\S])';
const end = '(?![\\s\\S])';

const word = '\\p{L}\\p{M}\\p{N}\\p{Pc}';

const escapes: Readonly<Record<string, string>> = {
  '\\A': start,
  '\\z': end,
  '\\Z': `(?=\\n?${end})`,
  '\\a': '\\x07',
  '\\e': '\\x1b',
  '\\w': `[${word}]`,
  '\\W': `[^${word}]`,
  '\\d': '\\p{Nd}',
  '\\D': '\\P{Nd}',
};

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{M}\\p{N}',
  alpha: '\\p{L}\\p{M}',
  ascii: '\\x00-\\x7f',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  lower: '\\p{Ll}',
  punct: '\\p{P}\\p{S}',
  space: '\\s',
  upper: '\\p{Lu}',
  word,
  xdigit: '0-9a-fA-F',
};

const generalCategory = /^(?:[LMNPSZC][a-z]?|Any|ASCII|Alphabetic|Lowercase|Uppercase|White_Space|Emoji)$/;

/** Oniguruma's syntax as jq sets it up (Perl's, named groups beside plain ones) in JavaScript's. */
export function translatePattern(pattern: string, extended: boolean): TranslatedPattern {
  const groupNames: (string | null)[] = [];
  let source = '';
  let ignoreCase = false;
  let dotAll = false;
  let inComment = false;
  for (const [text] of pattern.matchAll(token)) {
    if (inComment || (extended && text === '#')) {
      inComment = text !== '\n';
      continue;
    }
    if (extended && /^\s$/.test(text)) continue;
    const options = /^\(\?([ims]+)\)$/.exec(text)?.[1];
    if (options !== undefined) {
      if (source !== '') throw new UnsupportedPattern('options inside a pattern');
      ignoreCase ||= options.includes('i');
      dotAll ||= options.includes('s');
      continue;
    }
    const name = /^\(\?P?<(\w+)>$/.exec(text)?.[1];
    if (name !== undefined || text === '(') {
      groupNames.push(name ?? null);
      source += '(';
    } else source += translateToken(text, groupNames);
  }
  return { source, ignoreCase, dotAll, groupNames };
}

function translateToken(text: string, groupNames: readonly (string | null)[]): string {
  if (text.startsWith('(?#')) return '';
  if (text === '(?>') throw new UnsupportedPattern('atomic groups');
  if (/^[*+?}]\+$/.test(text)) throw new UnsupportedPattern('possessive quantifiers');
  if (text === '^') return start;
  if (text === '$') return `(?=\\n?${end})`;
  if (text.startsWith('[') && text.length > 1) return translateClass(text);
  return text.startsWith('\\') ? translateEscape(text, groupNames) : text;
}

function translateEscape(text: string, groupNames: readonly (string | null)[]): string {
  const known = Object.hasOwn(escapes, text) ? escapes[text] : undefined;
  if (known !== undefined) return known;
  const reference = /^\\k<(\w+)>$/.exec(text)?.[1];
  if (reference !== undefined) {
    const group = /^\d+$/.test(reference) ? Number(reference) : groupNames.lastIndexOf(reference) + 1;
    return `\\${group}`;
  }
  if (text.startsWith('\\g<')) throw new UnsupportedPattern('calls of groups');
  return translateCommon(text);
}

/** Escapes that mean the same inside and outside of a class. */
function translateCommon(text: string): string {
  const property = /^\\([pP])\{(\^?)([^}]*)\}$/.exec(text);
  if (property !== null)
    return translateProperty(property[1] === 'P', property[2] === '^', property[3] ?? '');
  const point = /^\\x\{([0-9a-fA-F]+)\}$/.exec(text)?.[1];
  if (point !== undefined) return `\\u{${point}}`;
  if (/^\\(?:[dDsSwWbBnrtfv0-9^$\\.*+?()[\]{}|/]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.test(text)) return text;
  // Any other character stands for itself; JavaScript wants it bare.
  return text === '\\-' ? '\\x2d' : text.slice(1);
}

function translateProperty(isNegated: boolean, hasCaret: boolean, name: string): string {
  const sign = isNegated === hasCaret ? 'p' : 'P';
  const posix = Object.hasOwn(posixClasses, name.toLowerCase())
    ? posixClasses[name.toLowerCase()]
    : undefined;
  if (posix !== undefined) return sign === 'p' ? `[${posix}]` : `[^${posix}]`;
  return generalCategory.test(name) ? `\\${sign}{${name}}` : `\\${sign}{Script=${name}}`;
}

function translateClass(text: string): string {
  const isNegated = text.startsWith('[^');
  const body = text.slice(isNegated ? 2 : 1, -1);
  const inner = body.replace(
    /\[:(\^?)(\w+):\]|\\[pP]\{\^?[^}]*\}|\\x\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\s\S]|[[\]]/g,
    (part: string, caret: string | undefined, name: string | undefined) => {
      if (name !== undefined) {
        if (caret === '^') throw new UnsupportedPattern('negated POSIX classes');
        return Object.hasOwn(posixClasses, name) ? (posixClasses[name] ?? '') : part;
      }
      if (part === '\\w') return word;
      if (part === '\\d') return '\\p{Nd}';
      if (part === '[' || part === ']') return `\\${part}`;
      return translateCommon(part);
    },
  );
  return `[${isNegated ? '^' : ''}${inner}]`;
}
