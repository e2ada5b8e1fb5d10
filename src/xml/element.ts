/** An XML element as a plain immutable value, namespaces resolved. Made by the parser; read by `xmpp/codec`. */

export interface Element {
  /** Local name, without prefix. */
  readonly name: string;
  /** Namespace; '' where none was declared. */
  readonly ns: string;
  /** Attributes by name as written ('id', 'xml:lang'); xmlns declarations are not among them. No prototype: any key is safe. */
  readonly attrs: Readonly<Record<string, string>>;
  /** Elements and text, in order. */
  readonly children: readonly Node[];
}

export type Node = Element | string;
