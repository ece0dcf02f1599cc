import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type Room } from '../src/lib/api';
import { Listener, type ListenerSnapshot } from '../src/lib/listener';
import { PlayerUnsupported, type Player } from '../src/lib/player';
import { settle } from './fakes';

class FakeAudio extends EventTarget {
  refusal: DOMException | undefined;

  async play(): Promise<void> {
    if (this.refusal) throw this.refusal;
  }
}

class FakePlayer implements Player {
  closed = false;
  fail!: (why: string) => void;
  readonly failed = new Promise<string>((resolve) => (this.fail = resolve));
  constructor(readonly token: string) {}
  behind = () => 3.4;
  close = () => void (this.closed = true);
}

const noRoom = new ApiError(404, 'room_not_found', 'no such room', false);
const noServer = new ApiError(0, 'unreachable', 'no answer', true);

describe('a listener', () => {
  let audio: FakeAudio;
  let room: Room | ApiError;
  let token: string | ApiError;
  let players: FakePlayer[];
  let unsupported: boolean;
  let snapshot: ListenerSnapshot | undefined;
  let listener: Listener;

  const isOnAir = () => (room = { roomId: 'r1', status: 'onair' });
  const orThrow = async <T>(value: T | ApiError): Promise<T> => {
    if (value instanceof ApiError) throw value;
    return value;
  };
  async function hears(event: 'playing' | 'waiting'): Promise<void> {
    audio.dispatchEvent(new Event(event));
    await settle();
  }
  async function opens(): Promise<void> {
    void listener.run();
    await settle();
  }
  async function plays(): Promise<void> {
    listener.play();
    await settle();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    audio = new FakeAudio();
    room = noRoom;
    token = 'token';
    players = [];
    unsupported = false;
    const world = {
      api: { findRoom: () => orThrow(room), listenToken: () => orThrow(token) },
      openPlayer: async (_: unknown, __: string, token: string) => {
        if (unsupported) throw new PlayerUnsupported();
        const player = new FakePlayer(token);
        players.push(player);
        return player;
      },
      random: () => 0.5,
    };
    listener = new Listener('r1', audio as unknown as HTMLAudioElement, world, (next) => (snapshot = next));
  });
  afterEach(() => {
    listener.dispose();
    vi.useRealTimers();
  });

  it('waits for a room that does not exist yet, and for one that is not on air', async () => {
    await opens();
    expect(snapshot).toEqual({ phase: 'missing', playback: 'stopped' });
    room = { roomId: 'r1', status: 'created' };
    await vi.advanceTimersByTimeAsync(3_000);
    expect(snapshot?.phase).toBe('waiting');
    isOnAir();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(snapshot).toEqual({ phase: 'onair', playback: 'stopped' });
    expect(players).toEqual([]);
  });

  it('plays when told to, with a token', async () => {
    isOnAir();
    await opens();
    await plays();
    expect(players.map((player) => player.token)).toEqual(['token']);
    expect(snapshot?.playback).toBe('starting');
    await hears('playing');
    expect(snapshot?.playback).toBe('playing');
    expect(listener.behind()).toBe(3.4);
  });

  it('starts by itself when it was told to before the room came on air', async () => {
    await opens();
    await plays();
    expect(players).toEqual([]);
    isOnAir();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(players).toHaveLength(1);
  });

  it('opens the stream anew, with a new token, when it fails', async () => {
    isOnAir();
    await opens();
    await plays();
    token = 'another';
    players[0]?.fail('levelLoadError');
    await settle();
    expect(players[0]?.closed).toBe(true);
    expect(players).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(players.map((player) => player.token)).toEqual(['token', 'another']);
  });

  it('waits longer after each failure', async () => {
    isOnAir();
    await opens();
    await plays();
    const opened: number[] = [];
    const start = Date.now();
    while (opened.length < 5) {
      const before = players.length;
      players.at(-1)?.fail('manifestLoadError');
      while (players.length === before) await vi.advanceTimersByTimeAsync(125);
      opened.push(Date.now() - start);
    }
    const waits = opened.map((at, i) => at - (opened[i - 1] ?? 0));
    expect(waits).toEqual([375, 750, 1_500, 3_000, 6_000]);
  });

  it('tries again when it gets no token', async () => {
    isOnAir();
    token = noServer;
    await opens();
    await plays();
    token = 'token';
    await vi.advanceTimersByTimeAsync(500);
    expect(players).toHaveLength(1);
  });

  it('opens a stream anew that stays silent, and not one that goes on in time', async () => {
    isOnAir();
    await opens();
    await plays();
    await hears('playing');
    await hears('waiting');
    expect(snapshot?.playback).toBe('stalled');
    await vi.advanceTimersByTimeAsync(7_000);
    await hears('playing');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(players).toHaveLength(1);
    await hears('waiting');
    await vi.advanceTimersByTimeAsync(8_500);
    expect(players).toHaveLength(2);
  });

  it('goes on playing while only the room’s status is out of reach', async () => {
    isOnAir();
    await opens();
    await plays();
    room = noServer;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(snapshot?.phase).toBe('onair');
    expect(players[0]?.closed).toBe(false);
  });

  it('ends with the room, and starts again with it', async () => {
    isOnAir();
    await opens();
    await plays();
    room = noRoom;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(snapshot?.phase).toBe('ended');
    expect(players[0]?.closed).toBe(true);
    isOnAir();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(players).toHaveLength(2);
  });

  it('stops when told to, for good', async () => {
    isOnAir();
    await opens();
    await plays();
    listener.stop();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(snapshot).toEqual({ phase: 'onair', playback: 'stopped' });
    expect(players.map((player) => player.closed)).toEqual([true]);
  });

  it('asks for a click when the browser wants one', async () => {
    isOnAir();
    audio.refusal = new DOMException('no gesture', 'NotAllowedError');
    await opens();
    await plays();
    expect(snapshot?.playback).toBe('blocked');
    expect(players[0]?.closed).toBe(true);
  });

  it('says so when the browser cannot play at all', async () => {
    isOnAir();
    unsupported = true;
    await opens();
    await plays();
    expect(snapshot?.playback).toBe('unsupported');
  });
});
