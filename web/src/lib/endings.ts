import { ApiError } from './api';
import { CloseCode, ErrorCode } from './gateway';
import { readReason, RpcClosed, RpcError, RpcTimeout, type SocketClose } from './rpc';

/** What went missing, and why: the WebSocket, the media, or the room itself. */
export type Ending =
  | { readonly kind: 'left' }
  | { readonly kind: 'closed'; readonly close: SocketClose }
  | Refusal
  | { readonly kind: 'moved' }
  | { readonly kind: 'roomEnding' }
  | { readonly kind: 'mediaLost' }
  | { readonly kind: 'silent' };

/** The server said no, to the seat or to something else. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly retryable: boolean;
  /** Absent when the client may choose. */
  readonly retryAfterMs?: number | undefined;
  /** Whether another seat may be welcome. */
  readonly ofSeat: boolean;
}

/** Why the client gave up; refusals of the server keep the server's own code (`wrong_pin`, `room_full`, ...). */
export type GiveUp =
  | 'left' | 'room_ended' | 'taken_over' | 'removed' | 'unauthorized' | 'gateway_unreachable' | 'media_unreachable'
  | (string & {});

/** Whether another try can help, when, and what of the connection it begins with. */
export type Verdict = Retry | { readonly kind: 'giveUp'; readonly why: GiveUp };

export interface Retry {
  readonly kind: 'retry';
  /** Not before this, by the server's word. */
  readonly afterMs: number;
  /** It may be the only one it happened to: the first try needs no pause. */
  readonly atOnce: boolean;
  /** The server says that now is the moment: no pause, whatever it said and however often we failed before. */
  readonly invited?: true;
  /** What is made anew: the `join` on the same WebSocket, the WebSocket (`line`) too, or the `seat` and so everything. */
  readonly anew: 'join' | 'line' | 'seat';
}

/** What is known of the connection that ended. */
export interface Circumstances {
  /** Whether this WebSocket had been accepted into the room. */
  readonly joined: boolean;
  /** Whether another seat would be no better: this one was just given out, or no other can be had. */
  readonly lastSeat: boolean;
}

/** When the gateway says “too many” without saying until when. */
const tooManyMs = 5_000;

/** A step of connecting failed: what that means. An error of any other kind is a bug, and is thrown on. */
export function endingOf(error: unknown): Ending {
  if (error instanceof RpcClosed) return { kind: 'closed', close: error.close };
  if (error instanceof RpcTimeout) return { kind: 'silent' };
  if (error instanceof ApiError) return { kind: 'refused', code: error.code, retryable: error.retryable, ofSeat: false };
  if (error instanceof RpcError) return refusal(error);
  // What the browser throws at a session description that it cannot apply.
  if (error instanceof DOMException) return { kind: 'mediaLost' };
  throw error;
}

function refusal(error: RpcError): Refusal {
  return {
    kind: 'refused',
    code: error.data.code ?? `rpc_${error.code}`,
    retryable: error.retryable,
    retryAfterMs: error.data.retryAfterMs ?? (error.code === ErrorCode.tooMany ? tooManyMs : undefined),
    ofSeat: error.code === ErrorCode.unauthorized || error.code === ErrorCode.notFound,
  };
}

export function judge(ending: Ending, circumstances: Circumstances): Verdict {
  switch (ending.kind) {
    case 'left':
      return giveUp('left');
    case 'roomEnding':
      return giveUp('room_ended');
    case 'closed':
      return judgeClose(ending.close, circumstances);
    case 'refused':
      return judgeRefusal(ending, circumstances);
    case 'moved':
      return { ...retry('join'), invited: true };
    case 'mediaLost':
      return retry('join');
    case 'silent':
      return retry('line');
  }
}

/** The reason to name when the last of many tries ended like this. */
export function blame(ending: Ending): GiveUp {
  if (ending.kind === 'refused') return ending.code;
  if (ending.kind === 'closed' && ending.close.code === CloseCode.takenOver) return 'already_joined';
  return ending.kind === 'mediaLost' ? 'media_unreachable' : 'gateway_unreachable';
}

function judgeRefusal({ code, retryable, retryAfterMs, ofSeat }: Refusal, { joined, lastSeat }: Circumstances): Verdict {
  if (retryable) return { ...retry('join'), afterMs: retryAfterMs ?? 0, atOnce: retryAfterMs !== undefined };
  // It is us who are in the room, with media that we lost and the gateway did not: a new line makes the old one give way.
  if (joined && code === 'already_joined') return retry('line');
  return ofSeat ? anotherSeat(lastSeat, code) : giveUp(code);
}

function judgeClose(close: SocketClose, { joined, lastSeat }: Circumstances): Verdict {
  const { code, retryable, retryAfterMs } = readReason(close.reason);
  const hinted = { ...retry('line'), afterMs: retryAfterMs ?? 0 };
  switch (close.code) {
    case CloseCode.roomEnded:
      return giveUp('room_ended');
    case CloseCode.unauthorized:
      return code === 'removed' ? giveUp('removed') : anotherSeat(lastSeat, 'unauthorized');
    case CloseCode.takenOver:
      // Before the join, and without that word, it may be our own last connection that the gateway has not missed yet.
      return joined || code === 'taken_over' ? giveUp('taken_over') : hinted;
    case CloseCode.tooMany:
      return { ...hinted, afterMs: retryAfterMs ?? tooManyMs };
    case CloseCode.restart:
      // Everybody was sent away; whoever was not told when to return had better not return with all the others.
      return { ...hinted, atOnce: retryAfterMs !== undefined || code === 'lock_lost' };
    default:
      return retryable === false && code !== undefined ? giveUp(code) : hinted;
  }
}

/** A kept seat may have expired, or the room may be a new one under the old name. */
function anotherSeat(lastSeat: boolean, why: GiveUp): Verdict {
  return lastSeat ? giveUp(why) : retry('seat');
}

const retry = (anew: Retry['anew']): Retry => ({ kind: 'retry', afterMs: 0, atOnce: true, anew });
const giveUp = (why: GiveUp): Verdict => ({ kind: 'giveUp', why });
