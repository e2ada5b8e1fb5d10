/**
 * What its users may set of IRC, at three levels and with biboumi's names, and what becomes of it: `profileOf` lays it over the configuration. A value
 * that is not (or no longer) right is passed over, as if it had not been set.
 */
import type { SettingField, Settings, SettingsForms, SettingValue } from '#bridge';
import { certificateFault } from './certificate.ts';
import { type CharsetNames, charsetNames } from './charsets.ts';
import { type ChosenProxy, type IrcConfig, readAddress, type ServerConfig, shareOf } from './config.ts';
import { hasSecrets, type Identity, identityOf } from './identity.ts';
import { ctcp, ctcpHere, netjoins, netjoinsHere, netjoinsInRoom, policyIn } from './manners.ts';
import { isNick } from './names.ts';
import { flag, hasBreaks, lines, number, text } from './objections.ts';
import { mechanisms } from './sasl.ts';
import { alsoInGerman } from './settings-german.ts';
import { encodingName } from './wire/encoding.ts';
import { readProxy } from './wire/socks.ts';

/** What holds for one login: the server as this user wants it, and who the user is there. */
export interface Profile {
  readonly server: ServerConfig;
  readonly identity: Identity;
  readonly encodings: CharsetNames;
}

/** No user has us send faster than this, whatever they set: the server would shut all of us out. */
const maxBurst = 100;
const maxLines = 20;
const maxLineBytes = 510;
const maxSecret = 300;
const isPort = (line: string): boolean => /^[0-9]{1,5}$/.test(line) && Number(line) >= 1 && Number(line) <= 65_535;
const isCommand = (line: string): boolean =>
  line !== '' && !hasBreaks(line) && Buffer.byteLength(line) <= maxLineBytes && /^[A-Za-z0-9]/.test(line);
const isAddress = (line: string): boolean =>
  /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+)(?::[0-9]{1,5})?$/.test(line) && readAddress(line).port !== 0;
const isOneWord = (line: string): boolean => !line.includes(' ') && !line.startsWith(':');

const recordHistory: SettingField = {
  name: 'record_history',
  label: 'Record history',
  help: 'Whether what is said is kept, for clients that come later.',
  type: 'flag',
  usual: true,
  objection: flag,
};

/** A channel may leave it to what is set for all, as biboumi's form has it. */
const recordHistoryHere: SettingField = {
  name: 'record_history',
  label: 'Record history',
  help: 'Whether what is said in this channel is kept, for clients that come later.',
  type: 'choice',
  choices: [
    { value: 'unset', label: 'As in all channels' },
    { value: 'true', label: 'Yes' },
    { value: 'false', label: 'No' },
  ],
  usual: 'unset',
};

const historyLength: SettingField = {
  name: 'max_history_length',
  label: 'Max history length',
  help: 'How many messages a client is sent at most when it joins a channel.',
  type: 'number',
  objection: number(0, 1000),
};

const bookmarkRooms: SettingField = {
  name: 'bookmark_rooms',
  label: 'Bookmark channels',
  help: 'Channels in which your bouncer has you come into your bookmarks, where your Jabber server lets this gateway at them.',
  type: 'flag',
  usual: true,
  objection: flag,
};

const persistent: SettingField = {
  name: 'persistent',
  label: 'Persistent',
  help: 'Stay in channels when the last client has left them.',
  type: 'flag',
  objection: flag,
};

const nick: SettingField = {
  name: 'nick',
  label: 'Nickname',
  help: 'Instead of the one that is asked for when a channel is joined.',
  type: 'text',
  objection: text(64, isNick, 'No spaces, and none of , ! @ * ? in it or # & + : $ in front.'),
};

const isEncoding = (value: string): boolean => encodingName(value) !== undefined;

const encodings: readonly SettingField[] = [
  {
    name: 'encoding_out',
    label: 'Encoding out',
    help: 'In which what you say is sent, as iso-8859-15; characters that it does not have become question marks.',
    type: 'text',
    usual: 'utf-8',
    objection: text(40, isEncoding, 'This encoding is not known.'),
  },
  {
    name: 'encoding_in',
    label: 'Encoding in',
    help: 'In which that is read which is not valid UTF-8.',
    type: 'text',
    usual: 'windows-1252',
    objection: text(40, isEncoding, 'This encoding is not known.'),
  },
];

const strings = (numbers: readonly number[]): readonly string[] => numbers.map(String);

const proxy: SettingField = {
  name: 'proxy',
  label: 'SOCKS5 proxy',
  help: 'The connection is made through it, and it resolves the name: socks5://HOST:PORT.',
  type: 'text',
  objection: text(
    300,
    (value) => readProxy(value)?.username === undefined && readProxy(value) !== undefined,
    'Written as socks5://HOST:PORT.',
  ),
};

/** The server's fields that say where and how it is reached. */
function wayFields(config: IrcConfig): readonly SettingField[] {
  const { ports, throttle } = config;
  const portList = lines(16, isPort, 'A port a line, from 1 to 65535.');
  const address: SettingField = {
    name: 'address',
    label: 'Address',
    help: 'Where the server really is, where that is not its name: HOST or HOST:PORT.',
    type: 'text',
    objection: text(300, isAddress, 'HOST, HOST:PORT or [IPV6]:PORT.'),
  };
  return [
    ...(mayMove(config) ? [address] : []),
    ...(config.proxy === undefined ? [proxy] : []),
    { name: 'tls_ports', label: 'TLS ports', type: 'lines', usual: strings(ports.tls), objection: portList },
    {
      name: 'ports',
      label: 'Ports',
      help: 'In plain text; used only where this gateway allows that.',
      type: 'lines',
      usual: strings(ports.plain),
      objection: portList,
    },
    ...trustFields,
    {
      name: 'throttle_limit',
      label: 'Throttle limit',
      help: `Lines that may be sent at once after a silence; then one a second. -1 is as many as this gateway allows.`,
      type: 'number',
      ...(throttle !== 'off' && { usual: throttle.burst }),
      objection: number(-1, 1000),
    },
  ];
}

const secret = (name: string, label: string, help: string): SettingField => ({
  name,
  label,
  help,
  type: 'secret',
  objection: text(maxSecret),
});

const mechanism: SettingField = {
  name: 'sasl_mechanism',
  label: 'SASL mechanism',
  help: 'The only one to be tried; else the strongest that the server has.',
  type: 'choice',
  choices: [{ value: '', label: 'The strongest' }, ...mechanisms.map((value) => ({ value, label: value }))],
  usual: '',
  objection: text(20, (value) => mechanisms.some((one) => one === value), 'One of those that are listed.'),
};

/** How the user logs in with the network's services. */
const loginFields: readonly SettingField[] = [
  {
    name: 'sasl_username',
    label: 'SASL username',
    help: 'Your account with the network, where its name is not your nick.',
    type: 'text',
    objection: text(maxSecret, (value) => !/[\0-\x1f\x7f]/.test(value)),
  },
  secret('sasl_password', 'SASL password', 'You are logged in with it while connecting.'),
  mechanism,
  {
    ...secret('nickserv_password', 'NickServ password', 'Said to NickServ where the server has no SASL.'),
    objection: text(maxSecret, isOneWord, 'No spaces, and no colon in front.'),
  },
  {
    name: 'client_certificate',
    label: 'Client certificate',
    help: 'Shown to the server; the services know you by its fingerprint (CertFP). Certificate and key as PEM.',
    type: 'secret',
    objection: (value) =>
      typeof value !== 'string' ? 'This is not a text.' : value === '' ? undefined : certificateFault(value),
  },
];

/** Without separators; SHA-1, SHA-256 and SHA-512 have so many digits. */
const readFingerprint = (line: string): string => line.replace(/[\s:]/g, '').toLowerCase();
const isFingerprint = (line: string): boolean =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/.test(readFingerprint(line));

/** How the server proves who it is. */
const trustFields: readonly SettingField[] = [
  {
    name: 'verify_cert',
    label: 'Verify certificate',
    help: 'Where it is off any certificate does, and somebody on the way could read along.',
    type: 'flag',
    usual: true,
    objection: flag,
  },
  {
    name: 'fingerprint',
    label: 'Fingerprint of the trusted certificate',
    help: 'Only the certificate with this fingerprint is taken, whoever signed it: SHA-1, SHA-256 or SHA-512 in hexadecimal.',
    type: 'text',
    objection: text(300, isFingerprint, '40, 64 or 128 hexadecimal digits.'),
  },
];

/** The server's fields that say who the user is there. */
function personFields(config: IrcConfig): readonly SettingField[] {
  const names: readonly SettingField[] = [
    {
      name: 'username',
      label: 'Username',
      help: 'What stands before the @ of your address on IRC.',
      type: 'text',
      objection: text(64, (value) => !/[\0-\x20@!:]/.test(value), 'No spaces, and none of @ ! :'),
    },
    { name: 'realname', label: 'Realname', type: 'text', objection: text(200) },
  ];
  return [
    { ...nick, help: 'On this server.' },
    ...loginFields,
    {
      ...secret('pass', 'Server password', 'Sent when connecting (PASS).'),
      objection: text(maxSecret, isOneWord, 'No spaces, and no colon in front.'),
    },
    {
      name: 'after_connect_commands',
      label: 'After-connection IRC commands',
      help: 'Sent as they stand once connected, a line each.',
      type: 'lines',
      sealed: true,
      objection: lines(maxLines, isCommand, `IRC commands of at most ${maxLineBytes} bytes.`),
    },
    ...(config.realnameCustomization ? names : []),
  ];
}

/** The forms of a network with that configuration; in front is what most people come for. */
export function settingsForms(config: IrcConfig): SettingsForms {
  const stay = { ...persistent, usual: config.persistent };
  return alsoInGerman({
    all: [nick, historyLength, recordHistory, stay, ctcp(config), netjoins, bookmarkRooms],
    server: [
      ...personFields(config),
      historyLength,
      ctcpHere(config),
      netjoinsHere,
      ...encodings,
      ...wayFields(config),
    ],
    room: [recordHistoryHere, ...encodings, stay, netjoinsInRoom],
  });
}

/** A fixed server, or a closed list of them, is where its operator says; nobody leads a listed name elsewhere. */
const mayMove = ({ fixedServer, onlyListed }: IrcConfig): boolean => fixedServer === undefined && !onlyListed;

/** Those of the settings that stand in a form and are right; empty texts and lists are as good as unset. */
export function accepted(fields: readonly SettingField[], settings: Settings): Settings {
  const found: Record<string, SettingValue> = {};
  for (const { name, objection } of fields) {
    const value = settings[name];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    if (objection?.(value) === undefined) found[name] = value;
  }
  return found;
}

/** What of the settings has which type; for those that `accepted` let through. */
export function typed(settings: Settings) {
  return {
    all: settings,
    text(name: string): string | undefined {
      const value = settings[name];
      return typeof value === 'string' ? value : undefined;
    },
    number(name: string): number | undefined {
      const value = settings[name];
      return typeof value === 'number' ? value : undefined;
    },
    flag(name: string): boolean | undefined {
      const value = settings[name];
      return typeof value === 'boolean' ? value : undefined;
    },
    lines(name: string): readonly string[] {
      const value = settings[name];
      return Array.isArray(value) ? value : [];
    },
  };
}

export type Typed = ReturnType<typeof typed>;

/** Lays a user's settings over what the operator configured for that server. Loosens only what concerns that user alone. */
export function profileOf(
  config: IrcConfig,
  server: ServerConfig,
  who: { readonly owner: string; readonly nick: string },
  settings: Settings = {},
): Profile {
  const forms = settingsForms(config);
  const set = typed(accepted([...forms.all, ...forms.server], settings));
  const identity = identityOf(config, who, set);
  const wished = serverOf(config, server, who.owner, set);
  // Who can cut TLS off could read the passwords, which are said before the server can say that it wants TLS (sts): there is no falling back with them. `off` is the operator's word.
  const isSecret = hasSecrets(identity) || wished.webirc !== undefined;
  const tls = wished.tls === 'preferred' && isSecret ? 'required' : wished.tls;
  return { server: { ...wished, tls }, identity, encodings: charsetNames(set.all) };
}

function serverOf(config: IrcConfig, server: ServerConfig, owner: string, set: Typed): ServerConfig {
  const pin = set.text('fingerprint');
  const bind = shareOf(server.bind ?? [], owner);
  const proxy = server.proxy ?? proxyOf(config, set.text('proxy'));
  const way = wayOf(config, server, set);
  const isOwnWay = way.isOwnWay || (server.proxy === undefined && proxy !== undefined);
  const verify = set.flag('verify_cert') ?? server.verify;
  const { webirc, ...others } = server;
  return {
    ...others,
    ...way,
    isOwnWay,
    // The operator's secret, for the server that they mean alone.
    ...(webirc !== undefined && !isOwnWay && verify && { webirc }),
    throttle: throttleOf(server.throttle, set.number('throttle_limit')),
    ...(bind !== undefined && { bind: [bind] }),
    ...(proxy !== undefined && { proxy }),
    ctcp: policyIn(set.all) ?? server.ctcp,
    verify,
    ...(pin !== undefined && { pin: readFingerprint(pin) }),
  };
}

/** The operator's, where there is one, is not to be got round. */
function proxyOf(config: IrcConfig, text: string | undefined): ChosenProxy | undefined {
  const found = text === undefined ? undefined : readProxy(text);
  return found === undefined ? undefined : { ...found, trusted: config.privateAddresses };
}

/** An address or a port of the user's own is not what the operator listed: then it has to be a public one. */
function wayOf(
  config: IrcConfig,
  server: ServerConfig,
  set: Typed,
): Pick<ServerConfig, 'places' | 'ports' | 'trusted' | 'isOwnWay'> {
  const { places, ports, trusted } = server;
  const address = set.text('address');
  const [plain, tls] = [set.lines('ports').map(Number), set.lines('tls_ports').map(Number)];
  const known = new Set([...ports.tls, ...ports.plain, ...places.flatMap(({ port }) => port ?? [])]);
  const own = address !== undefined || [...plain, ...tls].some((port) => !known.has(port));
  const chosen = plain.length + tls.length > 0 ? places.map(({ host }) => ({ host })) : places;
  return {
    places: address === undefined ? chosen : [readAddress(address)],
    ports: { tls: tls.length > 0 ? tls : ports.tls, plain: plain.length > 0 ? plain : ports.plain },
    trusted: own ? config.privateAddresses : trusted,
    isOwnWay: own,
  };
}

/** biboumi's number is a burst, refilled by one a second; below 0 it is no limit. */
function throttleOf(usual: ServerConfig['throttle'], limit: number | undefined): ServerConfig['throttle'] {
  if (limit === undefined || usual === 'off') return usual;
  const most = Math.max(usual.burst, maxBurst);
  return { burst: limit < 0 ? most : Math.min(Math.max(limit, 1), most), perSecond: usual.perSecond };
}
