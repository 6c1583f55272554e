// Numbers and names as a person reads them.

const numbers = new Intl.NumberFormat();
const decimals = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const monies = new Map();
const short = new Map();
const whole = new Map();

function currencyFormat(cache, code, options) {
  if (!cache.has(code)) {
    cache.set(code, new Intl.NumberFormat(undefined, { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol', ...options }));
  }
  return cache.get(code);
}

export const money = (major, code) => currencyFormat(monies, code, {}).format(major);
export const shortMoney = (major, code) => currencyFormat(short, code, { notation: 'compact', maximumFractionDigits: 1 }).format(major);
// Of large sums nobody reads the cents.
export const roundMoney = (value, code) => (Math.abs(value) < 10_000 ? money(value, code) : currencyFormat(whole, code, { maximumFractionDigits: 0, minimumFractionDigits: 0 }).format(value));
export const major = (minor, code) => minor / 10 ** currencyFormat(monies, code, {}).resolvedOptions().maximumFractionDigits;
export const number = (value) => numbers.format(value);

export const isNumber = (column) => ['integer', 'money', 'decimal', 'percent'].includes(column.type);

// "revenue_INR" → "Revenue"; the currency stands beside each amount.
export function title(name) {
  const words = name.replace(/_[A-Z]{3}$/, '').replaceAll(/[_-]/g, ' ');
  return words[0].toUpperCase() + words.slice(1);
}

export function cell(value, column) {
  if (value === null || value === undefined || value === '') return '';
  switch (column.type) {
    case 'money': return money(Number(value), column.currency);
    case 'percent': return `${decimals.format(Number(value)).replace(/0$/, '')} %`;
    case 'decimal': return decimals.format(Number(value));
    case 'integer': return column.name === 'year' || column.name === 'hour' ? String(value) : number(value);
    default: return /_at$|_since$|oldest_unsynced/.test(column.name) ? moment(value) : String(value);
  }
}

export function moment(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(iso) : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
export function ago(iso) {
  const minutes = Math.round((Date.parse(iso) - Date.now()) / 60e3);
  if (Number.isNaN(minutes)) return '';
  if (minutes > -90) return relative.format(minutes, 'minute');
  return minutes > -36 * 60 ? relative.format(Math.round(minutes / 60), 'hour') : relative.format(Math.round(minutes / 1440), 'day');
}

// +12.3 % against what it was; nothing if it was nothing.
export function change(now, before) {
  if (!before) return '';
  const percent = 100 * (now - before) / before;
  return `${percent >= 0 ? '▲' : '▼'} ${Math.abs(percent).toFixed(1)} %`;
}
