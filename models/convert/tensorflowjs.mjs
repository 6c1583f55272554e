// Reads a TensorFlow.js graph model: model.json and the weight shards beside it.
//
// Source: TensorFlow.js, "GraphModel" save format (modelTopology = a GraphDef as JSON,
// weightsManifest = names, shapes and order of the weights in the concatenated shards).
import fs from 'node:fs';
import path from 'node:path';

const BYTES_PER_ELEMENT = { float32: 4, int32: 4, bool: 1 };

/**
 * \return { nodes: Map(name -> node), constants: Map(name -> { shape, values }) }
 * Throws an Error that names the file and what is wrong with it.
 */
export function readGraphModel(modelFile) {
  const model = readJson(modelFile);
  if (!Array.isArray(model.modelTopology?.node) || !Array.isArray(model.weightsManifest)) {
    throw new Error(`${modelFile}: not a TensorFlow.js graph model; `
      + 'it needs modelTopology.node and weightsManifest');
  }
  const constants = new Map();
  for (const group of model.weightsManifest) {
    readWeightGroup(group, path.dirname(modelFile), constants);
  }
  return { nodes: new Map(model.modelTopology.node.map((node) => [node.name, node])), constants };
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: cannot be read as JSON: ${error.message}`);
  }
}

function readWeightGroup(group, folder, constants) {
  const shards = Buffer.concat(group.paths.map((name) => fs.readFileSync(path.join(folder, name))));
  let offset = 0;
  for (const { name, shape, dtype, quantization } of group.weights) {
    if (quantization || !(dtype in BYTES_PER_ELEMENT)) {
      throw new Error(`weight '${name}': ${quantization ? 'quantised' : dtype} weights are not `
        + 'supported; take the float32 model');
    }
    const count = shape.reduce((product, size) => product * size, 1);
    const bytes = shards.subarray(offset, offset + count * BYTES_PER_ELEMENT[dtype]);
    offset += count * BYTES_PER_ELEMENT[dtype];
    if (offset > shards.length) {
      throw new Error(`weight '${name}' ends at byte ${offset}, but the ${group.paths.length} `
        + `shards in ${folder} hold ${shards.length}; fetch them again`);
    }
    constants.set(name, { shape, values: decode(dtype, bytes, count) });
  }
  if (offset !== shards.length) {
    throw new Error(`the shards in ${folder} hold ${shards.length} bytes, the manifest names `
      + `${offset}; fetch them again`);
  }
}

function decode(dtype, bytes, count) {
  const read = {
    float32: (index) => bytes.readFloatLE(index * 4),
    int32: (index) => bytes.readInt32LE(index * 4),
    bool: (index) => bytes[index],
  }[dtype];
  const values = new (dtype === 'float32' ? Float32Array : Int32Array)(count);
  for (let index = 0; index < count; index += 1) values[index] = read(index);
  return values;
}

/** A string attribute; TensorFlow.js writes its bytes as an array of numbers or as base64. */
export function textAttribute(node, name) {
  const value = node.attr?.[name]?.s;
  return Array.isArray(value)
    ? Buffer.from(value).toString() : Buffer.from(value ?? '', 'base64').toString();
}

/** A list-of-integers attribute; 64-bit integers stand as strings in the JSON. */
export const integersAttribute = (node, name) => (node.attr?.[name]?.list?.i ?? []).map(Number);
