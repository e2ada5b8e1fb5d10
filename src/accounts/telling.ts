/** What the gateway says unasked to the owner of an account, in their language: that of what they last asked of it. */
import type { GatewayError } from '../core/errors.ts';
import type { Texts } from '../gateway/commands/texts.ts';
import { textsFor } from '../gateway/commands/texts.ts';
import { tellOwner } from '../gateway/notice.ts';
import { type Translate, wordsOf } from '../gateway/translation.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Preferences } from './preferences.ts';

/** @param say in these words; what an error says in them, too. @param owner bare JID */
export type Tell = (owner: string, say: (texts: Texts, worded: (error: GatewayError) => string) => string) => void;

export interface TellingParts {
  readonly domain: string;
  readonly preferences: Pick<Preferences, 'language'>;
  /** What the bridge says, in other languages. */
  readonly translate?: Translate | undefined;
  send(stanzas: readonly Outgoing[]): void;
}

/** In English where their language is not known, or can't be looked up. */
export function createTelling({ domain, preferences, translate, send }: TellingParts): Tell {
  return (owner, say) => {
    const asked = preferences.language(owner).catch(() => undefined);
    void asked.then((lang) => {
      const texts = textsFor(lang);
      const text = say(texts, (error) => wordsOf(error, lang, translate).text ?? error.message);
      send([tellOwner(domain, owner, text, texts.language)]);
    });
  };
}
