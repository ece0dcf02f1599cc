import { audioContext, Meter } from '../lib/meter';
import { microphones, openMicrophone, type MicrophoneChoice } from '../lib/microphone';

/** The anchor's own sound: which microphone, open or not, muted or not, how loud. */
export class Sound {
  /** What may be chosen; empty until the browser names its microphones. */
  available = $state.raw<readonly MediaDeviceInfo[]>([]);
  choice = $state<MicrophoneChoice>({ deviceId: '', original: false });
  muted = $state(false);
  /** The open microphone and its meter. */
  open = $state.raw<{ readonly stream: MediaStream; readonly track: MediaStreamTrack; readonly meter: Meter }>();
  readonly #unplugged: () => void;

  /** @param unplugged called when an open microphone ends by itself. */
  constructor(unplugged: () => void) {
    this.#unplugged = unplugged;
  }

  async refresh(): Promise<void> {
    this.available = await microphones();
  }

  /**
   * Opens the chosen microphone, in place of one that is open.
   *
   * @throws MicrophoneError
   */
  async start(): Promise<MediaStreamTrack> {
    const stream = await openMicrophone(this.choice);
    const track = stream.getAudioTracks()[0]!;
    track.enabled = !this.muted;
    track.onended = this.#unplugged;
    this.stop();
    this.open = { stream, track, meter: new Meter(audioContext(), stream) };
    await this.refresh();
    return track;
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (this.open) this.open.track.enabled = !muted;
  }

  stop(): void {
    this.open?.meter.close();
    this.open?.track.stop();
    this.open = undefined;
  }
}
