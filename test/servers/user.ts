import { readFile } from 'node:fs/promises';

export interface UserId {
  readonly uid?: number;
  readonly gid?: number;
}

/** A user to run a program as that refuses root: empty where this process is not root's, or there is no such user. */
export async function insteadOfRoot(name: string): Promise<UserId> {
  if (process.getuid?.() !== 0) return {};
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined ? {} : { uid: Number(uid), gid: Number(gid) };
}
