/** The conformance suite against whatever speaks MongoDB's protocol. */
import { randomUUID } from 'node:crypto';
import { storeConformance } from '../../backends/store/conformance.ts';
import { serverControl } from '../servers/control.ts';

/** Declares the suite for the server that the variable names. A database is made by writing to it. */
export function mongoConformance(name: string, variable: string): void {
  const url = process.env[variable] ?? '';
  const fresh = url.replace(/^([^:]+:\/\/[^/?]+)\/?[^?]*/, `$1/perdure_${randomUUID().slice(0, 8)}`);
  storeConformance(name, {
    place: () => ({ url, data: '' }),
    fresh: () => Promise.resolve({ url: fresh, data: '' }),
    server: serverControl(),
  });
}
