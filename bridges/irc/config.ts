/** The IRC bridge's `options`, and what of them holds for one server. The example file and the JSON Schema are generated from this. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '#bridge';
import { isServerName } from './names.ts';
import { readProxy, type SocksProxy } from './wire/socks.ts';

const off = (description: string) => z.union([z.literal('off'), z.literal(false)]).describe(description);
const port = z.number().int().min(1).max(65_535);

/** `on` and `off` beside `true` and `false`. */
const flag = z.union([z.boolean(), z.enum(['on', 'off'])]).transform((value) => value === true || value === 'on');

const tls = z
  .union([z.enum(['required', 'preferred', 'off']), z.literal(false)])
  .transform((value) => (value === false ? 'off' : value))
  .describe('Encryption: required, preferred (falls back to plain text where a server has no trusted TLS) or off.');

const ports = z
  .strictObject({
    tls: z.array(port).default([6697, 6670]).describe('Ports that speak TLS, tried first, in this order.'),
    plain: z.array(port).default([6667]).describe('Ports in plain text, used only where `tls` allows it.'),
  })
  .describe('The ports that a server is tried on.');

const throttle = z
  .union([
    z.strictObject({
      burst: z.number().int().min(1).max(1000).describe('Lines that may be sent at once after a silence.'),
      perSecond: z.number().positive().max(1000).describe('Lines a second once the burst is used up.'),
    }),
    off('No limit of ours: only for servers that have none.'),
  ])
  .transform((value) => (value === false ? 'off' : value))
  .describe("How fast each connection may send, against the server's flood control; or off.");

const pace = z
  .union([
    z.strictObject({
      perServerPerMinute: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .describe('New connections to one server in any minute, over all users.'),
      perServer: z.number().int().min(1).max(100_000).describe('Connections to one server at once, over all users.'),
    }),
    off('Connections are opened at once.'),
  ])
  .transform((value) => (value === false ? 'off' : value))
  .describe('How many connections we open to one server and hold, so that a restart earns no ban; or off.');

const maxLines = z
  .number()
  .int()
  .min(1)
  .max(1000)
  .describe(
    'How many lines one message may become on IRC; of longer ones the beginning and a link are said (storage.uploads), or they are refused with a hint. Not where the server takes several lines as one message.',
  );

const persistent = flag.describe('Stay in rooms when the last client has left them.');
const linger = z
  .union([z.number().int().min(0).max(604_800), off('Leave at once.')])
  .transform((value) => (value === false || value === 'off' ? 0 : value))
  .describe("Seconds in a channel after a client's connection was lost (a client that leaves is out at once).");
const ctcp = z
  .union([z.enum(['client', 'gateway']), off('Nobody answers.')])
  .transform((value) => (value === false ? 'off' : value))
  .describe(
    "Who answers when somebody on IRC asks for a user's software, time or a ping (CTCP): client (their own; the gateway where it does not), gateway, or off. Users may choose otherwise.",
  );
const localAddress = z.union([z.ipv4(), z.ipv6()]);
const bind = z
  .union([localAddress, z.array(localAddress).min(1).max(256)])
  .transform((one) => (typeof one === 'string' ? [one] : one))
  .describe('The local address that connections are made from; of several each user has always the same one.');

/** As the gateway's own secrets: the process has put the text in the place of a variable or a file before a bridge is opened. */
const secretOf = (text: z.ZodType<string>) =>
  z.union([
    text,
    z.strictObject({ env: z.string().min(1).describe('The environment variable that has it.') }),
    z.strictObject({ file: z.string().min(1).describe('The file that has it.') }),
  ]);

const proxy = secretOf(
  z
    .string()
    .refine((text) => readProxy(text) !== undefined, 'must be socks5://HOST:PORT or socks5://USER:PASSWORD@HOST:PORT'),
)
  .describe(
    'A SOCKS5 proxy that connections are made through, as socks5://127.0.0.1:9050; it resolves the names (Tor), so it is the proxy that has to refuse those that lead into your network: `privateAddresses` sees but addresses and names like `.local` then.',
  )
  .meta({ secret: true });
const webirc = z
  .union([
    z.strictObject({
      password: secretOf(z.string().regex(/^[^\s:][^\s]*$/, 'must have no spaces, and no colon in front'))
        .describe('Agreed upon with the server: a text, or { env: NAME }, or { file: PATH }.')
        .meta({ secret: true }),
      gateway: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,32}$/, 'must be 1 to 32 letters, digits, ".", "_" and "-"')
        .default('isthmus')
        .describe('What we call ourselves there.'),
    }),
    off('Not told.'),
  ])
  .transform((value) => (value === false ? 'off' : value))
  .describe(
    'With { password: … }, tells servers that are listed (`fixedServer`, `servers`) each user by an address of their own (WEBIRC), so that a ban hits one and not all; or off.',
  );
const identd = z
  .union([
    z.strictObject({
      port: z.number().int().min(0).max(65_535).default(113).describe('Servers ask on port 113.'),
      host: localAddress.default('0.0.0.0').describe('The local address to listen on.'),
    }),
    off('No answers.'),
  ])
  .transform((value) => (value === false ? 'off' : value))
  .describe('Answers servers that ask who a connection is (RFC 1413), with a hash of the JID; or off.');
const ca = z
  .string()
  .min(1)
  .describe("A PEM file, or its text, whose authorities are trusted instead of the system's, for servers of one's own.")
  .meta({ pem: true });

const address = z
  .string()
  .regex(/^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+)(?::[0-9]{1,5})?$/, 'must be HOST, HOST:PORT or [IPV6]:PORT')
  .refine((text) => readAddress(text).port !== 0, 'must have a port from 1 to 65535');

const serverOptions = z.strictObject({
  address: z
    .array(address)
    .min(1)
    .optional()
    .describe('Where the server really is: HOST, HOST:PORT or [IPV6]:PORT, tried in this order.'),
  tls: tls.optional(),
  ports: ports.optional(),
  throttle: throttle.optional(),
  maxLines: maxLines.optional(),
  persistent: persistent.optional(),
  linger: linger.optional(),
  ctcp: ctcp.optional(),
  pace: pace.optional(),
  bind: bind.optional(),
  ca: ca.optional(),
  proxy: proxy.optional(),
  webirc: webirc.optional(),
});

/** What stands in addresses of rooms: with a port in it nobody could ever be there. */
const faultOfName = (name: string): string | undefined =>
  isServerName(name.toLowerCase())
    ? undefined
    : `"${name}" is no name of a server; where it really is, and its port, stand under \`servers\`: { NAME: { address: [HOST:PORT] } }`;

export const ircConfig = z.strictObject({
  tls: tls.default('required'),
  ports: ports.prefault({}),
  throttle: throttle.default({ burst: 10, perSecond: 1 }),
  maxLines: maxLines.default(25),
  fixedServer: z
    .string()
    .min(1)
    .superRefine((name, issues) => {
      const fault = faultOfName(name);
      if (fault !== undefined) issues.addIssue(fault);
    })
    .transform((name) => name.toLowerCase())
    .optional()
    .describe('The only server of this domain; rooms are then #channel@domain instead of #channel%server@domain.'),
  persistent: persistent.default(false),
  linger: linger.default(300),
  ctcp: ctcp.default('client'),
  privateAddresses: flag
    .default(false)
    .describe('May users name servers in private or loopback ranges that are not listed under `servers`.'),
  onlyListed: flag.default(false).describe('Refuse every server that is not listed under `servers`.'),
  pace: pace.default({ perServerPerMinute: 30, perServer: 500 }),
  bind: bind.optional(),
  ca: ca.optional(),
  proxy: proxy.optional(),
  webirc: webirc.default('off'),
  identd: identd.default('off'),
  realnameCustomization: flag
    .default(true)
    .describe('May users set the user name and the real name that others see on IRC.'),
  realnameFromJid: flag
    .default(false)
    .describe("Show a user's JID: its localpart as the user name, all of it as the real name; else both are the nick."),
  servers: z
    .record(z.string().min(1), serverOptions)
    .superRefine((servers, issues) => {
      for (const name of Object.keys(servers)) {
        const message = faultOfName(name);
        if (message !== undefined) issues.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .default({})
    .describe('By server name: where it really is, and any of the keys above that differ for it.'),
});

export type IrcConfig = z.infer<typeof ircConfig>;

export interface Place {
  readonly host: string;
  /** Absent: the configured ports. */
  readonly port?: number;
}

/** `trusted`: the operator named it, so it may be anywhere. */
export type ChosenProxy = SocksProxy & { readonly trusted: boolean };

/** Who answers what people ask of a user's client: it, the gateway alone, or nobody. */
export type CtcpPolicy = IrcConfig['ctcp'];

/** What holds for one server. */
export interface ServerConfig {
  readonly name: string;
  /** The operator named it: it may be anywhere. */
  readonly trusted: boolean;
  /** Its user has set where it is, or a proxy on the way: whoever answers there says nothing of the server for others. */
  readonly isOwnWay: boolean;
  readonly places: readonly Place[];
  readonly tls: 'required' | 'preferred' | 'off';
  readonly ports: { readonly tls: readonly number[]; readonly plain: readonly number[] };
  readonly throttle: { readonly burst: number; readonly perSecond: number } | 'off';
  readonly maxLines: number;
  readonly persistent: boolean;
  readonly linger: number;
  readonly ctcp: CtcpPolicy;
  readonly pace: { readonly perServerPerMinute: number; readonly perServer: number } | 'off';
  /** Of which each user has one. */
  readonly bind?: readonly string[];
  readonly proxy?: ChosenProxy;
  readonly webirc?: { readonly password: string; readonly gateway: string };
  readonly ca?: string;
  /** Must the certificate be trusted? */
  readonly verify: boolean;
  /** The only certificate that is taken, by its fingerprint: hexadecimal digits as many as SHA-1, SHA-256 or SHA-512 has. */
  readonly pin?: string;
}

/** Splits HOST:PORT; a port out of range is 0. */
export function readAddress(text: string): Place {
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::([0-9]+))?$/.exec(text);
  const host = found?.[1] ?? found?.[2] ?? text;
  if (found?.[3] === undefined) return { host };
  const number = Number(found[3]);
  return { host, port: number <= 65_535 ? number : 0 };
}

/** Is this server listed under `servers`, or the fixed one? */
export function isListed(config: IrcConfig, name: string): boolean {
  return config.fixedServer === name || listed(config, name) !== undefined;
}

/** The general options with a server's own laid over them. `name` in lower case. */
export function forServer(config: IrcConfig, name: string): ServerConfig {
  const own = listed(config, name) ?? {};
  const from = own.bind ?? config.bind;
  const authorities = own.ca ?? config.ca;
  const through = own.proxy ?? config.proxy;
  // Whoever has a server could have it named, and would know the password then.
  const web = own.webirc ?? (isListed(config, name) ? config.webirc : 'off');
  const found = through === undefined ? undefined : proxyOf(revealed(through));
  return {
    name,
    trusted: isListed(config, name) || config.privateAddresses,
    isOwnWay: false,
    places: own.address?.map(readAddress) ?? [{ host: name }],
    tls: own.tls ?? config.tls,
    ports: own.ports ?? config.ports,
    throttle: own.throttle ?? config.throttle,
    maxLines: own.maxLines ?? config.maxLines,
    persistent: own.persistent ?? config.persistent,
    linger: own.linger ?? config.linger,
    ctcp: own.ctcp ?? config.ctcp,
    pace: own.pace ?? config.pace,
    verify: true,
    ...(from !== undefined && { bind: from }),
    ...(authorities !== undefined && { ca: authorities }),
    ...(found !== undefined && { proxy: { ...found, trusted: true } }),
    ...(web !== 'off' && { webirc: { password: revealed(web.password), gateway: web.gateway } }),
  };
}

/** Never without it: who wants a proxy does not want to be seen. */
function proxyOf(text: string): SocksProxy {
  const found = readProxy(text);
  if (found !== undefined) return found;
  throw new GatewayError('no-connection', { text: 'The proxy of this gateway is not socks5://HOST:PORT.' });
}

function revealed(secret: string | object): string {
  if (typeof secret === 'string') return secret;
  throw new TypeError('a secret of the options was not put in its place');
}

/** The same one of them for the same user, as long as the list is the same. */
export function shareOf<T>(pool: readonly T[], owner: string): T | undefined {
  return pool[createHash('sha256').update(owner).digest().readUInt32BE(0) % Math.max(pool.length, 1)];
}

function listed(config: IrcConfig, name: string) {
  for (const [key, options] of Object.entries(config.servers)) if (key.toLowerCase() === name) return options;
  return undefined;
}
