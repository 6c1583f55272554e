#!/usr/bin/env node
// Converts a TensorFlow.js SSD (model.json and its shards) into one frozen TensorFlow graph for
// OpenCV's DNN module. Needs Node 18 or newer and no package. The same input gives the same bytes.
//
// usage: convert.mjs MODEL_JSON OUTPUT_PB
import fs from 'node:fs';
import { readGraphModel } from './tensorflowjs.mjs';
import { readSsd } from './ssd.mjs';
import { writeOpenCvGraph } from './opencv_graph.mjs';

const [modelFile, outputFile, ...rest] = process.argv.slice(2);
if (!modelFile || !outputFile || rest.length > 0) {
  console.error('usage: convert.mjs MODEL_JSON OUTPUT_PB');
  process.exit(2);
}
try {
  const bytes = writeOpenCvGraph(readSsd(readGraphModel(modelFile)));
  // Written beside its place and renamed, so that an interrupted run leaves no half model.
  fs.writeFileSync(`${outputFile}.part`, bytes);
  fs.renameSync(`${outputFile}.part`, outputFile);
} catch (error) {
  console.error(`convert.mjs: ${modelFile}: ${error.message}`);
  process.exit(1);
}
