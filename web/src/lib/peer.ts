import type { Trickle } from './gateway';

/** From the offer to hearing each other; usually half a second. */
const establishMs = 20_000;
/** How long a connection that lost its path may look for another before it counts as lost. */
const patienceMs = 5_000;

/** What a peer needs of the signalling: an answer to its offer, and a way to send candidates. */
export interface Signalling {
  offer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit>;
  trickle(message: Trickle): void;
}

/** What a peer tells of itself. */
export interface PeerEvents {
  /** Media can flow; also after each time it could not for a while. */
  connected(): void;
  /** Media does not flow and will not by itself: `failed` is final, `patience` may still turn out well. */
  lost(how: 'failed' | 'patience'): void;
}

/**
 * One WebRTC connection to the media server: our microphone there, everybody else's voices back. It is negotiated once,
 * and lives on while the WebSocket that it was negotiated over is replaced.
 * Candidates of both sides wait until the answer is applied: before that, neither side could use them.
 */
export class Peer {
  /** The voices of the others, mixed. */
  readonly remote: MediaStream;
  readonly #connection: RTCPeerConnection;
  readonly #sender: RTCRtpSender;
  readonly #events: PeerEvents;
  readonly #found: Trickle[] = [];
  readonly #received: Trickle[] = [];
  #stage: 'new' | 'offered' | 'answered' = 'new';
  #trickle: (message: Trickle) => void = (message) => void this.#found.push(message);
  #established = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: RTCPeerConnection, microphone: MediaStreamTrack, events: PeerEvents) {
    this.#connection = connection;
    this.#events = events;
    const transceiver = connection.addTransceiver(microphone, { direction: 'sendrecv' });
    this.#sender = transceiver.sender;
    this.remote = new MediaStream([transceiver.receiver.track]);
    connection.onicecandidate = ({ candidate }) =>
      this.#trickle(candidate ? { candidate: candidate.toJSON() } : { completed: true });
    connection.onconnectionstatechange = () => this.look();
    this.#timer = setTimeout(() => events.lost('failed'), establishMs);
  }

  /** Media has flowed: worth keeping when the WebSocket is lost. */
  get established(): boolean {
    return this.#established;
  }

  /** Offers, and applies the answer. Throws what the signalling throws. */
  async negotiate(signalling: Signalling): Promise<void> {
    const offer = await this.#connection.createOffer();
    await this.#connection.setLocalDescription(offer);
    this.#stage = 'offered';
    await this.#connection.setRemoteDescription(await signalling.offer(offer));
    this.#stage = 'answered';
    this.#trickle = (message) => signalling.trickle(message);
    this.#found.splice(0).forEach(this.#trickle);
    for (const message of this.#received.splice(0)) await this.#add(message);
  }

  /** Takes a candidate of the media server. One that comes before our offer is meant for an earlier connection. */
  async receive(message: Trickle): Promise<void> {
    if (this.#stage === 'answered') await this.#add(message);
    else if (this.#stage === 'offered') this.#received.push(message);
  }

  /** Speaks through another microphone from now on, without a new negotiation. */
  async speakThrough(microphone: MediaStreamTrack): Promise<void> {
    await this.#sender.replaceTrack(microphone);
  }

  /** Tells again how it is, with new patience. */
  look(): void {
    const state = this.#connection.connectionState;
    if (state === 'connecting' || state === 'new') return;
    clearTimeout(this.#timer);
    if (state === 'connected') {
      this.#established = true;
      this.#events.connected();
    } else if (state === 'disconnected') this.#timer = setTimeout(() => this.#events.lost('patience'), patienceMs);
    else this.#events.lost('failed');
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#connection.onconnectionstatechange = null;
    this.#connection.onicecandidate = null;
    this.#connection.close();
  }

  async #add(message: Trickle): Promise<void> {
    if (!('candidate' in message)) return;
    try {
      await this.#connection.addIceCandidate(message.candidate);
    } catch (error) {
      // One way less to reach the server. When none is left, the connection's state says so.
      console.warn('A candidate was not usable.', message.candidate, error);
    }
  }
}
