/** Components: texts of a message that is laid out, its pictures and files, and the buttons that lead or would lead somewhere. */
import type { APIMessageComponent } from 'discord.js';
import { type Mark, plainText, type RichText } from '#bridge';
import { descriptionOf } from './files.ts';
import type { Names } from './names.ts';
import { fileAt, lastingAsSaid, nothing, readTexts, type Section, sectionOf } from './reading.ts';
import { linked, together } from './rich.ts';

/** Discord allows three levels; what is deeper is from somewhere else. */
const deepest = 5;
const atMost = 40;

/** As the components of all kinds have them; what a kind lacks is absent. */
interface Any {
  readonly type: number;
  readonly content?: string;
  readonly label?: string;
  readonly url?: string;
  readonly placeholder?: string;
  readonly components?: readonly Any[];
  readonly accessory?: Any;
  readonly items?: readonly Shown[];
  readonly media?: Media;
  readonly description?: string | null;
  readonly spoiler?: boolean;
  readonly file?: Media;
  readonly name?: string;
}

/** A picture or a file, with what it shows. */
type Shown = Pick<Any, 'media' | 'description' | 'spoiler'>;

interface Media {
  readonly url: string;
  readonly content_type?: string;
}

export const readComponents = (components: readonly APIMessageComponent[] | undefined, names: Names): Section =>
  components === undefined ? nothing : readAll(components as readonly Any[], names, 0);

const readAll = (all: readonly Any[], names: Names, depth: number): Section =>
  depth > deepest ? nothing : sectionOf(all.slice(0, atMost).map((one) => readOne(one, names, depth)));

/** Its numbers are those of Discord's "Component Types". */
function readOne(one: Any, names: Names, depth: number): Section {
  switch (one.type) {
    case 1: {
      const buttons = (one.components ?? [])
        .slice(0, atMost)
        .map(labelOf)
        .filter(({ plain }) => plain !== '');
      if (buttons.length === 0) return nothing;
      return {
        texts: [together(...buttons.flatMap((button, at) => (at === 0 ? [button] : [' ', button])))],
        files: [],
      };
    }
    case 9: {
      const inside = readAll(one.components ?? [], names, depth + 1);
      const { accessory } = one;
      if (accessory === undefined) return inside;
      return sectionOf([
        inside,
        readAll(accessory.type === 2 ? [{ type: 1, components: [accessory] }] : [accessory], names, depth + 1),
      ]);
    }
    case 10:
      return { texts: readTexts(one.content, names), files: [] };
    case 11:
      return media(one);
    case 12:
      return sectionOf((one.items ?? []).slice(0, atMost).map((item) => media(item)));
    case 13:
      return media({ ...one, ...(one.file !== undefined && { media: one.file }) }, one.name);
    case 17: {
      const inside = readAll(one.components ?? [], names, depth + 1);
      return one.spoiler === true ? hidden(inside) : inside;
    }
    default:
      return nothing;
  }
}

/** What stands on a button or a menu, in brackets: it can be pressed there only. */
function labelOf({ label, url, placeholder }: Any) {
  const said = label ?? placeholder;
  if (said === undefined || said === '') return plainText('');
  return url === undefined ? plainText(`[${said}]`) : linked(plainText(said), url);
}

function media({ media: found, description, spoiler }: Shown, name?: string): Section {
  const file = found === undefined ? undefined : fileAt(found.url, name, found.content_type);
  if (file === undefined) return nothing;
  const about = descriptionOf({ description: description ?? null });
  const shown: Section = {
    texts: about === undefined ? [] : [plainText(`${file.name}: ${about}`)],
    files: [lastingAsSaid(file)],
  };
  return spoiler === true ? hidden(shown) : shown;
}

/** Shown to those only who ask for it. */
const hidden = ({ texts, files }: Section): Section => ({
  texts: texts.map(({ plain, marks }): RichText => {
    const all: Mark = { is: 'spoiler', from: 0, to: plain.length };
    return { plain, marks: plain === '' ? marks : [all, ...marks.filter(({ is }) => is !== 'spoiler')] };
  }),
  files: files.map((file) => ({ ...file, isSpoiler: true })),
});
