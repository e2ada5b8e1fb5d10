/** From the connected socket to the welcome: whose turn it is, and what the server's refusals mean. irc-framework does CAP and the first words. */
import { GatewayError } from '#bridge';
import { isComplaint } from './pace.ts';
import { refusal } from './refusals.ts';
import { compose } from './wire/compose.ts';
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
  /** The server finds us too many or too fast. */
  complained(): void;
}

const maxTries = 5;

/** Follows one registration. Of `done` and `refused` at most one matters: the first. */
export function createRegistration(options: RegistrationOptions): Registration {
  const { server, nick, again, ownsNick, send, welcomed, done, refused, complained } = options;
  let tried = nick;
  let tries = 0;
  let farewell = '';
  let welcome = false;

  function nickRefused(line: Line): void {
    if (welcome) return;
    // One that is ours may be held back for us: a second that is none either shows that it is not that.
    const held = ownsNick && (line.command !== '432' || tries === 0);
    if ((again || held) && tries < maxTries) {
      tries++;
      tried = line.command === '432' && again ? `u${tried}` : `${tried}_`;
      send(compose('NICK', tried));
    } else if (line.command === '432') {
      refused(refusal('bad-nick', line));
    } else {
      refused(new GatewayError('nick-taken', { text: `The nick ${nick} is in use on ${server}.` }));
    }
  }

  function banned(line: Line): void {
    complained();
    refused(refusal('network-refused', line));
  }

  return {
    get farewell() {
      return farewell;
    },
    hear(line) {
      switch (line.command) {
        case '001':
          welcome = true;
          welcomed();
          return false;
        case '376':
        case '422':
          if (welcome) done();
          return false;
        case '432':
        case '433':
        case '436':
        case '437':
          nickRefused(line);
          return true;
        case '463':
        case '465':
        case '466':
          banned(line);
          return true;
        case '464':
          refused(refusal('login-refused', line));
          return true;
        case 'ERROR':
          farewell = (line.params.at(-1) ?? '').slice(0, 400);
          if (isComplaint(farewell)) complained();
          return true;
        default:
          return false;
      }
    },
  };
}
