/** Where one server is tried, in which order, and with or without TLS. */
import type { ServerConfig } from './config.ts';

export interface Where {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** TLS first. `required` never has a plain one; an address with its own port is tried on that port alone. */
export function targets({ places, tls, ports }: ServerConfig): readonly Where[] {
  const all: Where[] = [];
  for (const secure of [true, false]) {
    if (secure ? tls === 'off' : tls === 'required') continue;
    for (const { host, port } of places) {
      const tried = port === undefined ? (secure ? ports.tls : ports.plain) : [port];
      for (const one of tried) all.push({ host, port: one, tls: secure });
    }
  }
  return all;
}

/** The same list from another place on: what worked last is tried first. */
export function startingAt(all: readonly Where[], first: Where | undefined): readonly Where[] {
  const at = all.findIndex((one) => first !== undefined && isSame(one, first));
  return at < 0 ? all : [...all.slice(at), ...all.slice(0, at)];
}

/** The same host, port and encryption. */
export const isSame = (one: Where, other: Where): boolean =>
  one.host === other.host && one.port === other.port && one.tls === other.tls;

/** The one after it with the same encryption, round and round: for who was thrown out soon after being let in. */
export function nextOf(all: readonly Where[], last: Where): Where {
  const alike = all.filter(({ tls }) => tls === last.tls);
  return alike[(alike.findIndex((one) => isSame(one, last)) + 1) % alike.length] ?? last;
}
