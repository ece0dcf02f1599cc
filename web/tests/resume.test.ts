import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/lib/api';
import { FakeStream, Member, settle, type FakePeer, type FakeWorld } from './fakes';

const restart = (retryAfterMs: number) => JSON.stringify({ code: 'restart', retryable: true, retryAfterMs });

describe('a member on air', () => {
  let member: Member;
  let world: FakeWorld;
  let first: FakePeer;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    member = new Member();
    world = member.world;
    await member.goOnAir();
    await world.letIn();
    first = world.peer;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** Lives on, with a gateway that answers every keepalive. */
  async function live(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      if (world.socket.requests('keepalive').length) await world.socket.answer('keepalive', { result: null });
      await vi.advanceTimersByTimeAsync(1_000);
    }
  }

  describe('whose WebSocket is lost', () => {
    it('claims its media over a new one at once, and its sound never stops', async () => {
      const { remote } = member.now;
      world.socket.drop(1006);
      await settle();
      expect(member.now).toMatchObject({ state: 'resuming', remote });
      expect(first.closed).toBe(false);
      expect(world.sockets).toHaveLength(2);
      expect(world.socket.token).toBe('token-1');
      await world.resume();
      expect(world.socket.sent.map(({ method }) => method)).toEqual(['join', 'keepalive']);
      expect(world.socket.requests('join')[0]?.params).toEqual({
        pin: 'abc123', displayName: 'Ada', clientId: world.seats.clientId(), jtoken: 'j1',
      });
      expect(member.states).toEqual(['connecting', 'connected', 'resuming', 'connected']);
      expect(member.now.remote).toBe(remote);
      expect(world.peers).toEqual([first]);
    });

    it('claims by the newest token the next time', async () => {
      world.socket.drop(1006);
      await settle();
      await world.resume('j2');
      await live(10_000);
      world.socket.drop(1006);
      await settle();
      await world.resume('j3');
      expect(world.socket.requests('join')[0]?.params['jtoken']).toBe('j2');
      expect(member.now.state).toBe('connected');
    });

    it('negotiates anew when the gateway has not found its media', async () => {
      world.socket.drop(1006);
      await settle();
      await world.letIn();
      expect(world.peers).toHaveLength(2);
      expect(first.closed).toBe(true);
      expect(member.states).toEqual(['connecting', 'connected', 'resuming', 'connected']);
      expect(world.socket.requests('offer')).toHaveLength(1);
    });

    it('claims nothing when its media has never flowed', async () => {
      member = new Member();
      world = member.world;
      await member.goOnAir();
      await world.socket.open();
      await world.admitJoin();
      world.socket.drop(1006);
      await settle();
      await world.letIn();
      expect(world.socket.requests('join')[0]?.params).not.toHaveProperty('jtoken');
      expect(world.peers).toHaveLength(2);
      expect(world.peers[0]?.closed).toBe(true);
      expect(member.states).toEqual(['connecting', 'connected']);
    });

    it('is told by a keepalive that stays unanswered, and closes the old one so that its place is kept', async () => {
      await live(10_000);
      await vi.advanceTimersByTimeAsync(4_999);
      expect(member.now.state).toBe('connected');
      await vi.advanceTimersByTimeAsync(1);
      expect(world.sockets[0]?.closedWith).toBe(4000);
      expect(member.now.state).toBe('resuming');
      await world.resume();
      expect(member.now.state).toBe('connected');
      expect(world.peers).toHaveLength(1);
    });

    it('is told too when a keepalive is refused for good', async () => {
      await world.socket.answer('keepalive', { error: { code: -32009, message: 'who?', data: { code: 'not_joined', retryable: false } } });
      expect(world.sockets).toHaveLength(2);
    });

    it('does not fight for a place that another connection has taken', async () => {
      await world.socket.answer('keepalive', { error: { code: -32009, message: 'late', data: { code: 'taken_over', retryable: false } } });
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'taken_over' });
      expect(world.released).toEqual([]);
    });

    it('is not disturbed by a keepalive that is refused for the moment', async () => {
      await world.socket.answer('keepalive', { error: { code: -32050, message: 'later', data: { code: 'unavailable', retryable: true } } });
      expect(world.sockets).toHaveLength(1);
      expect(member.now.state).toBe('connected');
    });

    it('keeps showing who is in the room, and takes the next status however its version is', async () => {
      const ada = { userId: 'user-1', role: 'anchor', status: 'onair' };
      await world.socket.notify('roomStatus', { version: 7, members: [ada] });
      await world.socket.notify('talking', { userId: 'user-1', talking: true });
      world.socket.drop(1006);
      await settle();
      expect(member.now.roster.members).toEqual([{ ...ada, talking: false }]);
      await world.socket.open();
      await world.socket.notify('roomStatus', { version: 1, members: [] });
      expect(member.now.roster).toEqual({ version: 1, members: [] });
    });

    it('waits longer after each failure, and goes on for as long as it takes', async () => {
      await live(10_000);
      world.socket.drop(1006);
      const tries: number[] = [];
      for (let at = 0; at < 60_000; at += 125) {
        if (tries.length < world.sockets.length - 1) {
          tries.push(at);
          world.socket.drop(1006);
        }
        await (at === 0 ? settle() : vi.advanceTimersByTimeAsync(125));
      }
      const waits = tries.map((at, i) => at - (tries[i - 1] ?? 0));
      // Half of each wait is random; the test's dice always show the middle.
      expect(waits.slice(1, 7)).toEqual([250, 375, 750, 1_500, 3_000, 6_000]);
      expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
      expect(member.now).toMatchObject({ state: 'resuming' });
      expect(first.closed).toBe(false);
    });

    it('tries at once when the network comes back', async () => {
      for (let failures = 0; failures < 5; failures++) {
        world.socket.drop(1006);
        await vi.advanceTimersByTimeAsync(10_000);
      }
      world.socket.drop(1006);
      await settle();
      const before = world.sockets.length;
      member.client.retryNow();
      await settle();
      expect(world.sockets).toHaveLength(before + 1);
    });

    it('gives a network that took the media away too the time to come back', async () => {
      first.become('disconnected');
      world.socket.drop(1006);
      await vi.advanceTimersByTimeAsync(8_000);
      expect(first.closed).toBe(false);
      await world.resume();
      await vi.advanceTimersByTimeAsync(4_000);
      first.become('connected');
      await live(6_000);
      expect(member.now.state).toBe('connected');
      expect(world.peers).toHaveLength(1);
    });

    it('negotiates anew when the media has failed meanwhile', async () => {
      world.socket.drop(1012, restart(3_000));
      await settle();
      first.become('failed');
      await settle();
      expect(member.now).toMatchObject({ state: 'resuming' });
      expect(member.now.remote).toBeUndefined();
      await vi.advanceTimersByTimeAsync(2_999);
      expect(world.sockets).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await world.letIn();
      expect(world.socket.requests('join')[0]?.params).not.toHaveProperty('jtoken');
      expect(member.now.state).toBe('connected');
    });
  });

  describe('sent away by a gateway that restarts', () => {
    it('comes back when it was told to, not earlier, whoever is in a hurry', async () => {
      world.socket.drop(1012, restart(3_120));
      await settle();
      member.client.retryNow();
      await vi.advanceTimersByTimeAsync(3_119);
      expect(world.sockets).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(world.sockets).toHaveLength(2);
      await world.resume();
      expect(world.peers).toHaveLength(1);
    });

    it('does not come back in the same instant as all others when it was told nothing', async () => {
      world.socket.drop(1012);
      await vi.advanceTimersByTimeAsync(186);
      expect(world.sockets).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(world.sockets).toHaveLength(2);
    });

    it('comes back at once when only its own lock was lost', async () => {
      world.socket.drop(1012, '{"code":"lock_lost","retryable":true}');
      await settle();
      expect(world.sockets).toHaveLength(2);
    });
  });

  describe('whose media moved', () => {
    it('joins again on the same connection and goes on when it is resumed', async () => {
      await world.socket.notify('mediaMoved', { reason: 'gateway_moved' });
      expect(member.now.state).toBe('resuming');
      expect(world.socket.requests('join').at(-1)?.params['jtoken']).toBe('j1');
      await world.socket.answer('join', { result: { jtoken: 'j2', resume: true } });
      expect(member.now.state).toBe('connected');
      expect(world.sockets).toHaveLength(1);
      expect(world.peers).toEqual([first]);
    });

    it('negotiates on the same connection when it is not', async () => {
      await world.socket.notify('mediaMoved', { reason: 'janus_restarted' });
      await world.admitJoin('j2');
      expect(first.closed).toBe(true);
      await world.letMediaFlow();
      expect(member.now.state).toBe('connected');
      expect(world.sockets).toHaveLength(1);
      expect(world.peers).toHaveLength(2);
    });

    it('waits for the room to be ready elsewhere, on the same connection', async () => {
      await world.socket.notify('mediaMoved', { reason: 'moved' });
      const data = { code: 'room_not_ready', retryable: true, retryAfterMs: 200 };
      await world.socket.answer('join', { error: { code: -32050, message: 'moving', data } });
      await vi.advanceTimersByTimeAsync(200);
      await vi.advanceTimersByTimeAsync(200);
      await world.admitJoin('j2');
      await world.letMediaFlow();
      expect(member.now.state).toBe('connected');
      expect(world.sockets).toHaveLength(1);
    });

    it('joins at once when it is told to in the middle of a pause of its own', async () => {
      const refuse = () => world.socket.answer('join', { error: { code: -32050, message: 'no Janus', data: { code: 'unavailable', retryable: true } } });
      await world.socket.notify('mediaMoved', { reason: 'janus_lost' });
      for (let tries = 0; tries < 4; tries++) {
        await refuse();
        await vi.advanceTimersByTimeAsync(1_000);
      }
      await refuse();
      const joins = world.socket.requests('join').length;
      await world.socket.notify('mediaMoved', { reason: 'ready' });
      expect(world.socket.requests('join')).toHaveLength(joins + 1);
      await world.admitJoin('j2');
      await world.letMediaFlow();
      expect(member.states).toEqual(['connecting', 'connected', 'resuming', 'connected']);
      expect(world.sockets).toHaveLength(1);
      expect(world.peers).toHaveLength(2);
    });

    it('goes by the word of the server, although its peer connection notices nothing', async () => {
      await world.socket.notify('mediaMoved', { reason: 'janus_lost' });
      expect(first.connectionState).toBe('connected');
      expect(member.now.state).toBe('resuming');
      await world.admitJoin('j2');
      expect(first.closed).toBe(true);
    });

    it('does not take the answer to a join that was overtaken for the answer to the next', async () => {
      await world.socket.notify('mediaMoved', { reason: 'moved' });
      await world.socket.notify('mediaMoved', { reason: 'moved' });
      const [overtaken] = world.socket.requests('join').slice(-2);
      await world.socket.deliver({ jsonrpc: '2.0', id: overtaken?.id, result: { jtoken: 'overtaken', resume: false } });
      expect(first.closed).toBe(false);
      expect(world.socket.requests('join').at(-1)?.params['jtoken']).toBe('j1');
      await world.socket.answer('join', { result: { jtoken: 'j2', resume: true } });
      expect(member.now.state).toBe('connected');
      expect(world.peers).toEqual([first]);
    });

    it('begins again when it moves once more in the middle of it', async () => {
      await world.socket.notify('mediaMoved', { reason: 'moved' });
      await world.admitJoin('j2');
      const half = world.peer;
      await world.socket.notify('mediaMoved', { reason: 'moved' });
      await vi.advanceTimersByTimeAsync(250);
      expect(half.closed).toBe(true);
      expect(world.socket.requests('join').at(-1)?.params).not.toHaveProperty('jtoken');
      await world.admitJoin('j3');
      await world.letMediaFlow();
      expect(member.now.state).toBe('connected');
      expect(world.peers).toHaveLength(3);
    });
  });

  describe('whose media is lost', () => {
    it('makes a fresh session on the same connection', async () => {
      first.become('failed');
      await settle();
      expect(member.now.state).toBe('resuming');
      expect(first.closed).toBe(true);
      expect(world.socket.requests('join').at(-1)?.params).not.toHaveProperty('jtoken');
      await world.admitJoin('j2');
      await world.letMediaFlow();
      expect(member.now.state).toBe('connected');
      expect(world.sockets).toHaveLength(1);
      expect(world.peers).toHaveLength(2);
    });

    it('does so after five seconds without a path, and not when it comes back in time', async () => {
      first.become('disconnected');
      await live(4_000);
      first.become('connected');
      await live(6_000);
      expect(member.states).toEqual(['connecting', 'connected']);
      first.become('disconnected');
      await live(5_000);
      expect(member.now.state).toBe('resuming');
      expect(world.sockets).toHaveLength(1);
    });

    it('takes a new connection when the gateway believes that the old media lives', async () => {
      first.become('failed');
      await settle();
      await world.socket.answer('join', { error: { code: -32009, message: 'you are', data: { code: 'already_joined', retryable: false } } });
      await vi.advanceTimersByTimeAsync(250);
      expect(world.sockets[0]?.closedWith).toBe(4000);
      await world.letIn();
      expect(member.now.state).toBe('connected');
    });

    it('does not try without a pause again and again', async () => {
      for (let round = 0; round < 3; round++) {
        world.peer.become('failed');
        await vi.advanceTimersByTimeAsync(500);
        await world.admitJoin();
        await world.letMediaFlow();
      }
      const joins = world.socket.requests('join').length;
      world.peer.become('failed');
      await vi.advanceTimersByTimeAsync(500);
      expect(world.socket.requests('join')).toHaveLength(joins);
    });
  });

  it('ends with the room', async () => {
    await world.socket.notify('roomEnding', { reason: 'removed' });
    expect(member.now).toMatchObject({ state: 'disconnected', why: 'room_ended' });
    expect(world.socket.closedWith).toBe(1000);
    expect(world.peer.closed).toBe(true);
  });

  it('learns on its return that the room has ended meanwhile', async () => {
    world.socket.drop(1006);
    await settle();
    world.admit = async () => Promise.reject(new ApiError(404, 'room_not_found', 'no such room', false));
    await world.socket.open();
    await world.socket.answer('join', { error: { code: -32004, message: 'no', data: { code: 'room_not_found', retryable: false } } });
    await vi.advanceTimersByTimeAsync(250);
    expect(member.now).toMatchObject({ state: 'disconnected', why: 'room_ended' });
  });

  it('speaks through another microphone, also after its media was lost', async () => {
    const other = { id: 'other' } as unknown as MediaStreamTrack;
    await member.client.publish(other);
    expect(world.peer.sender.track).toBe(other);
    first.become('failed');
    await settle();
    await world.admitJoin('j2');
    expect(world.peer).not.toBe(first);
    expect(world.peer.sender.track).toBe(other);
  });

  it('shows who is in the room and who talks, and drops an older status', async () => {
    const ada = { userId: 'user-1', role: 'anchor', status: 'onair' };
    const bob = { userId: 'user-2', role: 'anchor', status: 'onair' };
    await world.socket.notify('roomStatus', { version: 5, members: [ada, bob] });
    await world.socket.notify('talking', { userId: 'user-2', talking: true });
    await world.socket.notify('roomStatus', { version: 4, members: [ada] });
    expect(member.now.roster.members).toEqual([{ ...ada, talking: false }, { ...bob, talking: true }]);
    await world.socket.notify('roomStatus', { version: 6, members: [bob] });
    expect(member.now.roster.members).toEqual([{ ...bob, talking: true }]);
  });

  it('shows nobody as talking who is muted, although the mixer has not said that it ceased', async () => {
    const bob = { userId: 'user-2', role: 'anchor', status: 'onair' };
    await world.socket.notify('roomStatus', { version: 5, members: [bob] });
    await world.socket.notify('talking', { userId: 'user-2', talking: true });
    await world.socket.notify('roomStatus', { version: 6, members: [{ ...bob, status: 'idle' }] });
    expect(member.now.roster.members).toMatchObject([{ talking: false }]);
    await world.socket.notify('roomStatus', { version: 7, members: [bob] });
    expect(member.now.roster.members).toMatchObject([{ talking: true }]);
  });
});
