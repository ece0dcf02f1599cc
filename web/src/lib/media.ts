import type { JoinAnswer, Presence, Trickle } from './gateway';
import { Muting } from './muting';
import { Peer, type PeerEvents, type Signalling } from './peer';

/** Our media: a microphone, the peer connection that carries it, our claim to its other end, and whether we are muted. */
export class Media {
  readonly muting = new Muting();
  readonly #openPeer: () => RTCPeerConnection;
  readonly #events: PeerEvents;
  #microphone: MediaStreamTrack | undefined;
  #peer: Peer | undefined;
  #claim: string | undefined;

  constructor(openPeer: () => RTCPeerConnection, events: PeerEvents) {
    this.#openPeer = openPeer;
    this.#events = events;
  }

  get wanted(): boolean {
    return this.#microphone !== undefined;
  }

  /** Sound flows, or did a moment ago and may again. */
  get flowing(): boolean {
    return this.#peer?.established ?? false;
  }

  /** The voices of the others, while they flow. */
  get remote(): MediaStream | undefined {
    return this.flowing ? this.#peer!.remote : undefined;
  }

  get presence(): Presence {
    return this.wanted && !this.muting.muted ? 'onair' : 'idle';
  }

  /** By which the gateway finds the session that this media belongs to. */
  get claim(): { jtoken?: string } {
    return this.#claim === undefined ? {} : { jtoken: this.#claim };
  }

  async speakThrough(microphone: MediaStreamTrack): Promise<void> {
    this.#microphone = microphone;
    await this.#peer?.speakThrough(microphone);
  }

  receive(message: Trickle): void {
    void this.#peer?.receive(message);
  }

  /** The gateway has answered our claim; the media stays only when it has found the session. */
  claimed({ jtoken, resume }: JoinAnswer): void {
    if (!resume) {
      this.drop();
      this.muting.forgotten();
    }
    this.#claim = jtoken;
  }

  /** Negotiates, unless that is done: then looks what became of it. Throws what the signalling throws. */
  async have(signalling: Signalling): Promise<void> {
    if (this.#peer) return this.#peer.look();
    this.#peer = new Peer(this.#openPeer(), this.#microphone!, this.#events);
    await this.#peer.negotiate(signalling);
  }


  drop(): void {
    this.#peer?.close();
    this.#peer = undefined;
    this.#claim = undefined;
  }
}
