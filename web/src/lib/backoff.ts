/** How long to wait between tries, in milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * The wait before try number `attempt` (0 is the first retry): doubles from `firstMs` to `lastMs`, and the upper half
 * is random, so that the clients of a restarted server do not all return in the same instant.
 *
 * @param random gives 0 (inclusive) to 1 (exclusive).
 */
export function backoff(attempt: number, options: BackoffOptions, random: () => number = Math.random): number {
  const ceiling = Math.min(options.lastMs, options.firstMs * 2 ** attempt);
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Waits `ms`; ends early, without an error, when `signal` is aborted. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
