// What pages are made of. Everything is a native element with its name, so that keyboard and screen reader
// come with it.

import { Problem } from './api.js';
import { fill, freshID, h, svg } from './dom.js';
import { sentence } from './format.js';

// MARK: Page

/// The head of a page: `header('Peers', { subtitle, status, back: { href, text }, actions: [...] })`.
export function header(title, { subtitle, status, back, actions = [] } = {}) {
  return h('header', { class: 'page-head' },
    back && h('p', { class: 'back' }, h('a', { href: back.href }, '‹ ', back.text)),
    h('div', { class: 'page-line' },
      h('h1', h('bdi', title), status && [' ', status]),
      h('div', { class: 'actions' }, actions)),
    subtitle && h('p', { class: 'subtitle' }, subtitle));
}

/// A part of a page with a heading: `card('Config', ...children)`; as a title also `{ title, actions, class }`.
export function card(title, ...children) {
  const { title: text, actions, class: name } = typeof title === 'object' && title ? title : { title };
  const id = freshID('card');
  return h('section', { class: `card ${name ?? ''}`, 'aria-labelledby': text ? id : null },
    text && h('div', { class: 'card-head' }, h('h2', { id }, text), actions && h('div', { class: 'actions' }, actions)),
    children);
}

/// Pairs of a word and what it is: `facts(['Address', '10.0.0.2'], ['Endpoint', ...])`.
export function facts(...pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([term, ...value]) => h('div', h('dt', term), h('dd', value))));
}

/// A figure with its word: `figure('Connected', element, 'of 12 peers')`.
export function figure(label, value, note) {
  return h('div', { class: 'figure' }, h('span', { class: 'figure-label' }, label), h('span', { class: 'figure-value' }, value),
    note && h('span', { class: 'figure-note' }, note));
}

/// Where there is nothing yet: what is missing, and what to do next.
export function empty(title, text, ...actions) {
  return h('div', { class: 'empty' }, h('h2', title), h('p', text), actions.length > 0 && h('p', { class: 'actions' }, actions));
}

// MARK: States

const disc = 'M1 6a5 5 0 1 1 10 0 5 5 0 1 1-10 0';
const shapes = {
  ok: disc,
  quiet: `${disc}m1.5 0a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0m2 0a1.5 1.5 0 1 1 3 0 1.5 1.5 0 1 1-3 0`,
  off: `${disc}m1.5 0a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0`,
  warning: 'M6 1 11.4 11H.6z', error: 'M6 0 12 6 6 12 0 6z', info: 'M2 2h8v8H2z',
};

/// The mark of a state alone, for where its word is beside it.
export const shape = (kind) => svg('svg', { class: 'shape', viewBox: '0 0 12 12', width: 10, height: 10, 'aria-hidden': 'true' },
  svg('path', { d: shapes[kind] ?? shapes.off, fill: 'currentColor', 'fill-rule': 'evenodd' }));

/// A state in colour, shape and word. Kinds: ok, quiet, off, warning, error, info.
export const badge = (kind, text) => h('span', { class: `badge ${kind}` }, shape(kind), h('span', text));

/// A notice over a page or a form, with what can be done about it.
export function banner(kind, text, ...actions) {
  return h('div', { class: `banner ${kind}`, role: kind === 'error' ? 'alert' : 'status' }, shape(kind), h('div', h('p', text)),
    actions.length > 0 && h('div', { class: 'actions' }, actions));
}

/// Findings of a diagnosis and remarks of an overview: what the server has found, and the next step.
export function findings(list) {
  const words = { error: 'Problem', warning: 'Warning', info: 'Note', ok: 'All is well' };
  return h('ul', { class: 'findings' }, list.map((finding) => h('li', { class: finding.severity }, shape(finding.severity),
    h('div',
      h('p', h('span', { class: 'hidden' }, `${words[finding.severity] ?? 'Note'}: `), h('strong', sentence(finding.message))),
      finding.next_step && h('p', sentence(finding.next_step))))));
}

const toasts = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });

/// A short notice that goes by itself.
export function toast(text, kind = 'ok') {
  showToasts();
  const note = h('p', { class: `toast ${kind}` }, shape(kind), h('span', text));
  toasts.append(note);
  setTimeout(() => note.remove(), 6000);
}

/// Only what is in the topmost dialog can be seen over it.
const showToasts = () => ([...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body).append(toasts);

/// What a problem says, as one text.
export const problemText = (problem) => (problem instanceof Problem ? problem.message : `Something went wrong in this page: ${problem.message}`);

/// The page in the place of one that could not be shown.
export function problemView(problem, retry) {
  if (!(problem instanceof Problem)) console.error(problem);
  const title = { 0: 'The server is away', 403: 'You may not see this', 404: 'There is nothing here' }[problem.status] ?? 'This did not work';
  return {
    title,
    element: h('div', header(title), h('p', problem.status === 404 ? 'It may have been deleted, or the address is not right.' : problemText(problem)),
      h('p', { class: 'actions' }, button('Try again', { onclick: retry }), h('a', { class: 'button', href: '/' }, 'To the overview'))),
  };
}

// MARK: Buttons

/// `button('Save', { kind: 'primary', onclick })`. Kinds: primary, danger, quiet. While `onclick` is at work the
/// button waits; what goes wrong in it is said.
export function button(text, { kind, onclick, type = 'button', ...attributes } = {}) {
  const element = h('button', { type, class: kind, ...attributes }, text);
  if (onclick) element.addEventListener('click', (event) => busy(element, () => onclick(event), (problem) => toast(problemText(problem), 'error')));
  return element;
}

/// Does something while an element says that it is at work, once at a time; being left half way is not a problem.
async function busy(element, work, failed) {
  if (element.ariaBusy) return;
  element.ariaBusy = 'true';
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem) && problem.name !== 'AbortError') console.error(problem);
    if (problem.name !== 'AbortError') failed(problem);
  } finally {
    element.ariaBusy = null;
  }
}

/// Copies a text, or what a function gives, and says so.
export const copyButton = (text, label = 'Copy', attributes = {}) => button(label, {
  kind: 'small', ...attributes,
  async onclick() {
    await navigator.clipboard.writeText(typeof text === 'function' ? await text() : text);
    toast('Copied.');
  },
});

/// Saves a text as a file of this name.
export function download(name, content, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/// A text to copy as it is: `code(config, { label: 'Config', file: 'wg.conf' })`; with a file it can be saved, too.
export function code(text, { label = 'Text', file } = {}) {
  return h('div', { class: 'code' },
    h('pre', { role: 'group', 'aria-label': label }, text),
    h('div', { class: 'actions' }, copyButton(text, 'Copy', { 'aria-label': `Copy: ${label}` }),
      file && button('Download', { kind: 'small', onclick: () => download(file, text), 'aria-label': `Download ${file}` })));
}

/// One line with its copy button, for keys and addresses.
export function line(text, label) {
  const value = h('code', text);
  return h('span', { class: 'line' }, value, copyButton(() => value.textContent, 'Copy', { 'aria-label': `Copy: ${label}` }));
}

// MARK: Tables

/// A table that becomes cards on a narrow screen. Columns: `[title, (row) => child, class]`, where the class
/// `number` is for figures and `minor` for what gives way. With `empty`, what stands there without rows.
export function table(columns, rows, { caption, empty: none } = {}) {
  if (!rows.length && none) return none; // Roles are said, since a table that is shown as cards loses them.
  return h('table', { role: 'table', class: 'data' },
    caption && h('caption', { class: 'hidden' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      columns.map(([title, , name]) => h('th', { role: 'columnheader', scope: 'col', class: name }, title || h('span', { class: 'hidden' }, 'Actions'))))),
    h('tbody', { role: 'rowgroup' }, rows.map((row) => h('tr', { role: 'row' },
      columns.map(([title, cell, name]) => h('td', { role: 'cell', 'data-title': title, class: name }, h('div', cell(row))))))));
}

// MARK: Forms

/// A control with its label: `field('Name', h('input', { name: 'name' }), { hint })`. The control's name is
/// the member of the request, so that what the server has against it stands at the field.
export function field(label, control, { hint } = {}) {
  const id = control.id ||= freshID('field');
  const said = h('label', { for: id }, label);
  const advice = hint && h('p', { class: 'hint', id: `${id}-hint` }, hint);
  const error = h('p', { class: 'error', id: `${id}-error` });
  control.setAttribute('aria-describedby', `${id}-error${hint ? ` ${id}-hint` : ''}`);
  return control.type === 'checkbox'
    ? h('div', { class: 'field check' }, control, h('div', said, advice), error)
    : h('div', { class: 'field' }, said, advice, control, error);
}

/// A `<select>`: options are `{ value, text }` or texts.
export const select = (attributes, options, value) => h('select', attributes, options.map((option) => {
  const { value: v, text } = typeof option === 'object' ? option : { value: option, text: option };
  return h('option', { value: v, selected: v === value }, text);
}));

/// The values of a form by the names of its controls: a checkbox is true or false, a number a number, and an
/// empty control null. Controls without a name and disabled ones are left out.
export function values(form) {
  const found = {};
  for (const control of form.elements) {
    if (!control.name || control.disabled) continue;
    if (control.type === 'checkbox') found[control.name] = control.checked;
    else if (control.value === '') found[control.name] = null;
    else if (control.type === 'number') found[control.name] = control.valueAsNumber;
    else found[control.name] = control.type === 'password' ? control.value : control.value.trim();
  }
  return found;
}

/// `form({ submit: 'Save', onsubmit: async (values) => {...}, cancel }, ...fields)`. Problems stand at the field that
/// the server's pointer names, all others above; what was typed stays. `danger` is for what destroys.
export function form({ submit, onsubmit, cancel, danger, class: name }, ...children) {
  const notice = h('div', { class: 'form-notice' });
  const send = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, submit);
  const element = h('form', {
    class: name, novalidate: true,
    oninput: (event) => { element.dataset.typed = 'true'; clear(event.target); },
    onsubmit(event) {
      event.preventDefault();
      busy(send, async () => {
        fill(notice);
        for (const control of element.elements) clear(control);
        await onsubmit(values(element), element);
        delete element.dataset.typed;
      }, (problem) => showProblem(problem, element, notice));
    },
  }, notice, children, h('div', { class: 'actions form-actions' }, cancel && button('Cancel', { onclick: cancel }), send));
  return element;
}

const errorOf = (control) => document.getElementById(`${control.id}-error`);

function clear(control) {
  if (!control.ariaInvalid) return;
  control.ariaInvalid = null;
  errorOf(control).textContent = '';
}

function showProblem(problem, element, notice) {
  const rest = [];
  let first;
  for (const { pointer, parameter, detail, title } of problem.errors ?? [{ detail: problemText(problem) }]) {
    const control = element.elements.namedItem(pointer?.split('/')[1] ?? parameter);
    const place = control && errorOf(control);
    if (!place) { rest.push(detail || title); continue; }
    control.ariaInvalid = 'true';
    place.append(`${place.textContent && ' '}${detail || title}`);
    first ??= control;
  }
  if (rest.length) fill(notice, banner('error', rest.join(' ')));
  first?.focus();
}

// MARK: Dialogs and tabs

/// Opens a dialog and returns it; `content` is a node or a function of what closes it. `onclose` runs in any case.
export function dialog(title, content, { wide = false, onclose } = {}) {
  const id = freshID('dialog');
  const element = h('dialog', { class: wide ? 'wide' : null, 'aria-labelledby': id, onclose: () => { element.remove(); showToasts(); onclose?.(); } });
  const close = () => element.close();
  element.append(
    h('div', { class: 'dialog-head' }, h('h2', { id }, title), h('button', { type: 'button', class: 'quiet close', 'aria-label': 'Close', onclick: close }, '×')),
    h('div', { class: 'dialog-body' }, typeof content === 'function' ? content(close) : content));
  document.body.append(element);
  element.showModal();
  element.querySelector('[autofocus], .dialog-body input:not([type=checkbox]), .dialog-body select')?.focus();
  return { element, close };
}

/// A dialog with one form, which closes when what it sends has been done: `formDialog('Rename', { submit: 'Save', send }, field(...))`.
export const formDialog = (title, { submit, send }, ...fields) => dialog(title, (close) => form({
  submit, cancel: close,
  async onsubmit(values) { await send(values); close(); },
}, fields));

/// Shows what no other answer has: a key, a link.
export const showOnce = (title, text, words, file) => dialog(title, (close) => h('div', { class: 'stack' },
  h('p', words, ' This is shown only now: copy it before you close it.'), code(text, { label: title, file }),
  h('div', { class: 'actions form-actions' }, button('Done', { kind: 'primary', onclick: close }))));

/// The field for the name of an object.
export const nameField = (value = '', hint = null) => field('Name', h('input', { name: 'name', autocomplete: 'off', autofocus: true, value }), { hint });

/// Asks before `onconfirm` is done, which cannot be undone: resolves with whether it was.
export const confirm = ({ title, text, action, danger = false, onconfirm }, ...fields) => new Promise((resolve) => {
  let done = false;
  dialog(title, (close) => form({
    submit: action, danger, cancel: close,
    async onsubmit(values) { await onconfirm(values); done = true; close(); },
  }, h('p', text), fields), { onclose: () => resolve(done) });
});

/// The same for what destroys: a name has to be typed.
export const confirmName = ({ name, action = 'Delete', onconfirm, ...rest }) => confirm({
  ...rest, action, danger: true,
  async onconfirm({ typed }) {
    if (typed !== name.trim()) throw new Problem(422, [{ detail: `Type “${name}” to go on.`, pointer: '/typed' }]);
    await onconfirm();
  },
}, field(['Type ', h('strong', h('bdi', name)), ' to confirm'], h('input', { name: 'typed', autocomplete: 'off', spellcheck: 'false' })));

/// Tabs by the keyboard rules of ARIA: `tabs('Formats', [{ title, content: () => node or Promise }])`. What a tab
/// shows is made when it is first opened.
export function tabs(label, list, { selected = 0, onselect } = {}) {
  const id = freshID('tab');
  const panel = h('div', { role: 'tabpanel', id: `${id}-panel`, class: 'tab-panel' });
  const made = new Map();
  const buttons = list.map((tab, i) => h('button', {
    type: 'button', role: 'tab', id: `${id}-${i}`, 'aria-controls': `${id}-panel`, onclick: () => open(i),
    onkeydown(event) {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: list.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = (to + list.length) % list.length;
      open(next);
      buttons[next].focus();
    },
  }, tab.title));
  let shown = -1;
  async function open(i) {
    shown = i;
    buttons.forEach((b, n) => { b.setAttribute('aria-selected', String(n === i)); b.tabIndex = n === i ? 0 : -1; });
    panel.setAttribute('aria-labelledby', `${id}-${i}`);
    onselect?.(i);
    if (!made.has(i)) {
      try {
        made.set(i, await list[i].content());
      } catch (problem) {
        if (problem.name !== 'AbortError' && shown === i) fill(panel, banner('error', problemText(problem)));
        return;
      }
    }
    if (shown === i) fill(panel, made.get(i));
  }
  open(selected);
  return h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label }, buttons), panel);
}

/// A button that opens a list of further actions: `menu('More', button(...), ...)`.
export function menu(text, ...items) {
  const id = freshID('menu');
  const opener = h('button', { type: 'button', popovertarget: id }, text);
  const list = h('div', { id, popover: true, class: 'menu', onclick: () => list.hidePopover() }, items);
  list.addEventListener('beforetoggle', (event) => {
    if (event.newState !== 'open') return;
    const box = opener.getBoundingClientRect();
    list.style.setProperty('top', `${box.bottom + 4}px`);
    list.style.setProperty(...(box.right > 220 ? ['right', `${document.documentElement.clientWidth - box.right}px`] : ['left', `${box.left}px`]));
  });
  return h('span', { class: 'menu-place' }, opener, list);
}
