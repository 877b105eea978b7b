import { isLiteralText, templateText } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';

/** A password or token: its place is in the secrets, not in the definition. */
export const credential: Rule = (value, place) => {
  templateText(value, place);
  if (typeof value === 'string' && value !== '' && isLiteralText(value)) {
    report(
      place,
      'literal-secret',
      'a credential stands here in clear; list a secret in use.secrets and name it here',
    );
  }
};
