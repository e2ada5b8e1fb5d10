/**
 * The configuration file's shape, but for what each bridge adds under `options`. `describe` and the examples become the comments of
 * config/isthmus.example.yaml; messages say what is wrong and the fix.
 */
import { z } from 'zod';
import { faultOfAddress, folded, isDomain, isHost, nearest } from './names.ts';

const portNumber = z.int().min(1).max(65535);
const anyPort = z.int().min(0).max(65535);

const path = z.string().min(1, 'is empty; give a path');

/** The environment variables that a shell can set. */
const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable: letters, digits and "_"');

/** A secret as it stands in the file; secrets.ts makes a Secret of it. */
export const secretSource = z.union(
  [z.string().min(1, 'is empty; give the secret'), z.strictObject({ env: variable }), z.strictObject({ file: path })],
  {
    error: 'must be a text (in quotes where it looks like a number), { env: NAME } or { file: PATH }',
  },
);
export type SecretSource = z.infer<typeof secretSource>;

const jid = z.string().superRefine((text, issues) => {
  const fault = text.includes('*') ? 'has a wildcard; name each person: user@example.org' : faultOfAddress(text);
  if (fault !== undefined) issues.addIssue(`"${text}" ${fault}`);
  else if (!text.includes('@')) issues.addIssue(`"${text}" is a domain; name a person: user@${text}`);
});
const admin = jid.overwrite(folded);

const jidOrDomain = z.string().superRefine((text, issues) => {
  const fault = text === '*' ? undefined : faultOfAddress(text);
  const everybody = text.includes('*') ? ', or "*" alone for anybody' : '';
  if (fault !== undefined) issues.addIssue(`"${text}" ${fault}${everybody}`);
});

export const redisUrl = /^rediss?(?::\/\/.|\+sentinel:\/\/[^/]+\/[^/]+|\+cluster:\/\/[^/]+\/?$)/;
export const unixPath = /^(?:unix:)?\.{0,2}\//;
export const postgresUrl = /^postgres(?:ql)?:\/\/./;

export const sqlMessage = 'must be sqlite, or postgres://USER:PASSWORD@HOST:PORT/DATABASE';
export const redisUrlMessage =
  'must be redis://HOST:PORT, rediss://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/NAME or redis+cluster://HOST:PORT,HOST:PORT';
export const redisMessage =
  'must be private, redis://HOST:PORT, rediss://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/NAME, redis+cluster://HOST:PORT,HOST:PORT or the path of a unix socket';
const redisSchemes = ['redis', 'rediss', 'redis+sentinel', 'rediss+sentinel', 'redis+cluster', 'rediss+cluster'];

/** An address whose beginning is nearly right is told so: the beginning is no secret. */
function checkRedis(text: string, issues: z.RefinementCtx, message: string): void {
  const scheme = /^([\w+.-]+):\/\//.exec(text)?.[1] ?? '';
  const meant = redisSchemes.includes(scheme) ? undefined : nearest(scheme, redisSchemes);
  issues.addIssue(meant === undefined ? message : `"${scheme}://" is no address of a Redis; did you mean ${meant}://?`);
}

const hidden = [z.strictObject({ env: variable }), z.strictObject({ file: path })] as const;

/** A Redis of which more is to be said than where it is. */
const redisEntry = z.strictObject({
  url: z
    .union(
      [
        z.string().superRefine((text, issues) => {
          if (!redisUrl.test(text)) checkRedis(text, issues, redisUrlMessage);
        }),
        ...hidden,
      ],
      { error: redisUrlMessage },
    )
    .describe('Where it is.')
    .meta({ secret: true }),
  ca: path.optional().describe('With rediss://, the certificate of the authority to trust instead of the system’s.'),
  cert: path.optional().describe('With rediss://, our own certificate, where Redis asks for one (tls-auth-clients).'),
  key: path.optional().describe('Its key.'),
  sentinelPassword: secretSource
    .optional()
    .describe('With redis+sentinel://, what the Sentinels want where they want a password.')
    .meta({ secret: true }),
});
export type RedisEntry = z.infer<typeof redisEntry>;

export const xmppSection = z
  .strictObject({
    host: z.string().refine(isHost, 'must be a host name or an address, without a port').default('127.0.0.1'),
    port: portNumber.default(5347),
    tls: z
      .union([z.literal(true), z.literal('off'), z.strictObject({ ca: path.optional() })], {
        error: 'must be true, off or { ca: PATH }',
      })
      .default('off')
      .describe(
        'true for a TLS listener, { ca: PATH } for one with a certificate of your own authority; give the name in the certificate as host',
      ),
  })
  .prefault({})
  .describe(
    'Where the XMPP server listens for components. The stream itself has no encryption: loopback, a private network, or tls.',
  );

export const storageSection = z
  .strictObject({
    data: path.default('./data').describe('SQLite file, private Redis, sealing key, media; relative to this file.'),
    sql: z
      .union([z.string().refine((text) => text === 'sqlite' || postgresUrl.test(text), sqlMessage), ...hidden], {
        error: sqlMessage,
      })
      .default('sqlite')
      .describe('What is at rest: sqlite, or postgres://…')
      .meta({ secret: true }),
    redis: z
      .union(
        [
          z.string().superRefine((text, issues) => {
            if (text !== 'private' && !redisUrl.test(text) && !unixPath.test(text))
              checkRedis(text, issues, redisMessage);
          }),
          ...hidden,
          redisEntry,
        ],
        {
          error: redisMessage,
        },
      )
      .default('private')
      .describe(
        'What is in motion: private is a child of ours; or redis://…, rediss://…, redis+sentinel://HOST,HOST/NAME, redis+cluster://HOST,HOST, the path of a unix socket; { url: rediss://…, ca: PATH } for a certificate of your own authority. It must never evict (maxmemory-policy noeviction).',
      )
      .meta({ secret: true }),
    archive: z
      .boolean()
      .default(true)
      .describe(
        'Keep what is said, for those who come into a room or come back to it. off: rooms have no past, and who was away misses what was said.',
      ),
    retention: z
      .union(
        [
          z.literal('off'),
          z.strictObject({
            days: z.int().min(1).max(36_500).optional().describe('Older messages are deleted.'),
            perRoom: z
              .int()
              .min(1)
              .optional()
              .describe(
                'Of each room of each user no more than so many messages are kept: their number, not their octets.',
              ),
          }),
        ],
        { error: 'must be { days: NUMBER, perRoom: NUMBER }, either of them alone, or off' },
      )
      .default({ days: 30, perRoom: 20_000 })
      .describe(
        'How much of the archive is kept: for so many days, and so many messages of each room of each user; the oldest goes first. off: all of it.',
      ),
    uploads: z
      .union(
        [
          z.enum(['off', 'server', 'server-anywhere']),
          z.strictObject({
            days: z.int().min(1).max(3_650).default(30).describe('Older ones are deleted.'),
            perUser: z.int().min(1).max(100_000).default(100).describe('No user has more than so many at once.'),
            megabytes: z.int().min(1).max(1_000_000).default(256).describe('All together; over it, none is taken.'),
          }),
        ],
        {
          error:
            'must be { days: NUMBER, perUser: NUMBER, megabytes: NUMBER }, any of them, server, server-anywhere or off',
        },
      )
      .default('off')
      .describe(
        'With { days: 30, perUser: 100, megabytes: 256 }, a message of too many lines for a network is kept here and said as its beginning and a link below http.publicUrl, which whoever has it can read. server: it is put on the upload service of its user’s own server (XEP-0363), at a public address and by TLS; server-anywhere: wherever that is. off: it is refused.',
      ),
    media: z
      .union(
        [
          z.enum(['off', 'server', 'server-anywhere']),
          z.strictObject({
            days: z.int().min(1).max(3_650).default(30).describe('Files of older messages are deleted.'),
            perFile: z
              .int()
              .min(1)
              .max(10_000)
              .default(50)
              .describe('Megabytes; a larger one is told as the network has it.'),
            megabytes: z
              .int()
              .min(1)
              .max(10_000_000)
              .default(2_000)
              .describe('All together; over it, what nobody has asked for the longest is deleted.'),
          }),
        ],
        {
          error:
            'must be { days: NUMBER, perFile: NUMBER, megabytes: NUMBER }, any of them, server, server-anywhere or off',
        },
      )
      .default('off')
      .describe(
        'Files whose addresses expire on their network (those of Discord after a day). With { days: 30, perFile: 50, megabytes: 2000 }, they are kept below data, and told as links below http.publicUrl, which whoever has them can load. server: each is put on the upload service of its user’s own server (XEP-0363) before its message is told, at a public address and by TLS; server-anywhere: wherever that is. off: they are told as the network has them, and are gone when it says so.',
      ),
  })
  .prefault({})
  .describe('Where everything is kept.');

export const httpSection = z
  .strictObject({
    host: z.string().refine(isHost, 'must be an address of this machine, without a port').default('127.0.0.1'),
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be an address as https://gateway.example.org/' })
      .refine((url) => !/[?#]/.test(url), 'must be an address as https://gateway.example.org/, without ? or #')
      .optional()
      .describe(
        'How others reach this port, for links that users are given: to long texts, to files and, if it is https, to logins and to pictures of those who speak.',
      )
      .meta({ examples: ['https://gateway.example.org/'] }),
    operatorToken: secretSource
      .optional()
      .describe(
        "Opens the operator's page at /operator/: a text of at least 20 characters, { env: NAME } or { file: PATH }. Absent: there is no page.",
      )
      .meta({ examples: [{ env: 'ISTHMUS_OPERATOR_TOKEN' }], secret: true }),
    port: anyPort.default(9090).describe('0 for any that is free.'),
  })
  .prefault({})
  .describe(
    '/healthz, /readyz and /metrics, /operator/ for operators; for others /uploads/, /media/, /login/ and /pictures/. `isthmus run --http HOST:PORT` overrides it.',
  );

const count = z.int().min(1).max(1_000_000);

/** What every bridge's entry has. */
const entryShape = {
  domain: z
    .string()
    .refine(isDomain, 'must be a domain of its own below your server, as irc.example.org')
    .overwrite(folded)
    .describe('The domain of this gateway: a component of the XMPP server.')
    .meta({ examples: ['irc.example.org'] }),
  secret: secretSource
    .describe('Shared with the XMPP server: a text, or { env: NAME }, or { file: PATH }. Every secret can be given so.')
    .meta({ examples: ['change-me'], secret: true }),
  allow: z
    .union([z.array(jidOrDomain), jidOrDomain.transform((one) => [one])], {
      error: 'must be a list of JIDs and exact domains',
    })
    .default([])
    .describe("JIDs or exact domains that may use it; '*' for anybody; absent: nobody but `admins`.")
    .meta({ examples: [['example.org']] }),
  limits: z
    .strictObject({
      servers: count.default(50).describe('Servers of the network that a user is on at once.'),
      rooms: count.default(500).describe('Rooms that a user is in, on one server.'),
      messagesPerMinute: z
        .union([z.literal('off'), count], { error: 'must be a number, or off' })
        .default('off')
        .describe('What a user may say on one server, as many at once; off: as much as they like.'),
    })
    .prefault({})
    .describe('What each user may have and do; whoever comes over it is told so.'),
};

/** One entry of `bridges`, for the bridge of that name and the schema of its options. */
export const bridgeEntry = <Options extends z.ZodType>(name: string, options: Options) =>
  z.strictObject({
    use: z.literal(name),
    ...entryShape,
    domain: entryShape.domain.meta({ examples: [`${name}.example.org`] }),
    options: z.prefault(options, {} as never),
  });

/** For an entry whose `use` is wrong, so that its other faults are found too. */
export const strangeEntry = z.strictObject({
  use: z.unknown().optional(),
  ...entryShape,
  options: z.unknown().optional(),
});

/** The file, its bridges yet unread. */
export const fileShape = z.strictObject({
  xmpp: xmppSection,
  admins: z
    .array(admin)
    .default([])
    .describe('May use every bridge, and the commands for operators.')
    .meta({ examples: [['admin@example.org']] }),
  storage: storageSection,
  http: httpSection,
  bridges: z.array(z.unknown()).min(1, 'is empty; add a bridge').describe('One entry for each domain.'),
});

/** The whole, for the JSON Schema and the example. */
export function wholeFile(bridges: Readonly<Record<string, z.ZodType>>) {
  const [first, ...rest] = Object.entries(bridges).map(([name, options]) => bridgeEntry(name, options));
  if (first === undefined) throw new RangeError('a gateway needs a bridge');
  return fileShape.extend({
    bridges: z
      .array(z.discriminatedUnion('use', [first, ...rest]))
      .min(1)
      .describe('One entry for each domain.'),
  });
}
