/** What a file is called as an attachment: as Discord would call it anyway, so that it can be found again by its name. */
import type { FileLink } from '#bridge';
import { spoilerPrefix } from '../text/index.ts';

export interface AttachmentName {
  readonly name: string;
  /** As it was called, where that is something else. */
  readonly title?: string;
}

const longest = 100;

/** Without paths (CHECKLIST 447-11), in signs that Discord keeps; whose name says that it is hidden, is. */
export function attachmentName({ name: called, isSpoiler = false }: FileLink): AttachmentName {
  const [wished, ending] = parted(called.split(/[/\\]/).at(-1)?.toWellFormed() ?? '');
  const stem = safe(wished);
  const name = (stem === '' ? 'file' : stem).slice(0, longest - ending.length) + ending;
  const title = wished.replace(/\p{Cc}+/gu, ' ').trim();
  return {
    name: (isSpoiler && !name.startsWith(spoilerPrefix) ? spoilerPrefix : '') + name,
    ...(title !== '' && title !== stem && { title: title.slice(0, longest).toWellFormed() }),
  };
}

const safe = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\w.-]+/g, '_')
    .replace(/^[_.]+|[_.]+$/g, '');

/** The name, and the ending that says what it is. */
function parted(name: string): readonly [stem: string, ending: string] {
  const ending = /\.\w{1,12}$/.exec(name)?.[0] ?? '';
  return [name.slice(0, name.length - ending.length), ending];
}
