import { ApiError } from './api';
import { CloseCode, ErrorCode } from './gateway';
import { RpcClosed, RpcError, RpcTimeout, type SocketClose } from './rpc';

/** Why one connection to a room ended. */
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
  readonly retryAfterMs: number;
  /** Whether another seat may be welcome. */
  readonly ofSeat: boolean;
}

/** Why the client gave up; refusals of the server keep the server's own code (`wrong_pin`, `room_full`, ...). */
export type GiveUp = 'left' | 'room_ended' | 'taken_over' | 'unauthorized' | 'gateway_unreachable' | 'media_unreachable' | (string & {});

/** Whether another try can help: not before `afterMs`, and perhaps only with a new seat. */
export type Verdict =
  | { readonly kind: 'retry'; readonly afterMs: number; readonly newSeat: boolean }
  | { readonly kind: 'giveUp'; readonly why: GiveUp };

/** What is known of the connection that ended. */
export interface Circumstances {
  /** Whether it had been accepted into the room. */
  readonly joined: boolean;
  /** Whether its seat was given out for it, rather than kept from before. */
  readonly freshSeat: boolean;
}

/** A step of connecting failed: what that means. An error of any other kind is a bug, and is thrown on. */
export function endingOf(error: unknown): Ending {
  if (error instanceof RpcClosed) return { kind: 'closed', close: error.close };
  if (error instanceof RpcTimeout) return { kind: 'silent' };
  if (error instanceof ApiError)
    return { kind: 'refused', code: error.code, retryable: error.retryable, retryAfterMs: 0, ofSeat: false };
  if (error instanceof RpcError) return refusal(error);
  // What the browser throws at a session description that it cannot apply.
  if (error instanceof DOMException) return { kind: 'mediaLost' };
  throw error;
}

function refusal({ code, data }: RpcError): Refusal {
  return {
    kind: 'refused',
    code: data.code ?? `rpc_${code}`,
    retryable: data.retryable ?? code === ErrorCode.unavailable,
    retryAfterMs: data.retryAfterMs ?? 0,
    ofSeat: code === ErrorCode.unauthorized || code === ErrorCode.notFound,
  };
}

export function judge(ending: Ending, circumstances: Circumstances): Verdict {
  switch (ending.kind) {
    case 'left':
      return giveUp('left');
    case 'roomEnding':
      return giveUp('room_ended');
    case 'closed':
      return judgeClose(ending.close.code, circumstances);
    case 'refused':
      if (ending.retryable) return retry(ending.retryAfterMs);
      return ending.ofSeat && !circumstances.freshSeat ? newSeat : giveUp(ending.code);
    case 'moved':
    case 'mediaLost':
    case 'silent':
      return retry();
  }
}

/** The reason to name when the last of many tries ended like this. */
export function blame(ending: Ending): GiveUp {
  if (ending.kind === 'refused') return ending.code;
  if (ending.kind === 'closed' && ending.close.code === CloseCode.heldElsewhere) return 'already_joined';
  return ending.kind === 'mediaLost' ? 'media_unreachable' : 'gateway_unreachable';
}

function judgeClose(code: number, { joined, freshSeat }: Circumstances): Verdict {
  switch (code) {
    case CloseCode.roomEnded:
      return giveUp('room_ended');
    case CloseCode.unauthorized:
      return freshSeat ? giveUp('unauthorized') : newSeat;
    case CloseCode.heldElsewhere:
      // Before the join it may be our own last connection, which the gateway has not missed yet.
      return joined ? giveUp('taken_over') : retry();
    case CloseCode.tooMany:
      return retry(5_000);
    default:
      return retry();
  }
}

const retry = (afterMs = 0): Verdict => ({ kind: 'retry', afterMs, newSeat: false });
/** A kept seat may have expired, or the room may be a new one under the old name. */
const newSeat: Verdict = { kind: 'retry', afterMs: 0, newSeat: true };
const giveUp = (why: GiveUp): Verdict => ({ kind: 'giveUp', why });
