/** What the benchmark uses of a package that brings no types. */
declare module '@michaelhomer/jqjs' {
  export function compile(filter: string): (input: unknown) => Iterator<unknown>;
}
