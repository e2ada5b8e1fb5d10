/**
 * An account that somebody has with a network's services, added to the gateway: server, name, and a password or the client certificate that is set. It is
 * tried on a connection under a name that nobody has, and kept as the settings that a login there is made of.
 */
import { randomInt } from 'node:crypto';
import {
  type Address,
  type FormField,
  GatewayError,
  type LoggedIn,
  type LoginAnswer,
  type LoginPlace,
  type LoginRun,
  type Session,
} from '#bridge';
import { type Texts, textsIn } from './command-texts.ts';
import type { IrcConfig } from './config.ts';
import type { Profile } from './settings.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** As short as the shortest that servers allow (RFC 1459 §1.2). */
const randomNick = (): string => `t${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')}`;

/** The same login, under another name: nobody's nick is taken or had back, and what is to be said once connected is not. */
export function trialProfile(profile: Profile): Profile {
  const nick = randomNick();
  const { nickservPassword: _, login, ...identity } = profile.identity;
  return {
    ...profile,
    identity: {
      ...identity,
      nick,
      realname: identity.realname === '' ? nick : identity.realname,
      afterConnect: [],
      ...(login !== undefined && { login: { ...login, required: true } }),
    },
  };
}

/** A server without SASL lets one in all the same: that is no login, and no fault of the account or the password. */
export async function mustBeLoggedIn(session: Session & { readonly account: string | undefined }, server: string) {
  if (session.account !== undefined) return;
  await session.end('');
  throw new GatewayError('network-cannot', {
    text: `${server} offers no login (SASL) now. If it has a NickServ, its password belongs into the settings for this server (nickserv_password).`,
  });
}

const text = (answer: LoginAnswer, name: string): string => {
  const value = answer[name];
  return typeof value === 'string' ? value.trim() : '';
};

function serverField({ servers, onlyListed }: IrcConfig, texts: Texts): FormField {
  const names = Object.keys(servers).map((name) => name.toLowerCase());
  const [first] = names;
  const known = first !== undefined && { value: first };
  const common = { name: 'server', label: texts.loginServer, required: true, ...known };
  if (onlyListed && names.length > 0)
    return { ...common, type: 'choice', choices: names.map((value) => ({ value, label: value })) };
  return { ...common, type: 'text', help: texts.loginServerHelp };
}

const fieldsOf = (
  config: IrcConfig,
  asksServer: boolean,
  name: string | undefined,
  texts: Texts,
): readonly FormField[] => [
  ...(asksServer ? [serverField(config, texts)] : []),
  {
    name: 'username',
    label: texts.loginAccount,
    help: texts.loginAccountHelp,
    type: 'text',
    required: true,
    ...(name !== undefined && { value: name }),
  },
  {
    name: 'password',
    label: texts.loginPassword,
    help: texts.loginPasswordHelp,
    type: 'secret',
  },
];

function kept(answer: LoginAnswer, server: string | undefined): LoggedIn<undefined> {
  const password = text(answer, 'password');
  const label = text(answer, 'username');
  return {
    credentials: undefined,
    label,
    ...(server !== undefined && { on: server }),
    settings: { sasl_username: label, sasl_password: password === '' ? null : password },
  };
}

/** What is wrong with an answer before anything is tried. */
async function faultIn(answer: LoginAnswer, server: string | undefined, place: LoginPlace) {
  const texts = textsIn(place.language);
  if (/[\0-\x1f\x7f]/.test(text(answer, 'username'))) return texts.loginOneLine;
  if (text(answer, 'password') !== '') return undefined;
  const { client_certificate: certificate } = await place.settings(server);
  if (certificate !== undefined) return undefined;
  return texts.loginNoPassword;
}

/** Asked until the server takes it. @param refuse why an address may not be used here */
export async function* addAccount(
  config: IrcConfig,
  refuse: (address: Address) => GatewayError | undefined,
  place: LoginPlace<undefined>,
): LoginRun<undefined> {
  const asksServer = place.on === undefined && config.fixedServer === undefined;
  const texts = textsIn(place.language);
  let fault: string | undefined;
  for (;;) {
    const answer: LoginAnswer = yield {
      ask: 'form',
      title: place.on ?? config.fixedServer ?? 'IRC',
      text: [texts.login],
      fields: fieldsOf(config, asksServer, place.known?.label, texts),
      ...(fault !== undefined && { fault }),
    };
    const server = asksServer ? text(answer, 'server').toLowerCase() : place.on;
    const outcome = await attempt(answer, server);
    if (typeof outcome !== 'string') return outcome;
    fault = outcome;
  }

  /** The login that the server has taken, or what was wrong. */
  async function attempt(answer: LoginAnswer, server: string | undefined): Promise<LoggedIn<undefined> | string> {
    const barred = server === undefined ? undefined : refuse({ is: 'service', on: server });
    if (barred !== undefined) return barred.message;
    const wrong = await faultIn(answer, server, place);
    if (wrong !== undefined) return wrong;
    const found = kept(answer, server);
    try {
      await place.verify(found);
      return found;
    } catch (error) {
      if (!(error instanceof GatewayError) || place.signal.aborted) throw error;
      const { code, message } = error;
      return code === 'login-refused' ? texts.loginRefused(server ?? config.fixedServer, message) : message;
    }
  }
}
