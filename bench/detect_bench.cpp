// What detection costs: the whole of Detector::detect on a camera's frame beside the bare forward
// pass of the same network, alternating in the same run so that a noisy machine hits both alike.
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "bench/figure.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/detect/detector.hpp"

namespace tillsight::bench {
namespace {

constexpr int kRounds = 60;
constexpr double kOverheadMax = 1.05;
constexpr double kResidentMiBMax = 200;

/// A picture in which something is found, as large as a camera gives it.
Frame camera_frame() {
  cv::Mat picture = cv::imread(std::string(source_dir()) + "/tests/detect/golden/orange_50x50.png");
  cv::resize(picture, picture, {1280, 720}, 0, 0, cv::INTER_CUBIC);
  Frame frame;
  frame.width_px = picture.cols;
  frame.height_px = picture.rows;
  frame.bgr.assign(picture.datastart, picture.dataend);
  return frame;
}

template <typename Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<long>(values.size() / 2));
  return values[values.size() / 2];
}

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

cv::dnn::Net bare_network(const ModelManifest& manifest, const Frame& frame) {
  cv::dnn::Net net = cv::dnn::readNet(manifest.graph.file.string());
  const cv::Mat picture(frame.height_px, frame.width_px, CV_8UC3,
                        const_cast<std::uint8_t*>(frame.bgr.data()));
  net.setInput(cv::dnn::blobFromImage(picture, manifest.input.scale,
                                      {manifest.input.width_px, manifest.input.height_px},
                                      cv::Scalar::all(manifest.input.mean_rgb[0]), true));
  net.forward();
  return net;
}

bool measure(Detector& detector, cv::dnn::Net& net, const Frame& frame, int threads) {
  cv::setNumThreads(threads);
  std::vector<double> detect_ms;
  std::vector<double> forward_ms;
  std::vector<double> ratio;
  std::size_t found = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto detect = [&] {
      detect_ms.push_back(milliseconds([&] { found += detector.detect(frame)->size(); }));
    };
    const auto forward = [&] { forward_ms.push_back(milliseconds([&] { net.forward(); })); };
    if (round % 2 == 0) {
      detect();
      forward();
    } else {
      forward();
      detect();
    }
    ratio.push_back(detect_ms.back() / forward_ms.back());
  }
  if (found == 0) std::puts("detect_bench: nothing was found in the picture");
  const std::string suffix = format("_{}_thread{}", threads, threads == 1 ? "" : "s");
  const std::string rival = format("forward:{:.2f}ms", median(forward_ms));
  print({"detect.ms" + suffix, median(detect_ms), "ms", Goal::kNone, 0, rival});
  return print({"detect.overhead" + suffix, median(ratio), "ratio", Goal::kAtMost, kOverheadMax,
                rival}) &&
         found > 0;
}

int run() {
  const auto manifest = ModelManifest::load(std::string(source_dir()) + "/models/manifest.toml");
  auto detector = manifest.ok() ? make_opencv_detector(*manifest, 1)
                                : Result<std::unique_ptr<Detector>>(manifest.error());
  if (!detector.ok()) {
    std::fprintf(stderr, "detect_bench: %s\n", detector.error().message().c_str());
    return 1;
  }
  const Frame frame = camera_frame();
  if (!(*detector)->detect(frame).ok()) return 1;
  bool met = print({"detect.resident", resident_mib(), "MiB", Goal::kAtMost, kResidentMiBMax});
  cv::dnn::Net net = bare_network(*manifest, frame);
  for (const int threads : {1, 2}) met = measure(**detector, net, frame, threads) && met;
  return met ? 0 : 1;
}

}  // namespace
}  // namespace tillsight::bench

int main() {
  return tillsight::bench::run();
}
