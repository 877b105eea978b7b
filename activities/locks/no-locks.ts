import type { Locks } from '../../backends/locks/port.ts';

const missing = (): Promise<never> => Promise.reject(new Error('These activities have no lock system'));

/** For activities that are made without a lock system. */
export const noLocks: Locks = {
  acquire: missing,
  renew: missing,
  release: missing,
  get: missing,
  list: missing,
  close: () => Promise.resolve(),
};
