// The Markdown that the API's guides are written in, as elements: headings, paragraphs, lists, blocks of code, and in a line
// `code`, *emphasis* and <https://links>. What it does not know stays as it is written.
import { h } from './dom.js';
import { code } from './ui.js';

export function markdown(text, heading = 'h3') {
  const lines = text.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line.startsWith('```')) {
      const first = ++at;
      while (at < lines.length && !lines[at].startsWith('```')) at++;
      blocks.push(code(lines.slice(first, at).join('\n'), { label: 'Lines to copy' }));
    } else if (line.startsWith('- ')) {
      const items = [];
      for (; lines[at]?.startsWith('- '); at++) items.push(h('li', inline(lines[at].slice(2))));
      at--;
      blocks.push(h('ul', items));
    } else if (/^#+ /.test(line)) {
      blocks.push(h(heading, inline(line.replace(/^#+ (\d+\. )?/, ''))));
    } else if (line) {
      blocks.push(h('p', inline(line)));
    }
  }
  return blocks;
}

function inline(text) {
  return text.split(/(`[^`]+`|\*[^*\s][^*]*\*|<https:[^>\s]+>)/).filter(Boolean).map((piece) => {
    const inner = piece.slice(1, -1);
    if (piece.length > 2 && piece[0] === '`') return h('code', inner);
    if (piece.length > 2 && piece[0] === '*') return h('em', inner);
    if (piece.startsWith('<https:')) return h('a', { href: inner, rel: 'noreferrer' }, inner);
    return piece;
  });
}
