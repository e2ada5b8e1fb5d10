/**
 * Logging in to the fake network, with every kind of step: a form with a secret and a choice, a code that was sent elsewhere, a QR code that another device
 * scans, and waiting with progress. Who is registered, and what goes wrong, is the script's to say.
 */

import { z } from 'zod';
import { GatewayError, type LoggedIn, type LoginAnswer, type LoginPlace, type LoginRun, type LoginWait } from '#bridge';

export const fakeCredentials = z.strictObject({ name: z.string().min(1).max(64), token: z.string().min(1) });
export type FakeCredentials = z.infer<typeof fakeCredentials>;

/** The accounts of the network: names with passwords, and the devices that may be let in. */
export interface Authority {
  /** Throws `login-refused` where the network does not take it. */
  check(credentials: FakeCredentials): void;
  /** A token for a name and its password; undefined: one of the two is wrong. */
  enter(name: string, password: string): string | undefined;
  /** What was sent to that person's telephone: it is good once. */
  sendCode(name: string): string;
  takeCode(name: string, code: string): boolean;
  /** What another device is to scan, until it has or `signal` says that nobody waits. */
  pair(signal: AbortSignal): Pairing;
  // ── the script's ──
  register(name: string, password: string): void;
  /** The last code that was sent. */
  readonly sent: string;
  /** What can be scanned now. */
  readonly pairings: readonly Pairing[];
  /** Tokens are good no more: whoever has one has to log in anew. */
  forget(name: string): void;
}

export interface Pairing {
  readonly text: string;
  /** Resolves with who scanned it; undefined: it is good no more, and another one is to be shown. */
  readonly scanned: Promise<string | undefined>;
  scan(name: string): void;
  expire(): void;
}

/** Nobody is registered yet. */
export function createAuthority(): Authority {
  const passwords = new Map<string, string>();
  const tokens = new Map<string, string>();
  const codes = new Map<string, string>();
  const pairings = new Set<Pairing>();
  let sent = '';
  let counter = 0;

  function tokenFor(name: string): string {
    const token = `token-${++counter}-of-${name}`;
    tokens.set(token, name);
    return token;
  }

  return {
    check({ name, token }) {
      if (tokens.get(token) !== name) throw new GatewayError('login-refused', { text: `${name} is not let in.` });
    },
    enter: (name, password) => (passwords.get(name) === password ? tokenFor(name) : undefined),
    sendCode(name) {
      sent = String(100_000 + ++counter);
      codes.set(name, sent);
      return sent;
    },
    takeCode(name, code) {
      if (codes.get(name) !== code) return false;
      return codes.delete(name);
    },
    pair(signal) {
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      const settle = (name: string | undefined): void => {
        pairings.delete(pairing);
        resolve(name);
      };
      const pairing: Pairing = {
        text: `fake://pair/${++counter}`,
        scanned: promise,
        scan: (name) => settle(name),
        expire: () => settle(undefined),
      };
      pairings.add(pairing);
      signal.addEventListener('abort', () => settle(undefined), { once: true });
      return pairing;
    },
    register: (name, password) => void passwords.set(name, password),
    get sent() {
      return sent;
    },
    get pairings() {
      return [...pairings];
    },
    forget(name) {
      for (const [token, whose] of tokens) if (whose === name) tokens.delete(token);
    },
  };
}

const textOf = (answer: LoginAnswer, name: string): string => {
  const value = answer[name];
  return typeof value === 'string' ? value.trim() : '';
};

/** By password, with a code on top where that is wished, or by a device that is logged in already. */
export async function* login(authority: Authority, place: LoginPlace<FakeCredentials>): LoginRun<FakeCredentials> {
  let fault: string | undefined;
  for (;;) {
    const answer: LoginAnswer = yield {
      ask: 'form',
      title: 'The fake network',
      text: ['Log in with your account there.'],
      fields: [
        { name: 'username', label: 'Name', type: 'text', required: true, ...known(place) },
        { name: 'password', label: 'Password', help: 'None is needed with a QR code.', type: 'secret' },
        { name: 'how', label: 'How', type: 'choice', choices: ways, value: 'password', usual: 'password' },
      ],
      ...(fault !== undefined && { fault }),
    };
    const name = textOf(answer, 'username');
    const kept = answer.how === 'qr' ? yield* byDevice(authority, place) : enter(authority, name, answer);
    if (kept === undefined) {
      fault = 'This name and this password do not belong together.';
      continue;
    }
    if (answer.how === 'code') yield* byCode(authority, name);
    return kept;
  }
}

const ways = [
  { value: 'password', label: 'With the password' },
  { value: 'code', label: 'With a code to your telephone as well' },
  { value: 'qr', label: 'With a QR code' },
];

const known = ({ known: login }: LoginPlace<FakeCredentials>) => (login === undefined ? {} : { value: login.label });

function enter(authority: Authority, name: string, answer: LoginAnswer): LoggedIn<FakeCredentials> | undefined {
  const token = authority.enter(name, textOf(answer, 'password'));
  return token === undefined ? undefined : { credentials: { name, token }, label: name };
}

async function* byCode(authority: Authority, name: string): AsyncGenerator<StepOf, void, LoginAnswer> {
  authority.sendCode(name);
  let fault: string | undefined;
  for (;;) {
    const answer = yield {
      ask: 'form',
      title: 'The code',
      text: ['It was sent to your telephone.'],
      fields: [{ name: 'code', label: 'Code', type: 'text', required: true }],
      ...(fault !== undefined && { fault }),
    };
    if (authority.takeCode(name, textOf(answer, 'code'))) return;
    fault = 'This is another code.';
  }
}

type StepOf = LoginRun extends AsyncGenerator<infer Step, unknown, LoginAnswer> ? Step : never;

async function* byDevice(
  authority: Authority,
  { signal }: LoginPlace<FakeCredentials>,
): AsyncGenerator<StepOf, LoggedIn<FakeCredentials>, LoginAnswer> {
  for (;;) {
    const pairing = authority.pair(signal);
    let scanned: string | undefined;
    const wait: LoginWait = {
      ask: 'wait',
      title: 'Scan this with your telephone',
      show: {
        qr: pairing.text,
        url: `https://fake.example/pair#${pairing.text.slice(12)}`,
        code: pairing.text.slice(12),
      },
      async until() {
        scanned = await pairing.scanned;
      },
    };
    yield wait;
    if (scanned === undefined) continue;
    const name = scanned;
    yield { ask: 'wait', title: `Welcome, ${name}`, text: ['Almost there.'], until: async () => {} };
    authority.register(name, `device of ${name}`);
    const token = authority.enter(name, `device of ${name}`) ?? '';
    return { credentials: { name, token }, label: name };
  }
}
