/** What the server and its services tell the account's owner: MOTD, notices, errors that answer nothing. Bounded, as servers may say anything. */
import { type NetworkEvent, plainText, type RichText } from '#bridge';
import { readFormat } from './wire/format.ts';

export interface Notices {
  say(text: string): void;
  /** With IRC's formatting in it, and who said it in front. */
  from(who: string, text: string): void;
  /** 372 and 376: one notice for all of it, without the "- " that servers put before each line. */
  motdLine(text: string): void;
  motdEnd(): void;
}

const maxMotdLines = 300;

/** @param isNews was this MOTD not told before? The same once more, as after a reconnect or a refused join, is noise. */
export function createNotices(
  emit: (event: NetworkEvent) => void,
  now: () => number,
  isNews: (motd: string) => boolean,
): Notices {
  let motd: string[] = [];
  const tell = (text: RichText): void => emit({ kind: 'notice', at: new Date(now()), text });
  return {
    say: (text) => tell(plainText(text)),
    from: (who, text) => tell(who === '' ? readFormat(text) : behind(`${who}: `, readFormat(text))),
    motdLine(text) {
      if (motd.length < maxMotdLines) motd.push(text.replace(/^- ?/, ''));
    },
    motdEnd() {
      const text = motd.map((line) => readFormat(line).plain).join('\n');
      motd = [];
      if (text !== '' && isNews(text)) tell(plainText(text));
    },
  };
}

/** Text with words in front of it, its marks moved. */
function behind(words: string, { plain, marks }: RichText): RichText {
  const by = words.length;
  return { plain: words + plain, marks: marks.map((mark) => ({ ...mark, from: mark.from + by, to: mark.to + by })) };
}
