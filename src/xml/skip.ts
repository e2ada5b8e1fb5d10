/**
 * Passes over what is left of a stanza that broke a limit, in any pieces, remembering nothing but how deep it is: the stanza's author is told, the stream
 * and everybody else on it go on. The peer's server has parsed it before, so names are not compared here.
 */
import { malformed, XmlError } from './fault.ts';

export interface Skip {
  /** Elements open; the stanza is over when it falls to 0. */
  depth: number;
  state: 'text' | 'tag' | 'single' | 'double' | 'cdata';
  /** In a tag: it began with '</', and whether its last character was '/'. */
  closing: boolean;
  slash: boolean;
}

/** To begin at a '<' that is itself still to be read, with `depth` elements of the stanza open. */
export function newSkip(depth: number): Skip {
  return { depth, state: 'text', closing: false, slash: false };
}

/** Reads on from `from`. Returns where the stanza ended, or else the negative of where to read on when more has come, minus 1. */
export function skip(state: Skip, text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const next = step(state, text, at);
    if (next < 0) return next;
    at = next;
    if (state.depth === 0 && state.state === 'text') return at;
  }
  return -at - 1;
}

function step(skip: Skip, text: string, at: number): number {
  switch (skip.state) {
    case 'text':
      return openTag(skip, text, at);
    case 'tag':
      return withinTag(skip, text, at);
    case 'single':
    case 'double': {
      const end = text.indexOf(skip.state === 'single' ? "'" : '"', at);
      if (end === -1) return text.length;
      skip.state = 'tag';
      return end + 1;
    }
    case 'cdata': {
      const end = text.indexOf(']]>', at);
      if (end === -1) return -Math.max(at, text.length - 2) - 1;
      skip.state = 'text';
      return end + 3;
    }
    default:
      return skip.state satisfies never;
  }
}

const CDATA = '<![CDATA[';

function openTag(skip: Skip, text: string, from: number): number {
  const at = text.indexOf('<', from);
  if (at === -1) return text.length;
  if (at + 1 === text.length) return -at - 1;
  const code = text.charCodeAt(at + 1);
  if (code === 63) throw new XmlError('restricted-xml', 'processing instruction');
  if (code === 33) {
    if (text.startsWith(CDATA, at)) {
      skip.state = 'cdata';
      return at + CDATA.length;
    }
    if (CDATA.startsWith(text.slice(at))) return -at - 1;
    throw new XmlError('restricted-xml', 'comment or document type');
  }
  skip.state = 'tag';
  skip.closing = code === 47;
  skip.slash = false;
  return at + (skip.closing ? 2 : 1);
}

function withinTag(skip: Skip, text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 62) {
      if (skip.closing) skip.depth--;
      else if (!skip.slash) skip.depth++;
      skip.state = 'text';
      return at + 1;
    }
    if (code === 60) malformed('tag within a tag');
    skip.slash = code === 47;
    if (code === 39 || code === 34) {
      skip.state = code === 39 ? 'single' : 'double';
      return at + 1;
    }
  }
  return text.length;
}
