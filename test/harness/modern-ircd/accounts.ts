/** Accounts: SASL, REGISTER and VERIFY, and what the others are told of it. */
import type { Command, Commands } from './command.ts';
import { watchersOf } from './monitor.ts';
import { scramServer } from './scram.ts';
import { type Account, type Client, fold, fresh, maskOf, neighbours, type Server } from './state.ts';
import { fail, numeric, say, spread } from './telling.ts';

const accountOf = (server: Server, name: string): Account | undefined => server.accounts.get(fold(server, name));

/** Those who learn of what somebody is, by this capability: neighbours, and with extended-monitor whoever watches. */
export function audience(server: Server, client: Client, capability: string): readonly Client[] {
  const watchers = watchersOf(server, client).filter(({ caps }) => caps.has('extended-monitor'));
  return [...new Set([...neighbours(client), ...watchers])].filter(({ caps }) => caps.has(capability));
}

/** Logs in (900) or, without a name, out (901). */
export function logIn(server: Server, client: Client, name: string | undefined): void {
  client.account = name;
  if (name === undefined) numeric(server, client, '901', maskOf(client), 'You are now logged out');
  else numeric(server, client, '900', maskOf(client), name, `You are now logged in as ${name}`);
  if (client.registered) spread(server, client, audience(server, client, 'account-notify'), 'ACCOUNT', [name ?? '*']);
}

const failed = (server: Server, client: Client): void => {
  client.sasl = undefined;
  numeric(server, client, '904', 'SASL authentication failed');
};

function succeed(server: Server, client: Client, { name }: Account): void {
  client.sasl = undefined;
  logIn(server, client, name);
  numeric(server, client, '903', 'SASL authentication successful');
}

const usable = (account: Account | undefined): account is Account =>
  account !== undefined && account.code === undefined;

/** In pieces of 400 characters; a full last one is followed by an empty one. */
function challenge(server: Server, client: Client, text: string): void {
  const encoded = Buffer.from(text).toString('base64');
  for (let i = 0; i < encoded.length; i += 400) say(server, client, 'AUTHENTICATE', encoded.slice(i, i + 400));
  if (encoded.length % 400 === 0) say(server, client, 'AUTHENTICATE', '+');
}

function plain(server: Server, client: Client): (data: Buffer) => void {
  return (data) => {
    const [, user = '', password = ''] = data.toString('utf8').split('\0');
    const account = accountOf(server, user);
    if (usable(account) && account.password === password) succeed(server, client, account);
    else failed(server, client);
  };
}

function external(server: Server, client: Client): (data: Buffer) => void {
  return (data) => {
    const { fingerprint } = client.link;
    const asked = data.toString('utf8');
    const found = [...server.accounts.values()].find(
      (account) => usable(account) && fingerprint !== undefined && account.fingerprint === fingerprint,
    );
    if (found === undefined || (asked !== '' && fold(server, asked) !== fold(server, found.name)))
      failed(server, client);
    else succeed(server, client, found);
  };
}

function scram(server: Server, client: Client, hash: 'sha256' | 'sha512'): (data: Buffer) => void {
  const exchange = scramServer(hash, (user) => {
    const account = accountOf(server, user);
    return usable(account) ? account.password : undefined;
  });
  return (data) => {
    const answer = exchange.first(data.toString('utf8'));
    if (answer === undefined) return failed(server, client);
    challenge(server, client, answer);
    client.sasl = (last) => {
      const proof = exchange.final(last.toString('utf8'));
      const account = accountOf(server, exchange.user);
      if (proof === undefined || account === undefined) return failed(server, client);
      challenge(server, client, proof);
      client.sasl = () => succeed(server, client, account);
    };
  };
}

function begin(server: Server, client: Client, mechanism: string): void {
  const { mechanisms } = server.settings;
  if (!mechanisms.includes(mechanism)) {
    numeric(server, client, '908', mechanisms.join(','), 'are available SASL mechanisms');
    failed(server, client);
    return;
  }
  client.saslText = '';
  client.sasl =
    mechanism === 'PLAIN'
      ? plain(server, client)
      : mechanism === 'EXTERNAL'
        ? external(server, client)
        : scram(server, client, mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512');
  say(server, client, 'AUTHENTICATE', '+');
}

const authenticate: Command = {
  atLeast: 1,
  early: true,
  run(server, client, { params: [text = ''] }) {
    if (!client.caps.has('sasl')) return numeric(server, client, '904', 'SASL was not negotiated');
    if (client.account !== undefined && !client.registered)
      return numeric(server, client, '907', 'You have already authenticated using SASL');
    if (client.sasl === undefined) return begin(server, client, text.toUpperCase());
    if (text === '*') {
      client.sasl = undefined;
      return numeric(server, client, '906', 'SASL authentication aborted');
    }
    if (text.length > 400) {
      client.sasl = undefined;
      return numeric(server, client, '905', 'SASL message too long');
    }
    if (text !== '+') client.saslText += text;
    if (text.length === 400) return;
    const data = Buffer.from(client.saslText, 'base64');
    client.saslText = '';
    client.sasl(data);
  },
};

const register: Command = {
  atLeast: 3,
  early: true,
  run(server, client, { params: [wanted = '', email = '', password = ''] }) {
    const { beforeConnect, customName, emailRequired, verify } = server.settings.registration;
    const name = wanted === '*' ? client.nick : wanted;
    const refuse = (code: string, ...rest: readonly string[]): void => fail(server, client, 'REGISTER', code, ...rest);
    if (client.nick === '*') return refuse('NEED_NICK', '*', 'You must have a nick first');
    if (!client.registered && !beforeConnect)
      return refuse('COMPLETE_CONNECTION_REQUIRED', 'You must complete the connection before registering');
    if (client.account !== undefined) return refuse('ALREADY_AUTHENTICATED', name, 'You are already logged in');
    if (!/^[^*,:\s]{1,30}$/.test(name)) return refuse('BAD_ACCOUNT_NAME', name, 'That name can not be an account');
    if (!customName && fold(server, name) !== fold(server, client.nick))
      return refuse('ACCOUNT_NAME_MUST_BE_NICK', name, 'You may only register your own nick');
    if (server.accounts.has(fold(server, name))) return refuse('ACCOUNT_EXISTS', name, 'Somebody has that account');
    if (email === '*' ? emailRequired : !/^[^@\s]+@[^@\s]+$/.test(email))
      return refuse('INVALID_EMAIL', name, 'A valid address is needed');
    if (password.length < 5) return refuse('WEAK_PASSWORD', name, 'At least five characters, please');
    if (Buffer.byteLength(password) > 300) return refuse('UNACCEPTABLE_PASSWORD', name, 'That is too long');
    const code = verify ? fresh(server, 'code') : undefined;
    server.accounts.set(fold(server, name), { name, password, fingerprint: undefined, code });
    if (code === undefined) {
      say(server, client, 'REGISTER', 'SUCCESS', name, 'Account successfully registered');
      return logIn(server, client, name);
    }
    server.mails.push({ to: email, account: name, code });
    say(server, client, 'REGISTER', 'VERIFICATION_REQUIRED', name, `A code has been sent to ${email}`);
  },
};

const verify: Command = {
  atLeast: 2,
  early: true,
  run(server, client, { params: [name = '', code = ''] }) {
    const account = accountOf(server, name);
    if (!client.registered && !server.settings.registration.beforeConnect)
      return fail(server, client, 'VERIFY', 'COMPLETE_CONNECTION_REQUIRED', 'You must complete the connection first');
    if (client.account !== undefined)
      return fail(server, client, 'VERIFY', 'ALREADY_AUTHENTICATED', name, 'You are already logged in');
    if (account?.code === undefined || account.code !== code)
      return fail(server, client, 'VERIFY', 'INVALID_CODE', name, 'That code is wrong');
    account.code = undefined;
    say(server, client, 'VERIFY', 'SUCCESS', account.name, 'Account successfully registered');
    logIn(server, client, account.name);
  },
};

export const accountCommands: Commands = {
  AUTHENTICATE: authenticate,
  REGISTER: register,
  VERIFY: verify,
  LOGOUT: {
    run(server, client) {
      if (client.account !== undefined) logIn(server, client, undefined);
    },
  },
};
