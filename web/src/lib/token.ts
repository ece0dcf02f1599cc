import type { Seat } from './api';
import type { RoomMember } from './gateway';

/** A place in a room as somebody else handed it out: what the claims of a room token say. */
export interface GivenSeat extends Seat {
  readonly roomID: string;
  readonly role: RoomMember['role'];
}

/**
 * Reads the claims of a room token. They are not verified: only the server can, and it does.
 *
 * @throws TypeError it is not a room token.
 */
export function readToken(token: string): GivenSeat {
  const { userID, roomID, role } = claims(token);
  if (typeof userID !== 'string' || typeof roomID !== 'string') throw new TypeError('This token names no user of a room.');
  return { userID, roomID, role: role as GivenSeat['role'], token };
}

function claims(token: string): Record<string, unknown> {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch (cause) {
    throw new TypeError('This is not a token.', { cause });
  }
}
