import { readToken, type GivenSeat } from '../lib/token';

const tokenKey = 'eventrtc:token';

/**
 * The seat that a link `#token=JWT` brings along. It is taken out of the address, so that whoever copies the address does
 * not give the seat away, and kept for as long as the tab lives.
 *
 * @throws TypeError the link's token is none.
 */
export function givenSeat(): GivenSeat | undefined {
  const brought = new URLSearchParams(location.hash.slice(1)).get('token');
  if (brought !== null) history.replaceState(null, '', location.pathname + location.search);
  const token = brought ?? sessionStorage.getItem(tokenKey);
  if (token === null) return undefined;
  const seat = readToken(token);
  sessionStorage.setItem(tokenKey, token);
  return seat;
}

/** It is no longer good. */
export function forgetGivenSeat(): void {
  sessionStorage.removeItem(tokenKey);
}
