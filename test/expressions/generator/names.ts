import type { Kind } from './kinds.ts';

/** What the program has given names to, around a piece of it. */
export interface Names {
  readonly variables: readonly { readonly name: string; readonly kind: Kind }[];
  /** Functions without arguments, and arguments of functions. */
  readonly functions: readonly { readonly name: string; readonly on: Kind; readonly makes: Kind }[];
  readonly labels: readonly string[];
}

export const noNames: Names = { variables: [], functions: [], labels: [] };

export function withVariable(names: Names, name: string, kind: Kind): Names {
  const others = names.variables.filter((variable) => variable.name !== name);
  return { ...names, variables: [...others, { name, kind }] };
}

export function withFunction(names: Names, name: string, on: Kind, makes: Kind): Names {
  const others = names.functions.filter((known) => known.name !== name);
  return { ...names, functions: [...others, { name, on, makes }] };
}

export function withLabel(names: Names, name: string): Names {
  return { ...names, labels: [...names.labels.filter((label) => label !== name), name] };
}
