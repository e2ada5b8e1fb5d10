/** What a user may set of how they meet others on IRC: who answers when somebody asks after their client, and how those are told of who return after a netsplit. */
import { type SettingField, type Settings, unset } from '#bridge';
import type { CtcpPolicy, IrcConfig } from './config.ts';

const asOnAll = { en: 'As on all servers', de: 'Wie auf allen Servern' };
const asOnServer = { en: 'As on the whole server', de: 'Wie auf dem ganzen Server' };

/** For all servers. */
export const ctcp = ({ ctcp: usual }: Pick<IrcConfig, 'ctcp'>): SettingField => ({
  name: 'ctcp',
  label: 'Who answers CTCP',
  help: 'When somebody on IRC asks what software you use, what time it is for you, or for a ping: your client; the gateway, which tells nothing of you; or nobody.',
  type: 'choice',
  choices: [
    { value: 'client', label: 'Your client' },
    { value: 'gateway', label: 'The gateway' },
    { value: 'off', label: 'Nobody' },
  ],
  usual,
  words: {
    de: {
      label: 'Wer auf CTCP antwortet',
      help: 'Wenn jemand im IRC wissen will, welches Programm du benutzt oder wie spät es bei dir ist, oder dich anpingt: dein Client, das Gateway (das nichts von dir verrät) oder niemand.',
      choices: { client: 'Dein Client', gateway: 'Das Gateway', off: 'Niemand' },
    },
  },
});

/** For one: it may be left as it is for all. */
export function ctcpHere(config: Pick<IrcConfig, 'ctcp'>): SettingField {
  return leftOpen(ctcp(config), asOnAll);
}

const oneByOne = 'one-by-one';

/** For all servers. */
export const netjoins: SettingField = {
  name: 'netjoins',
  label: 'Who returns after a netsplit',
  help: 'When servers find each other again, hundreds may come back at once: told of together, or of each as they come.',
  type: 'choice',
  choices: [
    { value: 'together', label: 'Together' },
    { value: oneByOne, label: 'One by one' },
  ],
  usual: 'together',
  words: {
    de: {
      label: 'Wer nach einem Netsplit wiederkommt',
      help: 'Wenn Server wieder zueinander finden, kommen oft Hunderte auf einmal zurück: zusammen gemeldet, oder einzeln, wie sie kommen.',
      choices: { together: 'Zusammen', [oneByOne]: 'Einzeln' },
    },
  },
};

/** For one. */
export const netjoinsHere: SettingField = leftOpen(netjoins, asOnAll);
/** For a channel. */
export const netjoinsInRoom: SettingField = leftOpen(netjoins, asOnServer);

/** Who returns is told of one by one. */
export const tellsSingly = ({ netjoins: value }: Settings): boolean => value === oneByOne;

const policies: readonly CtcpPolicy[] = ['client', 'gateway', 'off'];

/** undefined: nothing that is known was set. */
export const policyIn = ({ ctcp: value }: Settings): CtcpPolicy | undefined => policies.find((one) => one === value);

/** The same choice with one more in front, which leaves it to the level above. */
function leftOpen(field: SettingField, words: { readonly en: string; readonly de: string }): SettingField {
  const { choices = [], words: { de } = {} } = field;
  return {
    ...field,
    choices: [{ value: unset, label: words.en }, ...choices],
    usual: unset,
    ...(de !== undefined && { words: { de: { ...de, choices: { ...de.choices, [unset]: words.de } } } }),
  };
}
