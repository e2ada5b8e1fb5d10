/** How the connection is, for the account's owner: see `Session.describe`. */
import type { Core } from './core.ts';
import { complaints } from './shortcomings.ts';
import { textsIn } from './texts.ts';

/** In an order that makes sense. */
export function describing({ identity, guilds, intents }: Core): readonly { label: string; value: string }[] {
  const texts = textsIn('en');
  const names = [...guilds.values()].map(({ name, memberCount }) => `${name} (${memberCount})`);
  return [
    { label: texts.application, value: `${identity.application.name} (${identity.user.username})` },
    { label: texts.guilds, value: names.join(', ') },
    ...complaints(intents.missing, texts).map((value) => ({ label: '!', value })),
  ];
}
