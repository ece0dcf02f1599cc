import type { Meter } from './meter';

/**
 * What the studio shows of its sound to a test or to a curious developer, in the browser's console:
 * `eventrtc.remote?.amplitudeAt(1000)` is the 1 kHz part of what the others say.
 */
export interface Debug {
  /** The microphone's stream as it is sent, while it is open. */
  localStream?: MediaStream;
  /** The other anchors, mixed by the media server, while connected. */
  remoteStream?: MediaStream;
  /** Meters of the two streams. */
  local?: Meter;
  remote?: Meter;
}

declare global {
  interface Window {
    eventrtc: Debug;
  }
}
