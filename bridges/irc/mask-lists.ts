/** The lists beside the bans: who is let in in spite of one (+e, EXCEPTS), who needs no invitation (+I, INVEX). Seen and changed by a command on the room. */
import { GatewayError, type Listed, type MaskList, type NetworkCommand } from '#bridge';
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

const lists = [
  { value: 'exceptions', label: 'Let in in spite of a ban' },
  { value: 'invitations', label: 'Let in without an invitation' },
] as const;
const deeds = [
  { value: 'show', label: 'Show it' },
  { value: 'add', label: 'Add a mask' },
  { value: 'remove', label: 'Remove a mask' },
] as const;

const columns = [
  { name: 'mask', label: 'Mask' },
  { name: 'by', label: 'Set by' },
  { name: 'at', label: 'At' },
];
const rowOf = ({ mask, by = '', at }: Listed) => ({ mask, by, at: at === undefined ? '' : new Date(at).toISOString() });

/** Ends with the list as it is then. */
export const masksCommand: NetworkCommand = {
  node: 'masks',
  title: 'Exceptions of the channel',
  help: 'shows and changes who is let in in spite of a ban, or without an invitation',
  where: ['room'],
  async *run({ session, chat, on, signal }) {
    const answer = yield {
      title: 'Exceptions of the channel',
      fields: [
        { name: 'list', label: 'List', type: 'choice', choices: lists, value: 'exceptions', required: true },
        { name: 'what', label: 'What shall be done', type: 'choice', choices: deeds, value: 'show', required: true },
        { name: 'mask', label: 'Mask', help: 'nick!user@host, with * for anything', type: 'text' },
      ],
    };
    if (session === undefined || chat === undefined) {
      throw new GatewayError('not-connected', { text: `You are not connected to ${on ?? 'the server'}.` });
    }
    const list = session.rooms?.maskLists?.find(({ name }) => name === answer.list);
    if (list === undefined) throw new GatewayError('network-cannot', { text: 'This server has no such list.' });
    const { what, mask } = answer;
    if (what === 'add' || what === 'remove') {
      if (typeof mask !== 'string' || mask === '') throw new GatewayError('bad-request', { text: 'Which mask?' });
      await list[what](chat, mask, signal);
    }
    const rows = await list.show(chat, signal);
    const notes = rows.length === 0 ? ([{ is: 'info', text: 'The list is empty.' }] as const) : [];
    return { notes, table: { columns, rows: rows.map(rowOf) } };
  },
};
