/** What users of the fake network may set; the names that the gateway itself understands are IRC's (persistent, record_history, max_history_length). */
import type { SettingField, Settings, SettingsForms } from '#bridge';

/** Nobody is shown a face that its owner has not agreed to show there (CHECKLIST 084-11). */
const sharing: readonly SettingField[] = [
  {
    name: 'share_avatar',
    label: 'Show my picture',
    help: 'The picture of your Jabber account is shown to the people of the network.',
    type: 'flag',
    usual: false,
  },
  {
    name: 'share_nick',
    label: 'Use my nickname',
    help: 'You are called there as in your Jabber account.',
    type: 'flag',
    usual: false,
  },
];

const persistent: SettingField = {
  name: 'persistent',
  label: 'Stay in rooms',
  help: 'Stay in a room when your last client has left it, so that you miss nothing.',
  type: 'flag',
  usual: false,
};

export const settings: SettingsForms = {
  all: [
    { name: 'record_history', label: 'Keep what is said', type: 'flag', usual: true },
    {
      name: 'max_history_length',
      label: 'Messages of the past on coming into a room',
      type: 'number',
      usual: 20,
      objection: (value) =>
        typeof value === 'number' && value >= 0 && value <= 1000 ? undefined : 'Between 0 and 1000.',
    },
    persistent,
    {
      name: 'bookmark_rooms',
      label: 'Bookmark my rooms',
      help: 'Rooms that you are in elsewhere on the network come into your bookmarks, where your Jabber server lets them.',
      type: 'flag',
      usual: true,
    },
  ],
  server: [
    {
      name: 'nick',
      label: 'Name',
      help: 'What you are called, whatever you come in as.',
      type: 'text',
      objection: (value) => (typeof value === 'string' && /\s/.test(value) ? 'A name has no spaces.' : undefined),
    },
    ...sharing,
    { name: 'pass', label: 'Password', type: 'secret' },
    { name: 'greetings', label: 'Said on coming online', type: 'lines', sealed: true },
  ],
  room: [
    {
      name: 'record_history',
      label: 'Keep what is said here',
      type: 'choice',
      choices: [
        { value: 'unset', label: 'As everywhere' },
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ],
      usual: 'unset',
    },
    persistent,
  ],
};

/** The name that its owner has set. */
export function nameIn(set: Settings | undefined): string | undefined {
  const name = set?.nick;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
