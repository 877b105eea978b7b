import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import type { UserId } from './user.ts';

/** PEM files. */
export interface Certificate {
  /** Of the authority that signed it, which nobody trusts who is not told to. */
  readonly caFile: string;
  readonly certFile: string;
  /** Read by the owner alone. */
  readonly keyFile: string;
}

/** Makes a certificate for `localhost`, by that name alone, and an authority for it, in a folder of their own inside `folder`. */
export async function makeCertificate(folder: string, owner: UserId = {}): Promise<Certificate> {
  await ensureTools([{ program: 'openssl', package: 'openssl' }]);
  const place = join(folder, 'tls');
  await mkdir(place);
  await chmod(place, 0o711);
  const file = (name: string): string => join(place, name);
  const [caFile, certFile, keyFile] = [file('ca.pem'), file('server.pem'), file('server.key')];
  const [caKey, request, names] = [file('ca.key'), file('server.csr'), file('names')];
  const newKey = ['req', '-newkey', 'rsa:2048', '-nodes'];
  const authority = ['-x509', '-days', '2', '-subj', '/CN=Perdure tests', '-keyout', caKey, '-out', caFile];
  await runCommand('openssl', [...newKey, ...authority]);
  await runCommand('openssl', [...newKey, '-subj', '/CN=localhost', '-keyout', keyFile, '-out', request]);
  await writeFile(names, 'subjectAltName=DNS:localhost\n');
  const signing = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', names];
  await runCommand('openssl', ['x509', '-req', '-in', request, ...signing, '-out', certFile]);
  await chmod(keyFile, 0o600);
  await Promise.all([caFile, certFile].map((path) => chmod(path, 0o644)));
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(keyFile, owner.uid, owner.gid);
  return { caFile, certFile, keyFile };
}
