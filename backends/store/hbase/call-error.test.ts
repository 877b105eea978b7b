import { remoteError } from './call-error.ts';

test.each([
  ['org.apache.hadoop.hbase.NotServingRegionException', false, true, false],
  // Said to a server's face, not of the call.
  ['org.apache.hadoop.hbase.regionserver.RegionServerStoppedException', true, true, false],
  ['org.apache.hadoop.hbase.ipc.CallQueueTooBigException', false, true, false],
  ['java.io.IOException', false, true, true],
  ['org.apache.hadoop.hbase.DoNotRetryIOException', true, false, false],
  ['org.apache.hadoop.hbase.security.AccessDeniedException', false, false, false],
])(
  '%s (do not retry: %p): try again %p, may have run %p',
  (exceptionClassName, doNotRetry, retry, mayHaveRun) => {
    const stackTrace = `${exceptionClassName}: region t is away\n\tat org.apache.Some.method(Some.java:1)`;
    const error = remoteError({ exceptionClassName, stackTrace, doNotRetry });
    const exception = exceptionClassName.replace(/.*\./, '');
    expect(error).toMatchObject({
      retry,
      mayHaveRun,
      exception,
      message: `${exception}: region t is away`,
    });
  },
);
