import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/lib/api';
import { RoomOver } from '../src/lib/client';
import { fakeToken, FakeStream, Member, settle, type FakeWorld } from './fakes';

describe('a room client', () => {
  let member: Member;
  let world: FakeWorld;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    member = new Member();
    world = member.world;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  describe('asked for one thing after the other', () => {
    it('settles each when it is there', async () => {
      const reached: string[] = [];
      expect(member.now.state).toBe('disconnected');

      void member.client.connect().then(() => reached.push('connected'));
      await settle();
      expect(member.now.state).toBe('connecting');
      await world.socket.open();
      expect(reached).toEqual(['connected']);
      expect(world.socket.sent).toEqual([]);

      void member.client.join({ pin: 'abc123', displayName: 'Ada' }).then(() => reached.push('joined'));
      await settle();
      await world.admitJoin();
      expect(reached).toEqual(['connected', 'joined']);
      expect(world.peers).toEqual([]);

      void member.client.publish(member.microphone).then(() => reached.push('published'));
      await settle();
      await world.letMediaFlow();
      expect(reached).toEqual(['connected', 'joined', 'published']);
      expect(member.now.state).toBe('connected');
    });

    it('connects by itself when it is asked to join', async () => {
      void member.client.join({ displayName: 'Ada' });
      await settle();
      await world.socket.open();
      expect(world.socket.requests('join')[0]?.params).toEqual({ displayName: 'Ada', clientId: world.seats.clientId() });
    });

    it('fails what will not come, now and later, with the reason', async () => {
      const joined = member.client.join({ pin: 'wrong1', displayName: 'Ada' });
      const outcome = expect(joined).rejects.toEqual(new RoomOver('wrong_pin'));
      await settle();
      await world.socket.open();
      await world.socket.answer('join', { error: { code: -32009, message: 'no', data: { code: 'wrong_pin', retryable: false } } });
      await outcome;
      await expect(member.client.publish(member.microphone)).rejects.toMatchObject({ why: 'wrong_pin' });
    });
  });

  describe('going on air', () => {
    it('takes a seat, joins with pin and name, offers, and is connected when media flows', async () => {
      await member.goOnAir();
      expect(world.admittedAs).toBe('anchor');
      expect(world.socket.token).toBe('token-1');
      await world.letIn();
      expect(world.socket.requests('join')[0]?.params).toMatchObject({ pin: 'abc123', displayName: 'Ada' });
      expect(world.socket.requests('join')[0]?.params['clientId']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
      expect(world.socket.requests('join')[0]?.params).not.toHaveProperty('jtoken');
      expect(world.socket.requests('offer')[0]?.params).toEqual({ sdp: { type: 'offer', sdp: 'our sdp' } });
      expect(world.peer.applied).toEqual(['local offer', 'remote answer']);
      expect(member.states).toEqual(['connecting', 'connected']);
      expect(member.now).toMatchObject({ userId: 'user-1', muted: false, remote: { tracks: ['their voices'] } });
    });

    it('tries again while the room starts, not before the server said, and on the same connection', async () => {
      await member.goOnAir();
      await world.socket.open();
      const data = { code: 'room_not_ready', retryable: true, retryAfterMs: 700 };
      await world.socket.answer('join', { error: { code: -32050, message: 'starting', data } });
      await vi.advanceTimersByTimeAsync(699);
      expect(world.socket.requests('join')).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(world.socket.requests('join')).toHaveLength(2);
      await world.admitJoin();
      await world.letMediaFlow();
      expect(member.states).toEqual(['connecting', 'connected']);
      expect(world.sockets).toHaveLength(1);
    });

    it('reports a room that does not let it in within half a minute', async () => {
      await member.goOnAir();
      await world.socket.open();
      while (!member.now.why) {
        await world.socket.answer('join', { error: { code: -32050, message: 'starting', data: { code: 'room_not_ready', retryable: true } } });
        await vi.advanceTimersByTimeAsync(10_000);
      }
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'room_not_ready' });
      expect(world.released).toEqual(['user-1']);
      expect(world.socket.closedWith).toBe(1000);
    });

    it('reports media that never flows', async () => {
      await member.goOnAir();
      await world.socket.open();
      while (!member.now.why) {
        await world.admitJoin();
        await world.socket.answer('offer', { result: { sdp: { type: 'answer', sdp: 'their sdp' } } });
        for (let s = 0; s < 25 && !member.now.why; s++) {
          await world.socket.answer('keepalive', { result: null });
          await vi.advanceTimersByTimeAsync(1_000);
        }
      }
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'media_unreachable' });
      expect(world.peers.every(({ closed }) => closed)).toBe(true);
    });

    it('reports a gateway that never answers', async () => {
      await member.goOnAir();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'gateway_unreachable' });
    });

    it.each(['wrong_pin', 'room_full'])('gives up on %s and gives its seat back', async (code) => {
      await member.goOnAir();
      await world.socket.open();
      await world.socket.answer('join', { error: { code: -32009, message: 'no', data: { code, retryable: false } } });
      expect(member.now).toMatchObject({ state: 'disconnected', why: code });
      expect(world.released).toEqual(['user-1']);
      expect(world.seats.find('r1')).toBeUndefined();
    });

    it('gives up on a room that does not exist', async () => {
      world.admit = async () => Promise.reject(new ApiError(404, 'room_not_found', 'no such room', false));
      await member.goOnAir();
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'room_not_found' });
      expect(world.sockets).toEqual([]);
    });
  });

  describe('its seat', () => {
    it('is the one that the tab already holds', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'kept-token' });
      await member.goOnAir();
      expect(world.socket.token).toBe('kept-token');
      expect(world.admitted).toBe(0);
    });

    it('is asked for in the role that was wanted', async () => {
      member = new Member({ role: 'host' });
      await member.goOnAir();
      expect(member.world.admittedAs).toBe('host');
    });

    it('is the one of the token that was handed to it, which is neither replaced nor given back', async () => {
      const token = fakeToken({ userID: 'handed', roomID: 'r1', role: 'host' });
      member = new Member({ token });
      await member.goOnAir();
      expect(member.now.userId).toBe('handed');
      expect(member.world.socket.token).toBe(token);
      member.world.socket.drop(4001);
      await settle();
      expect(member.now.why).toBe('unauthorized');
      expect(member.world.admitted).toBe(0);
      expect(member.world.released).toEqual([]);
    });

    it('is replaced once when the kept token is no longer good', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'expired' });
      await member.goOnAir();
      world.socket.drop(4001);
      await settle();
      expect(world.socket.token).toBe('token-1');
      world.socket.drop(4001);
      await settle();
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'unauthorized' });
    });

    it('is replaced again when its token has expired long after it was let in', async () => {
      await member.goOnAir();
      await world.letIn();
      world.socket.drop(4001);
      await settle();
      expect(world.socket.token).toBe('token-2');
      await world.letIn();
      expect(world.socket.requests('join')[0]?.params).not.toHaveProperty('jtoken');
      expect(member.now).toMatchObject({ state: 'connected', userId: 'user-2' });
      expect(world.peers).toHaveLength(2);
    });

    it('is replaced when the gateway no longer knows who holds it', async () => {
      world.seats.keep('r1', { userID: 'kept', token: 'of an earlier room' });
      await member.goOnAir();
      await world.socket.open();
      await world.socket.answer('join', { error: { code: -32004, message: 'who?', data: { code: 'user_not_found', retryable: false } } });
      await settle();
      expect(world.socket.token).toBe('token-1');
    });

    it('stays taken when another connection took it over', async () => {
      await member.goOnAir();
      await world.letIn();
      world.socket.drop(4009, '{"code":"taken_over","retryable":false}');
      await settle();
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'taken_over' });
      expect(world.released).toEqual([]);
      expect(world.seats.find('r1')).toBeUndefined();
    });

    it('is given back, with a claim to nothing, by a host who removed us', async () => {
      await member.goOnAir();
      await world.letIn();
      world.socket.drop(4001, '{"code":"removed","retryable":false}');
      await settle();
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'removed' });
      expect(world.sockets).toHaveLength(1);
    });
  });

  describe('candidates', () => {
    it('of both sides are held back until the answer is applied', async () => {
      await member.goOnAir();
      await world.socket.open();
      await world.admitJoin();
      world.peer.find('ours-1');
      await world.socket.notify('candidate', { candidate: { candidate: 'theirs-1' } });
      expect(world.socket.requests('icecandidate')).toEqual([]);
      expect(world.peer.applied).toEqual(['local offer']);

      await world.letMediaFlow();
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

    it('of an earlier peer connection are ignored in both directions', async () => {
      await member.goOnAir();
      await world.letIn();
      world.peer.become('failed');
      await settle();
      const [ghost] = world.peers;
      await world.socket.notify('candidate', { candidate: { candidate: 'for the ghost' } });
      await world.admitJoin('j2');
      await world.letMediaFlow();
      ghost!.find('of the ghost');
      await settle();
      expect(world.peers).toHaveLength(2);
      expect(world.peer.applied).toEqual(['local offer', 'remote answer']);
      expect(ghost!.applied).toEqual(['local offer', 'remote answer']);
      expect(world.socket.requests('icecandidate')).toEqual([]);
    });
  });

  describe('leaving', () => {
    it('says goodbye, closes everything, gives the seat back', async () => {
      await member.goOnAir();
      await world.letIn();
      const left = member.client.leave();
      await settle();
      expect(world.peer.closed).toBe(true);
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'left', roster: { members: [] } });
      await world.socket.answer('leave', { result: null });
      await left;
      expect(world.socket.closedWith).toBe(1000);
      expect(world.released).toEqual(['user-1']);
      expect(world.seats.find('r1')).toBeUndefined();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('does not wait longer than two seconds for a gateway that does not answer', async () => {
      await member.goOnAir();
      await world.letIn();
      const left = member.client.leave();
      await vi.advanceTimersByTimeAsync(2_000);
      await left;
      expect(world.socket.closedWith).toBe(1000);
    });

    it('hears nothing more of the room while it says goodbye', async () => {
      await member.goOnAir();
      await world.letIn();
      void member.client.leave();
      await settle();
      const told = member.seen.length;
      await world.socket.notify('roomStatus', { version: 9, members: [{ userId: 'user-2', role: 'anchor', status: 'onair' }] });
      world.socket.drop(1000);
      await settle();
      expect(member.seen).toHaveLength(told);
      expect(world.sockets).toHaveLength(1);
    });

    it('before anything was asked for is over at once', async () => {
      await member.client.leave();
      expect(member.now).toMatchObject({ state: 'disconnected', why: 'left' });
      expect(world.sockets).toEqual([]);
    });

    it('while the seat is asked for gives the seat back that comes too late', async () => {
      let hand!: (seat: { userID: string; token: string }) => void;
      world.admit = () => new Promise((resolve) => (hand = resolve));
      await member.goOnAir();
      const left = member.client.leave();
      await settle();
      expect(member.now.why).toBe('left');
      hand({ userID: 'late', token: 't' });
      await left;
      expect(world.released).toEqual(['late']);
      expect(world.sockets).toEqual([]);
    });

    it.each([
      ['opens its connection', async () => undefined],
      ['joins', async () => world.socket.open()],
    ])('while it %s closes the connection without a word', async (_, until) => {
      await member.goOnAir();
      await until();
      await member.client.leave();
      expect(world.socket.requests('leave')).toEqual([]);
      expect(world.socket.closedWith).toBe(1000);
      expect(world.released).toEqual(['user-1']);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('while it negotiates closes the peer connection too', async () => {
      await member.goOnAir();
      await world.socket.open();
      await world.admitJoin();
      void member.client.leave();
      await settle();
      await world.socket.answer('leave', { result: null });
      expect(world.peer.closed).toBe(true);
      expect(world.socket.closedWith).toBe(1000);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('between two tries ends the wait', async () => {
      await member.goOnAir();
      await world.letIn();
      world.socket.drop(1012, '{"code":"restart","retryable":true,"retryAfterMs":60000}');
      await settle();
      await member.client.leave();
      expect(member.now.why).toBe('left');
      expect(world.peer.closed).toBe(true);
      expect(world.sockets).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('while it resumes does not come back', async () => {
      await member.goOnAir();
      await world.letIn();
      world.socket.drop(1006);
      await settle();
      await world.socket.open();
      await member.client.leave();
      expect(world.socket.closedWith).toBe(1000);
      expect(member.now.why).toBe('left');
    });
  });
});
