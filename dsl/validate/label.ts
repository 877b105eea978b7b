/** The namespace or name of a definition. */
export const label = {
  what: 'a name of letters, digits and hyphens, at most 63 characters',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
};
