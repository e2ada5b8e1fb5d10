/** What users of Discord may set; all of these the gateway itself understands. */
import type { SettingField, SettingsForms } from '#bridge';

const persistent: SettingField = {
  name: 'persistent',
  label: 'Stay in rooms',
  help: 'Stay in a room when your last client has left it, so that you miss nothing.',
  type: 'flag',
  usual: true,
  words: {
    de: {
      label: 'In Räumen bleiben',
      help: 'In einem Raum bleiben, auch wenn dein letzter Client ihn verlassen hat, damit du nichts verpasst.',
    },
  },
};

const pastAtMost = 1000;

export const settings: SettingsForms = {
  all: [
    {
      name: 'record_history',
      label: 'Keep what is said',
      type: 'flag',
      usual: true,
      words: { de: { label: 'Aufbewahren, was gesagt wird' } },
    },
    {
      name: 'max_history_length',
      label: 'Messages of the past on coming into a room',
      type: 'number',
      usual: 20,
      words: { de: { label: 'Frühere Nachrichten beim Betreten eines Raums' } },
      objection: (value) =>
        typeof value === 'number' && value >= 0 && value <= pastAtMost ? undefined : `Between 0 and ${pastAtMost}.`,
    },
    persistent,
    {
      name: 'talks',
      label: 'Conversations of two by accounts that you share',
      help: 'Whom a shared account admits may talk with people on Discord one to one, where both have agreed to it.',
      type: 'flag',
      usual: true,
      words: {
        de: {
          label: 'Gespräche zu zweit über Konten, die du teilst',
          help: 'Wer ein geteiltes Konto benutzen darf, darf mit Menschen auf Discord zu zweit reden, wenn beide es wollen.',
        },
      },
    },
  ],
  server: [],
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
      words: {
        de: {
          label: 'Aufbewahren, was hier gesagt wird',
          choices: { unset: 'Wie überall', true: 'Ja', false: 'Nein' },
        },
      },
    },
    persistent,
  ],
};
