/**
 * Mailboxes that only processes of ours can read: forms with passwords, lines of chat with them and pages of logins go from one to the other, and Redis
 * writes them to its disk. What is said in rooms is in the outbox as it is a moment later, and is left alone here too.
 */
import type { Vault } from '../accounts/vault.ts';
import type { Log } from '../bridge/contract.ts';
import type { Letter, Post } from '../storage/process-ports.ts';

/** Stanzas begin with '<', everything else with a word. */
const mark = 'sealed ';
const isRoomMessage = (text: string): boolean => text.startsWith('<message') && /^[^>]* type=["']groupchat/.test(text);

/** @param vault of the key that all processes share */
export function sealPost(post: Post, vault: Pick<Vault, 'seal' | 'open'>, log: Pick<Log, 'error'>): Post {
  const sealed = (text: string, to: string): string =>
    isRoomMessage(text) ? text : mark + vault.seal(text, `the mailbox of ${to}`);

  const allSealed = (texts: readonly string[], to: string): readonly string[] => texts.map((text) => sealed(text, to));

  /** One that can't be read costs only itself. */
  function opened(letter: Letter, to: string): Letter {
    const { text } = letter;
    if (text === undefined || !text.startsWith(mark)) return letter;
    const plain = vault.open(text.slice(mark.length), `the mailbox of ${to}`);
    if (plain === undefined) log.error({}, 'another process has another sealing key; copy sealing.key to all of them');
    return { ...letter, text: plain };
  }

  return {
    ...post,
    send: (worker, texts) => post.send(worker, allSealed(texts, worker)),
    handOn: (worker, texts, place) => post.handOn(worker, allSealed(texts, worker), place),
    async *receive(worker, signal) {
      for await (const letters of post.receive(worker, signal)) yield letters.map((letter) => opened(letter, worker));
    },
    async oldest(worker, max) {
      return (await post.oldest(worker, max)).map((letter) => opened(letter, worker));
    },
    move: (worker, letters) =>
      post.move(
        worker,
        letters.map((letter) => ({
          ...letter,
          text: letter.text === undefined || letter.to === undefined ? undefined : sealed(letter.text, letter.to),
        })),
      ),
  };
}
