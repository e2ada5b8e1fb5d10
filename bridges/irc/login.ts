/** What goes on beside the names while connecting: capabilities, then the login, then CAP END; and both again when the server's offer changes. */
import type { GatewayError } from '#bridge';
import { type Capabilities, createCapabilities } from './capabilities.ts';
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
export function createLogin(options: LoginOptions): LoggingIn {
  const { server, login, send } = options;
  let account: string | undefined;
  let welcome = false;
  let ended = false;
  let sasl: Sasl | undefined;
  let loggedIn = false;
  let tried = false;

  const capabilities = createCapabilities({
    send,
    wantsLogin: () => login !== undefined && !loggedIn,
    listed: () => options.proceed(capabilities),
    changed: () => options.changed(capabilities),
    settled,
  });

  function settled(): void {
    if (login !== undefined && !loggedIn && !tried && sasl === undefined && capabilities.has('sasl'))
      authenticate(login);
    else if (sasl === undefined) endNegotiation();
  }

  function endNegotiation(): void {
    if (ended || welcome) return;
    ended = true;
    send(compose('CAP', 'END'));
  }

  function authenticate(secrets: Login): void {
    let over = false;
    tried = true;
    const started = startSasl({
      server,
      login: secrets,
      offer: capabilities.value('sasl') ?? '',
      send,
      done(error) {
        over = true;
        sasl = undefined;
        loggedIn = error === undefined;
        if (error === undefined || !secrets.required) endNegotiation();
        if (error === undefined) return;
        if (secrets.required) options.refused(error);
        else options.say(`Your certificate did not log you in on ${server}: ${error.message}`);
      },
    });
    // It may have been over at once.
    if (!over) sasl = started;
  }

  function welcomed(): void {
    welcome = true;
    if (login?.required === true && !loggedIn) {
      options.say(`${server} offers no login (SASL) at the moment, so you are not logged in there.`);
    }
  }

  return {
    capabilities,
    account: () => account,
    hear(line) {
      switch (line.command) {
        case 'CAP':
          // The services have come back: what failed without them may be tried anew.
          if (line.params[1] === 'NEW') tried = false;
          capabilities.hear(line);
          return true;
        case '001':
          welcomed();
          return false;
        case '900':
          account = line.params[2];
          return false;
        case '901':
          account = undefined;
          return false;
        default:
          return sasl?.hear(line) === true;
      }
    },
  };
}
