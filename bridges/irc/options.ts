/** A channel's modes as a room's options, read and set. What is set is confirmed by the server before anybody is told so. */
import { type ChatId, GatewayError, type RoomOptions } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { type Mode, modeLines } from './mode-lines.ts';
import { changeRefusals } from './refusals.ts';
import { oneLine, requireChannel } from './requirements.ts';
import { compose } from './wire/compose.ts';

const flags = {
  isModerated: 'm',
  isMembersOnly: 'i',
  noOutsideMessages: 'n',
  topicByModeratorsOnly: 't',
} as const satisfies Partial<Record<keyof RoomOptions, string>>;
const flagNames = ['isModerated', 'isMembersOnly', 'noOutsideMessages', 'topicByModeratorsOnly'] as const;

/** Asks the server, as not all modes are told to everybody who looks on. */
export async function options(core: Core, chat: ChatId, signal: AbortSignal): Promise<RoomOptions> {
  const channel = requireChannel(core, chat);
  await refresh(core, channel, signal);
  const { modes } = channel;
  const offered = flagNames.filter((name) => has(core, flags[name]));
  const limit = Number(modes.get('l') ?? 0);
  return {
    name: channel.name,
    topic: channel.topic,
    ...Object.fromEntries(offered.map((name) => [name, modes.has(flags[name])])),
    ...((has(core, 's') || has(core, 'p')) && { isPublic: !channel.hidden }),
    ...(has(core, 'k') && { password: channel.keyed ? (channel.key ?? '') : '' }),
    ...(has(core, 'l') && { maxMembers: Number.isSafeInteger(limit) ? limit : 0 }),
  };
}

const refresh = (core: Core, channel: Channel, signal: AbortSignal): Promise<void> =>
  core.asks.ask({
    lines: [compose('MODE', channel.name)],
    refusals: changeRefusals,
    about: [channel.folded],
    signal,
  });

/** Only what is different is sent, in as few lines as the server takes. */
export async function setOptions(core: Core, chat: ChatId, change: RoomOptions, signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  if (change.name !== undefined && core.fold(change.name) !== channel.folded) {
    throw new GatewayError('network-cannot', { text: 'A channel on IRC has no other name than its address.' });
  }
  await refresh(core, channel, signal);
  const modes = wantedModes(core, channel, change);
  const lines = [...modeLines(core, channel.name, modes)];
  const topic = change.topic === undefined ? undefined : oneLine(change.topic, core.support.topicLength ?? 390);
  if (topic !== undefined && topic !== channel.topic) lines.push(compose('TOPIC', channel.name, topic));
  if (lines.length === 0) return;
  await core.asks.ask({ lines, refusals: changeRefusals, about: [channel.folded], signal });
  const replaced = new Set(modes.flatMap(({ change }) => (change.startsWith('+') ? [`-${change.charAt(1)}`] : [])));
  const failed = modes.filter(({ change, arg }) => !replaced.has(change) && !isSo(channel, change, arg));
  if (failed.length === 0) return;
  const text = `The IRC server did not set ${failed.map((mode) => mode.change).join(' ')} on ${channel.name}.`;
  throw new GatewayError('network-refused', { text });
}

const isSo = ({ modes }: Channel, change: string, arg: string | undefined): boolean => {
  const mode = change.charAt(1);
  if (change.startsWith('-')) return !modes.has(mode);
  return modes.has(mode) && (mode !== 'l' || modes.get(mode) === arg);
};

const has = ({ support: { chanModes } }: Core, mode: string): boolean =>
  chanModes.b.includes(mode) || chanModes.c.includes(mode) || chanModes.d.includes(mode);

function wantedModes(core: Core, channel: Channel, change: RoomOptions): readonly Mode[] {
  const { modes } = channel;
  const wanted: Mode[] = [];
  const flag = (mode: string, on: boolean | undefined): void => {
    if (on === undefined || on === modes.has(mode)) return;
    if (!has(core, mode)) throw cannot(core, mode);
    wanted.push({ change: `${on ? '+' : '-'}${mode}` });
  };
  for (const name of flagNames) flag(flags[name], change[name]);
  if (change.isPublic === true) for (const mode of ['s', 'p']) flag(mode, false);
  else if (change.isPublic === false && !channel.hidden) flag(has(core, 's') ? 's' : 'p', true);
  wanted.push(...limit(core, channel, change.maxMembers), ...key(core, channel, change.password));
  return wanted;
}

function limit(core: Core, { modes }: Channel, most: number | undefined): readonly Mode[] {
  if (most === undefined || most === Number(modes.get('l') ?? 0)) return [];
  if (!has(core, 'l')) throw cannot(core, 'l');
  if (!Number.isSafeInteger(most) || most < 0 || most > 1e9) {
    throw new GatewayError('bad-request', {
      text: 'The number of members is between 0, for no limit, and 1000000000.',
    });
  }
  return most === 0 ? [{ change: '-l' }] : [{ change: '+l', arg: String(most) }];
}

/** A key that is there must go before another is set (467 on many servers). */
function key(core: Core, channel: Channel, wanted: string | undefined): readonly Mode[] {
  const now = channel.keyed ? (channel.key ?? '*') : '';
  if (wanted === undefined || wanted === now) return [];
  if (!has(core, 'k')) throw cannot(core, 'k');
  const longest = core.support.keyLength ?? 23;
  if (/[\0-\x20,\x7f]|^:/.test(wanted) || Buffer.byteLength(wanted) > longest) {
    throw new GatewayError('bad-request', {
      text: `A key on IRC has no spaces, no commas, and here at most ${longest} bytes.`,
    });
  }
  return [
    ...(channel.keyed ? [{ change: '-k', arg: now }] : []),
    ...(wanted === '' ? [] : [{ change: '+k', arg: wanted }]),
  ];
}

const cannot = (core: Core, mode: string): GatewayError =>
  new GatewayError('network-cannot', { text: `${core.server.name} has no channel mode ${mode}.` });
