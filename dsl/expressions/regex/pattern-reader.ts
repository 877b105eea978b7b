import { fail } from './errors.ts';

/** The options that `(?i)` and its like change. */
export interface Options {
  ignoreCase: boolean;
  /** White space and comments in the pattern are ignored. */
  extended: boolean;
  /** `.` matches a newline too. */
  dotAll: boolean;
  /** `^` and `$` match at the edges of lines; they match at the edges of the text otherwise. */
  multiLine: boolean;
}

/** Walks over the text of a pattern and gathers what holds for the whole of it. */
export class PatternReader {
  readonly text: string;
  position = 0;
  options: Readonly<Options>;
  /** Of groups, in groups. */
  depth = 0;
  readonly groupNames: (string | null)[] = [];
  /** Numbers that references and calls name; whether such a group exists is known at the end. */
  readonly checks: (() => void)[] = [];

  constructor(text: string, options: Readonly<Options>) {
    this.text = text;
    this.options = options;
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The next character, or an empty string at the end. */
  get peek(): string {
    const point = this.text.codePointAt(this.position);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  /** Takes the next character; at the end, fails with this message. */
  next(message: string): string {
    const character = this.peek;
    if (character === '') fail(message);
    this.position += character.length;
    return character;
  }

  /** Takes this text if it is what comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  /** Takes what a sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.position;
    const result = expression.exec(this.text);
    if (result !== null) this.position = expression.lastIndex;
    return result;
  }

  /** Numbers of the groups that have this name so far. */
  groupsNamed(name: string): number[] {
    return this.groupNames.flatMap((each, index) => (each === name ? [index + 1] : []));
  }
}
