import type { Seat } from './api';

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
