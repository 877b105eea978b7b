/** What stands in a rule as text: words that are no expressions. */
const words = {
  type: ['null', 'boolean', 'number', 'string', 'array', 'object'],
  format: [
    'text',
    'json',
    'html',
    'uri',
    'csv',
    'tsv',
    'sh',
    'base64',
    'base64d',
    'base32',
    'base32d',
    'nope',
  ],
  class: ['[a-z]+', '[aeiou]', '\\\\w', '.', 'b|o'],
  regex: [
    '"a"',
    '"b+"',
    '"[a-z]+"',
    '"(?<x>[a-z])"',
    '"(?<x>a)|(?<y>b)"',
    '"\\\\d+"',
    '"(\\\\w)(\\\\d)?"',
    '"^."',
    '".$"',
    '"o{1,2}"',
    '"(?:x|z)+"',
    '"[^,]+"',
    '", *"',
    '""',
    '"\\\\s"',
    '"(?<x>o)*"',
    '"(?i)FOO"',
    '"\\\\bfoo\\\\b"',
    '".*?b"',
    '"[[:alpha:]]+"',
    '"é|😀"',
    '"\\\\."',
    '"("',
    '"a(?=b)"',
    '"(a)\\\\1"',
    '"$"',
    '"^"',
    '"\\\\p{L}+"',
  ],
  flags: ['""', '"g"', '"i"', '"gi"', '"x"', '"s"', '"n"', '"gn"', '"l"', '"p"', 'null', '"q"'],
  'time format': [
    '%Y-%m-%dT%H:%M:%SZ',
    '%A, %B %d, %Y',
    '%j %U %w',
    '%e %I %p',
    '%a %b %y',
    '%H:%M',
    '%s',
    '%Z',
    '%F %T',
    '%D',
    '%%',
    '%u %V %G',
    '%C',
    '%k',
    '%c',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type WordList = keyof typeof words;

export function isWordList(name: string): name is WordList {
  return Object.hasOwn(words, name);
}

export function wordsOf(list: WordList): readonly string[] {
  return words[list];
}
