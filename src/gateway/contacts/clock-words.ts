/** What somebody's client says of its clock, in whatever words, as a moment and an offset from UTC (XEP-0202): as people's clocks are about right, a missing zone can be told from ours. */

export interface ClockReading {
  readonly utc: Date;
  /** As in "+02:00". */
  readonly zone: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = `(${months.join('|')})[a-z]*`;
const monthFirst = new RegExp(`\\b${month}\\.?,?\\s+(\\d{1,2})\\b(?!:)`, 'i');
const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?[\\s-]+${month}`, 'i');
const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
/** Beyond that it is no zone but a clock that is wrong. */
const farthestMs = 14 * 60 * minuteMs;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dayIn(text: string): Day | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (iso !== null) return { year: Number(iso[1]), month: Number(iso[2]) - 1, day: Number(iso[3]) };
  const year = /\b(?:19|20)\d{2}\b/.exec(text)?.[0];
  const [, ahead, behind] = monthFirst.exec(text) ?? [];
  const [, day = behind, name = ahead] = dayFirst.exec(text) ?? [];
  if (year === undefined || day === undefined || name === undefined) return undefined;
  return { year: Number(year), month: months.indexOf(name.toLowerCase()), day: Number(day) };
}

/** Minutes east of Greenwich, where the text says so. */
function offsetIn(text: string): number | undefined {
  const numeric = /(?:^|[\s\dZ]|GMT|UTC)([+-])(\d{2}):?(\d{2})\b/.exec(text.replace(/\d{4}-\d{2}-\d{2}/, ''));
  if (numeric !== null) return (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) * 60 + Number(numeric[3]));
  return /\b(?:GMT|UTC)\b|\dZ\b/.test(text) ? 0 : undefined;
}

function zoneOf(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** @param now epoch milliseconds, of which theirs can't be far @returns undefined: no time can be read there */
export function readClock(text: string, now: number): ClockReading | undefined {
  const clock = /(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])\.?[Mm])?/.exec(text);
  const day = dayIn(text);
  if (clock === null || day === undefined) return undefined;
  const noon = clock[4]?.toLowerCase();
  const hour = Number(clock[1]);
  const hours = noon === undefined ? hour : (hour % 12) + (noon === 'p' ? 12 : 0);
  const local = Date.UTC(day.year, day.month, day.day, hours, Number(clock[2]), Number(clock[3] ?? 0));
  const said = offsetIn(text);
  const offsetMs = said === undefined ? Math.round((local - now) / quarterMs) * quarterMs : said * minuteMs;
  if (Number.isNaN(local) || Math.abs(offsetMs) > farthestMs) return undefined;
  return { utc: new Date(local - offsetMs), zone: zoneOf(offsetMs / minuteMs) };
}
