import { HttpSendError } from '../../network/http-send-error.ts';

/** The outcome of `work`, or a HttpSendError of the kind `timeout` that says `late` when it takes longer. */
export async function within<Result>(
  work: Promise<Result>,
  timeoutMs: number,
  late: string,
): Promise<Result> {
  const timer = Promise.withResolvers<never>();
  const handle = setTimeout(
    () => timer.reject(new HttpSendError('timeout', `${late} within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(handle);
  }
}
