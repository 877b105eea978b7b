import { contains } from './character-set.ts';
import { posixSet } from './properties.ts';
import { stepBack } from './steps.ts';
import type { Place } from './syntax-tree.ts';

const word = posixSet('word', false);

/** True if an assertion holds at a position. */
export function holdsAt(place: Place, text: string, position: number, searchStart: number): boolean {
  switch (place) {
    case 'start':
      return position === 0;
    case 'end':
      return position === text.length;
    case 'endOrLastNewline':
      return position === text.length || (position === text.length - 1 && text[position] === '\n');
    // Behind a newline that ends the text no line begins.
    case 'lineStart':
      return position === 0 || (text[position - 1] === '\n' && position < text.length);
    case 'lineEnd':
      return position === text.length || text[position] === '\n';
    case 'searchStart':
      return position === searchStart;
    case 'wordEdge':
      return isWordEdge(text, position);
    case 'noWordEdge':
      return !isWordEdge(text, position);
  }
}

function isWordEdge(text: string, position: number): boolean {
  const before = position > 0 && contains(word, text.codePointAt(stepBack(text, position, 0)) ?? 0);
  const after = position < text.length && contains(word, text.codePointAt(position) ?? 0);
  return before !== after;
}
