/** Exit code of a process that a person's Ctrl-C ended at once. */
const interruptedExitCode = 130;

/** One Ctrl-C can come twice, from the terminal and from npm: closer together than a person presses, it is one. */
const samePressMs = 500;

/**
 * Resolves at the first Ctrl-C or SIGTERM. The second ends the process at once: a person who presses it again does not
 * want to wait for running activities.
 */
export async function stopRequested(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    let askedAt: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (askedAt !== undefined && now - askedAt > samePressMs) process.exit(interruptedExitCode);
      askedAt ??= now;
      resolve(signal);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
