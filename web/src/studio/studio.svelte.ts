import { api, ApiError, type CreatedRoom } from '../lib/api';
import { RoomClient, RoomOver } from '../lib/client';
import { WatchedWorld } from '../lib/debug';
import { explain, explainError, microphoneUnplugged, type Explanation } from '../lib/explain';
import { audioContext, Meter } from '../lib/meter';
import { canOpenMicrophones, MicrophoneError } from '../lib/microphone';
import type { RoomSnapshot } from '../lib/snapshot';
import type { GivenSeat } from '../lib/token';
import { browserWorld } from '../lib/world';
import { forgetGivenSeat, givenSeat } from './given';
import { Sound } from './sound.svelte';

/** Something to tell, and perhaps a way out that the page can offer. */
export interface Message {
  readonly explanation: Explanation;
  readonly tone: 'alert' | 'status';
  readonly remedy?: 'start_room';
}

/** The studio page: what is entered, what is on air, and what every button does. */
export class Studio {
  room = $state(new URL(location.href).searchParams.get('room') ?? '');
  pin = $state('');
  name = $state(localStorage.getItem(nameKey) ?? '');
  /** Which click is being carried out. */
  busy = $state<'entering' | 'creating'>();
  message = $state.raw<Message>();
  created = $state.raw<CreatedRoom>();
  /** Set while on air, or on the way there. */
  onAir = $state.raw<RoomSnapshot>();
  others = $state.raw<Meter>();
  readonly sound = new Sound(() => this.#tell(microphoneUnplugged));
  readonly watched = new WatchedWorld(browserWorld());
  /** The host's back end may have given us a seat of a room; another room is entered like everybody does. */
  #given = $state.raw<GivenSeat>();
  readonly #seat = $derived(this.#given?.roomID === this.room ? this.#given : undefined);
  /** Whoever opens a room is its host. */
  readonly isHost = $derived(this.#seat ? this.#seat.role === 'host' : this.created?.roomId === this.room);
  #client: RoomClient | undefined;
  #creation: string | undefined;

  constructor() {
    this.#takeGivenSeat();
    this.pin = sessionStorage.getItem(pinKey(this.room)) ?? '';
    if (!canOpenMicrophones()) this.#tell(explainError(new MicrophoneError('insecure')));
  }

  async createRoom(): Promise<void> {
    await this.#busyWith('creating', async () => {
      this.created = await this.#createOnce();
      this.room = this.created.roomId;
      this.pin = this.created.pin;
    });
  }

  async goOnAir(): Promise<void> {
    await this.#busyWith('entering', async () => {
      const { status, pin } = await api.findRoom(this.room, this.#seat?.token);
      if (status === 'created') return this.#tell(explain('not_started'), 'start_room');
      this.pin = pin ?? this.pin;
      const microphone = await this.sound.start();
      this.#remember();
      this.#enter(microphone);
    });
  }

  async startRoom(): Promise<void> {
    await this.#busyWith('entering', () => api.startRoom(this.room, this.#seat?.token));
    if (!this.message) await this.goOnAir();
  }

  async leave(): Promise<void> {
    this.sound.stop();
    await this.#client?.leave();
  }

  retryNow(): void {
    this.#client?.retryNow();
  }

  mute(muted: boolean): void {
    this.#client?.mute(muted);
  }

  async muteOther(userId: string, muted: boolean): Promise<void> {
    await this.#try((client) => client.muteOther(userId, muted));
  }

  async remove(userId: string): Promise<void> {
    await this.#try((client) => client.remove(userId));
  }

  async endRoom(): Promise<void> {
    await this.#try((client) => client.endRoom());
  }

  /** Changes to the chosen microphone while on air. */
  async changeMicrophone(): Promise<void> {
    await this.#try(async (client) => client.publish(await this.sound.start()));
  }

  /** A call whose answer got lost is repeated under its own key, so that it cannot open a second room. */
  async #createOnce(): Promise<CreatedRoom> {
    this.#creation ??= crypto.randomUUID();
    try {
      const room = await api.createRoom(this.#creation);
      this.#creation = undefined;
      return room;
    } catch (error) {
      if (error instanceof ApiError && error.code !== 'unreachable') this.#creation = undefined;
      throw error;
    }
  }

  /** Asks for all at once; how far it has come, and what becomes of it, the snapshots tell. */
  #enter(microphone: MediaStreamTrack): void {
    const role = this.isHost ? 'host' : 'anchor';
    const onchange = (snapshot: RoomSnapshot) => this.#show(snapshot);
    this.#client = new RoomClient({ room: this.room, token: this.#seat?.token, role, onchange }, this.watched.world);
    void this.#client.connect();
    void this.#client.join({ displayName: this.name, ...(this.pin && { pin: this.pin }) });
    void this.#client.publish(microphone);
  }

  #show(snapshot: RoomSnapshot): void {
    if (snapshot.remote !== this.onAir?.remote) this.#hear(snapshot.remote);
    if (snapshot.muted !== this.sound.muted) this.sound.mute(snapshot.muted);
    this.onAir = snapshot;
    if (snapshot.why) this.#end(snapshot.why);
  }

  #takeGivenSeat(): void {
    try {
      this.#given = givenSeat();
      this.room ||= this.#given?.roomID ?? '';
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#tell(explain('unauthorized'));
    }
  }

  #hear(remote: MediaStream | undefined): void {
    this.others?.close();
    this.others = remote && new Meter(audioContext(), remote);
  }

  #end(why: string): void {
    if (why === 'unauthorized') {
      forgetGivenSeat();
      this.#given = undefined;
    }
    this.sound.stop();
    this.sound.mute(false);
    this.onAir = undefined;
    this.#client = undefined;
    this.message = { explanation: explain(why), tone: why === 'left' ? 'status' : 'alert' };
  }

  /** Does something with the connection, and tells what stood in the way. */
  async #try(work: (client: RoomClient) => Promise<void>): Promise<void> {
    if (!this.#client) return;
    this.message = undefined;
    try {
      await work(this.#client);
    } catch (error) {
      // Whoever is out of the room has been told why.
      if (!(error instanceof RoomOver)) this.#tell(explainError(error));
    }
  }

  async #busyWith(what: 'entering' | 'creating', work: () => Promise<void>): Promise<void> {
    this.busy = what;
    this.message = undefined;
    try {
      await work();
    } catch (error) {
      this.#tell(explainError(error));
    } finally {
      this.busy = undefined;
    }
  }

  #tell(explanation: Explanation, remedy?: 'start_room'): void {
    this.message = { explanation, tone: 'alert', ...(remedy && { remedy }) };
  }

  /** What a reload would otherwise ask for again. The pin stays in this tab. */
  #remember(): void {
    localStorage.setItem(nameKey, this.name);
    sessionStorage.setItem(pinKey(this.room), this.pin);
    history.replaceState(null, '', `?room=${encodeURIComponent(this.room)}`);
  }
}

const nameKey = 'eventrtc:name';
const pinKey = (room: string) => `eventrtc:pin:${room}`;
