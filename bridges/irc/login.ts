/** What goes on beside the names while connecting: capabilities, then the login, then CAP END; and both again when the server's offer changes. */
import type { GatewayError } from '#bridge';
import { type Capabilities, type CapabilitiesOptions, createCapabilities } from './capabilities.ts';
import { type Login, type Sasl, startSasl } from './sasl.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface LoggingIn {
  readonly capabilities: Capabilities;
  /** Our account with the services, while we are logged in. */
  account(): string | undefined;
  /** Offers any line of the connection; true: nobody else need see it. */
  hear(line: Line): boolean;
}

export interface LoginOptions {
  /** The server's name, for sentences. */
  readonly server: string;
  readonly login: Login | undefined;
  /** Throws where the connection is over. */
  send(line: string): void;
  /** For people. */
  say(text: string): void;
  /** The capabilities are listed: is this connection to go on? */
  proceed(capabilities: Capabilities): boolean;
  /** The login failed. */
  refused(error: GatewayError): void;
  changed(capabilities: Capabilities): void;
}

/** Follows one connection. */
export const createLogin = (options: LoginOptions): LoggingIn => new LoginTalk(options);

/** An object of a class: each connection has one, and every line but messages asks it. Its capabilities ask it back. */
class LoginTalk implements LoggingIn, CapabilitiesOptions {
  readonly capabilities: Capabilities;
  readonly #options: LoginOptions;
  #account: string | undefined;
  #welcome = false;
  #ended = false;
  #sasl: Sasl | undefined;
  #loggedIn = false;
  #tried = false;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.capabilities = createCapabilities(this);
  }

  account(): string | undefined {
    return this.#account;
  }

  hear(line: Line): boolean {
    switch (line.command) {
      case 'CAP':
        // The services have come back: what failed without them may be tried anew.
        if (line.params[1] === 'NEW') this.#tried = false;
        this.capabilities.hear(line);
        return true;
      case '001':
        this.#welcomed();
        return false;
      case '900':
        this.#account = line.params[2];
        return false;
      case '901':
        this.#account = undefined;
        return false;
      default:
        return this.#sasl?.hear(line) === true;
    }
  }

  send(line: string): void {
    this.#options.send(line);
  }

  wantsLogin(): boolean {
    return this.#options.login !== undefined && !this.#loggedIn;
  }

  listed(): boolean {
    return this.#options.proceed(this.capabilities);
  }

  changed(): void {
    this.#options.changed(this.capabilities);
  }

  settled(): void {
    const { login } = this.#options;
    if (
      login !== undefined &&
      !this.#loggedIn &&
      !this.#tried &&
      this.#sasl === undefined &&
      this.capabilities.has('sasl')
    )
      this.#authenticate(login);
    else if (this.#sasl === undefined) this.#endNegotiation();
  }

  #endNegotiation(): void {
    if (this.#ended || this.#welcome) return;
    this.#ended = true;
    this.send(compose('CAP', 'END'));
  }

  #authenticate(secrets: Login): void {
    const { server } = this.#options;
    let over = false;
    this.#tried = true;
    const started = startSasl({
      server,
      login: secrets,
      offer: this.capabilities.value('sasl') ?? '',
      send: (line) => this.send(line),
      done: (error) => {
        over = true;
        this.#sasl = undefined;
        this.#loggedIn = error === undefined;
        const isRefused = error !== undefined && error.code !== 'not-available';
        if (!isRefused || !secrets.required) this.#endNegotiation();
        if (error === undefined) return;
        if (secrets.required && isRefused) this.#options.refused(error);
        else if (secrets.required) this.#tellIfWithout();
        else this.#options.say(`Your certificate did not log you in on ${server}: ${error.message}`);
      },
    });
    // It may have been over at once.
    if (!over) this.#sasl = started;
  }

  #welcomed(): void {
    this.#welcome = true;
    this.#tellIfWithout();
  }

  #tellIfWithout(): void {
    const { server, login } = this.#options;
    if (this.#welcome && login?.required === true && !this.#loggedIn) {
      this.#options.say(`${server} offers no login (SASL) at the moment, so you are not logged in there.`);
    }
  }
}
