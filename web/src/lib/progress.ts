/** What is not reached for the first time within this is reported, instead of tried for ever. */
const firstTimeMs = 30_000;

/** Whether all that is wanted is there, was there before, and since when. */
export class Progress {
  #wantedSince = Date.now();
  #reached = false;
  #reachedSince: number | undefined;

  /** Something is wanted that was not before. */
  begin(): void {
    this.#reached = false;
    this.#wantedSince = Date.now();
  }

  complete(): void {
    this.#reached = true;
    this.#reachedSince ??= Date.now();
  }

  /** Something went missing. */
  interrupt(): void {
    this.#reachedSince = undefined;
  }

  /** It has all been there, even if it is not now. */
  get wasComplete(): boolean {
    return this.#reached;
  }

  /** For how long it has all been there without a break. */
  get heldMs(): number {
    return this.#reachedSince === undefined ? 0 : Date.now() - this.#reachedSince;
  }

  get isOverdue(): boolean {
    return !this.#reached && Date.now() - this.#wantedSince >= firstTimeMs;
  }
}
