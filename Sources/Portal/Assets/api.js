// The HTTP API, as every other client has it. The browser sends the session's cookie by itself.

/// What the API has against a request, or that there was no answer (`status` 0).
export class Problem extends Error {
  constructor(status, errors) {
    super(errors.map((error) => error.detail || error.title).join(' '));
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

/// What has talked to the server says here how it went.
export function setReachable(now) {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener(now);
}

export const isReachable = () => reachable;

/// `/v2/peers` and `{ 'filter[name]': 'a' }` as one address; members without a value are left out.
export function address(path, query = {}) {
  const parts = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return parts.length ? `${path}?${new URLSearchParams(parts)}` : path;
}

const acting = 'wgw-organization';

/// The organization that an admin acts for, in this tab alone; null for its own.
export const actsFor = () => sessionStorage.getItem(acting);

export function actFor(id) {
  if (id) sessionStorage.setItem(acting, id);
  else sessionStorage.removeItem(acting);
  location.assign('/');
}

/// What a request says of the organization.
export const ofOrganization = () => (actsFor() ? { 'x-wgw-organization': actsFor() } : {});

/// One request and its answer: JSON as a value, all else as text, null for an empty one.
/// Requests that change nothing are repeated where the server asks for patience (429).
export async function request(method, path, { query, body, signal, key, accept = 'application/json', blob } = {}) {
  const headers = { accept, ...ofOrganization() };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key) headers['idempotency-key'] = key;
  const options = {
    method, headers, signal, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body),
  };
  for (let attempt = 1; ; attempt++) {
    let answer;
    try {
      answer = await fetch(address(path, query), options);
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
    if (blob && answer.ok) return answer.blob();
    const text = await answer.text();
    const value = (answer.headers.get('content-type') ?? '').includes('json') ? parsed(text) : text || null;
    if (answer.ok) return value;
    if (answer.status === 401) sessionEnded();
    throw new Problem(answer.status, problems(value, answer.status));
  }
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function problems(value, status) {
  if (!Array.isArray(value?.errors) || !value.errors.length) {
    return [{ detail: status === 502 || status === 504 ? noAnswer : `The server answered with the status ${status}.` }];
  }
  return value.errors.map((error) => ({
    code: error.code, title: error.title, detail: error.detail, url: error.meta?.url ?? null,
    pointer: error.source?.pointer ?? null, parameter: error.source?.parameter ?? null,
  }));
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
const endings = new Set();

/// Calls back when the session is over and something typed is still on the page, which must not be lost.
export const onSessionEnded = (callback) => endings.add(callback);

export const signInAddress = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;

function sessionEnded() {
  if (ended) return;
  if (document.querySelector('form[data-typed]')) {
    for (const callback of endings) callback();
  } else {
    ended = true;
    location.assign(signInAddress());
  }
}

const data = (value) => value?.data ?? value;

export const api = {
  /// One object: the `data` of the answer. A text such as a config comes as a string.
  get: async (path, query, options) => data(await request('GET', path, { query, ...options })),
  post: async (path, body = {}, options) => data(await request('POST', path, { body, ...options })),
  patch: async (path, body, options) => data(await request('PATCH', path, { body, ...options })),
  put: async (path, body, options) => data(await request('PUT', path, { body, ...options })),
  delete: async (path, options) => data(await request('DELETE', path, options)),

  /// One page of a list: `{ data: [...], meta: { page_number, page_size, total_pages, total_results } }`.
  list: (path, query, options) => request('GET', path, { query, ...options }),

  /// The pages of a list, one `{ data, meta }` after the other.
  async *pages(path, query, options) {
    for (let number = 1; ; number++) {
      const page = await this.list(path, { 'page[size]': 250, ...query, 'page[number]': number }, options);
      yield page;
      if (number >= page.meta.total_pages) return;
    }
  },

  /// The objects of a list that is known to be short, up to a bound.
  async all(path, query, { most = 2000, ...options } = {}) {
    const objects = [];
    for await (const page of this.pages(path, query, options)) {
      objects.push(...page.data);
      if (objects.length >= most) break;
    }
    return objects;
  },
};

/// A new idempotency key: the same key on a repeated request gives the first one's answer.
export const idempotencyKey = () => crypto.randomUUID?.()
  ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
