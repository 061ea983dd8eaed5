/** What conversion left out, in the reader's language. The service says it in English sentences: each is known by its form. */
import { t, type MessageId } from '../language/language.svelte';

const FORMS: [RegExp, MessageId][] = [
  [/^A document of another format embedded in it was left out\.$/, 'warning.embedded'],
  [/^Its table of contents was left out\.$/, 'warning.contents'],
  [/^Pictures shown in its text were left out\.$/, 'warning.pictures'],
  [/^The attachment (?<what>.+) is empty\.$/s, 'warning.attachment'],
  [/^The front matter is not valid YAML; it was left out\.$/, 'warning.frontmatter'],
  [/^Pages? (?<what>.+) could not be read: damaged\.$/, 'warning.pages.damaged'],
  [/^Pages? (?<what>.+) held no text: blank, or a picture\.$/, 'warning.pages.blank'],
  [/^Its outline is damaged; headings were told by their type\.$/, 'warning.outline'],
  [/^Files attached to it were not read: (?<what>.+)\. Add them as documents of their own\.$/s, 'warning.files'],
  [/^(?:Slide|A chart or diagram of slide|The notes of slide) (?<what>\d+) could not be read: damaged\.$/, 'warning.slide'],
  [/^The sheet (?<what>.+) could not be read: damaged\.$/s, 'warning.sheet'],
  [/^Hidden sheets were left out: (?<what>.+)\.$/s, 'warning.hidden'],
];

/** The service's own words where it says something else. */
export function warningInWords(said: string): string {
  for (const [form, message] of FORMS) {
    const match = form.exec(said);
    if (match) return t(message, { what: match.groups?.what ?? '' });
  }
  return said;
}
