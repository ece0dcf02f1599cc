/** `insecure`: browsers open microphones on https and on localhost only. */
export type MicrophoneProblem = 'insecure' | 'denied' | 'missing' | 'busy';

export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';

  constructor(readonly problem: MicrophoneProblem) {
    super(problem);
  }
}

export interface MicrophoneChoice {
  /** From `microphones`; empty for the system's default. */
  readonly deviceId: string;
  /** As it is: no echo cancellation, noise suppression or gain control. For music and tones. */
  readonly original: boolean;
}

/** @throws MicrophoneError with what stands in the way. */
export async function openMicrophone({ deviceId, original }: MicrophoneChoice): Promise<MediaStream> {
  const clean = !original;
  try {
    return await devices().getUserMedia({
      audio: {
        echoCancellation: clean,
        noiseSuppression: clean,
        autoGainControl: clean,
        ...(deviceId && { deviceId: { exact: deviceId } }),
      },
    });
  } catch (error) {
    throw toMicrophoneError(error);
  }
}

/** The microphones that may be chosen. Browsers name them only once one has been allowed; before, this may be empty. */
export async function microphones(): Promise<MediaDeviceInfo[]> {
  if (!canOpenMicrophones()) return [];
  const found = await devices().enumerateDevices();
  return found.filter(({ kind, label, deviceId }) => kind === 'audioinput' && label !== '' && deviceId !== 'default');
}

export function canOpenMicrophones(): boolean {
  // The types promise it; browsers leave it out of pages that are not secure.
  return (navigator.mediaDevices as MediaDevices | undefined) !== undefined;
}

function devices(): MediaDevices {
  if (!canOpenMicrophones()) throw new MicrophoneError('insecure');
  return navigator.mediaDevices;
}

function toMicrophoneError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new MicrophoneError('denied');
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new MicrophoneError('missing');
    default:
      return new MicrophoneError('busy');
  }
}
