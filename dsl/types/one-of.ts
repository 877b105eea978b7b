/** An object with exactly one of some members; the others can be asked for and are not there. */
export type OneOf<Members> = {
  [Name in keyof Members]: { readonly [Present in Name]: Members[Present] } & {
    readonly [Absent in Exclude<keyof Members, Name>]?: never;
  };
}[keyof Members];
