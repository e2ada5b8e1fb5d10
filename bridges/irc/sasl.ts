/**
 * Logging in (IRCv3 sasl-3.1, sasl-3.2): the strongest mechanism that both sides have first, its talk in chunks of 400 characters, and what
 * the server's numerics mean. A password that was refused is not tried again.
 */
import { GatewayError } from '#bridge';
import { refusal } from './refusals.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';
import { saslprep } from './wire/saslprep.ts';
import { createScram, type Scram, type ScramHash } from './wire/scram.ts';

/** Strongest first. */
export const mechanisms = ['EXTERNAL', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'] as const;
export type MechanismName = (typeof mechanisms)[number];

/** What somebody logs in with. */
export interface Login {
  readonly username: string;
  readonly password?: string;
  /** A client certificate is shown to the server. */
  readonly certificate: boolean;
  /** The only one that is to be tried. */
  readonly mechanism?: MechanismName;
  /** False: we go on without where it fails; a certificate has to be shown before the services can be told to know it. */
  readonly required: boolean;
}

export interface SaslOptions {
  /** The server's name, for sentences. */
  readonly server: string;
  readonly login: Login;
  /** The capability's value: a list of mechanisms, or '' where the server names none. */
  readonly offer: string;
  /** Throws where the connection is over. */
  send(line: string): void;
  /** Once. undefined: logged in; `not-available`: nothing was refused, but the services have gone. */
  done(error: GatewayError | undefined): void;
}

export interface Sasl {
  /** Offers a line; true: it belongs to the login. */
  hear(line: Line): boolean;
}

/** A mechanism while it is being tried. */
interface Attempt {
  respond(challenge: Buffer): Promise<Buffer>;
  /** Has the other side proved who it is, where the mechanism has it do so? */
  proved(): boolean;
  /** What is refused now is the password, not the mechanism. */
  decisive(): boolean;
}

const chunk = 400;
const maxChallenge = 16_384;

/** Begins at once. */
export function startSasl({ server, login, offer, send, done }: SaslOptions): Sasl {
  const candidates = choose(login, offer);
  let attempt: Attempt | undefined;
  let challenge = '';
  let over = false;

  function end(error: GatewayError | undefined): void {
    if (over) return;
    over = true;
    done(error);
  }

  function next(because?: GatewayError): void {
    challenge = '';
    for (let name = candidates.shift(); name !== undefined; name = candidates.shift()) {
      attempt = attemptOf(name, login);
      if (attempt === undefined) continue;
      send(compose('AUTHENTICATE', name));
      return;
    }
    attempt = undefined;
    end(because ?? unusable(server, login, offer));
  }

  function failed(line: Line): void {
    // We have not broken it off: whoever should answer is not there (Charybdis), or took too long.
    const isOff = line.command === '906';
    const said = { ...line, params: [line.params[0] ?? '', line.params.at(-1) ?? ''] };
    const error = refusal(isOff ? 'not-available' : 'login-refused', said);
    if (isOff || attempt === undefined || attempt.decisive()) end(error);
    else next(error);
  }

  function give(answer: Buffer): void {
    const text = answer.toString('base64');
    for (let at = 0; at < text.length; at += chunk) send(compose('AUTHENTICATE', text.slice(at, at + chunk)));
    if (text.length % chunk === 0) send(compose('AUTHENTICATE', '+'));
  }

  /** The server's words in chunks; one that is not full is the last. */
  function asked(part: string): void {
    if (part !== '+') challenge += part;
    if (challenge.length > maxChallenge) {
      giveUp('the server said too much');
      return;
    }
    if (part.length === chunk || attempt === undefined) return;
    const whole = Buffer.from(challenge, 'base64');
    const current = attempt;
    challenge = '';
    current
      .respond(whole)
      .then((answer) => {
        if (!over && attempt === current) give(answer);
      })
      .catch((error: unknown) => {
        if (!over && attempt === current) giveUp(error instanceof Error ? error.message : 'the login failed');
      });
  }

  function giveUp(why: string): void {
    try {
      send(compose('AUTHENTICATE', '*'));
    } catch {
      // The connection's end tells everybody.
    }
    end(new GatewayError('login-refused', { text: `The login on ${server} was broken off: ${why}.` }));
  }

  next();
  return {
    hear(line) {
      switch (line.command) {
        case 'AUTHENTICATE':
          if (!over) asked(line.params[0] ?? '+');
          return true;
        case '903':
        case '907':
          if (over) return true;
          if (line.command === '903' && attempt?.proved() !== true) giveUp('the server proved nothing');
          else end(undefined);
          return true;
        case '902':
        case '904':
        case '905':
        case '906':
          if (!over) failed(line);
          return true;
        case '908':
          narrow(candidates, line.params[1] ?? '');
          return true;
        default:
          return false;
      }
    },
  };
}

const namesOf = (offer: string): readonly string[] =>
  offer
    .toUpperCase()
    .split(',')
    .filter((name) => name !== '');

/** What can be tried, in order. Of a server that names nothing only the oldest two are expected. */
function choose(login: Login, offer: string): MechanismName[] {
  const named = namesOf(offer);
  const offered = (name: MechanismName): boolean =>
    named.length > 0 ? named.includes(name) : login.mechanism !== undefined || !name.startsWith('SCRAM');
  const able = (name: MechanismName): boolean =>
    name === 'EXTERNAL' ? login.certificate : login.password !== undefined;
  const wished = (name: MechanismName): boolean => login.mechanism === undefined || login.mechanism === name;
  return mechanisms.filter((name) => wished(name) && able(name) && offered(name));
}

function narrow(candidates: MechanismName[], offer: string): void {
  const named = namesOf(offer);
  if (named.length > 0) candidates.splice(0, candidates.length, ...candidates.filter((name) => named.includes(name)));
}

function attemptOf(name: MechanismName, login: Login): Attempt | undefined {
  const { username, password = '' } = login;
  switch (name) {
    case 'EXTERNAL':
      return single(Buffer.alloc(0), false);
    case 'PLAIN':
      return single(Buffer.from(`${username}\0${username}\0${password}`), true);
    case 'SCRAM-SHA-256':
      return scram('sha256', username, password);
    case 'SCRAM-SHA-512':
      return scram('sha512', username, password);
    default:
      return name satisfies never;
  }
}

/** One message and no proof. */
const single = (message: Buffer, decisive: boolean): Attempt => ({
  respond: async () => message,
  proved: () => true,
  decisive: () => decisive,
});

function scram(hash: ScramHash, username: string, password: string): Attempt | undefined {
  const [name, secret] = [saslprep(username), saslprep(password)];
  if (name === undefined || secret === undefined) return undefined;
  const exchange: Scram = createScram(hash, name, secret);
  return {
    respond: async (challenge) => Buffer.from(await exchange.respond(challenge.toString('utf8'))),
    proved: () => exchange.verified,
    decisive: () => exchange.begun,
  };
}

function unusable(server: string, { mechanism }: Login, offer: string): GatewayError {
  const given = mechanism === undefined ? '' : ` (${mechanism})`;
  const taken = offer.slice(0, 200).replaceAll(',', ', ');
  return new GatewayError('login-refused', {
    text:
      offer === ''
        ? `There is no way to log in on ${server} with what is set${given}; it does not say what it takes. What is set is in the settings for this server (sasl_password, client_certificate, sasl_mechanism).`
        : `There is no way to log in on ${server} with what is set${given}; it takes ${taken}. What is set is in the settings for this server (sasl_password, client_certificate, sasl_mechanism).`,
  });
}
