/** The lists beside the bans: who is let in in spite of one (+e, EXCEPTS), who needs no invitation (+I, INVEX). Seen and changed by a command on the room. */
import { type FormField, GatewayError, type Listed, type MaskList, type NetworkCommand } from '#bridge';
import { commandWords, type Texts, textsIn } from './command-texts.ts';
import type { Core } from './core.ts';
import { modeLines } from './mode-lines.ts';
import { maskOf } from './moderation.ts';
import { changeRefusals } from './refusals.ts';
import { requireChannel } from './requirements.ts';

/** Those that the server says it has. */
export function maskLists(core: Core): readonly MaskList[] {
  const { excepts, invex } = core.support;
  return [
    ...(excepts === undefined ? [] : [listOf(core, 'exceptions', 'Let in in spite of a ban', excepts)]),
    ...(invex === undefined ? [] : [listOf(core, 'invitations', 'Let in without an invitation', invex)]),
  ];
}

function listOf(core: Core, name: string, label: string, mode: string): MaskList {
  const change =
    (sign: '+' | '-'): MaskList['add'] =>
    async (chat, mask, signal) => {
      const channel = requireChannel(core, chat);
      // A word without a wildcard is a nick.
      const arg = maskOf(core, mask) ?? maskOf(core, `${mask}!*@*`) ?? mask;
      const lines = modeLines(core, channel.name, [{ change: `${sign}${mode}`, arg }]);
      await core.asks.ask({ lines, refusals: changeRefusals, about: [channel.folded], signal });
    };
  return {
    name,
    label,
    show: (chat, signal) => core.bans.list(chat, signal, mode),
    add: change('+'),
    remove: change('-'),
  };
}

const rowOf = ({ mask, by = '', at }: Listed) => ({ mask, by, at: at === undefined ? '' : new Date(at).toISOString() });

const fieldsIn = (texts: Texts): readonly FormField[] => [
  {
    name: 'list',
    label: texts.masksList,
    type: 'choice',
    choices: [
      { value: 'exceptions', label: texts.masksExceptions },
      { value: 'invitations', label: texts.masksInvitations },
    ],
    value: 'exceptions',
    required: true,
  },
  {
    name: 'what',
    label: texts.masksWhat,
    type: 'choice',
    choices: [
      { value: 'show', label: texts.masksShow },
      { value: 'add', label: texts.masksAdd },
      { value: 'remove', label: texts.masksRemove },
    ],
    value: 'show',
    required: true,
  },
  { name: 'mask', label: texts.mask, help: texts.maskHelp, type: 'text' },
];

/** Ends with the list as it is then. */
export const masksCommand: NetworkCommand = {
  node: 'masks',
  ...commandWords('masks', 'masksHelp'),
  where: ['room'],
  async *run({ session, chat, on, signal, language }) {
    const texts = textsIn(language);
    const answer = yield { title: texts.masks, fields: fieldsIn(texts) };
    if (session === undefined || chat === undefined)
      throw new GatewayError('not-connected', { text: texts.notConnected(on) });
    const list = session.rooms.maskLists?.find(({ name }) => name === answer.list);
    if (list === undefined) throw new GatewayError('network-cannot', { text: texts.masksNoList });
    const { what, mask } = answer;
    if (what === 'add' || what === 'remove') {
      if (typeof mask !== 'string' || mask === '') throw new GatewayError('bad-request', { text: texts.maskWhich });
      await list[what](chat, mask, signal);
    }
    const rows = await list.show(chat, signal);
    const notes = rows.length === 0 ? ([{ is: 'info', text: texts.masksEmpty }] as const) : [];
    const columns = [
      { name: 'mask', label: texts.mask },
      { name: 'by', label: texts.maskBy },
      { name: 'at', label: texts.maskAt },
    ];
    return { notes, table: { columns, rows: rows.map(rowOf) } };
  },
};
