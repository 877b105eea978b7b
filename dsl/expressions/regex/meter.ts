const chunk = 1_000;

/** Counts the work of matching, in instructions, and passes it on from time to time. */
export class Meter {
  readonly #charge: (work: number) => void;
  /** What may be done before the next call of `settle`. */
  fuel = chunk;
  #spent = 0;

  /** `charge` throws when it is too much. */
  constructor(charge: (work: number) => void) {
    this.#charge = charge;
  }

  get spent(): number {
    return this.#spent;
  }

  settle(): void {
    const work = chunk - this.fuel;
    this.fuel = chunk;
    this.#spent += work;
    this.#charge(work);
  }
}
