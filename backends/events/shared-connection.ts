import { EventSystemError } from './port.ts';
import { causeOf } from './reconnecting.ts';

export interface SharedConnectionOptions<Opened> {
  /** Where it leads, for people. */
  readonly place: string;
  readonly open: () => Promise<Opened>;
  readonly isUsable: (opened: Opened) => boolean;
}

/** One connection that all who publish share, opened at its first use and again when it has ended. */
export interface SharedConnection<Opened> {
  /** What comes while it opens keeps its order. Fails with an {@link EventSystemError} where it cannot be opened. */
  current(): Promise<Opened>;
  /** The next one who asks opens another one, where this one is still current. */
  forget(opened: Opened): Promise<void>;
  /** Gives what is open, or undefined, to be closed by the caller. */
  take(): Promise<Opened | undefined>;
}

/** Nothing is open yet. */
export function createSharedConnection<Opened>({
  place,
  open,
  isUsable,
}: SharedConnectionOptions<Opened>): SharedConnection<Opened> {
  let opening: Promise<Opened> | undefined;

  async function current(): Promise<Opened> {
    const mine = (opening ??= open());
    try {
      const opened = await mine;
      if (isUsable(opened)) return opened;
      // It has ended: the first who sees it opens another one.
      if (opening === mine) opening = undefined;
      return await current();
    } catch (error) {
      if (opening === mine) opening = undefined;
      if (error instanceof EventSystemError) throw error;
      throw new EventSystemError(`events: ${place} cannot be used: ${causeOf(error)}`);
    }
  }

  return {
    current,
    async forget(opened) {
      const isCurrent = (await opening?.catch(() => undefined)) === opened;
      if (isCurrent) opening = undefined;
    },
    async take() {
      const mine = opening;
      opening = undefined;
      return await mine?.catch(() => undefined);
    },
  };
}
