import { InvalidArgumentError } from 'commander';

/** Reads an option that is a count from 1 to `max`. */
export function countUpTo(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };
}
