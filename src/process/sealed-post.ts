/**
 * Mailboxes that only processes of ours can read: forms with passwords, lines of chat with them and pages of logins go from one to the other, and Redis
 * writes them to its disk. What is said in rooms is in the outbox as it is a moment later, and is left alone here too.
 */
import type { Vault } from '../accounts/vault.ts';
import type { Log } from '../bridge/contract.ts';
import type { Post } from '../storage/process-ports.ts';

/** Stanzas begin with '<', everything else with a word. */
const mark = 'sealed ';
const isRoomMessage = (text: string): boolean => text.startsWith('<message') && /^[^>]* type=["']groupchat/.test(text);

/** @param vault of the key that all processes share */
export function sealPost(post: Post, vault: Pick<Vault, 'seal' | 'open'>, log: Pick<Log, 'error'>): Post {
  const sealed = (text: string, to: string): string =>
    isRoomMessage(text) ? text : mark + vault.seal(text, `the mailbox of ${to}`);

  /** One that can't be read costs only itself. */
  function opened(text: string, to: string): readonly string[] {
    if (!text.startsWith(mark)) return [text];
    const plain = vault.open(text.slice(mark.length), `the mailbox of ${to}`);
    if (plain === undefined) log.error({}, 'another process has another sealing key; copy sealing.key to all of them');
    return plain === undefined ? [] : [plain];
  }

  return {
    send: (worker, texts) =>
      post.send(
        worker,
        texts.map((text) => sealed(text, worker)),
      ),
    async *receive(worker, signal) {
      for await (const texts of post.receive(worker, signal)) yield texts.flatMap((text) => opened(text, worker));
    },
    held: post.held,
    takeOver: async (worker) => (await post.takeOver(worker)).flatMap((text) => opened(text, worker)),
  };
}
