import { ErrorCode } from './gateway';

/** What the server says of a refusal: a stable code, and whether the same request can succeed later. */
export interface RpcErrorData {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** The server answered a request with an error. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    message: string,
    readonly data: RpcErrorData = {},
  ) {
    super(message);
  }

  /** Whether the same request can succeed later; what the server leaves open, its error code tells. */
  get retryable(): boolean {
    return this.data.retryable ?? (this.code === ErrorCode.unavailable || this.code === ErrorCode.tooMany);
  }
}

/** No answer came within the time limit; whether the request was carried out is unknown. */
export class RpcTimeout extends Error {
  override readonly name = 'RpcTimeout';
}

/** The connection ended before the answer came. */
export class RpcClosed extends Error {
  override readonly name = 'RpcClosed';

  constructor(readonly close: SocketClose) {
    super(`the connection closed with ${close.code}`);
  }
}

/** Why a WebSocket ended: a close code of RFC 6455 or of the gateway, and the server's word on it (JSON of `RpcErrorData`, or plain text). */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

type Frame = Partial<Record<'id' | 'method' | 'params' | 'result' | 'error', unknown>>;

const methodNotFound = -32601;

/** JSON-RPC 2.0 over one WebSocket: requests out, notifications in. It lives as long as its socket and never reconnects. */
export class RpcConnection {
  /** Settles when the socket is open; rejects with `RpcClosed` when it never gets there. */
  readonly opened: Promise<void>;
  /** Settles once, with the reason, when the socket is gone. */
  readonly closed: Promise<SocketClose>;

  readonly #socket: WebSocket;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #handlers = new Map<string, (params: unknown) => void>();
  #nextId = 1;
  #close: SocketClose | undefined;
  #settleClosed!: (close: SocketClose) => void;

  /** @param timeoutMs how long a request waits for its answer, unless it says otherwise. */
  constructor(socket: WebSocket, timeoutMs = 10_000) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.closed = new Promise((resolve) => (this.#settleClosed = resolve));
    socket.onclose = ({ code, reason }) => this.#end({ code, reason });
    this.opened = new Promise((resolve, reject) => {
      socket.onopen = () => resolve();
      void this.closed.then((close) => reject(new RpcClosed(close)));
    });
    // A connection may end before anybody waits for its opening; `closed` tells that story.
    this.opened.catch(() => undefined);
    socket.onmessage = ({ data }) => this.#receive(data);
  }

  /** Calls `handler` with the params of every notification `method`. The shapes are the contract's; they are not checked here. */
  on<TParams>(method: string, handler: (params: TParams) => void): void {
    this.#handlers.set(method, handler as (params: unknown) => void);
  }

  /**
   * Sends a request, once the socket is open, and waits for its answer.
   *
   * @throws RpcError the server refused. RpcTimeout no answer in time. RpcClosed the connection ended first.
   */
  async request<TResult>(method: string, params: object = {}, timeoutMs = this.#timeoutMs): Promise<TResult> {
    await this.opened;
    if (this.#close) throw new RpcClosed(this.#close);
    const id = this.#nextId++;
    return await new Promise<TResult>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new RpcTimeout(`${method} was not answered within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject, timer });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  /** Ends the connection now: whoever is at the other end of a dead network answers the closing handshake minutes later, or never. */
  close(code = 1000, reason = ''): void {
    this.#end({ code, reason });
    this.#socket.close(code, reason);
  }

  #send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  #receive(data: unknown): void {
    const message = parse(data);
    for (const frame of Array.isArray(message) ? message : [message]) this.#dispatch(frame as Frame | undefined);
  }

  #dispatch(frame: Frame | undefined): void {
    if (typeof frame !== 'object' || frame === null) return console.warn('A frame that is not JSON-RPC was ignored.');
    if (typeof frame.method === 'string') return this.#serve(frame.method, frame.params, frame.id);
    if (typeof frame.id === 'number') this.#settle(frame.id, frame);
  }

  #serve(method: string, params: unknown, id: unknown): void {
    if (id !== undefined)
      return this.#send({ jsonrpc: '2.0', id, error: { code: methodNotFound, message: 'This client serves no requests.' } });
    this.#handlers.get(method)?.(params);
  }

  #settle(id: number, frame: Frame): void {
    const pending = this.#pending.get(id);
    if (!pending) return; // Its time was up, and the caller has been told.
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (frame.error === undefined) pending.resolve(frame.result);
    else pending.reject(toError(frame.error));
  }

  #end(close: SocketClose): void {
    if (this.#close) return;
    this.#close = close;
    this.#socket.onmessage = null;
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new RpcClosed(close));
    }
    this.#pending.clear();
    this.#settleClosed(close);
  }
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined; // The caller knows what it means: a broken frame, or a reason in plain words.
  }
}

function toError(error: unknown): RpcError {
  const { code, message, data } = error as { code?: number; message?: string; data?: RpcErrorData };
  return new RpcError(code ?? 0, message ?? '', data ?? {});
}

/** What a close reason says, when it is the gateway's JSON; a proxy or a browser may write anything, or nothing. */
export function readReason(reason: string): RpcErrorData {
  const data = parse(reason);
  return typeof data === 'object' && data !== null ? data : {};
}
