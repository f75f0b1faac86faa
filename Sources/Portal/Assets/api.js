// The HTTP API, as every other client has it: asked, and followed. The browser sends the session's cookie by itself.
// One stream of changes is enough for a tab, and figures come in one batch while they are looked at.

/// What the API has against a request, or that there was no answer (`status` 0).
export class Problem extends Error {
  constructor(status, errors) {
    super(errors.map(error => error.detail || error.title).join(' '));
    this.status = status;
    this.errors = errors;
  }
}

const attempts = 4;
const noAnswer = 'The server does not answer. Try again in a moment.';
let reachable = true;
const listeners = new Set();

/// Calls back with false when the server does not answer any more, and with true when it does again.
export function onReachable(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

function setReachable(now) {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener(now);
}

/// `/v2/peers` and `{ 'filter[name]': 'a' }` as one address; members without a value are left out.
function address(path, query = {}) {
  const parts = Object.entries(query).filter(([, value]) => (value ?? '') !== '');
  return parts.length ? `${path}?${new URLSearchParams(parts)}` : path;
}

const acting = 'wgw-organization';

/// The organization that an admin acts for, in this tab alone, and by whom that was chosen: another who signs in here has not.
const chosen = () => JSON.parse(sessionStorage.getItem(acting)) ?? {};
export const actsFor = () => chosen().id;
export const isChosenBy = who => chosen().who === who;

export function actFor(id, who) {
  sessionStorage.setItem(acting, JSON.stringify({ id, who }));
  location.assign('/networks');
}

/// What a request says of the organization.
const ofOrganization = () => (actsFor() ? { 'x-wgw-organization': actsFor() } : {});

/// One request, of a path below `/v2/`, and its answer: JSON as a value, all else as text, null for an empty one.
/// It is repeated where the server asks for patience (429), as it has done nothing then. What only reads is given up with the
/// page that asks, where no other `signal` is given.
export async function request(method, path, { query, body, signal = method === 'GET' ? api.signal : null, key, accept = 'application/json' } = {}) {
  const headers = { accept, ...ofOrganization() };
  const url = address(`/v2/${path}`, query);
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key) headers['idempotency-key'] = key;
  const options = {
    method, headers, signal, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body),
  };
  for (let attempt = 1; ; attempt++) {
    let answer;
    try {
      answer = await fetch(url, options);
    } catch (error) {
      if (signal?.aborted) throw error;
      setReachable(false);
      throw new Problem(0, [{ detail: noAnswer }]);
    }
    if (answer.status === 502 || answer.status === 504) setReachable(false);
    else setReachable(true);
    if (answer.status === 429 && attempt < attempts) {
      await answer.body?.cancel();
      await pause(1000 * Math.min(Number(answer.headers.get('retry-after')) || 1, 10), signal);
      continue;
    }
    const text = await answer.text();
    const value = (answer.headers.get('content-type') ?? '').includes('json') ? parsed(text) : text || null;
    if (answer.ok) {
      if (isSaid) sayEnded(isSaid = false);
      return value;
    }
    if (answer.status === 401) sessionEnded();
    throw new Problem(answer.status, problems(value, answer.status));
  }
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function problems(value, status) {
  return value?.errors?.map(({ code, title, detail, source }) => ({ code, title, detail, ...source }))
    ?? [{ detail: status === 502 || status === 504 ? noAnswer : `The server answered with the status ${status}.` }];
}

/// Resolves after a time, rejects when the signal aborts first.
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => { clearTimeout(timer); reject(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

let ended = false;
let isSaid = false;
let sayEnded;

/// Calls back with true when the session is over and something typed is still on the page, which must not be lost, and with
/// false when there is a session again.
export const onSessionEnded = callback => { sayEnded = callback; };

export const signInAddress = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;

/// Says that the session ends because it was asked to: then the answer to that leads on, and nothing else does. What was chosen
/// in it ends as well.
export function signingOut() {
  ended = true;
  sessionStorage.removeItem(acting);
}

function sessionEnded() {
  if (ended) return;
  if (document.querySelector('form[data-typed]')) {
    sayEnded(isSaid = true);
  } else {
    signingOut();
    location.assign(signInAddress());
  }
}

const data = value => value?.data ?? value;

export const api = {
  /// Of the page that is shown.
  signal: null,

  /// One object: the `data` of the answer. A text such as a config comes as a string.
  get: async (path, query, options) => data(await request('GET', path, { query, ...options })),
  post: async (path, body = {}, options) => data(await request('POST', path, { body, ...options })),
  patch: async (path, body, options) => data(await request('PATCH', path, { body, ...options })),
  put: async (path, body) => data(await request('PUT', path, { body })),
  delete: async (path, options) => data(await request('DELETE', path, options)),

  /// One page of a list: `{ data: [...], meta: { page_number, page_size, total_pages, total_results } }`.
  list: (path, query, options) => request('GET', path, { query: { 'page[size]': 250, ...query }, ...options }),

  /// The objects of a list that is known to be short, up to a bound.
  async all(path, query, { most = 2000, ...options } = {}) {
    const objects = [];
    for (let number = 1; ; number++) {
      const { data, meta } = await this.list(path, { ...query, 'page[number]': number }, options);
      objects.push(...data);
      if (number >= meta.total_pages || objects.length >= most) return objects;
    }
  },
};

/// A new idempotency key: the same key on a repeated request gives the first one's answer.
export const idempotencyKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

// MARK: Changes and figures

const silenceBeforeDoubt = 45_000; // milliseconds; the server's heartbeats are closer together
const gathering = 100; // milliseconds in which events are gathered into one call
const longestPause = 8_000;
const mostEvents = 1_000; // in one call; of more it is said only that there were some

const followers = new Set();
let revision = null;
let gathered = [];
let running = null;

/// Calls back with a list of events, in their order, soon after they happen, and once with
/// `[{ type: 'reset' }]` where some may have been missed. Returns what ends it.
export function changes(callback) {
  followers.add(callback);
  open();
  return () => followers.delete(callback);
}

function tell(event) {
  if (!gathered.length) {
    setTimeout(() => {
      const events = gathered.length > mostEvents ? [{ type: 'reset' }] : gathered;
      gathered = [];
      for (const follower of followers) follower(events);
    }, gathering);
  }
  gathered.push(event);
}

function open() {
  if (running || document.hidden || !followers.size) return;
  const controller = running = new AbortController();
  follow(controller.signal).catch(() => {}).finally(() => { if (running === controller) running = null; });
}

async function follow(signal) {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await read(signal, () => { failures = 0; });
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) { request('GET', 'whoami', { signal: null }).catch(() => {}); return; }
      if (error.status === 410) { revision = null; tell({ type: 'reset' }); continue; }
      if (!error.status) setReachable(false);
    }
    failures++;
    const wait = Math.min(longestPause, 250 * 2 ** failures);
    await pause(wait * (0.75 + Math.random() / 2), signal);
  }
}

async function read(signal, arrived) {
  const since = revision === null ? '' : `?since=${revision}`;
  const stall = new AbortController();
  const answer = await fetch(`/v2/changes${since}`, {
    signal: AbortSignal.any([signal, stall.signal]), headers: { accept: 'application/x-ndjson', ...ofOrganization() },
  });
  if (!answer.ok) throw Object.assign(new Error('changes'), { status: answer.status });
  setReachable(true);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let timer;
  try {
    for (;;) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), silenceBeforeDoubt);
      const { done, value } = await reader.read();
      if (done) return;
      arrived();
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line) continue;
        const event = JSON.parse(line);
        revision = event.revision;
        if (event.record_type === 'event') tell(event);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/// Calls back at once and then after a number of seconds each, never twice at a time, while the page is in front and the
/// server answers. The callback gets its figures in one request. Returns what ends it.
export function figures(callback, seconds = 2) {
  let timer = null;
  let over = false;
  let busy = false;
  async function tick() {
    timer = null;
    if (over || busy || document.hidden || !reachable) return;
    busy = true;
    try { await callback(); } catch { /* The banner says when the server is away; the next tick tries again. */ }
    busy = false;
    if (!over && !timer) timer = setTimeout(tick, seconds * 1000);
  }
  const again = () => { if (!timer && !document.hidden) tick(); };
  document.addEventListener('visibilitychange', again);
  const unsubscribe = onReachable(reachable => { if (reachable) again(); });
  tick();
  return () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', again);
    unsubscribe();
  };
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) { running?.abort(); running = null; } else open();
});

