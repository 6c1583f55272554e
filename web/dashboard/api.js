// What head office is asked, and what it says when it does not answer.

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let asking = new AbortController();

// What was asked for a page that nobody looks at any more is not waited for.
export function forget() {
  asking.abort();
  asking = new AbortController();
}

const query = (parameters) => {
  const set = Object.entries(parameters).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return set.length ? `?${new URLSearchParams(set)}` : '';
};

export const address = (path, parameters = {}) => `/api/v1/${path}${query(parameters)}`;

export async function ask(path, parameters = {}, options = {}) {
  let answer;
  try {
    answer = await fetch(address(path, parameters), { headers: { Accept: 'application/json' }, signal: asking.signal, ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'Head office cannot be reached. The page tries again by itself.');
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const said = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, said.detail || answer.statusText);
}

export const signIn = (token) => ask('session', {}, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
export const signOut = (actionToken) => ask('session', {}, { method: 'DELETE', headers: { 'X-Tillsight-Token': actionToken } });
