/** CHECKLIST 394: what people share on Discord that is neither text nor file, in words. */
import type { APIMessage } from 'discord.js';
import { expect, test } from 'vitest';
import { read } from '../../../../../bridges/discord/text/index.ts';
import { names } from './told.ts';

const ada = { id: '1', username: 'ada', global_name: 'Ada L', discriminator: '0', avatar: null };
const bare = { id: '9', channel_id: '5', type: 0, author: ada, content: '', mentions: [], attachments: [], embeds: [] };
const text = (fields: object): string | undefined =>
  read({ ...bare, ...fields } as unknown as APIMessage, names).text?.plain;

test('394-01 who asks for a stream, or shares a theme, is told to', () => {
  expect(text({ activity: { type: 6 }, application: { name: 'Chess' } })).toBe('Asks for a stream: Chess');
  expect(text({ shared_client_theme: { colors: ['5865f2'], gradient_angle: 0, base_mix: 50 } })).toBe(
    'Shares a colour theme for Discord',
  );
});
