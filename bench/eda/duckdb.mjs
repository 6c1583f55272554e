// DuckDB, asked what the columns are asked: node duckdb.mjs CSV TASKS THREADS ROUNDS
//
// Reads CSV into tables of its own (texts as enumerations, which group fastest), then asks each
// question ROUNDS times. Prints "NAME MILLISECONDS ROWS SUM" a question: the best time, and the sum
// of the last column, so that answers can be compared. The time ends when DuckDB has
// the whole result, before anything of it becomes JavaScript.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [csv, tasks, threads, rounds] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const db = await instance.connect();

const texts = ['store', 'till', 'customer', 'item', 'aisle', 'month'];
const begin = performance.now();
await db.run(`CREATE TABLE raw AS SELECT * FROM read_csv('${csv}', header = true, nullstr = '',
  types = {'store': 'VARCHAR', 'till': 'VARCHAR', 'customer': 'VARCHAR', 'month': 'VARCHAR'})`);
for (const text of texts) {
  await db.run(`CREATE TYPE ${text}_enum AS ENUM (SELECT DISTINCT ${text} FROM raw
    WHERE ${text} IS NOT NULL ORDER BY 1)`);
}
await db.run(`CREATE TABLE lines AS SELECT cursor::INTEGER AS cursor,
  ${texts.map((text) => `${text}::${text}_enum AS ${text}`).join(', ')},
  date::DATE AS date, weekday::TINYINT AS weekday, hour::TINYINT AS hour,
  quantity::SMALLINT AS quantity, gross::INTEGER AS gross, sale::BOOLEAN AS sale FROM raw`);
await db.run('DROP TABLE raw');
await db.run(`CREATE TABLE invoices AS SELECT cursor, any_value(store) AS store,
  any_value(customer) AS customer, any_value(month) AS month, any_value(date) AS date,
  any_value(weekday) AS weekday, any_value(hour) AS hour, any_value(sale) AS sale,
  sum(gross)::INTEGER AS gross FROM lines GROUP BY cursor ORDER BY cursor`);
console.log('load', (performance.now() - begin).toFixed(1), 0, 0);

for (const line of readFileSync(tasks, 'utf8').trim().split('\n')) {
  const [name, sql] = line.split('\t');
  let best = Infinity;
  let rows = [];
  for (let round = 0; round < Number(rounds); ++round) {
    const start = performance.now();
    const answer = await db.run(sql);
    best = Math.min(best, performance.now() - start);
    rows = await answer.getRows();
  }
  const sum = rows.reduce((total, row) => total + BigInt(row[row.length - 1]), 0n);
  console.log(name, best.toFixed(3), rows.length, sum.toString());
}
