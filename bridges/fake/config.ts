/** The fake network's options. */
import { z } from 'zod';

export const fakeConfig = z.strictObject({
  persistent: z.boolean().default(false).describe('Stay in rooms when the last client leaves.'),
  deeds: z
    .boolean()
    .default(true)
    .describe('Messages can be corrected, taken back, answered and reacted to, and people blocked.'),
  reactions: z
    .array(z.string())
    .optional()
    .describe('All that one may react with, one at a time; anything where this is not said.'),
  contacts: z.boolean().default(true).describe('The network has contact lists of its own.'),
  avatars: z.boolean().default(true).describe('People have pictures.'),
  groups: z.boolean().default(false).describe('Rooms stand in groups, by their names.'),
  linger: z.number().int().min(0).default(300).describe("Seconds in a room after a client's connection was lost."),
  maxLines: z.number().int().min(1).max(1000).default(100).describe('Lines that a message may have.'),
  logins: z
    .enum(['none', 'optional', 'required'])
    .default('none')
    .describe('Whether accounts can be added, or have to be before anything else.'),
  history: z.boolean().default(false).describe('The network remembers what was said, and can be asked for it.'),
});

export type FakeConfig = z.infer<typeof fakeConfig>;
