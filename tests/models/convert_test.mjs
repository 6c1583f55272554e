// Goal: the converter folds exactly, writes valid protobuf, and refuses what it does not understand.
// Method: tiny hand-made graphs whose answers can be worked out on paper. Whether the real network
// comes out right is the golden test's business (tests/detect).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { foldGraph } from '../../models/convert/fold.mjs';
import { GraphDef, attribute } from '../../models/convert/graphdef.mjs';
import { varint } from '../../models/convert/protobuf.mjs';
import { readSsd } from '../../models/convert/ssd.mjs';
import { readGraphModel } from '../../models/convert/tensorflowjs.mjs';

const constant = (shape, ...values) => ({ shape, values: Float32Array.from(values) });

const convolution = (name, input, weights) => ({
  name,
  op: 'Conv2D',
  input: [input, weights],
  attr: {
    padding: { s: Buffer.from('SAME').toString('base64') },
    strides: { list: { i: ['1', '1', '1', '1'] } },
  },
});

// One pixel, one input channel, two output channels with weights 2 and 3.
function graphOf(nodes, constants = {}) {
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    constants: new Map(Object.entries({ weights: constant([1, 1, 1, 2], 2, 3), ...constants })),
  };
}

test('a varint carries seven bits a byte and negatives in ten bytes', () => {
  assert.deepEqual([...varint(300)], [0xac, 0x02]);
  assert.deepEqual([...varint(0)], [0]);
  assert.deepEqual([...varint(-1)], [...Array(9).fill(0xff), 0x01]);
});

test('a product, a sum and a ReLU6 become part of the convolution before them', () => {
  const graph = graphOf([
    convolution('conv', 'picture', 'weights'),
    { name: 'scaled', op: 'Mul', input: ['conv', 'gain'] },
    { name: 'shifted', op: 'Add', input: ['offset', 'scaled'] },
    { name: 'clipped', op: 'Relu6', input: ['shifted'] },
  ], { gain: constant([2], 10, 100), offset: constant([2], 0.5, -0.5) });

  const { layers, outputs: [layer] } = foldGraph(graph, 'picture', ['clipped']);

  assert.equal(layers.length, 1);
  assert.deepEqual([...layer.weights], [20, 300]);
  assert.deepEqual([...layer.bias], [0.5, -0.5]);
  assert.equal(layer.relu6, true);
});

test('a batch norm becomes (x - mean) * gamma / sqrt(variance + epsilon) + beta', () => {
  const graph = graphOf([
    convolution('conv', 'picture', 'weights'),
    {
      name: 'normal', op: 'FusedBatchNorm', input: ['conv', 'gamma', 'beta', 'mean', 'variance'],
      attr: { epsilon: { f: 1 } },
    },
  ], {
    gamma: constant([2], 4, 6), beta: constant([2], 1, 2),
    mean: constant([2], 1, 10), variance: constant([2], 3, 8),
  });

  const { outputs: [layer] } = foldGraph(graph, 'picture', ['normal']);

  assert.deepEqual([...layer.weights], [4, 6]);
  assert.deepEqual([...layer.bias], [-1, -18]);
});

test('a bias behind a residual sum goes back to the branch it came from', () => {
  const graph = graphOf([
    convolution('left', 'picture', 'weights'),
    convolution('right', 'picture', 'weights'),
    { name: 'sum', op: 'AddN', input: ['left', 'right'] },
    { name: 'biased', op: 'Add', input: ['sum', 'offset'] },
  ], { offset: constant([2], 7, 8) });

  const { layers } = foldGraph(graph, 'picture', ['biased']);

  assert.deepEqual([...layers.find((layer) => layer.node === 'left').bias], [7, 8]);
  assert.deepEqual([...layers.find((layer) => layer.node === 'right').bias], [0, 0]);
});

test('a convolution that is also used elsewhere is not folded into', () => {
  const graph = graphOf([
    convolution('conv', 'picture', 'weights'),
    { name: 'clipped', op: 'Relu6', input: ['conv'] },
    { name: 'sum', op: 'AddN', input: ['clipped', 'conv'] },
  ]);
  assert.throws(() => foldGraph(graph, 'picture', ['sum']), /nothing can be folded into 'conv'/);
});

test('an unknown operation is named', () => {
  const graph = graphOf([{ name: 'odd', op: 'Softplus', input: ['picture'] }]);
  assert.throws(() => foldGraph(graph, 'picture', ['odd']), /'odd': operation Softplus/);
});

test('a graph that is no SSD is refused', () => {
  assert.throws(() => readSsd(graphOf([])), /not an SSD/);
});

test('two nodes of one name are refused', () => {
  const graph = new GraphDef();
  graph.node('Const', 'twin', [], { value: attribute.inlineInteger(1) });
  assert.throws(() => graph.node('Const', 'twin'), /'twin'/);
});

test('shards that are too short or too long are refused', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tillsight-convert-'));
  context.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'model.json');
  fs.writeFileSync(file, JSON.stringify({
    modelTopology: { node: [] },
    weightsManifest: [{ paths: ['shard'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }],
  }));
  const readShardOf = (bytes) => {
    fs.writeFileSync(path.join(folder, 'shard'), Buffer.alloc(bytes));
    return readGraphModel(file);
  };
  assert.equal(readShardOf(8).constants.get('w').values.length, 2);
  assert.throws(() => readShardOf(7), /'w' ends at byte 8/);
  assert.throws(() => readShardOf(9), /hold 9 bytes, the manifest names 8/);
  assert.throws(() => readGraphModel(path.join(folder, 'none.json')), /none\.json: cannot be read/);
});
