import { ApiError, type Api, type Room } from './api';
import { backoff, wait } from './backoff';
import { PlayerUnsupported, type Player } from './player';

/** How often the room is looked at: while nothing is to be heard, and while it is on air. */
const lookMs = { waiting: 3_000, onair: 10_000 };
const retries = { firstMs: 500, lastMs: 10_000 };
/** A silence this long does not end by itself: the stream may have moved, so it is opened anew. */
const stalledMs = 8_000;

/** What is known of the room. `missing`: there is none of this name. `ended`: it was on air and is no more. */
export type RoomPhase = 'checking' | 'missing' | 'waiting' | 'onair' | 'ended' | 'unreachable';

/** What the listener hears. `blocked`: the browser wants a click first. */
export type Playback = 'stopped' | 'starting' | 'playing' | 'stalled' | 'blocked' | 'unsupported';

export interface ListenerSnapshot {
  readonly phase: RoomPhase;
  readonly playback: Playback;
}

export interface ListenerWorld {
  readonly api: Pick<Api, 'findRoom' | 'listenToken'>;
  openPlayer(audio: HTMLMediaElement, room: string, token: string): Promise<Player>;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/**
 * A listener of one room. It looks at the room again and again, and closes the gap between what the person wants (to
 * listen or not) and what is: so it starts when the room comes on air, and recovers from whatever interrupts it.
 */
export class Listener {
  readonly #room: string;
  readonly #audio: HTMLMediaElement;
  readonly #world: ListenerWorld;
  readonly #publish: (snapshot: ListenerSnapshot) => void;
  readonly #disposed = new AbortController();
  #snapshot: ListenerSnapshot = { phase: 'checking', playback: 'stopped' };
  #wanted = false;
  #player: Player | undefined;
  #failures = 0;
  #stalled: ReturnType<typeof setTimeout> | undefined;
  #awake = new AbortController();

  constructor(room: string, audio: HTMLMediaElement, world: ListenerWorld, publish: (snapshot: ListenerSnapshot) => void) {
    this.#room = room;
    this.#audio = audio;
    this.#world = world;
    this.#publish = publish;
    const { signal } = this.#disposed;
    audio.addEventListener('playing', () => this.#heard('playing'), { signal });
    audio.addEventListener('waiting', () => this.#heard('stalled'), { signal });
  }

  /** Watches the room, and plays it while that is wanted, until `dispose`. Call it once. */
  async run(): Promise<void> {
    while (!this.#disposed.signal.aborted) {
      this.#awake = new AbortController();
      await this.#look();
      await this.#closeGap();
      const delay = this.#snapshot.phase === 'onair' ? lookMs.onair : lookMs.waiting;
      await wait(delay, AbortSignal.any([this.#awake.signal, this.#disposed.signal]));
    }
    this.#closePlayer();
  }

  /** Wants to listen from now on. To be called from a click, or the browser may refuse to make a sound. */
  play(): void {
    this.#wanted = true;
    this.#failures = 0;
    this.#set({ playback: 'starting' });
    // Claims the click for this element while it counts; there is nothing to play yet, so the promise fails.
    this.#audio.play().catch(() => undefined);
    this.#awake.abort();
  }

  stop(): void {
    this.#wanted = false;
    this.#closePlayer();
    this.#set({ playback: 'stopped' });
  }

  dispose(): void {
    this.#disposed.abort();
  }

  /** Seconds behind live; undefined while nothing plays. */
  behind(): number | undefined {
    return this.#player?.behind();
  }

  async #look(): Promise<void> {
    try {
      this.#see(await this.#world.api.findRoom(this.#room));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) this.#set({ phase: this.#wasOnAir() ? 'ended' : 'missing' });
      else if (!this.#player) this.#set({ phase: 'unreachable' });
    }
  }

  #see({ status }: Room): void {
    if (status === 'onair') this.#set({ phase: 'onair' });
    else this.#set({ phase: status === 'removing' || this.#wasOnAir() ? 'ended' : 'waiting' });
  }

  #wasOnAir(): boolean {
    return this.#snapshot.phase === 'onair' || this.#snapshot.phase === 'ended';
  }

  async #closeGap(): Promise<void> {
    const audible = this.#snapshot.phase === 'onair';
    if (audible && this.#wanted && !this.#player) await this.#openPlayer();
    if (!audible && this.#player) {
      this.#closePlayer();
      this.#set({ playback: 'starting' });
    }
  }

  async #openPlayer(): Promise<void> {
    try {
      const player = await this.#world.openPlayer(this.#audio, this.#room, await this.#world.api.listenToken(this.#room));
      if (!this.#wanted || this.#disposed.signal.aborted) return player.close();
      this.#player = player;
      void player.failed.then(() => this.#lost(player));
      await this.#audio.play();
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (error instanceof PlayerUnsupported) this.#giveUp('unsupported');
    else if (error instanceof DOMException && error.name === 'NotAllowedError') this.#giveUp('blocked');
    // Closed while it was starting: whoever closed it knows.
    else if (error instanceof DOMException && error.name === 'AbortError') return;
    else if (error instanceof ApiError) this.#retrySoon();
    else throw error;
  }

  #giveUp(playback: Playback): void {
    this.#wanted = false;
    this.#closePlayer();
    this.#set({ playback });
  }

  #lost(player: Player): void {
    if (this.#player !== player) return;
    this.#closePlayer();
    this.#set({ playback: 'starting' });
    this.#retrySoon();
  }

  #retrySoon(): void {
    const delay = backoff(this.#failures++, retries, this.#world.random);
    void wait(delay, this.#disposed.signal).then(() => this.#awake.abort());
  }

  #heard(playback: 'playing' | 'stalled'): void {
    const player = this.#player;
    if (!player) return;
    clearTimeout(this.#stalled);
    if (playback === 'playing') this.#failures = 0;
    else this.#stalled = setTimeout(() => this.#lost(player), stalledMs);
    this.#set({ playback });
  }

  #closePlayer(): void {
    clearTimeout(this.#stalled);
    this.#player?.close();
    this.#player = undefined;
  }

  #set(change: Partial<ListenerSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#publish(this.#snapshot);
  }
}
