// Builds a TensorFlow GraphDef, node by node, and serialises it.
//
// Source: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape,types}.proto.
import {
  bytesField, floatField, messageField, stringField, varintField,
} from './protobuf.mjs';

const GRAPH = { node: 1, versions: 4 };
const VERSIONS = { producer: 1 };
const NODE = { name: 1, op: 2, input: 3, attribute: 5 };
const MAP_ENTRY = { key: 1, value: 2 };
const ATTRIBUTE = { list: 1, s: 2, i: 3, f: 4, b: 5, type: 6, tensor: 8 };
const LIST = { i: 3 };
const TENSOR = { type: 1, shape: 2, content: 4, intValue: 7 };
const SHAPE = { dimension: 2 };
const DIMENSION = { size: 1 };
const DATA_TYPE = { float32: 1, int32: 3 };

// Any producer from the GraphDef versions of TensorFlow 1.x will do; readers only compare it with
// the oldest one they still understand.
const PRODUCER = 27;

/** Attribute values, e.g. `{ strides: attribute.integers([1, 2, 2, 1]) }`. */
export const attribute = {
  boolean: (value) => varintField(ATTRIBUTE.b, value ? 1 : 0),
  integer: (value) => varintField(ATTRIBUTE.i, value),
  integers: (values) =>
    messageField(ATTRIBUTE.list, ...values.map((value) => varintField(LIST.i, value))),
  number: (value) => floatField(ATTRIBUTE.f, value),
  text: (value) => stringField(ATTRIBUTE.s, value),
  type: (name) => varintField(ATTRIBUTE.type, DATA_TYPE[name]),
  tensor: (shape, values) =>
    messageField(ATTRIBUTE.tensor, ...tensorHeader(typeOf(values), shape),
      bytesField(TENSOR.content, littleEndian(values))),
  // OpenCV 4.6 reads the axis of a ConcatV2 with an unchecked int_val(0) and crashes when the
  // value stands in tensor_content, so small integers that it reads this way are written so.
  inlineInteger: (value) =>
    messageField(ATTRIBUTE.tensor, ...tensorHeader('int32', [1]),
      varintField(TENSOR.intValue, value)),
};

function tensorHeader(type, shape) {
  const dimensions = shape.map((size) =>
    messageField(SHAPE.dimension, varintField(DIMENSION.size, size)));
  return [varintField(TENSOR.type, DATA_TYPE[type]), messageField(TENSOR.shape, ...dimensions)];
}

const typeOf = (values) => (values instanceof Int32Array ? 'int32' : 'float32');

function littleEndian(values) {
  const bytes = Buffer.alloc(values.length * 4);
  const write = values instanceof Int32Array ? 'writeInt32LE' : 'writeFloatLE';
  values.forEach((value, index) => bytes[write](value, index * 4));
  return bytes;
}

/** Nodes are kept in the order in which they are added; names are unique. */
export class GraphDef {
  #nodes = [];
  #names = new Set();

  /** Adds one operation; \return its name, ready to be another node's input. */
  node(op, name, inputs = [], attributes = {}) {
    if (this.#names.has(name)) throw new Error(`two nodes of the graph are called '${name}'`);
    this.#names.add(name);
    const entries = Object.entries(attributes).map(([attributeName, value]) =>
      messageField(NODE.attribute, stringField(MAP_ENTRY.key, attributeName),
        bytesField(MAP_ENTRY.value, value)));
    this.#nodes.push(messageField(GRAPH.node, stringField(NODE.name, name),
      stringField(NODE.op, op), ...inputs.map((input) => stringField(NODE.input, input)),
      ...entries));
    return name;
  }

  constant(name, shape, values) {
    return this.node('Const', name, [], {
      dtype: attribute.type(typeOf(values)),
      value: attribute.tensor(shape, values),
    });
  }

  serialize() {
    const versions = messageField(GRAPH.versions, varintField(VERSIONS.producer, PRODUCER));
    return Buffer.concat([...this.#nodes, versions]);
  }
}
