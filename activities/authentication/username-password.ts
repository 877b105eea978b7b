import { standardFault } from '../../dsl/errors.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { textProperty } from './policy-properties.ts';

export interface UsernamePassword {
  readonly username: string;
  readonly password: string;
}

/** The properties of basic and digest authentication. Faults with `configuration` where they cannot be sent. */
export function usernamePassword(
  scheme: 'basic' | 'digest',
  properties: JsonObject,
  reference: string,
): UsernamePassword {
  const fault = (detail: string): Error => standardFault('configuration', reference, detail);
  const username = textProperty(properties.username);
  const password = textProperty(properties.password);
  if (username === undefined || password === undefined) {
    throw fault(`${scheme} authentication needs username and password`);
  }
  if (username.includes(':')) {
    throw fault(`the username of ${scheme} authentication must not contain a colon`);
  }
  return { username, password };
}
