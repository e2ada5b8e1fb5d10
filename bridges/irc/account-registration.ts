/** An account with the network's services, registered over IRC itself (IRCv3 draft/account-registration): REGISTER, and VERIFY with the code that was mailed. */
import { type AccountRegistration, type ErrorCode, GatewayError, type Registered } from '#bridge';
import type { Core } from './core.ts';
import { refusal, timedOut } from './refusals.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export const capability = 'draft/account-registration';

export interface Registering extends AccountRegistration {
  /** Offers a line; true: it was the answer. */
  hear(line: Line): boolean;
  lost(error: GatewayError): void;
}

const answerMs = 60_000;
/** Services have to be able to take it in a message, too (draft/account-registration, Client considerations). */
const maxPassword = 300;

/** The codes of FAIL; every other is a refusal of the network's own. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ACCOUNT_EXISTS: 'nick-taken',
  BAD_ACCOUNT_NAME: 'bad-request',
  ACCOUNT_NAME_MUST_BE_NICK: 'bad-request',
  WEAK_PASSWORD: 'bad-request',
  UNACCEPTABLE_PASSWORD: 'bad-request',
  INVALID_EMAIL: 'bad-request',
  UNACCEPTABLE_EMAIL: 'bad-request',
  INVALID_CODE: 'bad-request',
  TEMPORARILY_UNAVAILABLE: 'not-available',
};

interface Pending {
  readonly command: 'REGISTER' | 'VERIFY';
  settle(outcome: Registered | GatewayError): void;
}

/** For one login; one question at a time. */
export const createAccountRegistration = (core: () => Core): Registering => new AccountQuestions(core);

/** An object of a class: each session has one, and every line but messages asks it. */
class AccountQuestions implements Registering {
  readonly #core: () => Core;
  #pending: Pending | undefined;

  constructor(core: () => Core) {
    this.#core = core;
  }

  async register(email: string | undefined, password: string, signal: AbortSignal): Promise<Registered> {
    const needed = (this.#core().link?.value(capability) ?? '').split(',').includes('email-required');
    if (email === undefined && needed) throw wrong('This network wants an e-mail address.');
    if (email !== undefined && !/^[^\s:@][^\s@]*@[^\s@]+$/.test(email)) throw wrong('That is no e-mail address.');
    if (password === '' || Buffer.byteLength(password) > maxPassword) {
      throw wrong(`A password has from 1 to ${maxPassword} bytes.`);
    }
    return this.#ask('REGISTER', ['*', email ?? '*', password], signal);
  }

  async verify(account: string, code: string, signal: AbortSignal): Promise<Registered> {
    return this.#ask('VERIFY', [account, code.trim()], signal);
  }

  hear(line: Line): boolean {
    const pending = this.#pending;
    if (pending === undefined) return false;
    const { command, params } = line;
    if (command === 'FAIL' && params[0] === pending.command) {
      pending.settle(
        refusal(codes[params[1] ?? ''] ?? 'network-refused', { ...line, params: ['', params.at(-1) ?? ''] }),
      );
      return true;
    }
    if (command !== pending.command) return false;
    const [outcome, account = ''] = params;
    if (outcome !== 'SUCCESS' && outcome !== 'VERIFICATION_REQUIRED') return false;
    pending.settle({ account, needsCode: outcome !== 'SUCCESS', text: params.at(-1) ?? '' });
    return true;
  }

  lost(error: GatewayError): void {
    this.#pending?.settle(error);
  }

  #ask(command: Pending['command'], params: readonly string[], signal: AbortSignal): Promise<Registered> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#pending !== undefined) {
        throw new GatewayError('too-fast', { text: 'The last question about an account is not answered yet.' });
      }
      const core = this.#core();
      core.send(compose(command, ...params), 1);
      const aborted = (): void => one.settle(timedOut('registering an account'));
      const cancelTimer = core.clock.after(answerMs, aborted);
      signal.addEventListener('abort', aborted, { once: true });
      const one: Pending = {
        command,
        settle: (outcome) => {
          this.#pending = undefined;
          cancelTimer();
          signal.removeEventListener('abort', aborted);
          if (outcome instanceof GatewayError) reject(outcome);
          else resolve(outcome);
        },
      };
      this.#pending = one;
    });
  }
}

const wrong = (text: string): GatewayError => new GatewayError('bad-request', { text });
