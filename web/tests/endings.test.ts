import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/lib/api';
import { endingOf, judge, type Circumstances } from '../src/lib/endings';
import { RpcError, type RpcErrorData } from '../src/lib/rpc';

const inRoom: Circumstances = { joined: true, lastSeat: false };
const retry = (more: object = {}) => ({ kind: 'retry', afterMs: 0, atOnce: true, anew: 'line', ...more });
const giveUp = (why: string) => ({ kind: 'giveUp', why });

describe('the end of a WebSocket', () => {
  const verdict = (code: number, reason: string | RpcErrorData, circumstances: Partial<Circumstances> = {}) =>
    judge({ kind: 'closed', close: { code, reason: typeof reason === 'string' ? reason : JSON.stringify(reason) } }, { ...inRoom, ...circumstances });

  it.each([
    ['a lost network', 1006, '', retry()],
    ['a proxy that goes away', 1001, 'bye', retry()],
    ['a gateway that fails', 1011, '{broken', retry()],
    ['one of our own making', 4000, 'dropped', retry()],
    ['a slow consumer', 1008, { code: 'too_slow', retryable: true, retryAfterMs: 500 }, retry({ afterMs: 500 })],
    ['a refusal for good', 1008, { code: 'origin_refused', retryable: false }, giveUp('origin_refused')],
    ['a restart with a hint', 1012, { code: 'restart', retryable: true, retryAfterMs: 3_120 }, retry({ afterMs: 3_120 })],
    ['a restart in plain words', 1012, 'restart', retry({ atOnce: false })],
    ['a restart without a word', 1012, '', retry({ atOnce: false })],
    ['a lost lock', 1012, { code: 'lock_lost', retryable: true }, retry()],
    ['a token that is no longer good', 4001, { code: 'unauthorized', retryable: false }, retry({ anew: 'seat' })],
    ['a token that is no longer good, in plain words', 4001, 'unauthorized', retry({ anew: 'seat' })],
    ['a host who removed us', 4001, { code: 'removed', retryable: false }, giveUp('removed')],
    ['another connection in our place', 4009, { code: 'taken_over', retryable: false }, giveUp('taken_over')],
    ['another connection in our place, in plain words', 4009, 'taken over', giveUp('taken_over')],
    ['too many', 4029, { code: 'too_many', retryable: true, retryAfterMs: 1_500 }, retry({ afterMs: 1_500 })],
    ['too many, until whenever', 4029, '', retry({ afterMs: 5_000 })],
    ['the end of the room', 4410, { code: 'room_ended', retryable: false }, giveUp('room_ended')],
  ])('by %s', (_, code, reason, expected) => {
    expect(verdict(code, reason)).toEqual(expected);
  });

  it('by a bad token is final when no other seat would be better', () => {
    expect(verdict(4001, '', { lastSeat: true })).toEqual(giveUp('unauthorized'));
  });

  it('by another connection before we joined may be our own last one', () => {
    expect(verdict(4009, '', { joined: false })).toEqual(retry());
    expect(verdict(4009, { code: 'taken_over' }, { joined: false })).toEqual(giveUp('taken_over'));
  });
});

describe('a refusal', () => {
  const verdict = (code: number, data: RpcErrorData, circumstances: Partial<Circumstances> = {}) =>
    judge(endingOf(new RpcError(code, 'no', data)), { ...inRoom, ...circumstances });

  it.each([
    ['until a given time', -32050, { code: 'room_not_ready', retryable: true, retryAfterMs: 200 }, retry({ anew: 'join', afterMs: 200 })],
    ['for the moment', -32050, { code: 'room_not_ready' }, retry({ anew: 'join', atOnce: false })],
    ['of too many', -32029, { code: 'too_many', retryAfterMs: 800 }, retry({ anew: 'join', afterMs: 800 })],
    ['of too many, until whenever', -32029, {}, retry({ anew: 'join', afterMs: 5_000 })],
    ['of the pin', -32009, { code: 'wrong_pin', retryable: false }, giveUp('wrong_pin')],
    ['of the user', -32004, { code: 'user_not_found', retryable: false }, retry({ anew: 'seat' })],
    ['of what we still are', -32009, { code: 'already_joined', retryable: false }, retry()],
    ['without a code', -32602, {}, giveUp('rpc_-32602')],
  ])('%s', (_, code, data, expected) => {
    expect(verdict(code, data)).toEqual(expected);
  });

  it('of another tab’s place is final', () => {
    expect(verdict(-32009, { code: 'already_joined', retryable: false }, { joined: false })).toEqual(giveUp('already_joined'));
  });

  it('of the seat itself is final when no other would be better', () => {
    expect(verdict(-32001, { code: 'forbidden', retryable: false }, { lastSeat: true })).toEqual(giveUp('forbidden'));
  });

  it('by REST is final or not as the service says', () => {
    expect(judge(endingOf(new ApiError(409, 'room_full', '', false)), inRoom)).toEqual(giveUp('room_full'));
    expect(judge(endingOf(new ApiError(0, 'unreachable', '', true)), inRoom)).toMatchObject({ kind: 'retry' });
  });

  it('that is none of these is a bug, and thrown on', () => {
    expect(() => endingOf(new TypeError('a bug'))).toThrow('a bug');
  });
});
