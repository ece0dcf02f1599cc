import type { Trickle } from './gateway';

/** How long a connection that lost its path may look for another before it counts as lost. */
const patienceMs = 5_000;

/** What a peer needs of the signalling: an answer to its offer, and a way to send candidates. */
export interface Signalling {
  offer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit>;
  trickle(message: Trickle): void;
}

/**
 * One WebRTC connection to the media server: our microphone there, everybody else's voices back.
 * Candidates of both sides wait until the answer is applied: before that, neither side could use them.
 */
export class Peer {
  readonly #connection: RTCPeerConnection;
  readonly #signalling: Signalling;
  readonly #sender: RTCRtpSender;
  readonly #found: Trickle[] = [];
  readonly #received: Trickle[] = [];
  #answered = false;
  #lossTimer: ReturnType<typeof setTimeout> | undefined;

  /** Called each time media can flow, with the voices of the others. */
  onconnected: (remote: MediaStream) => void = () => undefined;
  /** Called once, when no media will flow any more. */
  onlost: () => void = () => undefined;

  constructor(connection: RTCPeerConnection, microphone: MediaStreamTrack, signalling: Signalling) {
    this.#connection = connection;
    this.#signalling = signalling;
    const transceiver = connection.addTransceiver(microphone, { direction: 'sendrecv' });
    this.#sender = transceiver.sender;
    const remote = new MediaStream([transceiver.receiver.track]);
    connection.onicecandidate = ({ candidate }) =>
      this.#send(candidate ? { candidate: candidate.toJSON() } : { completed: true });
    connection.onconnectionstatechange = () => this.#watch(connection.connectionState, remote);
  }

  /** Offers, and applies the answer. Throws what the signalling throws. */
  async negotiate(): Promise<void> {
    const offer = await this.#connection.createOffer();
    await this.#connection.setLocalDescription(offer);
    const answer = await this.#signalling.offer(offer);
    await this.#connection.setRemoteDescription(answer);
    this.#answered = true;
    for (const message of this.#found.splice(0)) this.#signalling.trickle(message);
    for (const message of this.#received.splice(0)) await this.#add(message);
  }

  /** Takes a candidate of the media server. */
  async receive(message: Trickle): Promise<void> {
    if (this.#answered) await this.#add(message);
    else this.#received.push(message);
  }

  /** Speaks through another microphone from now on, without a new negotiation. */
  async speakThrough(microphone: MediaStreamTrack): Promise<void> {
    await this.#sender.replaceTrack(microphone);
  }

  close(): void {
    clearTimeout(this.#lossTimer);
    this.#connection.onconnectionstatechange = null;
    this.#connection.onicecandidate = null;
    this.#connection.close();
  }

  #send(message: Trickle): void {
    if (this.#answered) this.#signalling.trickle(message);
    else this.#found.push(message);
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

  #watch(state: RTCPeerConnectionState, remote: MediaStream): void {
    clearTimeout(this.#lossTimer);
    if (state === 'connected') this.onconnected(remote);
    else if (state === 'failed') this.onlost();
    else if (state === 'disconnected') this.#lossTimer = setTimeout(() => this.onlost(), patienceMs);
  }
}
