/** Prometheus' text format (version 0.0.4), read as strictly as promtool checks it: what is wrong is named. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Exposition {
  readonly families: readonly Family[];
  readonly faults: readonly string[];
  /** The values of that name whose labels are these, and any others, added up; undefined: there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

interface Draft {
  name: string;
  type: string;
  help: string;
  samples: Sample[];
}

const nameForm = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const sampleForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelForm = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const types = ['counter', 'gauge', 'histogram', 'summary'];
const wrongUnits = /_(ms|milliseconds|microseconds|minutes|hours|kb|kilobytes|megabytes|percent)(_|$)/;

/** All of it; `faults` is empty where it is right. */
export function readExposition(text: string): Exposition {
  const families = new Map<string, Draft>();
  const faults: string[] = [];
  let current: Draft | undefined;

  function open(name: string, line: string): Draft {
    if (current?.name === name) return current;
    if (families.has(name)) faults.push(`${name} comes twice: ${line}`);
    current = { name, type: '', help: '', samples: [] };
    families.set(name, current);
    return current;
  }

  if (!text.endsWith('\n')) faults.push('the last line has no end');
  for (const line of text.split('\n').filter(Boolean)) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (what === 'HELP') open(name, line).help = rest;
    else if (what === 'TYPE') {
      if (!types.includes(rest)) faults.push(`no type: ${line}`);
      open(name, line).type = rest;
    } else if (!line.startsWith('#')) {
      const sample = readSample(line);
      if (sample === undefined) faults.push(`no sample: ${line}`);
      else if (current === undefined || !belongs(sample.name, current)) faults.push(`without its family: ${line}`);
      else current.samples.push(sample);
    }
  }
  const all = [...families.values()];
  const samples = all.flatMap((family) => family.samples);
  return {
    families: all,
    faults: [...faults, ...all.flatMap(familyFaults)],
    value(name, labels = {}) {
      const found = samples.filter(
        (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      );
      return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

function readSample(line: string): Sample | undefined {
  const [, name, inner = '', number = ''] = sampleForm.exec(line) ?? [];
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (name === undefined || (Number.isNaN(value) && !/^nan$/i.test(number))) return undefined;
  const labels: Record<string, string> = {};
  let at = 0;
  labelForm.lastIndex = 0;
  for (let found = labelForm.exec(inner); found !== null; found = labelForm.exec(inner)) {
    const [, key = '', text = ''] = found;
    if (key in labels) return undefined;
    labels[key] = text;
    at = labelForm.lastIndex;
  }
  return at === inner.length ? { name, labels, value } : undefined;
}

function belongs(name: string, { name: family, type }: Draft): boolean {
  if (name === family) return true;
  const ending = name.startsWith(family) ? name.slice(family.length) : '';
  if (type === 'histogram') return ['_bucket', '_sum', '_count'].includes(ending);
  return type === 'summary' && ['_sum', '_count'].includes(ending);
}

function familyFaults(family: Draft): readonly string[] {
  const { name, type, help, samples } = family;
  const wrong: string[] = [];
  if (!nameForm.test(name)) wrong.push('has no name');
  if (type === '') wrong.push('has no type');
  if (help === '') wrong.push('has no help');
  if ((type === 'counter') !== name.endsWith('_total')) wrong.push('counters, and they alone, end in _total');
  if (wrongUnits.test(name)) wrong.push('has no base unit');
  const keys = samples.map(({ name: one, labels }) => JSON.stringify([one, Object.entries(labels).sort()]));
  if (new Set(keys).size < keys.length) wrong.push('says something twice');
  if (type === 'histogram') wrong.push(...histogramFaults(family));
  return wrong.map((fault) => `${name} ${fault}`);
}

function histogramFaults({ name, samples }: Draft): readonly string[] {
  const buckets = new Map<string, number[]>();
  for (const { name: one, labels, value } of samples) {
    if (one !== `${name}_bucket`) continue;
    const { le, ...others } = labels;
    if (le === undefined) return ['has a bucket without a bound'];
    const key = JSON.stringify(others);
    buckets.set(key, [...(buckets.get(key) ?? []), value]);
  }
  const counts = samples.filter(({ name: one }) => one === `${name}_count`);
  if (counts.length !== buckets.size) return ['has not as many counts as buckets'];
  return counts.flatMap(({ labels, value }) => {
    const own = buckets.get(JSON.stringify(labels)) ?? [];
    const isGrowing = own.every((count, i) => i === 0 || count >= (own[i - 1] ?? 0));
    return isGrowing && own.at(-1) === value ? [] : ['has buckets that do not add up'];
  });
}
