import { ApiError, type Api, type Seat } from './api';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Remembers, for as long as a browser tab lives, the place it holds in each room: a reload takes the same place again
 * instead of a second one.
 */
export class Seats {
  constructor(private readonly store: Store) {}

  find(room: string): Seat | undefined {
    const kept = this.store.getItem(key(room));
    return kept === null ? undefined : (JSON.parse(kept) as Seat);
  }

  keep(room: string, seat: Seat): void {
    this.store.setItem(key(room), JSON.stringify(seat));
  }

  forget(room: string): void {
    this.store.removeItem(key(room));
  }

  /** The id by which the gateway recognises this tab when it comes back. */
  clientId(): string {
    const kept = this.store.getItem(clientKey);
    if (kept !== null) return kept;
    const fresh = crypto.randomUUID();
    this.store.setItem(clientKey, fresh);
    return fresh;
  }
}

const clientKey = 'eventrtc:client';
const key = (room: string) => `eventrtc:seat:${room}`;

/** Where a seat comes from: one that was handed to us, one that the tab holds, or one that the server is asked for. */
export interface PlaceOptions {
  readonly room: string;
  readonly role: 'host' | 'anchor';
  readonly given?: Seat | undefined;
  readonly api: Pick<Api, 'admit' | 'release'>;
  readonly seats: Seats;
}

/** Our one seat in a room: taken when it is needed, replaced when it is no longer good, given back at the end. */
export class Place {
  readonly #options: PlaceOptions;
  #asking: Promise<Seat> | undefined;
  #unproven = false;

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  get seat(): Seat | undefined {
    const { given, seats, room } = this.#options;
    return given ?? seats.find(room);
  }

  /** No other seat can be had, or none would be any better. */
  get isLast(): boolean {
    return this.#options.given !== undefined || this.#unproven;
  }

  /** @throws ApiError */
  async take(): Promise<Seat> {
    return this.seat ?? (await (this.#asking ??= this.#ask()));
  }

  /** The seat was good: another may be, when it no longer is. */
  accepted(): void {
    this.#unproven = false;
  }

  forget(): void {
    this.#options.seats.forget(this.#options.room);
  }

  /** Gives the seat back, also one that is still being asked for. One that was handed to us stays whose it is. */
  async giveBack(): Promise<void> {
    const { given, room, api } = this.#options;
    if (given) return;
    try {
      await this.#asking;
      const { seat } = this;
      this.forget();
      if (seat) await api.release(room, seat);
    } catch (error) {
      // The room may be gone, or the network: then the seat falls free by itself when its presence lapses.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #ask(): Promise<Seat> {
    const { room, role, api, seats } = this.#options;
    try {
      const seat = await api.admit(room, role);
      seats.keep(room, seat);
      this.#unproven = true;
      return seat;
    } finally {
      this.#asking = undefined;
    }
  }
}
