/** Topics of channels: TOPIC, 331 to 333, and the address of a page beside them: 328. */
import { plainText } from '#bridge';
import { isTold } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

/** TOPIC: somebody changed it, ourselves included; only then is it told. */
export function onTopic(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[0] ?? ''));
  if (channel === undefined) return;
  const at = atOf(core, line);
  channel.topic = readFormat(line.params[1] ?? '').plain;
  channel.topicBy = line.nick;
  channel.topicAt = at.getTime();
  if (!isTold(channel)) return;
  const change = { topic: channel.topic, topicBy: line.nick, topicAt: at };
  core.emit({ kind: 'room', at, chat: channel.chat, by: personOf(core, line.nick), change });
}

/** 331 and 332: the topic as it stands; told with the rest of the room when the member list is whole. */
export function onTopicIs(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  channel.topic = line.command === '331' ? '' : readFormat(line.params[2] ?? '').plain;
  channel.topicBy = '';
  channel.topicAt = 0;
}

/** 333: who set it and when. */
export function onTopicWho(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  const by = line.params[2] ?? '';
  const bang = by.indexOf('!');
  channel.topicBy = bang < 0 ? by : by.slice(0, bang);
  const seconds = Number(line.params[3]);
  channel.topicAt = Number.isFinite(seconds) && seconds > 0 && seconds < 8e9 ? seconds * 1000 : 0;
  if (!isTold(channel)) return;
  const change = { topicBy: channel.topicBy, ...(channel.topicAt > 0 && { topicAt: new Date(channel.topicAt) }) };
  core.emit({ kind: 'room', at: new Date(core.clock.now()), chat: channel.chat, change });
}

/** 328: the page of a channel, which services name with each join. Told in the channel, and again only when it is another one. */
export function onPage(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  const page = readFormat(line.params[2] ?? '').plain;
  if (channel === undefined || !isTold(channel) || channel.page === page) return;
  channel.page = page;
  const text = plainText(`The page of ${channel.name}: ${page}`);
  core.emit({ kind: 'remark', at: atOf(core, line), chat: channel.chat, text });
}
