import { AnchorClient, type AnchorSnapshot } from '../lib/anchor';
import { api, ApiError, type CreatedRoom } from '../lib/api';
import { explain, explainError, microphoneUnplugged, type Explanation } from '../lib/explain';
import { gatewayUrl } from '../lib/gateway';
import { audioContext, Meter } from '../lib/meter';
import { canOpenMicrophones, MicrophoneError } from '../lib/microphone';
import { Seats } from '../lib/seats';
import { Sound } from './sound.svelte';

/** Something to tell, and perhaps a way out that the page can offer. */
export interface Message {
  readonly explanation: Explanation;
  readonly tone: 'alert' | 'status';
  readonly remedy?: 'start_room';
}

const seats = new Seats(sessionStorage);

const world = {
  api,
  seats,
  openSocket: (token: string) => new WebSocket(gatewayUrl(location, token)),
  // No STUN: the media server is reached at its own address, and answers to wherever our packets come from.
  openPeer: () => new RTCPeerConnection(),
  random: Math.random,
};

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
  onAir = $state.raw<AnchorSnapshot>();
  others = $state.raw<Meter>();
  readonly sound = new Sound(() => this.#tell(microphoneUnplugged));
  #client: AnchorClient | undefined;
  #creation: string | undefined;

  constructor() {
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
      const { status } = await api.findRoom(this.room);
      if (status === 'created') return this.#tell(explain('not_started'), 'start_room');
      const microphone = await this.sound.start();
      this.#remember();
      void this.#stayOnAir(microphone);
    });
  }

  async startRoom(): Promise<void> {
    await this.#busyWith('entering', () => api.startRoom(this.room));
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
    this.sound.mute(muted);
    this.#client?.setMuted(muted);
  }

  /** Changes to the chosen microphone while on air. */
  async changeMicrophone(): Promise<void> {
    if (!this.#client) return;
    this.message = undefined;
    try {
      await this.#client.speakThrough(await this.sound.start());
    } catch (error) {
      this.#tell(explainError(error));
    }
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

  async #stayOnAir(microphone: MediaStreamTrack): Promise<void> {
    const options = { room: this.room, pin: this.pin, displayName: this.name, microphone };
    this.#client = new AnchorClient(options, world, (snapshot) => this.#show(snapshot));
    this.#client.setMuted(this.sound.muted);
    await this.#client.run();
  }

  #show(snapshot: AnchorSnapshot): void {
    if (snapshot.remote !== this.onAir?.remote) this.#hear(snapshot.remote);
    this.onAir = snapshot;
    if (snapshot.state === 'disconnected') this.#end(snapshot.why ?? 'left');
  }

  #hear(remote: MediaStream | undefined): void {
    this.others?.close();
    this.others = remote && new Meter(audioContext(), remote);
  }

  #end(why: string): void {
    this.sound.stop();
    this.sound.mute(false);
    this.onAir = undefined;
    this.#client = undefined;
    this.message = { explanation: explain(why), tone: why === 'left' ? 'status' : 'alert' };
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
