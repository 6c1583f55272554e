// The single-shot detector in a TensorFlow object-detection graph: its layers under readable names,
// its box and class heads, its anchors and its input.
import { foldGraph } from './fold.mjs';

const INPUT = 'Preprocessor/sub';

/**
 * \return {
 *   width, height          pixels of the input
 *   classCount             with the background as class 0
 *   layers                 see fold.mjs, each with a unique `name`
 *   heads: [{ box, class, boxesPerCell, anchors }]   fine to coarse grid; anchors as
 *                          [ymin, xmin, ymax, xmax] x boxesPerCell x grid cells, row by row
 *   variances              [y, x, height, width], by which the graph scales its box offsets
 * }
 */
export function readSsd(graph) {
  const { nodes } = graph;
  if (!nodes.has(INPUT) || !nodes.has('BoxPredictor_0/Reshape')) {
    throw new Error('the graph is not an SSD of the TensorFlow object-detection API '
      + `(no '${INPUT}', no box predictors)`);
  }
  const headCount = countHeads(nodes);
  const headNodes = (suffix) => Array.from({ length: headCount }, (_, index) =>
    nodes.get(`BoxPredictor_${index}/${suffix}`).input[0]);
  const { layers, outputs } =
    foldGraph(graph, INPUT, [...headNodes('Reshape'), ...headNodes('Reshape_1')]);
  nameLayers(layers);
  const [height, width] = constantValues(graph, 'Preprocessor/map/while/ResizeImage/stack');
  return {
    width,
    height,
    classCount: constantValues(graph, 'BoxPredictor_0/stack_1/2')[0],
    layers,
    heads: splitHeads(outputs.slice(0, headCount), outputs.slice(headCount)),
    anchors: constantValues(graph, nodes.get('Postprocessor/Tile').input[0]),
    variances: ['div', 'div_1', 'div_2', 'div_3'].map((name) =>
      constantValues(graph, nodes.get(`Postprocessor/Decode/${name}`).input[1])[0]),
  };
}

function countHeads(nodes) {
  let count = 0;
  while (nodes.has(`BoxPredictor_${count}/Reshape`)) count += 1;
  return count;
}

const splitHeads = (boxes, classes) => boxes.map((box, index) => ({
  box, class: classes[index], boxesPerCell: box.bias.length / 4,
}));

function constantValues(graph, name) {
  const constant = graph.constants.get(name);
  if (!constant) throw new Error(`the graph has no constant '${name}'; it is not the expected SSD`);
  return constant.values;
}

// TensorFlow's names tell how the training code was written; these tell where a layer stands.
// They are part of what the project promises (models/README.md): feature maps are tapped by name.
const NAMES = [
  [/^FeatureExtractor\/MobilenetV2\/Conv\/.*/, () => 'stem'],
  [/^FeatureExtractor\/MobilenetV2\/Conv_1\/.*/, () => 'top'],
  [/^FeatureExtractor\/MobilenetV2\/expanded_conv(?:_(\d+))?\/(expand|depthwise|project)\/.*/,
    (block, part) => `block_${block ?? 0}/${part}`],
  [/^FeatureExtractor\/MobilenetV2\/expanded_conv_(\d+)\/.*add$/,
    (block) => `block_${block}/residual`],
  [/^FeatureExtractor\/MobilenetV2\/layer_19_1_Conv2d_(\d)_.*/, (extra) => `extra_${extra}/reduce`],
  [/^FeatureExtractor\/MobilenetV2\/layer_19_2_Conv2d_(\d)_\w+_depthwise\/.*/,
    (extra) => `extra_${extra}/depthwise`],
  [/^FeatureExtractor\/MobilenetV2\/layer_19_2_Conv2d_(\d)_.*/,
    (extra) => `extra_${extra}/project`],
  [/^BoxPredictor_(\d)\/BoxEncodingPredictor(_depthwise)?\/.*/,
    (head, depthwise) => `head_${head}/box${depthwise ?? ''}`],
  [/^BoxPredictor_(\d)\/ClassPredictor(_depthwise)?\/.*/,
    (head, depthwise) => `head_${head}/class${depthwise ?? ''}`],
];

function nameLayers(layers) {
  for (const layer of layers) {
    const rule = NAMES.find(([pattern]) => pattern.test(layer.node));
    if (!rule) throw new Error(`no name is known for the layer that begins at '${layer.node}'`);
    layer.name = rule[1](...layer.node.match(rule[0]).slice(1));
  }
}
