/** The Discord bridge's `options`. The example file and the JSON Schema are generated from this. */
import { z } from 'zod';

/** `on` and `off` beside `true` and `false`. */
const flag = z.union([z.boolean(), z.enum(['on', 'off'])]).transform((value) => value === true || value === 'on');

const place = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .meta({ format: 'uri' });

const intents = z
  .strictObject({
    members: flag.default(true).describe('Who is in a guild, who comes and goes (Server Members Intent).'),
    presences: flag.default(true).describe('Who is online (Presence Intent).'),
    content: flag.default(true).describe('What people say where the bot is not mentioned (Message Content Intent).'),
  })
  .prefault({})
  .describe(
    'What is asked of Discord beyond the usual, where the application may have it: the switches are in its developer portal.',
  );

const attachments = z
  .strictObject({
    upload: flag.default(true).describe('Give files to Discord as attachments; off: their addresses are said.'),
    from: z
      .array(place)
      .max(20)
      .default([])
      .describe(
        "Where your server keeps its users' files, where that is inside your own network (`http://localhost:5280/upload`): what is below such an address, and nothing else of its server, is fetched for whoever names it.",
      ),
  })
  .prefault({})
  .describe('Files that people share from Jabber. They are fetched over https from public addresses only.');

export const discordConfig = z.strictObject({
  api: place.default('https://discord.com/api').describe('Where the API is: another one for compatible servers.'),
  cdn: place.default('https://cdn.discordapp.com').describe('Where pictures are.'),
  intents,
  history: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(50)
    .describe('Messages of the past that are fetched when a channel is entered for the first time.'),
  members: z
    .number()
    .int()
    .min(10)
    .max(100_000)
    .default(500)
    .describe(
      'People of a channel who are all shown; where there are more, those who moderate or are online up to that number, and whoever speaks.',
    ),
  webhooks: flag
    .default(true)
    .describe('Show those who speak through a shared account by their own names and pictures, where the bot may.'),
  attachments,
  persistent: flag.default(true).describe('Stay in rooms when the last client has left them.'),
  linger: z
    .number()
    .int()
    .min(0)
    .max(604_800)
    .default(300)
    .describe("Seconds in a room after a client's connection was lost, where one does not stay."),
});

export type DiscordConfig = z.infer<typeof discordConfig>;
