/// \file
/// Pictures and the project's own network for the detector's tests.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "tests/support/source_dir.hpp"
#include "tillsight/capture/frame.hpp"
#include "tillsight/detect/detector.hpp"

namespace tillsight::test {

inline Frame frame_of(const cv::Mat& bgr) {
  Frame frame;
  frame.width_px = bgr.cols;
  frame.height_px = bgr.rows;
  const cv::Mat continuous = bgr.isContinuous() ? bgr : bgr.clone();
  frame.bgr.assign(continuous.datastart, continuous.dataend);
  return frame;
}

inline std::filesystem::path source_file(const std::string& name) {
  return std::filesystem::path(source_dir()) / name;
}

inline ModelManifest our_manifest() {
  auto manifest = ModelManifest::load(source_file("models/manifest.toml"));
  EXPECT_TRUE(manifest.ok()) << manifest.error().message();
  return std::move(manifest).value();
}

/// Fails, and does not skip, when the network is missing: `models/fetch.sh` brings it.
inline std::unique_ptr<Detector> detector_for(const ModelManifest& manifest) {
  auto detector = make_opencv_detector(manifest, 1);
  if (!detector.ok()) {
    ADD_FAILURE() << detector.error().message();
    return nullptr;
  }
  return std::move(detector).value();
}

}  // namespace tillsight::test
