/** The gateway's methods and notifications, as this client speaks them. */

export interface JoinParams {
  /** Not needed by the room's host. */
  readonly pin?: string;
  /** UUID v4 of this browser tab: the same client may take its own place again, another one may not. */
  readonly clientId: string;
  readonly displayName: string;
  /** Of the last join: claims the media session that it made. */
  readonly jtoken?: string;
}

export interface JoinAnswer {
  readonly jtoken: string;
  /** The earlier media session lives: its peer connection goes on, and nothing is negotiated. */
  readonly resume: boolean;
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

/** Somebody muted us in the mix, or let us speak again. */
export interface MutedNotice {
  readonly muted: boolean;
  /** The user who did; absent when the gateway does not say. */
  readonly by?: string;
}

/** Without `userId` it is about ourselves; only the host may mute another. */
export interface MuteParams {
  readonly muted: boolean;
  readonly userId?: string;
}

/** One ICE candidate, or the end of them; the same shape in both directions. */
export type Trickle = { readonly candidate: RTCIceCandidateInit } | { readonly completed: true };

export interface SdpMessage {
  readonly sdp: RTCSessionDescriptionInit;
}

/** Close codes of a WebSocket: the gateway's, and `comeBack`, which is ours. 1000 from us means that we leave. */
export const CloseCode = {
  normal: 1000,
  restart: 1012,
  comeBack: 4000,
  unauthorized: 4001,
  takenOver: 4009,
  tooMany: 4029,
  roomEnded: 4410,
} as const;

/** Error codes of the gateway beside the five of JSON-RPC. */
export const ErrorCode = { unauthorized: -32001, notFound: -32004, tooMany: -32029, unavailable: -32050 } as const;

/** Where the gateway listens, on the page's own origin. */
export function gatewayUrl(location: Location, token: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/ws?token=${encodeURIComponent(token)}`;
}
