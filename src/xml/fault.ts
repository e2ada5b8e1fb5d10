/** The one error of the XML side, and how the parser's parts throw it. */

/** RFC 6120 §4.9.3: the stream errors that describe what a peer's XML can do wrong. */
export type XmlCondition =
  | 'bad-namespace-prefix'
  | 'not-well-formed'
  | 'policy-violation'
  | 'restricted-xml'
  | 'unsupported-encoding';

/** Input that is not the XML of RFC 6120 §11. The message names the rule, never the input. */
export class XmlError extends Error {
  readonly condition: XmlCondition;
  constructor(condition: XmlCondition, message: string) {
    super(message);
    this.name = 'XmlError';
    this.condition = condition;
  }
}

/** Throws not-well-formed, by far the most common. */
export function malformed(message: string): never {
  throw new XmlError('not-well-formed', message);
}
