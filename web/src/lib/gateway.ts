/** The gateway's methods and notifications, as this client speaks them. */

export interface JoinParams {
  readonly pin: string;
  /** UUID v4 of this browser tab: the same client may take its own place again, another one may not. */
  readonly clientId: string;
  readonly displayName: string;
}

/** `onair`: the microphone is open. `idle`: connected and muted. */
export type Presence = 'onair' | 'idle';

export interface RoomStatus {
  /** Only grows within a room: an older one is dropped. */
  readonly version: number;
  readonly members: readonly RoomMember[];
}

export interface RoomMember {
  readonly userId: string;
  readonly role: 'host' | 'anchor' | 'guest';
  readonly status: string;
  /** What the member calls itself; absent when it gave no name. */
  readonly displayName?: string;
}

export interface Talking {
  readonly userId: string;
  readonly talking: boolean;
}

/** One ICE candidate, or the end of them; the same shape in both directions. */
export type Trickle = { readonly candidate: RTCIceCandidateInit } | { readonly completed: true };

export interface SdpMessage {
  readonly sdp: RTCSessionDescriptionInit;
}

/** Close codes of the gateway's WebSocket. */
export const CloseCode = {
  normal: 1000,
  restart: 1012,
  unauthorized: 4001,
  heldElsewhere: 4009,
  tooMany: 4029,
  roomEnded: 4410,
} as const;

/** Error codes of the gateway beside the five of JSON-RPC. */
export const ErrorCode = { unauthorized: -32001, notFound: -32004, unavailable: -32050 } as const;

/** Where the gateway listens, on the page's own origin. */
export function gatewayUrl(location: Location, token: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/ws?token=${encodeURIComponent(token)}`;
}
