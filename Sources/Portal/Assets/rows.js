// A list of any length, of which the page holds what is in view: rows are recycled, and objects are fetched in blocks,
// which are given up when they are scrolled past. The window scrolls, so keyboard, wheel and touch are the browser's.

import { fill, h } from './dom.js';

const blockSize = 100; // objects of one request
const keptBlocks = 40;
const margin = 8; // rows beyond what is in view, on either side
const settling = 70; // milliseconds of quiet before blocks are fetched while scrolling …
const impatience = 300; // … and how long scrolling may put it off

/// `head`: cells of the heading row. `load(number, size, signal)`: a page of the list. `row()`: the cells of a new row with
/// `paint(object, index)`. `ontotal(count)` is told what there is.
export function rows({ label, head, load, row, ontotal, onproblem }) {
  const body = h('div.rows-body', { role: 'rowgroup', onkeydown });
  const element = h('div.rows', { role: 'table', label },
    h('div.rows-top', { role: 'rowgroup' }, h('div.row.rows-head', { role: 'row', 'aria-rowindex': 1 }, head)), body);
  const blocks = new Map(); // number → { data, controller, stale }
  const shown = new Map(); // index → row
  const pool = [];
  const places = new Map(); // id → index, of what is loaded
  let total = 0;
  let generation = 0;
  let tall = 44;
  let frame = 0;
  let timer = 0;
  let waitingSince = 0;
  let range = [0, 0];
  let ended = false;

  function object(index) {
    return blocks.get(Math.floor(index / blockSize))?.data?.[index % blockSize];
  }

  function measure() {
    tall = parseFloat(getComputedStyle(element).getPropertyValue('--row')) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    body.style.setProperty('height', `${total * tall}px`);
    for (const [index, one] of shown) one.element.style.setProperty('transform', `translateY(${index * tall}px)`);
  }

  function setTotal(count) {
    total = count;
    element.setAttribute('aria-rowcount', total + 1);
    body.style.setProperty('height', `${total * tall}px`);
    ontotal(total);
  }

  function layOut() {
    frame = 0;
    if (ended || !element.isConnected) return;
    const top = body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / tall) - margin);
    const last = Math.min(total, Math.ceil((innerHeight - top) / tall) + margin);
    range = [first, Math.max(first, last)];
    for (const [index, one] of shown) {
      if ((index < first || index >= last) && (index >= total || !one.element.contains(document.activeElement))) {
        shown.delete(index);
        pool.push(one);
      }
    }
    for (let index = first; index < last; index++) if (!shown.has(index)) place(index);
    while (pool.length) pool.pop().element.remove();
    fetchSoon();
  }

  function place(index) {
    const one = pool.shift() ?? make();
    one.index = index;
    one.element.setAttribute('aria-rowindex', index + 2);
    one.element.style.setProperty('transform', `translateY(${index * tall}px)`);
    shown.set(index, one);
    paint(one);
    // Rows stand in the document in their order, for keyboard and screen reader. After a jump they already do.
    const before = shown.get(index - 1)?.element ?? null;
    if (one.element.parentNode === body && one.element.previousSibling === before) return;
    if (before) before.after(one.element); else body.prepend(one.element);
  }

  function make() {
    const { cells, paint: paintCells } = row();
    return { element: h('div.row', { role: 'row' }, cells), paintCells, index: 0 };
  }

  function paint(one) {
    const found = object(one.index);
    one.element.classList.toggle('loading', !found);
    if (found) one.paintCells(found, one.index);
  }

  const wanted = () => {
    const numbers = [];
    for (let n = Math.floor(range[0] / blockSize); n * blockSize < range[1]; n++) numbers.push(n);
    return numbers;
  };

  function fetchSoon() {
    const needed = wanted();
    for (const [number, block] of blocks) {
      if (block.controller && !needed.includes(number)) { block.controller.abort(); if (!block.data) blocks.delete(number); else block.controller = null; }
    }
    if (needed.every(n => blocks.has(n) && (!blocks.get(n).stale || blocks.get(n).controller))) return;
    waitingSince ||= performance.now();
    clearTimeout(timer);
    timer = setTimeout(fetchNow, performance.now() - waitingSince > impatience ? 0 : settling);
  }

  function fetchNow() {
    waitingSince = 0;
    if (ended) return;
    for (const number of wanted()) {
      const block = blocks.get(number);
      if (!block || (block.stale && !block.controller)) fetchBlock(number);
    }
  }

  async function fetchBlock(number) {
    const mine = generation;
    const controller = new AbortController();
    const block = blocks.get(number) ?? {};
    block.controller = controller;
    blocks.set(number, block);
    try {
      const { data, meta } = await load(number + 1, blockSize, controller.signal);
      if (mine !== generation) return;
      keep(number, data);
      setTotal(meta.total_results);
      for (const one of shown.values()) if (Math.floor(one.index / blockSize) === number) paint(one);
      layOut();
    } catch (problem) {
      if (mine !== generation) return;
      if (!block.data) blocks.delete(number); else block.controller = null;
      if (!controller.signal.aborted) onproblem(problem);
    }
  }

  function keep(number, data) {
    blocks.delete(number);
    blocks.set(number, { data });
    data.forEach((one, i) => places.set(one.id, number * blockSize + i));
    const needed = wanted();
    for (const [old, block] of blocks) {
      if (blocks.size <= keptBlocks) break;
      if (old === number || needed.includes(old)) continue;
      block.controller?.abort();
      for (const one of block.data ?? []) places.delete(one.id);
      blocks.delete(old);
    }
  }

  const inView = () => {
    const found = [];
    for (let index = range[0]; index < range[1]; index++) { const one = object(index); if (one) found.push(one); }
    return found;
  };

  /// Shows another list: the rows of the old one stay, dimmed, until the first of the new one are there.
  async function reset() {
    const mine = ++generation;
    for (const block of blocks.values()) block.controller?.abort();
    element.setAttribute('aria-busy', 'true');
    const controller = new AbortController();
    reset.controller?.abort();
    reset.controller = controller;
    try {
      const { data, meta } = await load(1, blockSize, controller.signal);
      if (mine !== generation) return;
      blocks.clear();
      places.clear();
      keep(0, data);
      setTotal(meta.total_results);
      const top = element.getBoundingClientRect().top;
      if (top < 0) scrollBy(0, top - 64);
      for (const one of shown.values()) paint(one);
      layOut();
    } finally {
      if (mine === generation) element.removeAttribute('aria-busy');
    }
  }

  /// Fetches anew what is in view, and forgets the rest. What is shown stays until then.
  function refresh() {
    const needed = wanted();
    for (const [number, block] of blocks) {
      if (needed.includes(number)) { block.controller?.abort(); block.controller = null; block.stale = true; }
      else blocks.delete(number);
    }
    if (needed.length) fetchNow(); else fetchBlock(0);
  }

  /// Puts objects in the place of those with their ids, where they are loaded.
  function update(objects) {
    for (const one of objects) {
      const index = places.get(one.id);
      if (index === undefined) continue;
      const block = blocks.get(Math.floor(index / blockSize));
      const old = block?.data?.[index % blockSize];
      if (old?.id !== one.id) continue;
      block.data[index % blockSize] = one;
      const at = shown.get(index);
      if (at) paint(at);
    }
  }

  /// The objects from the one with an id to the one with another, both included; what is not loaded is fetched.
  async function between(from, to, signal) {
    const [first, last] = [places.get(from) ?? places.get(to), places.get(to)].sort((a, b) => a - b);
    const found = [];
    for (let number = Math.floor(first / blockSize); number * blockSize <= last; number++) {
      const data = blocks.get(number)?.data ?? (await load(number + 1, blockSize, signal)).data;
      found.push(...data.filter((_, i) => { const index = number * blockSize + i; return index >= first && index <= last; }));
    }
    return found;
  }

  /// The arrows go from row to row, to what is in the same place.
  function onkeydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const controls = one => [...one.element.querySelectorAll('a, input')];
    const from = step && [...shown.values()].find(one => one.element.contains(event.target));
    if (!from) return;
    event.preventDefault();
    const next = shown.get(from.index + step);
    if (!next) return;
    controls(next)[controls(from).indexOf(event.target)].focus({ preventScroll: true });
    next.element.scrollIntoView({ block: 'nearest' });
  }

  const onscroll = () => { frame ||= requestAnimationFrame(layOut); };
  const onresize = () => { measure(); onscroll(); };
  addEventListener('scroll', onscroll, { passive: true });
  addEventListener('resize', onresize);
  requestAnimationFrame(() => { if (element.isConnected) onresize(); });

  return {
    element, reset, refresh, update, between, inView,
    repaint: () => { for (const one of shown.values()) paint(one); },
    setHead: (...cells) => fill(element.querySelector('.rows-head'), ...cells),
    leave() {
      ended = true;
      generation++;
      for (const block of blocks.values()) block.controller?.abort();
      reset.controller?.abort();
      clearTimeout(timer);
      removeEventListener('scroll', onscroll);
      removeEventListener('resize', onresize);
    },
  };
}
