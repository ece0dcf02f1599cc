import { ApiError, type Api, type Seat } from './api';
import { backoff } from './backoff';
import { blame, endingOf, judge, type Ending, type GiveUp, type Verdict } from './endings';
import { emptyRoster, withStatus, withTalking, type Roster } from './roster';
import type { Seats } from './seats';
import { Session } from './session';

/** Waits between tries: soon at first, as most endings are a restart of something; then sparing. */
const retries = { firstMs: 250, lastMs: 10_000 };
/** A connection that held this long was a good one: the next failure starts with short waits again. */
const goodMs = 10_000;
/** A room that does not let us in for the first time within this is reported, instead of tried for ever. */
const firstEntryMs = 30_000;

export type AnchorState = 'connecting' | 'connected' | 'reconnecting' | 'disconnected';

/** What the page shows of an anchor's connection; replaced as a whole whenever something changes. */
export interface AnchorSnapshot {
  readonly state: AnchorState;
  readonly roster: Roster;
  /** Our own user id, once we have a seat. */
  readonly userId?: string;
  /** The voices of the others, mixed; set while connected. */
  readonly remote?: MediaStream;
  /** Why it is over; set when disconnected. */
  readonly why?: GiveUp;
}

export interface AnchorOptions {
  readonly room: string;
  readonly pin: string;
  readonly displayName: string;
  readonly microphone: MediaStreamTrack;
}

/** The world around the client: the browser's own for the page, a made-up one for a test. */
export interface AnchorWorld {
  readonly api: Pick<Api, 'admit' | 'release'>;
  readonly seats: Seats;
  openSocket(token: string): WebSocket;
  openPeer(): RTCPeerConnection;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/**
 * An anchor on air: takes a seat, connects, and connects again from scratch whenever the connection, the gateway or the
 * media server goes away, until it leaves or a further try cannot help.
 */
export class AnchorClient {
  readonly #options: AnchorOptions;
  readonly #world: AnchorWorld;
  readonly #publish: (snapshot: AnchorSnapshot) => void;
  #snapshot: AnchorSnapshot = { state: 'connecting', roster: emptyRoster };
  #session: Session | undefined;
  #microphone: MediaStreamTrack;
  #muted = false;
  #left = false;
  #entered = false;
  #wake: () => void = () => undefined;

  constructor(options: AnchorOptions, world: AnchorWorld, publish: (snapshot: AnchorSnapshot) => void) {
    this.#options = options;
    this.#world = world;
    this.#publish = publish;
    this.#microphone = options.microphone;
  }

  /** Goes on air and stays there; returns when the anchor has left or the client has given up. Call it once. */
  async run(): Promise<void> {
    const deadline = Date.now() + firstEntryMs;
    this.#set({});
    for (let failures = 0; ; failures++) {
      const { ending, verdict, heldMs } = await this.#connectOnce();
      if (this.#left) return this.#finish('left');
      if (verdict.kind === 'giveUp') return this.#finish(verdict.why);
      if (!this.#entered && Date.now() >= deadline) return this.#finish(blame(ending));
      if (verdict.newSeat) this.#world.seats.forget(this.#options.room);
      if (heldMs >= goodMs) failures = 0;
      this.#start({ state: this.#entered ? 'reconnecting' : 'connecting' });
      await this.#pause(Math.max(verdict.afterMs, backoff(failures, retries, this.#world.random)));
      if (this.#left) return this.#finish('left');
    }
  }

  /** Leaves the room and gives the seat back; `run` returns when that is done. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#wake();
    await this.#session?.leave();
  }

  /** Ends a wait between two tries, because the person or the network says that now is a good moment. */
  retryNow(): void {
    this.#wake();
  }

  /** Tells the room whether the microphone is open; silencing the microphone itself is its owner's business. */
  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#session?.announce();
  }

  /** Speaks through another microphone, now and after every reconnect. */
  async speakThrough(microphone: MediaStreamTrack): Promise<void> {
    this.#microphone = microphone;
    await this.#session?.speakThrough(microphone);
  }

  /** One try: a seat, a session, its end, and what follows from it. `heldMs` is how long the media flowed. */
  async #connectOnce(): Promise<{ ending: Ending; verdict: Verdict; heldMs: number }> {
    const kept = this.#world.seats.find(this.#options.room);
    let joined = false;
    let connectedAt: number | undefined;
    const conclude = (ending: Ending) => ({
      ending,
      verdict: judge(ending, { joined, freshSeat: kept === undefined }),
      heldMs: connectedAt === undefined ? 0 : Date.now() - connectedAt,
    });

    let seat: Seat;
    try {
      seat = kept ?? (await this.#takeSeat());
    } catch (error) {
      return conclude(endingOf(error));
    }
    if (this.#left) return conclude({ kind: 'left' });

    this.#set({ userId: seat.userID });
    this.#session = new Session(this.#sessionOptions(seat), {
      joined: () => (joined = true),
      connected: (remote) => {
        connectedAt ??= Date.now();
        this.#entered = true;
        this.#set({ state: 'connected', remote });
      },
      status: (status) => this.#set({ roster: withStatus(this.#snapshot.roster, status) }),
      talking: (talking) => this.#set({ roster: withTalking(this.#snapshot.roster, talking) }),
    });
    const ending = await this.#session.run();
    this.#session = undefined;
    return conclude(ending);
  }

  #sessionOptions(seat: Seat): ConstructorParameters<typeof Session>[0] {
    const { pin, displayName } = this.#options;
    return {
      socket: this.#world.openSocket(seat.token),
      connection: this.#world.openPeer(),
      microphone: this.#microphone,
      join: { pin, displayName, clientId: this.#world.seats.clientId() },
      presence: () => (this.#muted ? 'idle' : 'onair'),
    };
  }

  async #takeSeat(): Promise<Seat> {
    const seat = await this.#world.api.admit(this.#options.room);
    this.#world.seats.keep(this.#options.room, seat);
    return seat;
  }

  async #finish(why: GiveUp): Promise<void> {
    const seat = this.#world.seats.find(this.#options.room);
    this.#world.seats.forget(this.#options.room);
    this.#start({ state: 'disconnected', why });
    // A seat that was taken over is in use elsewhere and stays taken.
    if (seat && why !== 'taken_over') await this.#giveBack(seat);
  }

  async #giveBack(seat: Seat): Promise<void> {
    try {
      await this.#world.api.release(this.#options.room, seat);
    } catch (error) {
      // The room may be gone, or the network: then the seat falls free by itself when its presence lapses.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** A new state without a connection: nobody is known to be there, and versions may start anew. */
  #start(snapshot: Pick<AnchorSnapshot, 'state' | 'why'>): void {
    const { userId } = this.#snapshot;
    this.#snapshot = { roster: emptyRoster, ...(userId && { userId }), ...snapshot };
    this.#publish(this.#snapshot);
  }

  #set(change: Partial<AnchorSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#publish(this.#snapshot);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
