/** Waits until all have ended, also where one has failed; then fails as the first of those did. */
export async function allEnded<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
