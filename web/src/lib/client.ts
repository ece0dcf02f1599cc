import type { GiveUp } from './endings';
import type { MuteParams } from './gateway';
import { Milestones } from './milestones';
import { emptyRoster } from './roster';
import type { RoomSnapshot, RoomState } from './snapshot';
import { Upkeep, type Entrance } from './upkeep';
import { browserWorld, type RoomWorld } from './world';

export interface RoomOptions {
  readonly room: string;
  /** A room token that a back end handed out: its seat is used, and none is asked for. */
  readonly token?: string | undefined;
  /** What to be admitted as without a token; `anchor` unless set. */
  readonly role?: 'host' | 'anchor';
  /** Called with every change. */
  readonly onchange?: (snapshot: RoomSnapshot) => void;
}

/** What was asked for will not come: the client has given up, or has left. */
export class RoomOver extends Error {
  override readonly name = 'RoomOver';

  constructor(readonly why: GiveUp) {
    super(`It is over: ${why}.`);
  }
}

/**
 * A member of one room. What `connect`, `join` and `publish` ask for once is kept up until `leave`, through lost
 * networks, restarted gateways and moved media: the peer connection survives a lost WebSocket, and is made anew only
 * when the server or the browser says that it is gone. Each of the three settles when what it asks for is there for the
 * first time, and rejects with `RoomOver` when it never will be; whoever does not wait sees the same in `snapshot`.
 */
export class RoomClient {
  readonly #milestones = new Milestones();
  readonly #upkeep: Upkeep;
  readonly #onchange: (snapshot: RoomSnapshot) => void;
  #snapshot: RoomSnapshot = { state: 'disconnected', roster: emptyRoster, muted: false };
  #running: Promise<void> | undefined;
  #begun = false;
  #why: GiveUp | undefined;

  /** @throws TypeError the token is not a room token. */
  constructor(options: RoomOptions, world: RoomWorld = browserWorld()) {
    this.#onchange = options.onchange ?? (() => undefined);
    this.#upkeep = new Upkeep(options, world, () => this.#tell());
  }

  get snapshot(): RoomSnapshot {
    return this.#snapshot;
  }

  /** Takes a seat and connects to the gateway. Settles when the connection is open. */
  connect(): Promise<void> {
    this.#running ??= this.#run();
    return this.#milestones.until(() => this.#upkeep.open);
  }

  /** Enters the room, and connects first if need be. Settles when the room has let us in. */
  join(entrance: Entrance): Promise<void> {
    this.#upkeep.enter(entrance);
    void this.connect();
    return this.#milestones.until(() => this.#upkeep.joined);
  }

  /**
   * Speaks through `microphone` as soon as we are in the room, and hears the others. Settles when media flows. Another
   * microphone may follow at any time. Silencing and stopping it is its owner's business, see `mute`.
   */
  publish(microphone: MediaStreamTrack): Promise<void> {
    const spoken = this.#upkeep.speakThrough(microphone);
    const flowing = spoken.then(() => this.#milestones.until(() => this.#upkeep.joined && this.#upkeep.media.flowing));
    flowing.catch(() => undefined); // As with the others: whoever does not wait sees the snapshot.
    return flowing;
  }

  /** Says whether we are muted, to the mixer and to the others. The owner of the microphone disables its track besides. */
  mute(muted: boolean): void {
    this.#upkeep.mute(muted);
  }

  /** Leaves the room and gives the seat back; settles when that is done. The client is of no use afterwards. */
  leave(): Promise<void> {
    this.#upkeep.leave();
    this.#running ??= this.#run();
    return this.#running;
  }

  /** The person or the network says that now is a good moment: ends a wait of our own choice, and sees whether the line works. */
  retryNow(): void {
    this.#upkeep.retryNow();
  }

  /** For the host: mutes another in the mix, or lets it speak again. Throws RpcError, RpcTimeout or RpcClosed. */
  async muteOther(userId: string, muted: boolean): Promise<void> {
    await this.#upkeep.request('mute', { userId, muted } satisfies MuteParams);
  }

  /** For the host: puts another out of the room. Throws RpcError, RpcTimeout or RpcClosed. */
  async remove(userId: string): Promise<void> {
    await this.#upkeep.request('remove', { userId });
  }

  /** For the host: ends the room for everybody. Throws RpcError, RpcTimeout or RpcClosed. */
  async endRoom(): Promise<void> {
    await this.#upkeep.request('endRoom', {});
  }

  async #run(): Promise<void> {
    this.#begun = true;
    this.#why = await this.#upkeep.run();
    this.#tell();
    this.#milestones.fail(new RoomOver(this.#why));
    await this.#upkeep.goodbye(this.#why);
  }

  #tell(): void {
    const { userId, roster } = this.#upkeep;
    const { remote, muting } = this.#upkeep.media;
    this.#snapshot = {
      state: this.#state(),
      roster,
      muted: muting.muted,
      ...(userId && { userId }),
      ...(remote && { remote }),
      ...(muting.by !== undefined && { mutedBy: muting.by }),
      ...(this.#why && { why: this.#why }),
    };
    this.#milestones.look();
    this.#onchange(this.#snapshot);
  }

  #state(): RoomState {
    if (this.#why || !this.#begun) return 'disconnected';
    if (this.#upkeep.complete) return 'connected';
    return this.#upkeep.wasComplete ? 'resuming' : 'connecting';
  }
}
