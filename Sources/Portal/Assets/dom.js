// Elements out of tag, attributes and children. Text reaches the page as text only: there is no way from a
// string to markup in this file or in any other of the portal.

const svgSpace = 'http://www.w3.org/2000/svg';

// Set as properties: the attribute of the same name is only what they begin with.
const properties = new Set(['value', 'checked', 'indeterminate', 'selected', 'disabled', 'open', 'hidden']);

/// `h('a.button.quiet', { href: '/peers', onclick: open }, 'Peers')`: behind the tag stand classes. Attributes may be left out; those that are
/// false, null or undefined are not set, true gives an empty one. `vars` are custom properties and other
/// styles that have to be computed, `label` is what assistive technology reads. Children are nodes, strings, numbers and lists of them.
export function h(tag, attributes, ...children) {
  return build(name => document.createElement(name), tag, attributes, children);
}

/// The same for the elements of SVG.
export function svg(tag, attributes, ...children) {
  return build(name => document.createElementNS(svgSpace, name), tag, attributes, children);
}

function build(make, tag, attributes, children) {
  const [name, ...classes] = tag.split('.');
  const element = make(name);
  if (classes.length) set(element, 'class', classes.join(' '));
  if (attributes && Object.getPrototypeOf(attributes) === Object.prototype) {
    for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  } else {
    children.unshift(attributes);
  }
  element.append(...nodes(children));
  return element;
}

function set(element, name, value) {
  if ((value ?? false) === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'vars') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
  else if (properties.has(name)) element[name] = value;
  else element.setAttribute(name === 'label' ? 'aria-label' : name, value === true ? '' : value);
}

function nodes(children) {
  return children.flat(Infinity).filter(child => (child ?? false) !== false)
    .map(child => (child instanceof Node ? child : String(child)));
}

/// Puts children in the place of those that an element has.
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/// The same, for what is drawn anew again and again: what is equal stays, with its focus and its selection, and with the
/// listeners that it had at first, so that these must not know more than the page does.
export function renew(element, ...children) {
  const next = nodes(children).map(child => (child instanceof Node ? child : document.createTextNode(child)));
  const old = [...element.childNodes];
  if (old.length === next.length) old.forEach((child, i) => adapt(child, next[i]));
  else element.replaceChildren(...next);
}

function adapt(old, next) {
  if (old.isEqualNode(next)) return;
  if (old instanceof Element && old.cloneNode().isEqualNode(next.cloneNode())) renew(old, [...next.childNodes]);
  else old.replaceWith(next);
}

/// Changes a text only where it differs, so that nothing is laid out anew for a figure that stayed.
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let lastID = 0;

/// An id that no other element of the document has.
export const freshID = (word = 'e') => `${word}-${++lastID}`;
