/** A process' mailbox: what other processes want of it, in order. */
import type { Level } from '../ops/log.ts';
import type { Post } from '../storage/process-ports.ts';
import { createTaking, type TakingParts } from './taking.ts';

/** Stanzas that a mailbox holds. */
export const postCap = 20_000;
/** The configuration is to be read again. Stanzas begin with '<'. */
export const reloadMark = 'reload';

/** A lane's wake-up: its account and chat, as JSON. */
export const wakeMark = 'wake ';

/** Stands before an account that has moved to whoever reads it. */
export const comeMark = 'come ';

/** Who is banned has changed. */
export const bansMark = 'bans';

/** Stands before a domain whose stream an edge has made, or made again: what was told of clients meanwhile may have got lost. */
export const streamMark = 'stream ';

/** Which accounts serve several people, or whom they admit, has changed. */
export const sharesMark = 'shares';

/** Which rooms are joined with which MUCs has changed. */
export const plumbingsMark = 'plumbings';

/** Whether the gateway is being worked at has changed. */
export const maintenanceMark = 'maintenance';

/** Stands before the level from which on every process writes its log. */
export const levelMark = 'log ';

/** Such a text names it, for it was sent by one of us. */
export const levelIn = (text: string): Level => text.slice(levelMark.length) as Level;

const pauseMs = 1_000;

export interface MailboxParts extends Omit<TakingParts, 'post'> {
  readonly post: Pick<Post, 'receive' | 'remove'>;
}

/** Until the signal is aborted; while Redis is away it waits. Never rejects. */
export async function readMailbox(parts: MailboxParts): Promise<void> {
  const { post, self, clock, log, signal } = parts;
  const taking = createTaking(parts);
  while (!signal.aborted) {
    try {
      for await (const letters of post.receive(self, signal)) await taking.take(letters);
    } catch (error) {
      log.warn({ error }, 'the mailbox can not be read at the moment');
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
  await taking.over();
}
