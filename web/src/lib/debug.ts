import { CloseCode } from './gateway';
import type { Meter } from './meter';
import type { RoomWorld } from './world';

/**
 * What the studio shows of its sound and its connection to a test or to a curious developer, in the browser's console:
 * `eventrtc.remote?.amplitudeAt(1000)` is the 1 kHz part of what the others say.
 */
export interface Debug {
  /** The microphone's stream as it is sent, while it is open. */
  localStream?: MediaStream;
  /** The other anchors, mixed by the media server, for as long as one peer connection lives. */
  remoteStream?: MediaStream;
  /** Meters of the two streams. */
  local?: Meter;
  remote?: Meter;
  /** Ends the current WebSocket (close code 4000) behind the client's back, as a lost network would. */
  dropSocket(): void;
  /** How many peer connections this page has made so far: one that was resumed is still the same. */
  readonly sessions: number;
}

declare global {
  interface Window {
    eventrtc: Debug;
  }
}

/** A world that is watched: it knows its newest WebSocket and counts its peer connections. */
export class WatchedWorld {
  readonly world: RoomWorld;
  #socket: WebSocket | undefined;
  #sessions = 0;

  constructor(world: RoomWorld) {
    this.world = {
      ...world,
      openSocket: (token) => (this.#socket = world.openSocket(token)),
      openPeer: () => {
        this.#sessions++;
        return world.openPeer();
      },
    };
  }

  get sessions(): number {
    return this.#sessions;
  }

  dropSocket(): void {
    this.#socket?.close(CloseCode.comeBack, 'dropped');
  }
}
