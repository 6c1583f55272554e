// Words by id (strings.json, a section a language). What the till says in English stands in for
// what has no translation.

const KEY = 'tillsight.language';
let all = {};
let language = 'en';

export async function load() {
  all = await (await fetch('/strings.json')).json();
  const wanted = localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
  language = wanted in all ? wanted : 'en';
  document.documentElement.lang = language;
}

export const current = () => language;
export const languages = () => Object.keys(all);

export function choose(wanted) {
  language = wanted;
  localStorage.setItem(KEY, wanted);
  document.documentElement.lang = wanted;
}

// The text for `id` with {name} filled in from `values`; without one `fallback`.
export function word(id, values = {}, fallback = undefined) {
  // The till's own English knows more than ours: it wins where it is there.
  const text = all[language]?.[id] ?? fallback ?? all.en?.[id] ?? id;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}
