import type { StoreUnderTest } from '../../backends/store/conformance.ts';
import { serverControl } from '../servers/control.ts';
import { serverTls } from '../servers/tls.ts';
import { freshPlace } from './fresh-place.ts';

/** The store on the server that a variable of the environment names, for the conformance suite. */
export function serverStore(variable: string): StoreUnderTest {
  const url = process.env[variable] ?? '';
  return {
    place: () => ({ url, data: '' }),
    fresh: () => freshPlace(url),
    server: serverControl(),
    tls: serverTls(),
  };
}
