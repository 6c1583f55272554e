// Writes an SSD as one frozen GraphDef that OpenCV 4.6 imports without a .pbtxt. The anchors and the
// decoding of boxes become OpenCV's own PriorBox and DetectionOutput operations, which its
// TensorFlow importer understands inside a graph; the output is then the usual [1, 1, N, 7].
import { GraphDef, attribute } from './graphdef.mjs';

export const INPUT_NAME = 'image_tensor';
export const OUTPUT_NAME = 'detection_out';

// A box candidate below this score is not worth a row; overlap above this, within one class, is the
// same object. Both are the values the model was published with, the first made small enough that
// the rows still hold the second-best classes of an object.
const MIN_SCORE = 0.01;
const SAME_CLASS_OVERLAP = 0.6;
const MAX_ROWS = 100;

// Largest difference, in units of the picture, between the stored anchors and those that PriorBox
// will compute: they are the same grid, written down in float32.
const ANCHOR_TOLERANCE = 1e-6;

export function writeOpenCvGraph(ssd) {
  const graph = new GraphDef();
  graph.node('Placeholder', INPUT_NAME, [], {
    dtype: attribute.type('float32'), data_format: attribute.text('NHWC'),
  });
  const gridSizes = writeLayers(graph, ssd);
  writeDetector(graph, ssd, gridSizes);
  return graph.serialize();
}

const outputName = (layer) => {
  if (layer.kind === 'input') return INPUT_NAME;
  // OpenCV takes the BiasAdd into the convolution and keeps the convolution's name, so for its
  // layer to be called `name` the last node TensorFlow sees may have to be called otherwise.
  return layer.kind === 'convolution' && !layer.relu6 ? `${layer.name}/bias` : layer.name;
};

/** \return Map(layer -> cells along one side of its output); all maps are square. */
function writeLayers(graph, ssd) {
  const sizes = new Map();
  const sizeOf = (layer) => (layer.kind === 'input' ? ssd.height : sizes.get(layer));
  for (const layer of ssd.layers) {
    if (layer.kind === 'sum') {
      graph.node('Add', layer.name, layer.inputs.map(outputName));
      sizes.set(layer, sizeOf(layer.inputs[0]));
    } else {
      writeConvolution(graph, layer);
      sizes.set(layer, Math.ceil(sizeOf(layer.input) / layer.stride));
    }
  }
  return sizes;
}

function writeConvolution(graph, layer) {
  const { name } = layer;
  const weights = graph.constant(`${name}/weights`, layer.shape, layer.weights);
  const bias = graph.constant(`${name}/biases`, [layer.bias.length], layer.bias);
  const convolution = graph.node(
    layer.depthwise ? 'DepthwiseConv2dNative' : 'Conv2D',
    layer.relu6 ? `${name}/convolution` : name,
    [outputName(layer.input), weights],
    {
      T: attribute.type('float32'),
      strides: attribute.integers([1, layer.stride, layer.stride, 1]),
      padding: attribute.text('SAME'),
      data_format: attribute.text('NHWC'),
    },
  );
  const biased = graph.node('BiasAdd', `${name}/bias`, [convolution, bias]);
  if (layer.relu6) graph.node('Relu6', name, [biased]);
}

function writeDetector(graph, ssd, gridSizes) {
  const axis = graph.node('Const', 'concat_axis', [], {
    dtype: attribute.type('int32'), value: attribute.inlineInteger(-1),
  });
  const concatenate = (name, parts) => graph.node('ConcatV2', name, [...parts, axis]);
  const flatten = (layer) =>
    graph.node('Flatten', `${layer.name}/flat`, [outputName(layer)]);
  const boxes = concatenate('boxes', ssd.heads.map((head) => flatten(head.box)));
  const logits = concatenate('logits', ssd.heads.map((head) => flatten(head.class)));
  const priors = concatenate('priors', writePriors(graph, ssd, gridSizes));

  const shape = graph.constant('scores_shape', [3], Int32Array.of(0, -1, ssd.classCount));
  const rows = graph.node('Reshape', 'logits_by_anchor', [logits, shape]);
  const scores = graph.node('Sigmoid', 'scores', [rows]);
  graph.node('DetectionOutput', OUTPUT_NAME, [
    boxes, graph.node('Flatten', 'scores/flat', [scores]), priors,
  ], {
    num_classes: attribute.integer(ssd.classCount),
    share_location: attribute.boolean(true),
    background_label_id: attribute.integer(0),
    nms_threshold: attribute.number(SAME_CLASS_OVERLAP),
    confidence_threshold: attribute.number(MIN_SCORE),
    top_k: attribute.integer(MAX_ROWS),
    keep_top_k: attribute.integer(MAX_ROWS),
    code_type: attribute.text('CENTER_SIZE'),
    // The graph's offsets are in the order y, x, height, width; Caffe's begin with x.
    loc_pred_transposed: attribute.boolean(true),
  });
}

/** One PriorBox per head, after proof that it reproduces the anchors the model was trained with. */
function writePriors(graph, ssd, gridSizes) {
  let anchorsRead = 0;
  const [y, x, height, width] = ssd.variances;
  const names = ssd.heads.map((head, index) => {
    const cells = gridSizes.get(head.box);
    const count = cells * cells * head.boxesPerCell;
    const anchors = ssd.anchors.subarray(anchorsRead * 4, (anchorsRead + count) * 4);
    anchorsRead += count;
    const sizes = anchorSizes(anchors, head.boxesPerCell);
    checkGrid(anchors, cells, sizes, index);
    const pixels = (values, side) => attribute.tensor(
      [values.length], Float32Array.from(values, (value) => value * side));
    return graph.node('PriorBox', `head_${index}/priors`, [outputName(head.box), INPUT_NAME], {
      flip: attribute.boolean(false),
      clip: attribute.boolean(false),
      width: pixels(sizes.map((size) => size.width), ssd.width),
      height: pixels(sizes.map((size) => size.height), ssd.height),
      variance: attribute.tensor([4], Float32Array.of(x, y, width, height)),
    });
  });
  if (anchorsRead * 4 !== ssd.anchors.length) {
    throw new Error(`the heads need ${anchorsRead} anchors, the graph holds `
      + `${ssd.anchors.length / 4}`);
  }
  return names;
}

const anchorAt = (anchors, index) => {
  const [ymin, xmin, ymax, xmax] = anchors.subarray(index * 4, index * 4 + 4);
  return {
    x: (xmin + xmax) / 2, y: (ymin + ymax) / 2, width: xmax - xmin, height: ymax - ymin,
  };
};

const anchorSizes = (anchors, boxesPerCell) =>
  Array.from({ length: boxesPerCell }, (_, box) => anchorAt(anchors, box));

function checkGrid(anchors, cells, sizes, head) {
  for (let cell = 0; cell < cells * cells; cell += 1) {
    const centre = { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
    sizes.forEach((size, box) => {
      const anchor = anchorAt(anchors, cell * sizes.length + box);
      const error = Math.max(Math.abs(anchor.x - centre.x), Math.abs(anchor.y - centre.y),
        Math.abs(anchor.width - size.width), Math.abs(anchor.height - size.height));
      if (!(error <= ANCHOR_TOLERANCE)) {
        throw new Error(`head ${head}: anchor ${cell}/${box} is ${error} off the regular grid`);
      }
    });
  }
}
