/** A refusal or a failure of a REST call. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /**
   * @param status HTTP status; 0 when no answer came at all.
   * @param code stable and machine-readable; `unreachable` when no service answered.
   * @param retryable whether the same call can succeed later.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryable: boolean,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

export interface Room {
  readonly roomId: string;
  readonly status: 'created' | 'onair' | 'removing';
  /** Whether the room's sound is on its way to listeners. */
  readonly forwarding?: boolean;
  /** Told to the room's host only. */
  readonly pin?: string;
}

/** A room as its creator sees it, the only one who is told the pin. */
export interface CreatedRoom extends Room {
  /** Six letters or digits. */
  readonly pin: string;
}

/** A place in a room: who holds it, and the token that proves it (1 h). */
export interface Seat {
  readonly userID: string;
  readonly token: string;
}

const timeoutMs = 10_000;

/** The REST calls that the pages make. Every one throws `ApiError`, and nothing else. */
export const api = {
  /** Creates a room and starts it. @param key repeats of a call with the same key create one room only. */
  async createRoom(key: string): Promise<CreatedRoom> {
    const { room } = await call<{ room: CreatedRoom }>('POST', '/api/rooms', { start: true }, { 'Idempotency-Key': key });
    return room;
  },

  /** @param token of the room's host, where not everybody may start a room. */
  async startRoom(room: string, token?: string): Promise<void> {
    await call('POST', `/api/rooms/${encodeURIComponent(room)}/start`, {}, token ? bearer(token) : {});
  },

  /** @param token of somebody who may be told more. */
  async findRoom(room: string, token?: string): Promise<Room> {
    const path = `/api/rooms/${encodeURIComponent(room)}`;
    return (await call<{ room: Room }>('GET', path, undefined, token ? bearer(token) : {})).room;
  },

  /** Takes a place in the room. */
  admit(room: string, role: 'host' | 'anchor'): Promise<Seat> {
    return call('POST', `/api/rooms/${encodeURIComponent(room)}/users`, { role });
  },

  /** Gives the place back. */
  async release(room: string, seat: Seat): Promise<void> {
    const path = `/api/rooms/${encodeURIComponent(room)}/users/${encodeURIComponent(seat.userID)}`;
    await call('DELETE', path, undefined, bearer(seat.token));
  },

  /** The token that opens the room's media key to a listener. */
  async listenToken(room: string): Promise<string> {
    return (await call<{ token: string }>('POST', '/api/token', { roomId: room })).token;
  },
};

export type Api = typeof api;

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

async function call<TAnswer>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<TAnswer> {
  const response = await send(method, path, body, headers);
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response, answer as Refusal);
  return answer as TAnswer;
}

async function send(method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: body ? { ...headers, 'Content-Type': 'application/json' } : headers,
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw new ApiError(0, 'unreachable', `${method} ${path} was not answered: ${String(cause)}`, true);
  }
}

interface Refusal {
  readonly error?: string;
  readonly code?: string;
  readonly retryable?: boolean;
  readonly details?: readonly string[];
}

function refusal({ status }: Response, answer: Refusal): ApiError {
  // A proxy in front of a service that is down answers by itself, without a code.
  const down = answer.code === undefined && status >= 500;
  const code = answer.code ?? (down ? 'unreachable' : `http_${status}`);
  return new ApiError(status, code, answer.error ?? `The server answered ${status}.`, answer.retryable ?? down, answer.details);
}
