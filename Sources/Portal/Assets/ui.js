// What pages are made of. Everything is a native element with its name, so that keyboard and screen reader
// come with it.

import { api, idempotencyKey, Problem } from './api.js';
import { fill, freshID, h, svg } from './dom.js';
import { counted, kinds, nameOf, sentence, time } from './format.js';

// A page imports all of these from here.
export * from './api.js';
export * from './dom.js';
export * from './format.js';

// MARK: Page

/// The head of a page: `header('Peers', { subtitle, status, back: { href, text }, actions: [...] })`.
export function header(title, { subtitle, status, back, actions = [] } = {}) {
  return h('header.page-head',
    back && h('p.back', h('a', { href: back[0] }, '‹ ', back[1])),
    h('div.page-line',
      h('div', h('h1', h('bdi', title), status && [' ', status]), subtitle && h('p.subtitle', subtitle)),
      h('div.actions', actions)));
}

/// A page, as modules give it: its head, with the options of `header`, and what is below.
export const page = (title, options, ...children) => ({ title, element: h('div', header(title, options), children) });

/// A name that stands out, one with a remark behind it, and a link to an object by its name.
export const strong = name => h('strong', h('bdi', name));
export const named = ({ name }, remark) => [h('bdi', name), remark && [' ', h('span.muted', `(${remark})`)]];
export const linkTo = (path, object) => h('a', { href: `${path}/${object.id}` }, h('bdi', nameOf(object)));

/// The first of a list, and how many more there are.
export const few = (list, show) => (list.length ? [list.slice(0, 4).map((one, at) => [at > 0 && ', ', show(one)]),
  list.length > 4 && ` and ${list.length - 4} more`] : h('span.muted', 'None'));

/// A part of a page with a heading: `card('Config', ...children)`; as a title also `{ title, actions, class }`.
export function card(title, ...children) {
  const { title: text, actions, class: name } = typeof title === 'object' && title ? title : { title };
  const id = freshID('card');
  return h('section', { class: `card ${name ?? ''}`, 'aria-labelledby': text ? id : null },
    text && h('div.card-head', h('h2', { id }, text), actions && h('div.actions', actions)),
    children);
}

/// Pairs of a word and what it is: `facts(['Address', '10.0.0.2'], ['Endpoint', ...])`.
export function facts(...pairs) {
  return h('dl.facts', pairs.filter(Boolean).map(([term, ...value]) => h('div', h('dt', term), h('dd', value))));
}

/// A figure with its word: `figure('Connected', element, 'of 12 peers')`.
export function figure(label, value, note) {
  return h('div.figure', h('span.hint', label), h('span.figure-value', value),
    note && h('span.hint', note));
}

/// Where there is nothing yet: what is missing, and what to do next.
export function empty(title, text, ...actions) {
  return h('div.empty', h('h2', title), h('p', text), actions.length > 0 && h('p.actions', actions));
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
export const shape = kind => svg('svg.shape', { viewBox: '0 0 12 12', width: 10, height: 10, 'aria-hidden': 'true' },
  svg('path', { d: shapes[kind] ?? shapes.off, fill: 'currentColor', 'fill-rule': 'evenodd' }));

/// A state in colour, shape and word. Kinds: ok, quiet, off, warning, error, info.
export const badge = (kind, text) => h('span', { class: `badge ${kind}` }, shape(kind), h('span', text));

/// A notice over a page or a form, with what can be done about it.
export function banner(kind, text, ...actions) {
  return h('div', { class: `banner ${kind}`, role: kind === 'error' ? 'alert' : 'status' }, shape(kind), h('div', h('p', text)),
    actions.length > 0 && h('div.actions', actions));
}

/// Findings of a diagnosis and remarks of an overview: what the server has found, the next step, when it was seen, and what `more`
/// gives for one.
export function findings(list, more) {
  const words = { error: 'Problem', warning: 'Warning', info: 'Note', ok: 'All is well' };
  return h('ul.findings', list.map(finding => h('li', { class: finding.severity }, shape(finding.severity),
    h('div',
      h('p', h('span.hidden', `${words[finding.severity] ?? 'Note'}: `), h('strong', sentence(finding.message))),
      finding.next_step && h('p', sentence(finding.next_step)),
      finding.source && finding.count && h('p.hint', `Seen ${counted(finding.count, 'time')}, last `, time(finding.last_at), ' from ', h('code', finding.source)),
      more?.(finding)))));
}

const toasts = h('div.toasts', { role: 'status', 'aria-live': 'polite' });

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
export const problemText = problem => (problem instanceof Problem ? problem.message : `Something went wrong in this page: ${problem.message}`);

/// What says in its place what went wrong, with a way to try again; being left half way is not a problem.
export const failing = (place, retry) => problem => {
  if (problem.name !== 'AbortError') fill(place, banner('error', problemText(problem), retry && button('Try again', retry)));
};

/// What a form has against a field before the server is asked.
export function refuse(detail, name) { throw new Problem(422, [{ detail, pointer: `/${name}` }]); }

/// Sends the values that an object does not have, if there are any.
export async function saveChanges(path, object, values) {
  const changes = Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(object[name] ?? null));
  if (changes.length) await api.patch(path, Object.fromEntries(changes));
}

/// The page in the place of one that could not be shown.
export function problemView(problem, retry) {
  if (!(problem instanceof Problem)) console.error(problem);
  const title = { 0: 'The server is away', 403: 'You may not see this', 404: 'There is nothing here' }[problem.status] ?? 'This did not work';
  return {
    title,
    element: h('div', header(title), h('p', problem.status === 404 ? 'It may have been deleted, or the address is not right.' : problemText(problem)),
      h('p.actions', button('Try again', retry), h('a.button', { href: '/' }, 'To the overview'))),
  };
}

// MARK: Buttons

/// `button('Save', save, 'primary')`. Kinds: primary, danger, quiet, small. While `onclick` is at work the button waits; what goes wrong in it is said.
export function button(text, onclick, kind, attributes) {
  const element = h('button', { type: 'button', class: kind, ...attributes }, text);
  element.addEventListener('click', event => busy(element, () => onclick(event), problem => toast(problemText(problem), 'error')));
  return element;
}

/// Buttons of which one is pressed: `toggles([['', 'All'], …], value => …)`. `press(value)` says which.
export function toggles(options, onchoose) {
  const buttons = options.map(([value, text]) => button(text, () => onchoose(value), 'small'));
  return { buttons, press: value => buttons.forEach((one, at) => one.setAttribute('aria-pressed', String(options[at][0] === value))) };
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

/// Does something a moment after it was last asked for.
export function delayed(work) {
  let timer;
  return asked => { clearTimeout(timer); timer = setTimeout(work, 100, asked); };
}

/// Copies a text, or what a function gives, and says so.
export const copyButton = (text, label = 'Copy', attributes = {}, kind = 'small') => button(label, async () => {
  await navigator.clipboard.writeText(typeof text === 'function' ? await text() : text);
  toast('Copied.');
}, kind, attributes);

/// Saves a text as a file of this name.
export function download(name, content, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/// A text to copy as it is: `code(config, { label: 'Config', file: 'wg.conf' })`; with a file it can be saved, too.
/// `ontake` is called when it is copied or saved.
export function code(text, { label = 'Text', file, ontake } = {}) {
  return h('div.code',
    h('pre', { role: 'group', label }, text),
    h('div.actions', { onclick: ontake }, copyButton(text, 'Copy', { label: `Copy: ${label}` }),
      file && button('Download', () => download(file, text), 'small', { label: `Download ${file}` })));
}

/// One line with its copy button, for keys and addresses.
export function line(text, label) {
  const value = h('code', text);
  return h('span.line', value, copyButton(() => value.textContent, 'Copy', { label: `Copy: ${label}` }));
}

// MARK: Tables

/// A table that becomes cards on a narrow screen. Columns: `[title, row => child, class]`, where the class
/// `number` is for figures and `minor` for what gives way; those that are false are left out. `none` stands there without rows.
export function table(columns, rows, caption, none) {
  if (!rows.length && none) return none;
  columns = columns.filter(Boolean);
  // Roles are said, since a table that is shown as cards loses them.
  return h('table.data', { role: 'table' },
    caption && h('caption.hidden', caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      columns.map(([title, , name]) => h('th', { role: 'columnheader', scope: 'col', class: name }, title || h('span.hidden', 'Actions'))))),
    h('tbody', { role: 'rowgroup' }, rows.map(row => h('tr', { role: 'row' },
      columns.map(([title, cell, name]) => h('td', { role: 'cell', 'data-title': title, class: name }, h('div', cell(row))))))));
}

// MARK: Forms

/// A control with its label: `field('Name', h('input', { name: 'name' }), hint)`. The control's name is
/// the member of the request, so that what the server has against it stands at the field.
export function field(label, control, hint) {
  const id = control.id ||= freshID('field');
  const said = h('label', { for: id }, label);
  const advice = hint && h('p.hint', { id: `${id}-hint` }, hint);
  const error = h('p.error', { id: `${id}-error` });
  control.setAttribute('aria-describedby', `${id}-error${hint ? ` ${id}-hint` : ''}`);
  return control.type === 'checkbox'
    ? h('div.field.check', control, h('div', said, advice), error)
    : h('div.field', said, advice, control, error);
}

/// A `<select>`: options are pairs of a value and a text; those that are false are left out.
export const select = (attributes, options, value) => h('select', attributes, options.map(option => option
  && h('option', { value: option[0], selected: option[0] === value }, option[1])));

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

/// `form({ submit: 'Save', onsubmit: async values => {...}, cancel }, ...fields)`. Problems stand at the field that
/// the server's pointer names, all others above; what was typed stays. `danger` is for what destroys.
export function form({ submit, onsubmit, cancel, danger, class: name }, ...children) {
  const notice = h('div.form-notice');
  const send = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, submit);
  const element = h('form', {
    class: name, novalidate: true,
    oninput: event => { element.dataset.typed = 'true'; clear(event.target); },
    onsubmit(event) {
      event.preventDefault();
      busy(send, async () => {
        fill(notice);
        for (const control of element.elements) clear(control);
        await onsubmit(values(element), element);
        delete element.dataset.typed;
      }, problem => showProblem(problem, element, notice));
    },
  }, notice, children, h('div.actions.form-actions', cancel && button('Cancel', cancel), send));
  return element;
}

const errorOf = control => document.getElementById(`${control.id}-error`);

function clear(control) {
  if (!control.ariaInvalid) return;
  control.ariaInvalid = null;
  errorOf(control).textContent = '';
}

function showProblem(problem, element, notice) {
  const rest = [];
  let first;
  for (const { pointer, parameter, detail, title } of problem.errors ?? [{ detail: problemText(problem) }]) {
    // The innermost part of the pointer that has a field here.
    const control = (pointer?.split('/').reverse() ?? [parameter]).map(name => name && element.elements.namedItem(name)).find(Boolean);
    const place = control && errorOf(control);
    if (!place) { rest.push(detail || title); continue; }
    control.ariaInvalid = 'true';
    place.append(`${place.textContent && ' '}${detail || title}`);
    first ??= control;
  }
  if (rest.length) fill(notice, banner('error', rest.join(' ')));
  first?.focus();
}

// MARK: Dialogs and choices

/// Opens a dialog and returns it; `content` is a node or a function of what closes it. `onclose` runs in any case.
export function dialog(title, content, { wide = false, onclose } = {}) {
  const id = freshID('dialog');
  const element = h('dialog', { class: wide ? 'wide' : null, 'aria-labelledby': id, onclose: () => { element.remove(); showToasts(); onclose?.(); } });
  const close = () => element.close();
  element.append(
    h('div.dialog-head', h('h2', { id }, title), h('button', { type: 'button', class: 'quiet close', label: 'Close', onclick: close }, '×')),
    h('div.dialog-body', typeof content === 'function' ? content(close) : content));
  document.body.append(element);
  element.showModal();
  element.querySelector('[autofocus], .dialog-body input:not([type=checkbox]), .dialog-body select')?.focus();
  return { element, close };
}

/// A dialog with one form, which closes when what it sends has been done: `formDialog('Rename', { submit: 'Save', send }, field(...))`.
/// `send` gets the values, and an idempotency key for what they make.
export function formDialog(title, { submit, send }, ...fields) {
  const key = idempotencyKey();
  return dialog(title, close => form({
    submit, cancel: close,
    async onsubmit(values) { await send(values, key); close(); },
  }, fields));
}

/// A dialog by which an object is made, or `object` is changed: `edit('network', { made }, field(...))`. `read` makes out of the values
/// what is sent; `made` gets what there is then.
export const edit = (kind, { object, noun = kinds[kind][0], title, submit, read = values => values, made, query }, ...fields) => formDialog(
  title ?? (object ? ['Edit ', h('bdi', nameOf(object))] : `New ${noun}`), {
    submit: submit ?? (object ? 'Save' : `Make the ${noun}`),
    async send(values, key) {
      const sent = await read(values);
      if (object) return saveChanges(`${kind}s/${object.id}`, object, sent);
      const answer = await api.post(`${kind}s`, sent, { query, key });
      return made?.(answer);
    },
  }, fields);

/// All of something, some, or none where `none` names that: a choice, and boxes for pairs of a value and a text. Without `all`
/// some have to be chosen. `chosen` is null for all.
export function choicesField(label, name, { all, none, options, chosen }) {
  const boxes = options.map(([value, text]) => h('label.choice', h('input', { type: 'checkbox', value, checked: chosen?.includes(value) }), h('bdi', text)));
  const now = chosen === null && all ? 'all' : none && !chosen?.length ? 'none' : 'some';
  const which = select({ name, onchange: draw }, [none && ['none', none], all && ['all', all], ['some', 'Only some']], now);
  which.hidden = which.length === 1;
  const some = h('div.choices', boxes);
  function draw() { some.hidden = which.value !== 'some'; }
  draw();
  return {
    element: h('div', field(label, which), some),
    /// Null for all.
    read: () => (which.value === 'all' ? null : boxes.map(box => box.firstChild).filter(box => which.value === 'some' && box.checked).map(box => box.value)),
  };
}

/// Shows what no other answer has: a key, a link.
export const showOnce = (title, text, words, file) => dialog(title, close => h('div.stack',
  h('p', words, ' This is shown only now: copy it before you close it.'), code(text, { label: title, file }),
  h('div.actions.form-actions', button('Done', close, 'primary'))));

/// An input for what is no word of a language.
export const input = (name, value = '') => h('input', { name, autocomplete: 'off', spellcheck: 'false', value: value ?? '' });
export const numberInput = (name, value) => h('input', { name, type: 'number', inputmode: 'numeric', value: value ?? '' });

/// What a text lists, with commas, spaces or ends of lines between.
export const words = text => (text ?? '').split(/[\s,]+/).filter(Boolean);

/// The field for the name of an object.
export const nameField = (value = '', hint = null) => field('Name', h('input', { name: 'name', autocomplete: 'off', autofocus: true, value }), hint);

/// Asks before `onconfirm` is done, which the title says and which destroys something unless `danger` is false: resolves with
/// whether it was, or may be where it is left out.
export const confirm = ({ title, text, danger = true, onconfirm }, ...fields) => new Promise(resolve => {
  let done = false;
  dialog(title, close => form({
    submit: title, danger, cancel: close,
    async onsubmit(values) { await onconfirm?.(values); done = true; close(); },
  }, h('p', text), fields), { onclose: () => resolve(done) });
});

/// The same for what cannot be undone: a name has to be typed.
export const confirmName = ({ title, name, text, onconfirm }) => confirm({
  title, text: [text, ' This cannot be undone.'],
  async onconfirm({ typed }) {
    if (typed !== name.trim()) refuse(`Type “${name}” to go on.`, 'typed');
    await onconfirm?.();
  },
}, field(['Type ', strong(name), ' to confirm'], input('typed')));

/// The button that asks in this way before it deletes an object.
export const deleteButton = (kind, object, text) => button('Delete', () => confirmName({
  title: `Delete the ${kinds[kind][0]}`, name: nameOf(object), text, onconfirm: () => api.delete(`${kind}s/${object.id}`),
}), 'danger');

/// One of several contents: `pick('Format', [{ title, content: () => node or Promise }])`. Each is made when it is first chosen.
export function pick(label, list, selected = 0) {
  const panel = h('div');
  const made = new Map();
  const choice = select({ onchange: open }, list.map(({ title }, i) => [String(i), title]), String(selected));
  async function open() {
    const { value } = choice;
    try {
      if (!made.has(value)) made.set(value, await list[value].content());
      if (value === choice.value) fill(panel, made.get(value));
    } catch (problem) {
      if (value === choice.value) failing(panel, open)(problem);
    }
  }
  open();
  return h('div', h('div.narrow-form', field(label, choice)), panel);
}

/// A button that opens a list of further actions: `menu('More', button(...), ...)`.
export function menu(text, ...items) {
  const id = freshID('menu');
  const opener = h('button', { type: 'button', popovertarget: id }, text);
  const list = h('div', { id, popover: true, class: 'menu', onclick: () => list.hidePopover() }, items);
  list.addEventListener('beforetoggle', event => {
    if (event.newState !== 'open') return;
    const box = opener.getBoundingClientRect();
    list.style.setProperty('top', `${box.bottom + 4}px`);
    list.style.setProperty(...(box.right > 220 ? ['right', `${document.documentElement.clientWidth - box.right}px`] : ['left', `${box.left}px`]));
  });
  return h('span.menu-place', opener, list);
}

/// What can be done to one object of a list.
export const change = (object, ...items) => menu(h('span', 'Change', h('span.hidden', ` ${object.name}`)), items);
