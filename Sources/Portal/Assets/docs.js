// The reference of the API: copy buttons, and a search over what the page has.

import { copyButton, h } from './ui.js';

for (const pre of document.querySelectorAll('.code > pre')) {
  pre.after(h('div.actions', copyButton(pre.textContent, 'Copy', { label: `Copy ${pre.getAttribute('aria-label')}` })));
}

const form = document.querySelector('[role=search]');
const input = form.elements.q;
const status = form.querySelector('[role=status]');
const entries = [...document.querySelectorAll('.api')].map(element => ({
  element, text: element.textContent.toLowerCase(), link: document.querySelector(`[data-for="${CSS.escape(element.id)}"]`),
}));
const groups = document.querySelectorAll('.api-group');

function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { element, text, link } of entries) {
    const matches = words.every(word => text.includes(word));
    element.hidden = !matches;
    if (link) link.hidden = !matches;
    if (matches) found += 1;
  }
  for (const group of groups) group.hidden = !group.querySelector('article:not([hidden])');
  status.textContent = words.length === 0 ? '' : found === 0 ? 'Nothing has all of these words.' : `${found} of ${entries.length} entries`;
  const url = new URL(location);
  if (words.length === 0) url.searchParams.delete('q'); else url.searchParams.set('q', input.value);
  history.replaceState(null, '', url);
}

form.hidden = false;
form.addEventListener('submit', event => event.preventDefault());
input.addEventListener('input', search);
input.value = new URL(location).searchParams.get('q') ?? '';
if (input.value) search();

// What an address leads to is open.
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const details of target?.querySelectorAll('details') ?? []) details.open = true;
}
addEventListener('hashchange', open);
open();
