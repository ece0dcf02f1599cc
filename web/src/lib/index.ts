/**
 * What a page of its own needs to bring a person on air: a `RoomClient`, and for its sound `openMicrophone`. Nothing
 * here knows of Svelte or of this project's pages.
 */
export { RoomClient, RoomOver, type RoomOptions } from './client';
export type { Entrance } from './upkeep';
export type { RoomSnapshot, RoomState } from './snapshot';
export type { Member, Roster } from './roster';
export type { GiveUp } from './endings';
export { ApiError } from './api';
export { RpcClosed, RpcError, RpcTimeout, type RpcErrorData } from './rpc';
export { microphones, MicrophoneError, openMicrophone, type MicrophoneChoice, type MicrophoneProblem } from './microphone';
export { readToken, type GivenSeat } from './token';
export { browserWorld, type RoomWorld } from './world';
