/** Workers' mailboxes: one stream each, read with a blocking connection of its own. */
import { GatewayError } from '../../core/errors.ts';
import { type AccountId, accountId } from '../../core/ids.ts';
import type { Letter, MailboxSight, Place, Post, Posted } from '../process-ports.ts';
import { evaluate, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { postOf } from './keys.ts';
import moveText from './lua/move.lua';
import surveyText from './lua/survey.lua';
import { createPuts } from './puts.ts';
import { readerOf, unlessAborted } from './reader.ts';

export interface PostOptions {
  /** Messages a mailbox holds before senders are refused. */
  readonly cap: number;
}

const blockMs = 2_000;
const batchSize = 500;
const moveScript = script(moveText);
const surveyScript = script(surveyText);
const answers: Readonly<Record<string, Posted>> = { s: 'sent', g: 'gone', m: 'moved', o: 'outdated' };

export function createPost({ redis, batch, names }: RedisLink, { cap }: PostOptions): Post {
  const postKey = (worker: string): string => postOf(names, worker);
  /** What was received and lies there still, by mailbox: it is not received again. */
  const inHand = new Map<string, Set<string>>();
  const puts = createPuts(batch, names, cap);

  async function put(worker: string, texts: readonly string[], place?: Place): Promise<Posted> {
    const answer = answers[await puts.put(worker, texts, place)];
    if (answer === undefined)
      throw new GatewayError('queue-full', { text: 'The gateway is busy; try again in a moment' });
    return answer;
  }

  return {
    async send(worker, texts) {
      await put(worker, texts);
    },
    handOn: put,
    async *receive(worker, signal) {
      const key = postKey(worker);
      const reader = readerOf(redis);
      const stop = (): void => reader.disconnect();
      const ids = inHand.get(key) ?? new Set();
      inHand.set(key, ids);
      let newest = [...ids].at(-1) ?? '0';
      signal.addEventListener('abort', stop, { once: true });
      try {
        while (!signal.aborted) {
          const from = ids.size === 0 ? '0' : newest;
          const read = await unlessAborted(
            signal,
            reader.xread('COUNT', batchSize, 'BLOCK', blockMs, 'STREAMS', key, from),
          );
          const letters = (read?.[0]?.[1] ?? []).map(letterOf);
          if (letters.length === 0) continue;
          for (const { id } of letters) ids.add(id);
          newest = letters.at(-1)?.id ?? newest;
          yield letters;
        }
      } finally {
        signal.removeEventListener('abort', stop);
        reader.disconnect();
      }
    },
    async remove(worker, ids) {
      const key = postKey(worker);
      // With the same flights as appends to outboxes or a later one, and so behind those that came of it.
      await batch.ask({ command: ['xdel', key, ...ids] }, { behind: 'all' });
      for (const id of ids) inHand.get(key)?.delete(id);
    },
    async survey(but = '') {
      const args = [...names.postParts, names.lifeBegin, but];
      const sights = await batch.ask(evaluate(surveyScript, [names.workers], args));
      return (sights as string[][]).map(sightOf);
    },
    async oldest(worker, max) {
      return (await redis.xrange(postKey(worker), '-', '+', 'COUNT', max)).map(letterOf);
    },
    async move(worker, letters) {
      const keys = [postKey(worker), names.workers];
      const args: string[] = [];
      for (const { id, account = '', text = '', to } of letters) {
        let place = to === undefined ? -1 : keys.indexOf(postKey(to), 2);
        if (to !== undefined && place < 0) place = keys.push(postKey(to)) - 1;
        args.push(id, to === undefined ? '' : String(place + 1), to ?? '', account, text);
      }
      await batch.ask(evaluate(moveScript, keys, args));
    },
    async held(worker) {
      const key = postKey(worker);
      const [[first], entries] = await Promise.all([redis.xrange(key, '-', '+', 'COUNT', 1), redis.xlen(key)]);
      return { entries, since: first === undefined ? undefined : Number.parseInt(first[0], 10) };
    },
  };
}

type Entry = [id: string, fields: string[]];

function letterOf([id, fields]: Entry): Letter {
  const [, text, , account = ''] = fields;
  return { id, text, account: account === '' ? undefined : accountId(account) };
}

function sightOf([worker = '', isAlive, ...rest]: readonly string[]): MailboxSight {
  const accounts = new Map<AccountId, string>();
  for (let i = 0; i + 1 < rest.length; i += 2) accounts.set(accountId(rest[i] ?? ''), rest[i + 1] ?? '');
  return { worker, isAlive: isAlive === '1', accounts };
}
