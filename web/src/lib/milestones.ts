interface Waiting {
  readonly reached: () => boolean;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

/** Promises that settle when something has come true; looked at with every change. */
export class Milestones {
  #waiting: Waiting[] = [];
  #failure: Error | undefined;

  /** Settles when `reached` says so; rejects when it never will. */
  until(reached: () => boolean): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => this.#waiting.push({ reached, resolve, reject }));
    // Whoever does not wait for it does not have to hear of its failure.
    promise.catch(() => undefined);
    this.look();
    return promise;
  }

  look(): void {
    this.#waiting = this.#waiting.filter(({ reached, resolve, reject }) => {
      if (this.#failure) reject(this.#failure);
      else if (reached()) resolve();
      else return true;
      return false;
    });
  }

  fail(failure: Error): void {
    this.#failure = failure;
    this.look();
  }
}
