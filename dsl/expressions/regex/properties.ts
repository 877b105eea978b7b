import { makeSet } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import { fail, unsupported } from './errors.ts';

/** Classes of POSIX brackets, also names for `\p`, by the parts of a class in the syntax of JavaScript's flag `v`. */
const posixClasses: ReadonlyMap<string, string> = new Map([
  ['alnum', '\\p{Alphabetic}\\p{Nd}'],
  ['alpha', '\\p{Alphabetic}'],
  ['ascii', '\\0-\\x7f'],
  ['blank', '\\p{Zs}\\t'],
  ['cntrl', '\\p{Cc}'],
  ['digit', '\\p{Nd}'],
  ['graph', '[[^\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}]]'],
  ['lower', '\\p{Lowercase}'],
  ['print', '[[^\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}]\\p{Zs}]'],
  ['punct', '\\p{P}\\p{S}'],
  ['space', '\\p{White_Space}'],
  ['upper', '\\p{Uppercase}'],
  // Of the numbers that are no digits, Oniguruma takes those of Latin-1.
  ['word', '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\xb2\\xb3\\xb9\\xbc-\\xbe'],
  ['xdigit', '0-9A-Fa-f'],
]);

const categories =
  'L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn ' +
  'Letter Cased_Letter Uppercase_Letter Lowercase_Letter Titlecase_Letter Modifier_Letter Other_Letter Mark ' +
  'Nonspacing_Mark Spacing_Mark Enclosing_Mark Number Decimal_Number Letter_Number Other_Number Punctuation ' +
  'Connector_Punctuation Dash_Punctuation Open_Punctuation Close_Punctuation Initial_Punctuation ' +
  'Final_Punctuation Other_Punctuation Symbol Math_Symbol Currency_Symbol Modifier_Symbol Other_Symbol Separator ' +
  'Space_Separator Line_Separator Paragraph_Separator Other Control Format Surrogate Private_Use Unassigned';

const flags =
  'Any Assigned ASCII_Hex_Digit Alphabetic Bidi_Control Case_Ignorable Cased Changes_When_Casefolded ' +
  'Changes_When_Casemapped Changes_When_Lowercased Changes_When_Titlecased Changes_When_Uppercased Dash ' +
  'Default_Ignorable_Code_Point Deprecated Diacritic Emoji Emoji_Component Emoji_Modifier Emoji_Modifier_Base ' +
  'Emoji_Presentation Extended_Pictographic Extender Grapheme_Base Grapheme_Extend Hex_Digit ' +
  'IDS_Binary_Operator IDS_Trinary_Operator ID_Continue ID_Start Ideographic Join_Control ' +
  'Logical_Order_Exception Lowercase Math Noncharacter_Code_Point Pattern_Syntax Pattern_White_Space ' +
  'Quotation_Mark Radical Regional_Indicator Sentence_Terminal Soft_Dotted Terminal_Punctuation ' +
  'Unified_Ideograph Uppercase Variation_Selector White_Space XID_Continue XID_Start';

// Scripts of one word need no list: JavaScript writes them with a capital.
const longScripts =
  'Anatolian_Hieroglyphs Bassa_Vah Canadian_Aboriginal Caucasian_Albanian Cypro_Minoan Dives_Akuru ' +
  'Egyptian_Hieroglyphs Gunjala_Gondi Hanifi_Rohingya Imperial_Aramaic Inscriptional_Pahlavi ' +
  'Inscriptional_Parthian Khitan_Small_Script Linear_A Linear_B Masaram_Gondi Meetei_Mayek Mende_Kikakui ' +
  'Meroitic_Cursive Meroitic_Hieroglyphs Nag_Mundari New_Tai_Lue Nyiakeng_Puachue_Hmong Ol_Chiki Old_Hungarian ' +
  'Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur ' +
  'Pahawh_Hmong Pau_Cin_Hau Phags_Pa Psalter_Pahlavi Signwriting Sora_Sompeng Syloti_Nagri Tai_Le Tai_Tham ' +
  'Tai_Viet Warang_Citi Zanabazar_Square';

function normalized(name: string): string {
  return name.replaceAll(/[ _-]/g, '').toLowerCase();
}

let namesByKey: ReadonlyMap<string, string> | undefined;

function knownNames(): ReadonlyMap<string, string> {
  if (namesByKey !== undefined) return namesByKey;
  const names = new Map<string, string>();
  for (const name of longScripts.split(' ')) names.set(normalized(name), `\\p{Script=${name}}`);
  for (const name of `${categories} ${flags}`.split(' ')) names.set(normalized(name), `\\p{${name}}`);
  for (const [name, source] of posixClasses) names.set(name, source);
  return (namesByKey = names);
}

/** What `\p{name}` stands for, as part of a class in JavaScript's syntax. */
export function propertySource(name: string): string {
  const key = normalized(name);
  const known = knownNames().get(key);
  if (known !== undefined) return known;
  if (/^in[a-z]/.test(key)) unsupported('Unicode blocks (\\p{In_…}) are');
  if (/^(?:age=|graphemeclusterbreak)/.test(key)) unsupported(`the property ${name} is`);
  const script = `\\p{Script=${key.slice(0, 1).toUpperCase()}${key.slice(1)}}`;
  if (/^[a-z]+$/.test(key) && isValid(script)) return script;
  return fail(`invalid character property name {${name}}`);
}

function isValid(source: string): boolean {
  try {
    return new RegExp(source, 'v').source !== '';
  } catch {
    return false;
  }
}

/** The parts of `[:name:]`, or undefined for a name that POSIX does not know. */
export function posixSource(name: string): string | undefined {
  return posixClasses.get(name);
}

const sets = new Map<string, CharacterSet>();

/** The set of one of the classes above, or of all that is outside of it; made once. */
export function posixSet(name: string, isNegated: boolean): CharacterSet {
  const source = `[${isNegated ? '^' : ''}${posixClasses.get(name) ?? ''}]`;
  const made = sets.get(source) ?? makeSet(source);
  sets.set(source, made);
  return made;
}
