import { endingOf, type Ending } from './endings';
import type { JoinParams, Presence, RoomStatus, SdpMessage, Talking, Trickle } from './gateway';
import { Peer } from './peer';
import { RpcConnection } from './rpc';

/** Presence lapses after 30 s without a keepalive. */
const keepaliveMs = 10_000;
/** From opening the socket to hearing each other; usually half a second. */
const establishMs = 20_000;
/** How long a goodbye may take before the socket is closed without it. */
const goodbyeMs = 2_000;

export interface SessionOptions {
  readonly socket: WebSocket;
  readonly connection: RTCPeerConnection;
  readonly microphone: MediaStreamTrack;
  readonly join: JoinParams;
  /** Asked at every keepalive. */
  readonly presence: () => Presence;
}

/** What a session tells while it lives. */
export interface SessionEvents {
  joined(): void;
  connected(remote: MediaStream): void;
  status(status: RoomStatus): void;
  talking(talking: Talking): void;
}

/** One connection to a room, from the join to its end: a WebSocket and a peer connection that live and die together. */
export class Session {
  readonly #rpc: RpcConnection;
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #ended: Promise<Ending>;
  #end!: (ending: Ending) => void;
  #keepalive: ReturnType<typeof setInterval> | undefined;

  constructor(options: SessionOptions, events: SessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
    this.#rpc = new RpcConnection(options.socket);
    this.#peer = new Peer(options.connection, options.microphone, {
      offer: async (sdp) => (await this.#rpc.request<SdpMessage>('offer', { sdp } satisfies SdpMessage)).sdp,
      trickle: (message) => this.#trickle(message),
    });
  }

  /** Connects, and stays until the connection ends, for whatever reason. Everything is closed when it returns. */
  async run(): Promise<Ending> {
    const deadline = setTimeout(() => this.#end({ kind: 'mediaLost' }), establishMs);
    this.#peer.onconnected = (remote) => {
      clearTimeout(deadline);
      this.#events.connected(remote);
    };
    this.#peer.onlost = () => this.#end({ kind: 'mediaLost' });
    this.#listen();
    this.#establish().catch((error: unknown) => this.#end(endingOf(error)));
    try {
      return await this.#ended;
    } finally {
      clearTimeout(deadline);
      clearInterval(this.#keepalive);
      this.#peer.close();
      this.#rpc.close();
    }
  }

  /** Tells presence now instead of at the next keepalive. */
  announce(): void {
    if (this.#keepalive === undefined) return;
    // Refused or not answered: the gateway has lost this session, whatever it calls that.
    this.#rpc.request('keepalive', { status: this.#options.presence() }).catch(() => this.#end({ kind: 'silent' }));
  }

  speakThrough(microphone: MediaStreamTrack): Promise<void> {
    return this.#peer.speakThrough(microphone);
  }

  /** Says goodbye; a gateway that does not hear it notices the closed socket. */
  async leave(): Promise<void> {
    if (this.#keepalive !== undefined) {
      const goodbye = this.#rpc.request('leave').catch(() => undefined);
      await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, goodbyeMs))]);
    }
    this.#end({ kind: 'left' });
  }

  #listen(): void {
    void this.#rpc.closed.then((close) => this.#end({ kind: 'closed', close }));
    this.#rpc.on<RoomStatus>('roomStatus', (status) => this.#events.status(status));
    this.#rpc.on<Talking>('talking', (talking) => this.#events.talking(talking));
    this.#rpc.on<Trickle>('candidate', (message) => void this.#peer.receive(message));
    this.#rpc.on('mediaMoved', () => this.#end({ kind: 'moved' }));
    this.#rpc.on('roomEnding', () => this.#end({ kind: 'roomEnding' }));
  }

  async #establish(): Promise<void> {
    await this.#rpc.opened;
    await this.#rpc.request('join', this.#options.join);
    this.#events.joined();
    this.#keepalive = setInterval(() => this.announce(), keepaliveMs);
    await this.#peer.negotiate();
    this.announce();
  }

  #trickle(message: Trickle): void {
    // One candidate less may not matter; when it does, the connection's state says so.
    this.#rpc.request('icecandidate', message).catch((error: unknown) => console.warn('A candidate was not taken.', error));
  }
}
