import type { MutedNotice } from './gateway';

/**
 * Whether this member is muted, and by whom: by its own wish, by the host, or both. It also keeps what the mixer was
 * told last, so that each of them is told when it does not know, and not told twice.
 */
export class Muting {
  #wished = false;
  #by: string | undefined;
  /** Undefined: a request to it got lost, and nobody can say. */
  #told: boolean | undefined = false;

  get muted(): boolean {
    return this.#wished || this.#by !== undefined;
  }

  /** The user who muted this member, or `host` when the gateway did not say who; undefined when nobody else did. */
  get by(): string | undefined {
    return this.#by;
  }

  /** The mixer has to be told `muted`. */
  get isNews(): boolean {
    return this.#told !== this.muted;
  }

  /** Our own wish. Opening the microphone again also ends what the host did: that is a request, not a lock. */
  wish(muted: boolean): void {
    this.#wished = muted;
    if (!muted) this.#by = undefined;
  }

  /** Somebody else changed it, in the mixer too. Nobody's hand but our own opens a microphone that we have muted. */
  hear({ muted, by }: MutedNotice): void {
    this.#told = muted;
    this.#by = muted ? (by ?? 'host') : undefined;
  }

  told(): void {
    this.#told = this.muted;
  }

  uncertain(): void {
    this.#told = undefined;
  }

  /** A fresh media session begins unmuted. */
  forgotten(): void {
    this.#told = false;
  }
}
