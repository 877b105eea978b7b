/** Many at once, but not too many: server, workers and test share the machine. */
export interface Crowd {
  /** Works on each of the items as soon as there is room, together with all others who ask. */
  all<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void>;
}

export function createCrowd(size: number): Crowd {
  const waiting: (() => void)[] = [];
  let room = size;

  async function one(work: () => Promise<void>): Promise<void> {
    if (room > 0) room -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) room += 1;
      else next();
    }
  }

  return {
    async all(items, work) {
      await Promise.all(items.map((item) => one(() => work(item))));
    },
  };
}
