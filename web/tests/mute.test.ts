import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RpcClosed } from '../src/lib/rpc';
import { FakeStream, Member, settle, type FakeWorld } from './fakes';

describe('muting', () => {
  let member: Member;
  let world: FakeWorld;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    member = new Member();
    world = member.world;
    await member.goOnAir();
    await world.letIn();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is told to the mixer and to the room at once, and the presence again every ten seconds', async () => {
    expect(member.presence).toEqual(['onair']);
    await world.socket.answer('keepalive', { result: null });
    member.client.mute(true);
    await settle();
    expect(member.now.muted).toBe(true);
    expect(member.mutes).toEqual([{ muted: true }]);
    expect(member.presence).toEqual(['onair', 'idle']);
    await world.socket.answer('keepalive', { result: null });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(member.presence).toEqual(['onair', 'idle', 'idle']);
    member.client.mute(false);
    await settle();
    expect(member.mutes).toEqual([{ muted: true }, { muted: false }]);
  });

  it('before the room has let us in is told when it does, before we can be heard', async () => {
    member = new Member();
    world = member.world;
    member.client.mute(true);
    await member.goOnAir();
    await world.socket.open();
    await world.admitJoin();
    const told = world.socket.sent.map(({ method }) => method);
    expect(told.indexOf('mute')).toBeLessThan(told.indexOf('offer'));
    expect(member.presence).toEqual(['idle']);
  });

  it('is told again to a fresh session, and not to one that was resumed', async () => {
    member.client.mute(true);
    await settle();
    await world.socket.answer('mute', { result: null });
    world.socket.drop(1006);
    await settle();
    await world.resume();
    expect(member.mutes).toEqual([]);
    await world.socket.notify('mediaMoved', { reason: 'moved' });
    await vi.advanceTimersByTimeAsync(250);
    await world.admitJoin('j3');
    expect(member.mutes).toEqual([{ muted: true }]);
  });

  it('that changed while there was no connection is told to the session that was resumed', async () => {
    world.socket.drop(1006);
    member.client.mute(true);
    await settle();
    await world.resume();
    expect(member.mutes).toEqual([{ muted: true }]);
  });

  it('whose answer got lost with the connection is told again', async () => {
    member.client.mute(true);
    await settle();
    world.socket.drop(1006);
    await settle();
    await world.resume();
    expect(member.mutes).toEqual([{ muted: true }]);
  });

  it('works with a gateway that does not know it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    member.client.mute(true);
    await settle();
    await world.socket.answer('mute', { error: { code: -32601, message: 'method not found' } });
    expect(member.now).toMatchObject({ state: 'connected', muted: true });
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  describe('by the host', () => {
    it('shows, changes the presence, and is not told back to the mixer', async () => {
      await world.socket.notify('muted', { muted: true, by: 'user-9' });
      expect(member.now).toMatchObject({ muted: true, mutedBy: 'user-9' });
      expect(member.presence.at(-1)).toBe('idle');
      expect(member.mutes).toEqual([]);
      await world.socket.notify('muted', { muted: false, by: 'user-9' });
      expect(member.now).toMatchObject({ muted: false });
      expect(member.now).not.toHaveProperty('mutedBy');
      expect(member.mutes).toEqual([]);
    });

    it('lasts through a fresh session', async () => {
      await world.socket.notify('muted', { muted: true });
      expect(member.now.mutedBy).toBe('host');
      world.peer.become('failed');
      await settle();
      await world.admitJoin('j2');
      expect(member.mutes).toEqual([{ muted: true }]);
      expect(member.now.muted).toBe(true);
    });

    it('ends when we unmute ourselves', async () => {
      await world.socket.notify('muted', { muted: true, by: 'user-9' });
      member.client.mute(false);
      await settle();
      expect(member.mutes).toEqual([{ muted: false }]);
      expect(member.now).toMatchObject({ muted: false });
      expect(member.now).not.toHaveProperty('mutedBy');
    });

    it('cannot open a microphone that we have muted', async () => {
      member.client.mute(true);
      await settle();
      await world.socket.answer('mute', { result: null });
      await world.socket.notify('muted', { muted: false, by: 'user-9' });
      expect(member.now.muted).toBe(true);
      expect(member.mutes).toEqual([{ muted: true }, { muted: true }]);
    });

    it('is not our own doing come back', async () => {
      await world.socket.notify('muted', { muted: true, by: 'user-1' });
      expect(member.now).not.toHaveProperty('mutedBy');
    });
  });

  describe('a host', () => {
    it('mutes another, removes another, and ends the room', async () => {
      const done = Promise.all([
        member.client.muteOther('user-2', true),
        member.client.remove('user-3'),
        member.client.endRoom(),
      ]);
      await settle();
      expect(world.socket.sent.slice(-3)).toMatchObject([
        { method: 'mute', params: { userId: 'user-2', muted: true } },
        { method: 'remove', params: { userId: 'user-3' } },
        { method: 'endRoom', params: {} },
      ]);
      for (const method of ['mute', 'remove', 'endRoom']) await world.socket.answer(method, { result: null });
      await done;
      expect(member.now.muted).toBe(false);
    });

    it('is told of a refusal, and of a connection that is not there', async () => {
      const refused = expect(member.client.remove('user-3')).rejects.toMatchObject({ data: { code: 'forbidden' } });
      await settle();
      await world.socket.answer('remove', { error: { code: -32001, message: 'no', data: { code: 'forbidden', retryable: false } } });
      await refused;
      expect(member.now.state).toBe('connected');
      world.socket.drop(1012, '{"code":"restart","retryable":true,"retryAfterMs":5000}');
      await settle();
      await expect(member.client.endRoom()).rejects.toBeInstanceOf(RpcClosed);
    });
  });
});
