/**
 * Runs work in lanes, one after the other in each, in the order in which it is asked for. Work that has waited for
 * longer than `maxWaitMs` fails and is never begun: by then nobody waits for it.
 */
export function inTurn(
  maxWaitMs: number,
): <Result>(lane: number, work: () => Promise<Result>) => Promise<Result> {
  const lanes = new Map<number, Promise<unknown>>();
  return async (lane, work) => {
    const asked = performance.now();
    const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => {
      if (performance.now() - asked > maxWaitMs) throw new Error(`no turn within ${maxWaitMs} ms`);
      return work();
    });
    lanes.set(
      lane,
      turn.catch(() => undefined),
    );
    return await turn;
  };
}
