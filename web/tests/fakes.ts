import type { Api, Seat } from '../src/lib/api';
import { RoomClient, type RoomOptions } from '../src/lib/client';
import { Seats } from '../src/lib/seats';
import type { RoomSnapshot } from '../src/lib/snapshot';
import type { RoomWorld } from '../src/lib/world';

/** Lets every promise that can settle now settle, without moving the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

interface SentFrame {
  readonly id?: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** A browser's WebSocket whose other end the test plays. */
export class FakeSocket {
  readonly sent: SentFrame[] = [];
  closedWith: number | undefined;
  /** The other side does not answer a closing handshake. */
  deaf = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly token = '') {}

  asSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as SentFrame);
  }

  close(code = 1000): void {
    if (!this.deaf) this.drop(code);
  }

  async open(): Promise<void> {
    this.onopen?.();
    await settle();
  }

  /** The server's answer to the newest request `method`. */
  async answer(method: string, answer: { result: unknown } | { error: object }): Promise<void> {
    const id = this.requests(method).at(-1)?.id;
    if (id === undefined) throw new Error(`There is no request ${method} to answer.`);
    await this.deliver({ jsonrpc: '2.0', id, ...answer });
  }

  async notify(method: string, params: object): Promise<void> {
    await this.deliver({ jsonrpc: '2.0', method, params });
  }

  async deliver(frame: unknown): Promise<void> {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    await settle();
  }

  /** The connection ends, by either side's doing. */
  drop(code: number, reason = ''): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = code;
    this.onclose?.({ code, reason });
  }

  requests(method: string): SentFrame[] {
    return this.sent.filter((frame) => frame.method === method);
  }
}

/** A browser's RTCPeerConnection that writes down what it is told. */
export class FakePeer {
  readonly applied: string[] = [];
  readonly sender = { track: undefined as unknown, replaceTrack: async (track: unknown) => void (this.sender.track = track) };
  connectionState: RTCPeerConnectionState = 'new';
  closed = false;
  onicecandidate: ((event: { candidate: { toJSON(): object } | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  asPeer(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }

  addTransceiver(track: unknown) {
    this.sender.track = track;
    return { sender: this.sender, receiver: { track: 'their voices' } };
  }

  async createOffer() {
    return { type: 'offer', sdp: 'our sdp' };
  }

  async setLocalDescription(description: { type: string }): Promise<void> {
    this.applied.push(`local ${description.type}`);
  }

  async setRemoteDescription(description: { type: string }): Promise<void> {
    this.applied.push(`remote ${description.type}`);
  }

  async addIceCandidate({ candidate }: { candidate: string }): Promise<void> {
    this.applied.push(`candidate ${candidate}`);
  }

  close(): void {
    this.closed = true;
  }

  /** The browser found a way to be reached, or all of them (null). */
  find(candidate: string | null): void {
    this.onicecandidate?.({ candidate: candidate === null ? null : { toJSON: () => ({ candidate }) } });
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

export class FakeStream {
  constructor(readonly tracks: unknown[]) {}
}

export function memoryStore(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** The world of a room client, with every socket and peer connection that it opened. */
export class FakeWorld implements RoomWorld {
  readonly sockets: FakeSocket[] = [];
  readonly peers: FakePeer[] = [];
  readonly seats = new Seats(memoryStore());
  readonly released: string[] = [];
  admitted = 0;
  admittedAs: string | undefined;
  admit: (room: string, role: string) => Promise<Seat> = async (_, role) => {
    this.admitted++;
    this.admittedAs = role;
    return { userID: `user-${this.admitted}`, token: `token-${this.admitted}` };
  };
  readonly api: Pick<Api, 'admit' | 'release'> = {
    admit: (room, role) => this.admit(room, role),
    release: async (_, seat) => void this.released.push(seat.userID),
  };

  openSocket(token: string): WebSocket {
    const socket = new FakeSocket(token);
    this.sockets.push(socket);
    return socket.asSocket();
  }

  openPeer(): RTCPeerConnection {
    const peer = new FakePeer();
    this.peers.push(peer);
    return peer.asPeer();
  }

  random(): number {
    return 0.5;
  }

  /** The connection that is being made or in use now. */
  get socket(): FakeSocket {
    return last(this.sockets);
  }

  get peer(): FakePeer {
    return last(this.peers);
  }

  /** Plays the server through the newest connection, up to the point where media flows. */
  async letIn(): Promise<void> {
    await this.socket.open();
    await this.admitJoin();
    await this.letMediaFlow();
  }

  /** The gateway lets the newest connection into the room, with a fresh media session. */
  async admitJoin(jtoken = 'j1'): Promise<void> {
    await this.socket.answer('join', { result: { jtoken, resume: false } });
  }

  /** The gateway has found the media session that the newest connection claims. */
  async resume(jtoken = 'j2'): Promise<void> {
    await this.socket.open();
    await this.socket.answer('join', { result: { jtoken, resume: true } });
  }

  async letMediaFlow(): Promise<void> {
    await this.socket.answer('offer', { result: { sdp: { type: 'answer', sdp: 'their sdp' } } });
    this.peer.become('connected');
    await settle();
  }
}

/** A client in a made-up world, and every snapshot that it has told. */
export class Member {
  readonly world = new FakeWorld();
  readonly microphone = { id: 'microphone' } as unknown as MediaStreamTrack;
  readonly seen: RoomSnapshot[] = [];
  readonly client: RoomClient;

  constructor(options: Partial<RoomOptions> = {}) {
    this.client = new RoomClient({ room: 'r1', onchange: (snapshot) => this.seen.push(snapshot), ...options }, this.world);
  }

  get now(): RoomSnapshot {
    return this.client.snapshot;
  }

  /** The states it went through, each run of the same once. */
  get states(): string[] {
    return this.seen.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);
  }

  /** Asks for everything at once, as the studio does. */
  async goOnAir(): Promise<void> {
    void this.client.connect();
    void this.client.join({ pin: 'abc123', displayName: 'Ada' });
    void this.client.publish(this.microphone);
    await settle();
  }

  /** What the mixer was told of us over the newest connection. */
  get mutes(): unknown[] {
    return this.world.socket.requests('mute').map(({ params }) => params);
  }

  /** The presence that was told over the newest connection. */
  get presence(): unknown[] {
    return this.world.socket.requests('keepalive').map(({ params }) => params['status']);
  }
}

/** A token with these claims, and no signature that anybody could check. */
export function fakeToken(claims: object): string {
  const payload = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))));
  return `e30.${payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.signature`;
}

function last<T>(list: T[]): T {
  const found = list.at(-1);
  if (found === undefined) throw new Error('Nothing was opened yet.');
  return found;
}
