/** Polls as text: what is asked, what can be answered, and how it stands once it is over. */
import type { APIEmbed, APIPoll } from 'discord.js';
import { plainText } from '#bridge';
import { momentText } from './markdown/moments.ts';
import { nothing, type Section } from './reading.ts';

const answersAtMost = 20;

/** The question, the answers, and the votes once they are counted. */
export function readPoll(poll: APIPoll | undefined): Section {
  if (poll === undefined) return nothing;
  const isOver = poll.results?.is_finalized === true;
  const counts = new Map(poll.results?.answer_counts.map(({ id, count }) => [id, count]));
  const answers = poll.answers.slice(0, answersAtMost).map(({ answer_id: id, poll_media: { text, emoji } }, index) => {
    const picture = emoji?.id === null || emoji?.id === undefined ? (emoji?.name ?? '') : `:${emoji.name}:`;
    const said = [picture, text ?? ''].filter((one) => one !== '').join(' ');
    return `${index + 1}. ${said}${isOver ? ` (${votes(counts.get(id) ?? 0)})` : ''}`;
  });
  return { texts: [plainText([headOf(poll, isOver), ...answers].join('\n'))], files: [] };
}

const votes = (count: number): string => (count === 1 ? '1 vote' : `${count} votes`);

function headOf({ question, expiry, allow_multiselect: several }: APIPoll, isOver: boolean): string {
  const until = typeof expiry === 'string' ? momentText(Date.parse(expiry) / 1000, 'f') : undefined;
  const state = isOver ? ['over'] : until === undefined ? [] : [`until ${until}`];
  const about = [...(several ? ['several answers'] : []), ...state];
  return `Poll: ${question.text ?? ''}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
}

/** What came of a poll, as the message that ends it says in its embed. */
export function pollResult(embeds: readonly APIEmbed[] | undefined): string | undefined {
  const fields = new Map(embeds?.[0]?.fields?.map(({ name, value }) => [name, value]));
  const question = fields.get('poll_question_text');
  if (question === undefined) return undefined;
  const answer = fields.get('victor_answer_text');
  const all = votes(Number(fields.get('total_votes') ?? 0));
  if (answer === undefined) return `The poll “${question}” is over: nothing was chosen (${all})`;
  return `The poll “${question}” is over: “${answer}” with ${fields.get('victor_answer_votes') ?? '0'} of ${all}`;
}
