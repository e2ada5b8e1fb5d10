/** What does not work because a switch is off in Discord's developer portal: said to the owner, once for each change of it. */
import type { Privileged } from './intents.ts';
import { switches } from './intents.ts';
import type { Texts } from './texts.ts';

/** A sentence for each, with the switch that helps. */
export function complaints(missing: readonly Privileged[], texts: Texts): readonly string[] {
  const lacking: Readonly<Record<Privileged, string>> = {
    members: texts.withoutMembers,
    presences: texts.withoutPresences,
    content: texts.withoutContent,
  };
  return missing.map((one) => `${texts.missing(switches[one])}, ${lacking[one]}`);
}
