/** A connection as its session sees it: where it leads to, what was agreed with the server, and as whom one is logged in. */
import type { Link } from './core.ts';
import type { LoggingIn } from './login.ts';
import type { Where } from './targets.ts';
import type { Transport } from './wire/transport.ts';

/** Of a connection whose login is under way, or done. */
export const linkOf = (transport: Transport, login: LoggingIn, where: Where, isOwnWay: boolean): Link =>
  new Made(transport, login, where, isOwnWay);

/** An object of a class: each connection has one. */
class Made implements Link {
  readonly transport: Transport;
  readonly where: Where;
  readonly isOwnWay: boolean;
  readonly #loggingIn: LoggingIn;
  readonly #capabilities: LoggingIn['capabilities'];

  constructor(transport: Transport, login: LoggingIn, where: Where, isOwnWay: boolean) {
    this.transport = transport;
    this.where = where;
    this.isOwnWay = isOwnWay;
    this.#loggingIn = login;
    this.#capabilities = login.capabilities;
  }

  has(capability: string): boolean {
    return this.#capabilities.has(capability);
  }

  value(capability: string): string | undefined {
    return this.#capabilities.value(capability);
  }

  capabilities(): readonly string[] {
    return this.#capabilities.enabled();
  }

  account(): string | undefined {
    return this.#loggingIn.account();
  }
}
