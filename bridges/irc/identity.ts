/** Who a user is on a server: names, and the secrets that prove it. Made of the settings, of the configuration where they say nothing. */
import type { IrcConfig } from './config.ts';
import { type Login, mechanisms } from './sasl.ts';
import type { Typed } from './settings.ts';

export interface Identity {
  readonly nick: string;
  readonly username: string;
  readonly realname: string;
  /** The server's password. */
  readonly pass?: string;
  /** With the network's services (SASL); absent: not at all. */
  readonly login?: Login;
  /** Said to NickServ where there is no other login. */
  readonly nickservPassword?: string;
  /** Certificate and key, PEM. */
  readonly certificate?: string;
  /** Raw lines, for when the server has let us in. Never logged. */
  readonly afterConnect: readonly string[];
}

/** `nick` is what the first join asked for; one that is set counts more. */
export function identityOf(
  config: Pick<IrcConfig, 'realnameFromJid'>,
  { owner, nick: asked }: { readonly owner: string; readonly nick: string },
  set: Typed,
): Identity {
  const nick = set.text('nick') ?? asked;
  const local = owner.slice(0, Math.max(owner.lastIndexOf('@'), 0));
  const pass = set.text('pass');
  const certificate = set.text('client_certificate');
  const login = loginOf(nick, set);
  const nickservPassword = set.text('nickserv_password');
  return {
    nick,
    username: set.text('username') ?? userName(config.realnameFromJid ? local : nick),
    realname: set.text('realname') ?? (config.realnameFromJid ? owner : nick),
    ...(pass !== undefined && { pass }),
    ...(login !== undefined && { login }),
    ...(certificate !== undefined && { certificate }),
    ...(nickservPassword !== undefined && { nickservPassword }),
    afterConnect: set.lines('after_connect_commands'),
  };
}

function loginOf(nick: string, set: Typed): Login | undefined {
  const password = set.text('sasl_password');
  const certificate = set.text('client_certificate') !== undefined;
  if (password === undefined && !certificate) return undefined;
  const wished = set.text('sasl_mechanism');
  const mechanism = mechanisms.find((one) => one === wished);
  return {
    username: set.text('sasl_username') ?? nick,
    ...(password !== undefined && { password }),
    certificate,
    required: password !== undefined || mechanism !== undefined,
    ...(mechanism !== undefined && { mechanism }),
  };
}

/** Is there something that a stranger on the wire must not read? */
export const hasSecrets = ({ pass, login, nickservPassword, afterConnect }: Identity): boolean =>
  pass !== undefined || login !== undefined || nickservPassword !== undefined || afterConnect.length > 0;

/** Can the services be told that a nick is ours? */
export const ownsNick = ({ login, nickservPassword }: Identity): boolean =>
  login !== undefined || nickservPassword !== undefined;

/** May the services learn who we are when the server has let us in already? */
export const isKnownLater = (identity: Identity): boolean =>
  ownsNick(identity) || identity.pass !== undefined || identity.afterConnect.length > 0;

/** As servers take it. From the nick alone unless the operator wants otherwise: nothing of the JID is told to the network. */
function userName(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 9);
  return letters === '' ? 'user' : letters;
}
