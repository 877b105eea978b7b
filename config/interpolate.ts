export type Environment = Readonly<Record<string, string | undefined>>;

// `$${` is an escaped `${`; a `${` that no `}` follows on the line is reported rather than kept.
const reference = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|([^}\n]*\}?))/g;

/**
 * Replaces `${NAME}` by the environment variable and `${NAME:-default}` by its default where the variable is unset or
 * empty; `$${` stands for `${`. Each reference that cannot be resolved goes to `report` as a sentence.
 */
export function interpolate(
  text: string,
  environment: Environment,
  report: (detail: string) => void,
): string {
  return text.replaceAll(
    reference,
    (whole, name: string | undefined, fallback: string | undefined, malformed: string | undefined) => {
      if (whole === '$${') return '${';
      if (name === undefined || malformed !== undefined) {
        report(
          `expected \${NAME} or \${NAME:-default}, found ${JSON.stringify(whole)}; write $\${ for a literal \${`,
        );
        return whole;
      }
      const value = environment[name];
      if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
      if (value === undefined) {
        report(`the environment variable ${name} is not set; set it, or write \${${name}:-default}`);
        return '';
      }
      return value;
    },
  );
}
