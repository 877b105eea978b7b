/**
 * Remembers at which choices, by position, all that follows failed, so that no choice is explored twice and work grows
 * with the length of the text only. It costs more than it saves while a pattern behaves; who matches switches it on.
 */
export class Memo {
  readonly #words: number;
  readonly #failures: (Int32Array | undefined)[] = [];

  constructor(textLength: number) {
    this.#words = (textLength >> 5) + 1;
  }

  has(choice: number, position: number): boolean {
    const failures = this.#failures[choice];
    return failures !== undefined && ((failures[position >> 5] ?? 0) & (1 << (position & 31))) !== 0;
  }

  add(choice: number, position: number): void {
    const failures = (this.#failures[choice] ??= new Int32Array(this.#words));
    failures[position >> 5] = (failures[position >> 5] ?? 0) | (1 << (position & 31));
  }

  clear(): void {
    this.#failures.length = 0;
  }
}
