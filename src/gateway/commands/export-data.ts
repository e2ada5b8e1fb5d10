/** What the gateway keeps of whoever asks, for them to have: by a link where the operator has such, else piece by piece in the answer itself. */
import type { CommandResult, CommandRun } from '../../bridge/commands.ts';
import { escapeText } from '../../xml/escape.ts';
import type { Command, Here } from './command.ts';
import type { Texts } from './texts.ts';

/** Octets of a part as they stand in a stanza: servers end the stream of who sends larger ones than they like. */
const partBytes = 40_000;
/** More is to be had by a link only. */
const mostParts = 100;

const bytesOf = (line: string): number => Buffer.byteLength(escapeText(line)) + 1;

/** Something that is longer than any part is named, not told. */
function fitting(line: string): string {
  if (bytesOf(line) <= partBytes) return line;
  const { is, on, chat, id, at } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ is: 'left-out', was: is, on, chat, id, at, bytes: Buffer.byteLength(line) });
}

/** How many parts there are, and the lines of that one. `isCut`: there would be more than may be. */
async function cut(
  { powers, account, signal }: Here,
  wanted: number,
): Promise<{ readonly count: number; readonly lines: readonly string[]; readonly isCut: boolean }> {
  const lines: string[] = [];
  let count = 1;
  let filled = 0;
  for await (const whole of powers.personalData.lines(account.owner)) {
    signal.throwIfAborted();
    const line = fitting(whole);
    const bytes = bytesOf(line);
    if (filled + bytes > partBytes) {
      if (count === mostParts) return { count, lines, isCut: true };
      count++;
      filled = 0;
    }
    filled += bytes;
    if (count === wanted) lines.push(line);
  }
  return { count, lines, isCut: false };
}

async function* inParts(here: Here): CommandRun {
  const { texts } = here;
  const first = await cut(here, 1);
  if (first.count === 1) return told(first.lines, texts.exportPart('1', 1), [], texts);
  const choices = Array.from({ length: first.count }, (_, i) => `${i + 1}`);
  const answer = yield {
    title: texts.exportData,
    text: [texts.exportParts(first.count)],
    fields: [
      {
        name: 'part',
        label: texts.exportWhich,
        type: 'choice',
        choices: choices.map((value) => ({ value, label: texts.exportPart(value, first.count) })),
        required: true,
      },
    ],
  };
  const part = Number(answer.part);
  const { lines, count, isCut } = await cut(here, part);
  const more = part < count ? [texts.exportNext(part + 1)] : isCut ? [texts.exportCut] : [];
  return told(lines, texts.exportPart(`${part}`, count), more, texts);
}

const told = (lines: readonly string[], label: string, notes: readonly string[], texts: Texts): CommandResult => ({
  facts: [{ label, value: lines.join('\n') }],
  notes: [texts.exportFormat, ...notes].map((text) => ({ is: 'info', text })),
});

/** To whoever asks, and of them alone. */
export const exportData: Command = {
  title: (texts) => texts.exportData,
  help: (texts) => texts.exportHelp,
  async *run(here) {
    const { powers, account, signal, texts } = here;
    const published = await powers.personalData.publish(account.owner, signal);
    if (published === undefined) return yield* inParts(here);
    const { links, days } = published;
    const facts = links.map((value, i) => ({ label: texts.exportPart(`${i + 1}`, links.length), value }));
    const notes = [texts.exportFormat, texts.exportLinks(days)];
    return { facts, notes: notes.map((text) => ({ is: 'info', text })) };
  },
};
