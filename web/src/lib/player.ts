import type { HlsConfig, LoadPolicy } from 'hls.js/light';

/** One attempt to play a room's live stream; over for good once it failed or was closed. */
export interface Player {
  /** Settles when playback cannot go on, with what hls.js says of it. */
  readonly failed: Promise<string>;
  /** Seconds between what is heard now and the moment it was mixed; undefined until known. */
  behind(): number | undefined;
  close(): void;
}

/** This browser has no Media Source Extensions. */
export class PlayerUnsupported extends Error {
  override readonly name = 'PlayerUnsupported';
}

/**
 * Plays the room into `audio`.
 *
 * @param token opens the room's media key; it is sent with the key request and with no other.
 * @throws PlayerUnsupported
 */
export async function openPlayer(audio: HTMLMediaElement, room: string, token: string): Promise<Player> {
  // By far the largest part of the page, and needed only by those who press play.
  const { default: Hls } = await import('hls.js/light');
  if (!Hls.isSupported()) throw new PlayerUnsupported();

  const hls = new Hls(hlsConfig(room, token));
  const failed = new Promise<string>((resolve) =>
    hls.on(Hls.Events.ERROR, (_, error) => error.fatal && resolve(error.details)),
  );
  hls.loadSource(playlistUrl(room));
  hls.attachMedia(audio);
  return {
    failed,
    behind: () => secondsBehind(Date.now(), hls.playingDate?.getTime(), hls.latency || undefined),
    close: () => hls.destroy(),
  };
}

/**
 * A room that goes to another server is silent for some seconds, and the server says so (503): it is asked again twice a second, and the sound goes on where it was. Whoever
 * opened the player ends that when the room is no longer on air.
 */
const patient: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 5_000,
    maxLoadTimeMs: 10_000,
    timeoutRetry: { maxNumRetry: 10, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 120, retryDelayMs: 500, maxRetryDelayMs: 500, backoff: 'linear' },
  },
};

export function hlsConfig(room: string, token: string): Partial<HlsConfig> {
  return {
    manifestLoadPolicy: patient,
    playlistLoadPolicy: patient,
    fragLoadPolicy: patient,
    keyLoadPolicy: patient,
    // Segments of 1 s: two of them ahead keep the listener about 3.4 s behind, without stalls.
    liveSyncDurationCount: 2,
    // What a stall cost is caught up at a speed nobody hears, and beyond six seconds by a jump.
    maxLiveSyncPlaybackRate: 1.05,
    liveMaxLatencyDurationCount: 6,
    backBufferLength: 10,
    xhrSetup: (request, url) => {
      if (isKeyUrl(url, room)) request.setRequestHeader('Authorization', `Bearer ${token}`);
    },
  };
}

export function playlistUrl(room: string): string {
  return `/hls/rooms/${encodeURIComponent(room)}/stream.m3u8`;
}

export function isKeyUrl(url: string, room: string): boolean {
  return new URL(url, 'http://localhost').pathname.endsWith(`/rooms/${encodeURIComponent(room)}/enc.key`);
}

/** Two clocks that agree to this many milliseconds are taken to agree. */
const plausibleMs = 5_000;

/**
 * The listener's distance from live, in seconds. The playlist's wall clock tells it best, but only when the listener's
 * own clock is right; otherwise the distance from the playlist's end has to do, which leaves out what lies before it.
 *
 * @param now the listener's clock, Unix milliseconds.
 * @param playing the server's time of what is heard now, Unix milliseconds.
 * @param fromEdge seconds between what is heard now and the playlist's end.
 */
export function secondsBehind(now: number, playing: number | undefined, fromEdge: number | undefined): number | undefined {
  if (playing === undefined || fromEdge === undefined) return fromEdge;
  const byClock = (now - playing) / 1000;
  const plausible = byClock > 0 && Math.abs(byClock - fromEdge) * 1000 < plausibleMs;
  return plausible ? byClock : fromEdge;
}
