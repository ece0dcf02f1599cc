import { blame, endingOf, judge, type Ending, type GiveUp, type Retry } from './endings';
import type { MutedNotice, MuteParams } from './gateway';
import { Line } from './line';
import { Media } from './media';
import { Milestones } from './milestones';
import { Pace } from './pace';
import type { Signalling } from './peer';
import { Progress } from './progress';
import { afterGap, asHeard, emptyRoster, withStatus, withTalking, type Roster } from './roster';
import { RpcClosed, RpcError } from './rpc';
import { Place } from './seats';
import { readToken } from './token';
import type { RoomWorld } from './world';

/** What is said of a room that is no more, or soon will be: of one that we were in, it has ended. */
const gone: ReadonlySet<GiveUp> = new Set(['room_not_found', 'room_removing']);

/** How to enter a room. */
export interface Entrance {
  /** Not needed by the host. */
  readonly pin?: string;
  readonly displayName: string;
}

interface UpkeepOptions {
  readonly room: string;
  readonly token?: string | undefined;
  readonly role?: 'host' | 'anchor';
}

/**
 * Closes the gap between what is wanted of a place in a room and what is there: a seat, a line to the gateway, the
 * membership, the media. Whatever goes missing is made again, and as little else as possible.
 */
export class Upkeep {
  readonly media: Media;
  readonly #world: RoomWorld;
  readonly #changed: () => void;
  readonly #place: Place;
  readonly #pace: Pace;
  readonly #wants = new Milestones();
  readonly #progress = new Progress();
  readonly #signalling: Signalling = {
    offer: (sdp) => this.#line!.offer(sdp),
    trickle: (message) => this.#line?.trickle(message),
  };
  #lose: (ending: Ending) => void = () => undefined;

  // What is wanted.
  #entrance: Entrance | undefined;
  #left = false;

  // What is there, besides the media.
  #line: Line | undefined;
  #open = false;
  /** This line has been let into the room, whatever became of it. */
  #accepted = false;
  #joined = false;
  #roster = emptyRoster;

  /** @throws TypeError the token is not a room token. */
  constructor({ room, token, role = 'anchor' }: UpkeepOptions, world: RoomWorld, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    const given = token === undefined ? undefined : readToken(token);
    this.#place = new Place({ room, role, given, api: world.api, seats: world.seats });
    this.#pace = new Pace(world.random);
    this.media = new Media(() => world.openPeer(), { connected: () => this.#tell(), lost: (how) => this.#mediaLost(how) });
  }

  get open(): boolean {
    return this.#open;
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** All that is wanted is there. */
  get complete(): boolean {
    return (this.#entrance ? this.#joined : this.#open) && (!this.media.wanted || this.media.flowing);
  }

  get wasComplete(): boolean {
    return this.#progress.wasComplete;
  }

  get userId(): string | undefined {
    return this.#place.seat?.userID;
  }

  get roster(): Roster {
    return asHeard(this.#roster);
  }

  enter(entrance: Entrance): void {
    if (!this.#entrance) this.#progress.begin();
    this.#entrance = entrance;
    this.#wants.look();
  }

  async speakThrough(microphone: MediaStreamTrack): Promise<void> {
    if (!this.media.wanted) this.#progress.begin();
    const spoken = this.media.speakThrough(microphone);
    this.#wants.look();
    await spoken;
  }

  mute(muted: boolean): void {
    this.media.muting.wish(muted);
    this.#announce();
    this.#tell();
  }

  leave(): void {
    this.#left = true;
    this.#lose({ kind: 'left' });
  }

  retryNow(): void {
    this.#pace.hurry();
    this.#line?.announce();
  }

  request(method: string, params: object): Promise<unknown> {
    return this.#line?.request(method, params) ?? Promise.reject(new RpcClosed({ code: 1006, reason: 'not connected' }));
  }

  /** One attempt after another, each until something goes missing, until no other can help. Call it once. */
  async run(): Promise<GiveUp> {
    this.#progress.begin();
    for (;;) {
      this.#tell();
      const ending = await this.#attempt();
      const verdict = judge(ending, { joined: this.#accepted, lastSeat: this.#place.isLast });
      if (verdict.kind === 'giveUp') return this.#giveUp(verdict.why);
      if (this.#progress.isOverdue) return this.#giveUp(blame(ending));
      this.#pace.failed(verdict, this.#progress.heldMs);
      this.#letGo(verdict.anew);
    }
  }

  /** After `run`: tells the gateway that we go, and gives the seat back. */
  async goodbye(why: GiveUp): Promise<void> {
    await this.#line?.leave();
    // A seat that was taken over is in use elsewhere and stays taken.
    if (why === 'taken_over') this.#place.forget();
    else await this.#place.giveBack();
  }

  /** Makes what is missing, and stays until something goes missing again. */
  async #attempt(): Promise<Ending> {
    const attempt = new AbortController();
    try {
      return await new Promise<Ending>((resolve, reject) => {
        this.#lose = resolve;
        if (this.#left) return resolve({ kind: 'left' });
        this.#closeGap(attempt.signal).catch((error: unknown) => resolve(endingOf(error))).catch(reject);
      });
    } finally {
      attempt.abort();
    }
  }

  /** From what is there to what is wanted, step by step; some of it may have been there all the time. */
  async #closeGap(signal: AbortSignal): Promise<void> {
    const steps = [
      () => this.#pace.pause(signal),
      () => this.#place.take(),
      () => this.#openLine(),
      () => this.#wants.until(() => this.#entrance !== undefined),
      () => this.#join(signal),
      () => this.#wants.until(() => this.media.wanted),
      () => this.media.have(this.#signalling),
    ];
    for (const step of steps) {
      if (signal.aborted) return;
      await step();
    }
  }

  async #openLine(): Promise<void> {
    this.#line ??= this.#newLine(this.#place.seat!.token);
    await this.#line.opened();
    this.#open = true;
    this.#tell();
  }

  #newLine(token: string): Line {
    this.#accepted = false;
    return new Line(this.#world.openSocket(token), {
      presence: () => this.media.presence,
      status: (status) => this.#see(withStatus(this.#roster, status)),
      talking: (talking) => this.#see(withTalking(this.#roster, talking)),
      muted: (notice) => this.#hearMuted(notice),
      candidate: (message) => this.media.receive(message),
      moved: () => this.#lose({ kind: 'moved' }),
      ended: (ending) => this.#lose(ending),
    });
  }

  async #join(signal: AbortSignal): Promise<void> {
    const answer = await this.#line!.join({
      ...this.#entrance!,
      ...this.media.claim,
      clientId: this.#world.seats.clientId(),
    });
    this.#accepted = true;
    this.#place.accepted();
    if (signal.aborted) return;
    this.media.claimed(answer);
    this.#joined = true;
    this.#announce();
    this.#tell();
  }

  #mediaLost(how: 'failed' | 'patience'): void {
    // While we are not in the room the network may be away as a whole, and both may come back with it.
    if (how === 'patience' && !this.#joined) return;
    this.media.drop();
    if (this.#line) this.#lose({ kind: 'mediaLost' });
    else this.#tell();
  }

  /** Drops what cannot be used in the next attempt. Media that has never flowed is not worth being resumed. */
  #letGo(anew: Retry['anew']): void {
    this.#joined = false;
    this.#progress.interrupt();
    if (anew === 'seat' || !this.media.flowing) this.media.drop();
    if (anew === 'seat') this.#place.forget();
    if (anew !== 'join') this.#dropLine();
  }

  #giveUp(why: GiveUp): GiveUp {
    this.#joined = this.#open = false;
    this.#roster = emptyRoster;
    this.media.drop();
    return this.wasComplete && gone.has(why) ? 'room_ended' : why;
  }

  #dropLine(): void {
    this.#open = false;
    this.#line?.drop();
    this.#line = undefined;
    this.#roster = afterGap(this.#roster);
  }

  #hearMuted(notice: MutedNotice): void {
    if (notice.by === this.userId) return;
    this.media.muting.hear(notice);
    this.#announce();
    this.#tell();
  }

  /** Tells everybody whether we are muted: the room by our presence, and the mixer when it does not know. */
  #announce(): void {
    if (!this.#joined) return;
    this.#line!.announce();
    const { muting } = this.media;
    if (!muting.isNews) return;
    this.request('mute', { muted: muting.muted } satisfies MuteParams).catch((error: unknown) => {
      if (error instanceof RpcError && !error.retryable) console.warn('The mixer does not know whether we are muted.', error);
      else muting.uncertain();
    });
    muting.told();
  }

  #see(roster: Roster): void {
    this.#roster = roster;
    this.#tell();
  }

  #tell(): void {
    if (this.complete) this.#progress.complete();
    this.#changed();
  }
}
