// Folds a TensorFlow inference graph into plain layers: convolutions (with bias and optional ReLU6)
// and sums of two layers. What follows a convolution - batch normalisation, multiplication or
// addition of a constant per channel - is affine in each output channel, so it becomes part of the
// convolution's weights and bias.
//
// A layer is one of
//   { kind: 'input' }
//   { kind: 'convolution', node, input, depthwise, stride, shape, weights, bias, relu6 }
//   { kind: 'sum', node, inputs: [a, b] }
// `node` is the TensorFlow name of the operation it began as; `weights` keep TensorFlow's layout,
// height x width x input channels x output channels (depthwise: x channels x 1).
import { integersAttribute, textAttribute } from './tensorflowjs.mjs';

/** \return { layers (inputs before users), outputs (one layer per name in outputNames) } */
export function foldGraph(graph, inputName, outputNames) {
  const folder = new GraphFolder(graph, inputName);
  const outputs = outputNames.map((name) => folder.layer(name));
  folder.layers.forEach(applyScale);
  return { layers: folder.layers, outputs };
}

class GraphFolder {
  layers = [];
  #graph;
  #known;
  #uses = new Map();

  constructor(graph, inputName) {
    this.#graph = graph;
    this.#known = new Map([[inputName, { kind: 'input' }]]);
    for (const node of graph.nodes.values()) {
      for (const input of dataInputs(node)) this.#uses.set(input, (this.#uses.get(input) ?? 0) + 1);
    }
  }

  /** The layer that computes the named tensor; folds its whole history on the first call. */
  layer(name) {
    if (!this.#known.has(name)) this.#known.set(name, this.#fold(name));
    return this.#known.get(name);
  }

  #fold(name) {
    const node = this.#graph.nodes.get(name);
    if (!node) throw new Error(`the graph has no node '${name}'; it is not the expected model`);
    const inputs = dataInputs(node);
    switch (node.op) {
      case 'Identity': return this.layer(inputs[0]);
      case 'Conv2D': case 'DepthwiseConv2dNative': return this.#convolution(node, inputs);
      case 'Mul': case 'Add': case 'AddV2': case 'BiasAdd': case 'AddN':
        return this.#arithmetic(node, inputs);
      case 'FusedBatchNorm': case 'FusedBatchNormV3': return this.#batchNorm(node, inputs);
      case 'Relu6': return this.#relu6(inputs[0]);
      default: throw new Error(`node '${name}': operation ${node.op} cannot be folded`);
    }
  }

  #convolution(node, [input, weightsName]) {
    const { shape, values } = this.#constant(weightsName);
    const depthwise = node.op === 'DepthwiseConv2dNative';
    if (textAttribute(node, 'padding') !== 'SAME') {
      throw new Error(`node '${node.name}': only SAME padding is supported`);
    }
    if (depthwise && shape[3] !== 1) {
      throw new Error(`node '${node.name}': only depth multiplier 1 is supported`);
    }
    const channels = depthwise ? shape[2] : shape[3];
    return this.#add({
      kind: 'convolution', node: node.name, input: this.layer(input), depthwise,
      stride: integersAttribute(node, 'strides')[1], shape, weights: values,
      // Folded in double precision and rounded once, in applyScale().
      scale: new Float64Array(channels).fill(1), bias: new Float64Array(channels), relu6: false,
    });
  }

  #arithmetic(node, inputs) {
    if (inputs.length !== 2) throw new Error(`node '${node.name}': ${inputs.length} operands`);
    const [variable, constant] = this.#isConstant(inputs[0]) ? inputs.slice().reverse() : inputs;
    if (!this.#isConstant(constant)) return this.#sum(node, inputs);
    const layer = this.layer(variable);
    const target = this.#affineTarget(variable, node.op !== 'Mul');
    const { values } = this.#constant(constant);
    if (values.length !== target.bias.length) {
      throw new Error(`node '${node.name}': ${values.length} constants for `
        + `${target.bias.length} channels`);
    }
    if (node.op === 'Mul') {
      scaleChannels(target, (channel) => values[channel]);
    } else {
      values.forEach((value, channel) => { target.bias[channel] += value; });
    }
    return layer;
  }

  #sum(node, inputs) {
    if (node.op === 'Mul') throw new Error(`node '${node.name}': product of two layers`);
    return this.#add({
      kind: 'sum', node: node.name, inputs: inputs.map((name) => this.layer(name)),
      inputNames: inputs,
    });
  }

  #batchNorm(node, [input, ...parameters]) {
    const layer = this.#affineTarget(input, false);
    const [gamma, beta, mean, variance] =
      parameters.slice(0, 4).map((name) => this.#constant(name).values);
    const epsilon = node.attr.epsilon.f;
    layer.bias.forEach((_, channel) => { layer.bias[channel] -= mean[channel]; });
    scaleChannels(layer, (channel) => gamma[channel] / Math.sqrt(variance[channel] + epsilon));
    layer.bias.forEach((_, channel) => { layer.bias[channel] += beta[channel]; });
    return layer;
  }

  #relu6(input) {
    const layer = this.#affineTarget(input, false);
    layer.relu6 = true;
    return layer;
  }

  /**
   * The convolution that a per-channel operation on `name` may be folded into. TensorFlow's
   * optimiser rewrites conv + bias + residual as (conv + residual) + bias; with `throughSum` the
   * bias goes back to the branch that it came from.
   */
  #affineTarget(name, throughSum) {
    const layer = this.layer(name);
    if (layer.kind === 'sum' && throughSum && this.#uses.get(name) === 1) {
      return this.#affineTarget(layer.inputNames[0], false);
    }
    if (layer.kind !== 'convolution' || layer.relu6 || this.#uses.get(name) !== 1) {
      throw new Error(`nothing can be folded into '${name}': it is used elsewhere or not linear`);
    }
    return layer;
  }

  #add(layer) {
    this.layers.push(layer);
    return layer;
  }

  #isConstant(name) { return this.#graph.constants.has(name); }

  #constant(name) {
    const constant = this.#graph.constants.get(name);
    if (!constant) throw new Error(`the graph has no constant '${name}'`);
    return constant;
  }
}

/** Inputs that carry data, `name:0` written as `name`, control dependencies (`^name`) left out. */
function dataInputs(node) {
  return (node.input ?? []).filter((name) => !name.startsWith('^'))
    .map((name) => name.replace(/:0$/, ''));
}

function scaleChannels(layer, factor) {
  layer.bias.forEach((_, channel) => {
    layer.scale[channel] *= factor(channel);
    layer.bias[channel] *= factor(channel);
  });
}

// The output channel is the fastest index of the weights in both layouts, so it is index % channels.
function applyScale(layer) {
  if (layer.kind !== 'convolution') return;
  const channels = layer.bias.length;
  layer.weights = layer.weights.map((weight, index) => weight * layer.scale[index % channels]);
  layer.bias = Float32Array.from(layer.bias);
  delete layer.scale;
}
