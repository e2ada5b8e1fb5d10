/** From the connected socket to the welcome: whose turn it is, and what the server's refusals mean. irc-framework does CAP and the first words. */
import { GatewayError } from '#bridge';
import { isBan, isComplaint } from './pace.ts';
import { refusal } from './refusals.ts';
import { compose } from './wire/compose.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

export interface Registration {
  /** Offers a line that comes before the end of registration; true: nobody else need see it. */
  hear(line: Line): boolean;
  /** The server's last words, where it said ERROR. */
  readonly farewell: string;
}

export interface RegistrationOptions {
  readonly server: string;
  readonly nick: string;
  /** We were here before: a nick that is taken (by our own ghost, often) is no reason to stay away. */
  readonly again: boolean;
  /** The services can be told that the nick is ours: somebody else who has it is no reason either. */
  readonly ownsNick: boolean;
  send(line: string): void;
  /** 001 came; the server's description of itself and the MOTD follow. */
  welcomed(): void;
  /** The MOTD's end: all is known that a join needs. */
  done(): void;
  refused(error: GatewayError): void;
  /** The server does not let us in because it finds us too many or too fast, or has banned us. */
  complained(isBan: boolean, said: string): void;
}

const maxTries = 5;

/** One like it: first a longer one, then such as are no longer than the nick itself, for who has as long a one as the server takes. */
function another(nick: string, turn: number, front: string): string {
  if (turn === 1) return front === '' ? `${nick}_` : front + nick;
  const end = '_'.repeat(turn - 1);
  const letters = [...nick];
  return front + letters.slice(0, Math.max(0, letters.length - front.length - end.length)).join('') + end;
}

/** Follows one registration. Of `done` and `refused` at most one matters: the first. */
export const createRegistration = (options: RegistrationOptions): Registration => new RegistrationTalk(options);

/** An object of a class: each connection has one. */
class RegistrationTalk implements Registration {
  readonly #options: RegistrationOptions;
  /** The numeric that refused the nick that is wanted. */
  #refusedBy: string | undefined;
  #tries = 0;
  #farewell = '';
  #welcome = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  get farewell(): string {
    return this.#farewell;
  }

  hear(line: Line): boolean {
    switch (line.command) {
      case '001':
        this.#welcome = true;
        this.#options.welcomed();
        return false;
      case '376':
      case '422':
        if (this.#welcome) this.#options.done();
        return false;
      case '010':
        if (!this.#welcome && line.params.length > 2) this.#options.refused(sentOn(this.#options.server, line));
        return true;
      case '432':
      case '433':
      case '436':
      case '437':
        this.#nickRefused(line);
        return true;
      case '463':
      case '465':
      case '466':
        this.#banned(line);
        return true;
      case '464':
        this.#options.refused(refusal('login-refused', line));
        return true;
      case 'ERROR':
        this.#farewell = lastWords(line);
        // Whoever was in is thrown out for what they did, or has said these words themselves.
        if (!this.#welcome && isComplaint(this.#farewell))
          this.#options.complained(isBan(this.#farewell), this.#farewell);
        return true;
      default:
        return false;
    }
  }

  #nickRefused(line: Line): void {
    if (this.#welcome) return;
    const { server, nick, again, ownsNick } = this.#options;
    this.#refusedBy ??= line.command;
    const isNone = this.#refusedBy === '432';
    // One that is ours may be held back for us: a second that is none either shows that it is not that.
    const held = ownsNick && (!isNone || line.command !== '432' || this.#tries === 0);
    if ((again || held) && this.#tries < maxTries) {
      this.#tries++;
      this.#options.send(compose('NICK', another(nick, this.#tries, isNone && again ? 'u' : '')));
    } else if (isNone) {
      this.#options.refused(refusal('bad-nick', line));
    } else {
      this.#options.refused(new GatewayError('nick-taken', { text: `The nick ${nick} is in use on ${server}.` }));
    }
  }

  #banned(line: Line): void {
    this.#options.complained(true, lastWords(line));
    this.#options.refused(refusal('network-refused', line));
  }
}

/** RPL_BOUNCE does not say whether that port speaks TLS, nor can it be believed with a password: whoever wants to go there has to say so. */
function sentOn(server: string, { params }: Line): GatewayError {
  const [, host = '', port = ''] = params;
  const text = `${server} sends its users on to ${host}, port ${port}. There its rooms are #room%${host}, where this gateway lets its users choose servers; else its operator can give ${server} that address.`;
  return new GatewayError('network-refused', { text: text.slice(0, 600) });
}

const lastWords = ({ params }: Line): string => readFormat(params.at(-1) ?? '').plain.slice(0, 400);
