/** Root mean square of samples between -1 and 1: 0 is silence, 0.707 a full-scale sine. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** The amplitude (0 to 1) of one frequency within the samples, by Goertzel's filter under a Hann window. */
export function amplitude(samples: Float32Array, sampleRate: number, hz: number): number {
  const step = (2 * Math.PI * hz) / sampleRate;
  const coefficient = 2 * Math.cos(step);
  let previous = 0;
  let beforePrevious = 0;
  for (let i = 0; i < samples.length; i++) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    const current = (samples[i] ?? 0) * hann + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const power = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
  // A Hann window halves the amplitude; a sine's energy lies half at the negative frequency.
  return (4 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** A level as a meter shows it: 0 at -60 dB and below, 1 at full scale, even steps for even decibels. */
export function deflection(level: number): number {
  const decibels = 20 * Math.log10(Math.max(level, 1e-6));
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}

/** Listens to a stream, without playing it, and tells how loud it is. */
export class Meter {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, stream: MediaStream) {
    this.#source = context.createMediaStreamSource(stream);
    // 4,096 samples are 85 ms at 48 kHz: as quick as the eye, and frequencies 12 Hz apart can be told.
    this.#analyser = new AnalyserNode(context, { fftSize: 4096 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** RMS of the last 85 ms, 0 to 1. */
  level(): number {
    return rms(this.#read());
  }

  /** Amplitude of one frequency in the last 85 ms, 0 to 1. */
  amplitudeAt(hz: number): number {
    return amplitude(this.#read(), this.#analyser.context.sampleRate, hz);
  }

  close(): void {
    this.#source.disconnect();
  }

  #read(): Float32Array {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return this.#samples;
  }
}

let context: AudioContext | undefined;

/** The page's one audio context; to be asked for after a click, or it stays silent. */
export function audioContext(): AudioContext {
  context ??= new AudioContext();
  void context.resume();
  return context;
}
