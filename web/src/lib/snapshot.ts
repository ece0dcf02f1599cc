import type { GiveUp } from './endings';
import type { Roster } from './roster';

/**
 * `connecting`: what was asked for (a connection, a place in the room, media) is not all there yet, for the first time.
 * `connected`: it is. `resuming`: it was, and sound may still be flowing. `disconnected`: not begun, or over for good.
 */
export type RoomState = 'connecting' | 'connected' | 'resuming' | 'disconnected';

/** What a page shows of its place in a room; replaced as a whole with every change. */
export interface RoomSnapshot {
  readonly state: RoomState;
  readonly roster: Roster;
  /** Our own user id, once we have a seat. */
  readonly userId?: string;
  /** The voices of the others, mixed; the same stream for as long as one peer connection lives, also while resuming. */
  readonly remote?: MediaStream;
  /** By our own wish, or by the host's. */
  readonly muted: boolean;
  /** Who else muted us: a user id, or `host`. */
  readonly mutedBy?: string;
  /** Why it is over; set when it is. */
  readonly why?: GiveUp;
}
