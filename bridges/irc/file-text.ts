/** A file as one line for people on IRC: its name and size where they say more than the address does. Nothing is fetched to find out. */
import type { FileLink } from '#bridge';

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const nameAtMost = 100;
const descriptionAtMost = 200;

/** "1.2 MB", by thousands. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** "name (1.2 MB): https://…", or the address alone where it ends with the name and no size is known; with what it shows, where that is said, "name (1.2 MB), a cat: https://…". */
export function fileText({ url, name, size, description = '' }: FileLink): string {
  const known = size !== undefined && Number.isFinite(size) && size >= 0 ? ` (${sizeText(size)})` : '';
  const about = shortened(description, descriptionAtMost);
  const shown = nameOf(name);
  const isNamed = shown === '' || (known === '' && namesItself(url, shown));
  const words = [...(isNamed ? [] : [`${shown}${known}`]), ...(about === '' ? [] : [about])].join(', ');
  return words === '' ? url : `${words}: ${url}`;
}

/** Without a path, without controls, not too long. */
function nameOf(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return shortened(last, nameAtMost);
}

function shortened(text: string, atMost: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}]+/gu, '').trim();
  return clean.length > atMost ? `${clean.slice(0, atMost).toWellFormed()}…` : clean;
}

function namesItself(url: string, name: string): boolean {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) === name;
  } catch {
    return last === name;
  }
}
