/** Markdown as a tree that components draw: no HTML is made, and none that was written is let through as such. */
import { lexer, type Token, type Tokens } from 'marked';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em' | 'del'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; inside: Inline[] }
  | { kind: 'break' };

export type Block =
  | { kind: 'heading'; level: number; inside: Inline[] }
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; inside: Block[] }
  | { kind: 'list'; isOrdered: boolean; items: Block[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

export function readMarkdown(text: string): Block[] {
  return stepwise(blocks(lexer(text, { gfm: true })), []);
}

/** Headings by their depth, 1, 2 ..., whatever level they were written with: none is left out for screen readers. */
function stepwise(read: Block[], open: number[]): Block[] {
  return read.map((block): Block => {
    if (block.kind === 'quote') return { ...block, inside: stepwise(block.inside, open) };
    if (block.kind === 'list') return { ...block, items: block.items.map((item) => stepwise(item, open)) };
    if (block.kind !== 'heading') return block;
    while (open.length > 0 && open.at(-1)! >= block.level) open.pop();
    open.push(block.level);
    return { ...block, level: open.length };
  });
}

/** What a link may lead to; a link of another kind is shown as its text. */
export function safeAddress(href: string): string | null {
  try {
    const address = new URL(href, 'https://relative.invalid/');
    const isAllowed = ['https:', 'http:', 'mailto:'].includes(address.protocol) && address.hostname !== 'relative.invalid';
    return isAllowed ? address.href : null;
  } catch {
    return null; // no address at all
  }
}

function blocks(tokens: Token[]): Block[] {
  return tokens.flatMap((token): Block[] => {
    switch (token.type) {
      case 'heading':
        return [{ kind: 'heading', level: (token as Tokens.Heading).depth, inside: inlines(token.tokens) }];
      case 'paragraph':
        return [{ kind: 'paragraph', inside: inlines(token.tokens) }];
      case 'text':
        return [{ kind: 'paragraph', inside: token.tokens ? inlines(token.tokens) : [{ kind: 'text', text: plain(token) }] }];
      case 'code':
        return [{ kind: 'code', text: (token as Tokens.Code).text }];
      case 'blockquote':
        return [{ kind: 'quote', inside: blocks(token.tokens ?? []) }];
      case 'list': {
        const list = token as Tokens.List;
        return [{ kind: 'list', isOrdered: list.ordered, items: list.items.map((item) => blocks(item.tokens)) }];
      }
      case 'table': {
        const table = token as Tokens.Table;
        return [{ kind: 'table', head: table.header.map((cell) => inlines(cell.tokens)), rows: table.rows.map((row) => row.map((cell) => inlines(cell.tokens))) }];
      }
      case 'hr':
        return [{ kind: 'rule' }];
      case 'space':
      case 'def':
        return [];
      default: // HTML among them: shown as the text that it is
        return [{ kind: 'paragraph', inside: [{ kind: 'text', text: token.raw }] }];
    }
  });
}

function inlines(tokens: Token[] = []): Inline[] {
  return tokens.map((token): Inline => {
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return { kind: token.type, inside: inlines(token.tokens) };
      case 'codespan':
        return { kind: 'code', text: (token as Tokens.Codespan).text };
      case 'br':
        return { kind: 'break' };
      case 'link': {
        const href = safeAddress((token as Tokens.Link).href);
        return href === null ? { kind: 'text', text: token.raw } : { kind: 'link', href, inside: inlines(token.tokens) };
      }
      case 'text':
        return { kind: 'text', text: plain(token) };
      case 'escape':
        return { kind: 'text', text: (token as Tokens.Escape).text };
      default: // images and HTML: as the text that they are
        return { kind: 'text', text: token.raw };
    }
  });
}

function plain(token: Token): string {
  return (token as Tokens.Text).text;
}
