import { endingOf, type Ending } from './endings';
import { CloseCode, type JoinAnswer, type JoinParams, type MutedNotice, type Presence, type RoomStatus, type SdpMessage, type Talking, type Trickle } from './gateway';
import { RpcConnection, RpcError } from './rpc';

/** Presence lapses after 30 s without a keepalive. */
const keepaliveMs = 10_000;
/** A gateway that lives answers within milliseconds; two of these fit into the time before presence lapses. */
const aliveMs = 5_000;
/** How long a socket may take to open; browsers themselves wait for minutes. */
const openMs = 10_000;
/** How long a goodbye may take before the socket is closed without it. */
const goodbyeMs = 2_000;

/** What a line tells while it lives. */
export interface LineEvents {
  /** Asked at every keepalive. */
  presence(): Presence;
  status(status: RoomStatus): void;
  talking(talking: Talking): void;
  muted(notice: MutedNotice): void;
  candidate(message: Trickle): void;
  /** The media went elsewhere or is to be had again: join again, on this line, at once. */
  moved(): void;
  /** Once, and the last event: the line is of no use any more. */
  ended(ending: Ending): void;
}

/** One WebSocket to the gateway, from its opening to its end, and what is said over it. It carries no media. */
export class Line {
  readonly #rpc: RpcConnection;
  readonly #events: LineEvents;
  readonly #opening: ReturnType<typeof setTimeout>;
  #keepalive: ReturnType<typeof setInterval> | undefined;
  #over = false;

  constructor(socket: WebSocket, events: LineEvents) {
    this.#rpc = new RpcConnection(socket);
    this.#events = events;
    this.#opening = setTimeout(() => this.#lose(), openMs);
    void this.#rpc.closed.then((close) => this.#end({ kind: 'closed', close }));
    this.#on<RoomStatus>('roomStatus', (status) => events.status(status));
    this.#on<Talking>('talking', (talking) => events.talking(talking));
    this.#on<MutedNotice>('muted', (notice) => events.muted(notice));
    this.#on<Trickle>('candidate', (message) => events.candidate(message));
    this.#on('mediaMoved', () => events.moved());
    this.#on('roomEnding', () => this.#end({ kind: 'roomEnding' }));
  }

  /** @throws RpcClosed it did not open. */
  async opened(): Promise<void> {
    await this.#rpc.opened;
    clearTimeout(this.#opening);
  }

  /** Enters the room, or enters it again; from then on it is kept alive. Throws what `request` throws. */
  async join(params: JoinParams): Promise<JoinAnswer> {
    const answer = await this.#rpc.request<JoinAnswer>('join', params);
    if (!this.#over) this.#keepalive ??= setInterval(() => this.announce(), keepaliveMs);
    return answer;
  }

  async offer(sdp: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    return (await this.#rpc.request<SdpMessage>('offer', { sdp } satisfies SdpMessage)).sdp;
  }

  trickle(message: Trickle): void {
    // One candidate less may not matter; when it does, the connection's state says so.
    this.#rpc.request('icecandidate', message).catch((error: unknown) => console.warn('A candidate was not taken.', error));
  }

  /** Tells presence now instead of at the next keepalive, and so finds out whether the line still works. */
  announce(): void {
    if (this.#keepalive === undefined || this.#over) return;
    this.#rpc.request('keepalive', { status: this.#events.presence() }, aliveMs).catch((error: unknown) => {
      // Refused for the moment: the next keepalive comes soon. Otherwise, and when no answer comes, the gateway has lost us.
      if (!(error instanceof RpcError)) this.#lose();
      else if (error.data.code === 'taken_over') this.#end(endingOf(error));
      else if (!error.retryable) this.#lose();
    });
  }

  /** Any other request of the gateway's, see `RpcConnection.request`. */
  request(method: string, params: object = {}): Promise<unknown> {
    return this.#rpc.request(method, params);
  }

  /** Says goodbye and closes; a gateway that does not hear it learns it from the close code. */
  async leave(): Promise<void> {
    if (!this.#over && this.#keepalive !== undefined) {
      this.#silence();
      await this.#rpc.request('leave', {}, goodbyeMs).catch(() => undefined);
    }
    this.#close(CloseCode.normal, 'left');
  }

  /** Closes it so that the gateway keeps our place for the next line. */
  drop(): void {
    this.#close(CloseCode.comeBack, 'coming back');
  }

  #on<TParams>(method: string, handler: (params: TParams) => void): void {
    this.#rpc.on<TParams>(method, (params) => {
      if (!this.#over) handler(params);
    });
  }

  #lose(): void {
    this.#end({ kind: 'silent' });
  }

  #end(ending: Ending): void {
    if (this.#over) return;
    if (ending.kind === 'roomEnding') this.#close(CloseCode.normal, 'room ended');
    else this.drop();
    this.#events.ended(ending);
  }

  #close(code: number, reason: string): void {
    this.#silence();
    this.#rpc.close(code, reason);
  }

  /** From now on nothing is told any more. */
  #silence(): void {
    this.#over = true;
    clearTimeout(this.#opening);
    clearInterval(this.#keepalive);
  }
}
