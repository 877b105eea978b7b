import { join } from 'node:path';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';

/** Paths of PEM files. The certificate is its own authority. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate of `localhost` that nobody trusts, in this folder, and its key. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  await ensureTools([{ program: 'openssl', package: 'openssl' }]);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await runCommand('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], {
    timeoutMs: 60_000,
  });
  return { cert, key };
}
