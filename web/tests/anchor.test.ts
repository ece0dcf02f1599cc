import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnchorClient, type AnchorSnapshot } from '../src/lib/anchor';
import { ApiError } from '../src/lib/api';
import { FakeStream, FakeWorld, settle } from './fakes';

const microphone = { id: 'microphone' } as unknown as MediaStreamTrack;

describe('an anchor', () => {
  let world: FakeWorld;
  let client: AnchorClient;
  let seen: AnchorSnapshot[];
  let over: boolean;

  const now = () => seen.at(-1);
  const states = () => seen.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);

  async function goOnAir(): Promise<void> {
    client = new AnchorClient({ room: 'r1', pin: 'abc123', displayName: 'Ada', microphone }, world, (snapshot) => seen.push(snapshot));
    void client.run().then(() => (over = true));
    await settle();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    world = new FakeWorld();
    seen = [];
    over = false;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  describe('going on air', () => {
    it('takes a seat, joins with pin and name, offers, and is connected when media flows', async () => {
      await goOnAir();
      expect(world.socket.token).toBe('token-1');
      await world.letIn();
      expect(world.socket.requests('join')[0]?.params).toMatchObject({ pin: 'abc123', displayName: 'Ada' });
      expect(world.socket.requests('join')[0]?.params['clientId']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
      expect(world.socket.requests('offer')[0]?.params).toEqual({ sdp: { type: 'offer', sdp: 'our sdp' } });
      expect(world.peer.applied).toEqual(['local offer', 'remote answer']);
      expect(states()).toEqual(['connecting', 'connected']);
      expect(now()).toMatchObject({ userId: 'user-1', remote: { tracks: ['their voices'] } });
    });

    it('holds candidates of both sides back until the answer is applied', async () => {
      await goOnAir();
      await world.socket.open();
      await world.socket.answer('join', { result: { jtoken: 'j', resume: false } });
      world.peer.find('ours-1');
      await world.socket.notify('candidate', { candidate: { candidate: 'theirs-1' } });
      await settle();
      expect(world.socket.requests('icecandidate')).toEqual([]);
      expect(world.peer.applied).toEqual(['local offer']);

      await world.socket.answer('offer', { result: { sdp: { type: 'answer', sdp: 'their sdp' } } });
      world.peer.find('ours-2');
      world.peer.find(null);
      await world.socket.notify('candidate', { candidate: { candidate: 'theirs-2' } });
      await world.socket.notify('candidate', { completed: true });
      expect(world.socket.requests('icecandidate').map(({ params }) => params)).toEqual([
        { candidate: { candidate: 'ours-1' } },
        { candidate: { candidate: 'ours-2' } },
        { completed: true },
      ]);
      expect(world.peer.applied).toEqual(['local offer', 'remote answer', 'candidate theirs-1', 'candidate theirs-2']);
    });

    it('tries again while the room starts, not before the server said, and on the same seat', async () => {
      await goOnAir();
      await world.socket.open();
      const data = { code: 'room_not_ready', retryable: true, retryAfterMs: 700 };
      await world.socket.answer('join', { error: { code: -32050, message: 'starting', data } });
      await vi.advanceTimersByTimeAsync(699);
      expect(world.sockets).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(world.sockets).toHaveLength(2);
      await world.letIn();
      expect(states()).toEqual(['connecting', 'connected']);
      expect(world.admitted).toBe(1);
    });

    it('reports a room that does not let it in within half a minute', async () => {
      await goOnAir();
      while (!over) {
        await world.socket.open();
        await world.socket.answer('join', { error: { code: -32050, message: 'starting', data: { code: 'room_not_ready', retryable: true } } });
        await vi.advanceTimersByTimeAsync(10_000);
      }
      expect(now()).toMatchObject({ state: 'disconnected', why: 'room_not_ready' });
      expect(world.released).toEqual(['user-1']);
    });

    it('reports media that never flows', async () => {
      await goOnAir();
      while (!over) {
        await world.socket.open();
        await world.socket.answer('join', { result: { jtoken: 'j', resume: false } });
        await world.socket.answer('offer', { result: { sdp: { type: 'answer', sdp: 'their sdp' } } });
        await vi.advanceTimersByTimeAsync(9_999);
        await world.socket.answer('keepalive', { result: null });
        await vi.advanceTimersByTimeAsync(10_001);
        await vi.advanceTimersByTimeAsync(10_000);
      }
      expect(now()).toMatchObject({ state: 'disconnected', why: 'media_unreachable' });
    });

    it.each(['wrong_pin', 'room_full'])('gives up on %s and gives its seat back', async (code) => {
      await goOnAir();
      await world.socket.open();
      await world.socket.answer('join', { error: { code: -32009, message: 'no', data: { code, retryable: false } } });
      expect(now()).toMatchObject({ state: 'disconnected', why: code });
      expect(world.released).toEqual(['user-1']);
      expect(world.seats.find('r1')).toBeUndefined();
    });

    it('gives up on a room that does not exist', async () => {
      world.admit = async () => Promise.reject(new ApiError(404, 'room_not_found', 'no such room', false));
      await goOnAir();
      expect(now()).toMatchObject({ state: 'disconnected', why: 'room_not_found' });
      expect(world.sockets).toEqual([]);
    });
  });

  describe('its seat', () => {
    it('is the one that the tab already holds', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'kept-token' });
      await goOnAir();
      expect(world.socket.token).toBe('kept-token');
      expect(world.admitted).toBe(0);
    });

    it('is replaced once when the kept token is no longer good', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'expired' });
      await goOnAir();
      world.socket.drop(4001);
      await vi.advanceTimersByTimeAsync(250);
      expect(world.socket.token).toBe('token-1');
      world.socket.drop(4001);
      await settle();
      expect(now()).toMatchObject({ state: 'disconnected', why: 'unauthorized' });
    });

    it('is replaced when the gateway no longer knows who holds it', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'of an earlier room' });
      await goOnAir();
      await world.socket.open();
      await world.socket.answer('join', { error: { code: -32004, message: 'who?', data: { code: 'user_not_found', retryable: false } } });
      await vi.advanceTimersByTimeAsync(250);
      expect(world.socket.token).toBe('token-1');
    });

    it('stays taken when another connection took it over', async () => {
      await goOnAir();
      await world.letIn();
      world.socket.drop(4009);
      await settle();
      expect(now()).toMatchObject({ state: 'disconnected', why: 'taken_over' });
      expect(world.released).toEqual([]);
      expect(world.seats.find('r1')).toBeUndefined();
    });

    it('is asked for again when the gateway still holds our last connection', async () => {
      await goOnAir();
      world.socket.drop(4009);
      await vi.advanceTimersByTimeAsync(250);
      await world.letIn();
      expect(now()?.state).toBe('connected');
    });
  });

  describe('on air', () => {
    beforeEach(async () => {
      await goOnAir();
      await world.letIn();
    });

    it('tells its presence every ten seconds, and at once when it is muted', async () => {
      const told = () => world.socket.requests('keepalive').map(({ params }) => params['status']);
      const before = told().length;
      await vi.advanceTimersByTimeAsync(9_999);
      await world.socket.answer('keepalive', { result: null });
      expect(told()).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(told()).toHaveLength(before + 1);
      client.setMuted(true);
      await settle();
      expect(told().slice(-2)).toEqual(['onair', 'idle']);
    });

    it('connects again when a keepalive stays unanswered', async () => {
      await vi.advanceTimersByTimeAsync(10_000);
      expect(now()?.state).toBe('reconnecting');
    });

    it.each([1006, 1012, 1001])('connects again from scratch after close %i', async (code) => {
      world.socket.drop(code);
      await settle();
      expect(now()).toMatchObject({ state: 'reconnecting', roster: { members: [] } });
      expect(now()?.remote).toBeUndefined();
      expect(world.peers[0]?.closed).toBe(true);
      await vi.advanceTimersByTimeAsync(250);
      expect(world.socket.token).toBe('token-1');
      await world.letIn();
      expect(states()).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
    });

    it('joins again when the media moved', async () => {
      await world.socket.notify('mediaMoved', { reason: 'janus_restarted' });
      expect(world.sockets[0]?.closedWith).toBe(1000);
      await vi.advanceTimersByTimeAsync(250);
      await world.letIn();
      expect(now()?.state).toBe('connected');
      expect(world.peers).toHaveLength(2);
    });

    it('connects again when the media is lost, and not when it comes back in time', async () => {
      world.peer.become('disconnected');
      await vi.advanceTimersByTimeAsync(4_000);
      world.peer.become('connected');
      await vi.advanceTimersByTimeAsync(4_000);
      expect(now()?.state).toBe('connected');
      world.peer.become('failed');
      await settle();
      expect(now()?.state).toBe('reconnecting');
    });

    it('waits longer after each failure, and goes on for as long as it takes', async () => {
      world.socket.drop(1006);
      const tries: number[] = [];
      for (let waited = 0; waited < 120_000; waited += 125) {
        const before = world.sockets.length;
        await vi.advanceTimersByTimeAsync(125);
        if (world.sockets.length > before) {
          tries.push(waited + 125);
          world.socket.drop(1006);
          await settle();
        }
      }
      const waits = tries.map((at, i) => at - (tries[i - 1] ?? 0));
      expect(waits.slice(0, 6)).toEqual([250, 375, 750, 1_500, 3_000, 6_000]);
      expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
      expect(over).toBe(false);
    });

    it('tries at once when the network comes back', async () => {
      world.socket.drop(1006);
      await settle();
      client.retryNow();
      await settle();
      expect(world.sockets).toHaveLength(2);
    });

    it('ends with the room', async () => {
      await world.socket.notify('roomEnding', { reason: 'removed' });
      expect(now()).toMatchObject({ state: 'disconnected', why: 'room_ended' });
      expect(over).toBe(true);
    });

    it('ends with close 4410 too', async () => {
      world.socket.drop(4410);
      await settle();
      expect(now()).toMatchObject({ state: 'disconnected', why: 'room_ended' });
    });

    it('leaves: says goodbye, closes everything, gives the seat back', async () => {
      void client.leave();
      await settle();
      await world.socket.answer('leave', { result: null });
      expect(now()).toMatchObject({ state: 'disconnected', why: 'left' });
      expect(world.peer.closed).toBe(true);
      expect(world.released).toEqual(['user-1']);
      expect(world.seats.find('r1')).toBeUndefined();
      expect(over).toBe(true);
    });

    it('leaves although the gateway does not answer', async () => {
      void client.leave();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(now()).toMatchObject({ state: 'disconnected', why: 'left' });
    });

    it('leaves in the middle of a wait between two tries', async () => {
      world.socket.drop(1006);
      await settle();
      void client.leave();
      await settle();
      expect(now()).toMatchObject({ state: 'disconnected', why: 'left' });
      expect(vi.getTimerCount()).toBe(0);
    });

    it('speaks through another microphone, also after a reconnect', async () => {
      const other = { id: 'other' } as unknown as MediaStreamTrack;
      await client.speakThrough(other);
      expect(world.peer.sender.track).toBe(other);
      world.socket.drop(1006);
      await vi.advanceTimersByTimeAsync(250);
      expect(world.peer.sender.track).toBe(other);
    });

    it('shows who is in the room and who talks, and drops an older status', async () => {
      const ada = { userId: 'user-1', role: 'anchor', status: 'onair' };
      const bob = { userId: 'user-2', role: 'anchor', status: 'idle' };
      await world.socket.notify('roomStatus', { version: 5, members: [ada, bob] });
      await world.socket.notify('talking', { userId: 'user-2', talking: true });
      await world.socket.notify('roomStatus', { version: 4, members: [ada] });
      expect(now()?.roster.members).toEqual([{ ...ada, talking: false }, { ...bob, talking: true }]);
      await world.socket.notify('roomStatus', { version: 6, members: [bob] });
      expect(now()?.roster.members).toEqual([{ ...bob, talking: true }]);
    });
  });
});
