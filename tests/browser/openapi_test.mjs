// Goal: docs/openapi.yaml is what OpenAPI 3.1 says a description is, so that others' tools read it.
// Method: the specification's own schema, and every reference followed. (That it says what is served is
// tests/web/hub_openapi_test.cpp's.)
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import SwaggerParser from '@apidevtools/swagger-parser';

const PAGE = join(process.env.SOURCE, 'docs/openapi.yaml');

test('the description is a valid one', async () => {
  const api = await SwaggerParser.validate(PAGE);
  assert.equal(api.openapi, '3.1.0');
  assert.ok(Object.keys(api.paths).length > 10);
});

test('a mistake in it would be found', async () => {
  const api = await SwaggerParser.parse(PAGE);
  delete api.paths['/metrics'].get.responses;
  api.paths['/healthz'].get.responses = 'none';
  await assert.rejects(SwaggerParser.validate(api));
});
