import { backoff, wait } from './backoff';
import type { Retry } from './endings';

/** Waits between tries, after a first one that may need none. */
const retries = { firstMs: 250, lastMs: 10_000 };
/** A connection that held this long was a good one: its end does not count as one failure of many. */
const goodMs = 10_000;

/** How long to wait before the next try: for as long as the server asks, and longer with each failure; not at all when it invites us. */
export class Pace {
  readonly #random: () => number;
  #failures = 0;
  #notBefore = 0;
  #pauseMs = 0;
  #hurry = new AbortController();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A try ended. @param heldMs how long everything was well before that. */
  failed({ afterMs, atOnce, invited }: Retry, heldMs: number): void {
    if (heldMs >= goodMs) this.#failures = 0;
    if (invited) {
      this.#pauseMs = this.#notBefore = 0;
      return;
    }
    const before = this.#failures++;
    this.#pauseMs = before === 0 && atOnce ? 0 : backoff(Math.max(0, before - 1), retries, this.#random);
    this.#notBefore = Math.max(this.#notBefore, Date.now() + afterMs);
  }

  /** Waits until the next try is due. */
  async pause(signal: AbortSignal): Promise<void> {
    this.#hurry = new AbortController();
    const asked = this.#notBefore - Date.now();
    if (asked > 0) await wait(asked, signal);
    const rest = this.#pauseMs - Math.max(0, asked);
    if (rest > 0) await wait(rest, AbortSignal.any([signal, this.#hurry.signal]));
  }

  /** Ends the part of a wait that the server did not ask for. */
  hurry(): void {
    this.#hurry.abort();
  }
}
