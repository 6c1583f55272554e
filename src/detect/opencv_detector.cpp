#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "detect/select.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/detect/detector.hpp"

namespace tillsight {
namespace {

constexpr std::size_t kNetworkBytesMax = 512 * 1024 * 1024;

/// OpenCV's messages run over several lines; the first says what matters.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// The bytes that were hashed are the bytes that OpenCV gets: the file is read once.
Result<std::vector<unsigned char>> read_pinned(const PinnedFile& pinned,
                                               const std::filesystem::path& manifest) {
  const auto bytes = read_file(pinned.file, kNetworkBytesMax);
  if (!bytes.ok()) {
    return error(bytes.error().code(), "{}; run models/fetch.sh, or correct {}",
                 bytes.error().message(), manifest.string());
  }
  const Digest digest = sha256(*bytes);
  if (digest != pinned.sha256) {
    return error(Code::kFailedPrecondition,
                 "{}: it is not the file that {} describes (SHA-256 {} instead of {}); remove it "
                 "and run models/fetch.sh, or write its hash there if you changed it on purpose",
                 pinned.file.string(), manifest.string(), to_hex(digest), to_hex(pinned.sha256));
  }
  return std::vector<unsigned char>(bytes->begin(), bytes->end());
}

Result<cv::dnn::Net> import_network(const ModelManifest& manifest) {
  TILLSIGHT_ASSIGN(const auto graph, read_pinned(manifest.graph, manifest.origin));
  std::vector<unsigned char> config;
  if (manifest.config) {
    TILLSIGHT_ASSIGN(config, read_pinned(*manifest.config, manifest.origin));
  }
  try {
    cv::dnn::Net net = cv::dnn::readNet("tensorflow", graph, config);
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    if (!net.empty()) return net;
    return error(Code::kFailedPrecondition, "{}: the network has no layers; take another",
                 manifest.graph.file.string());
  } catch (const cv::Exception& failed) {
    return error(Code::kFailedPrecondition,
                 "{}: OpenCV cannot import it as a frozen TensorFlow graph ({}); see "
                 "models/README.md for what it takes",
                 manifest.graph.file.string(), first_line(failed.err));
  }
}

class OpenCvDetector final : public Detector {
 public:
  OpenCvDetector(const ModelManifest& manifest, cv::dnn::Net net)
      : input_(manifest.input),
        labels_(manifest.labels),
        thresholds_(manifest.thresholds),
        net_(std::move(net)) {}

  /// Lets the network answer a grey picture.
  Status warm_up(const std::filesystem::path& file) {
    Frame grey;
    grey.width_px = input_.width_px;
    grey.height_px = input_.height_px;
    grey.bgr.assign(static_cast<std::size_t>(grey.width_px * grey.height_px) * 3, 127);
    const auto answer = detect(grey);
    if (answer.ok()) return {};
    return error(Code::kFailedPrecondition, "{}: {}; take another network or correct its manifest",
                 file.string(), answer.error().message());
  }

  Result<std::vector<Detection>> detect(const Frame& frame) override {
    if (!well_formed(frame)) {
      return error(Code::kInvalidArgument, "{}: the frame is {} x {} pixels but holds {} bytes",
                   frame.origin, frame.width_px, frame.height_px, frame.bgr.size());
    }
    const Placement placement = place(input_, frame.width_px, frame.height_px);
    try {
      feed(frame, placement);
      const cv::Mat output = net_.forward();
      if (output.dims != 4 || output.size[3] != int{kRowLength} || output.type() != CV_32F) {
        return error(Code::kUnavailable,
                     "the network does not answer rows of {} numbers (picture, class, score, box)",
                     kRowLength);
      }
      return select_detections({output.ptr<float>(), output.total()}, placement, labels_,
                               thresholds_);
    } catch (const cv::Exception& failed) {
      return error(Code::kUnavailable, "the network fails: {}", first_line(failed.err));
    }
  }

 private:
  // Resizes first: to convert and normalise 300 × 300 pixels costs a tenth of doing so with a
  // camera's full picture.
  void feed(const Frame& frame, const Placement& placement) {
    const cv::Mat picture(frame.height_px, frame.width_px, CV_8UC3,
                          const_cast<std::uint8_t*>(frame.bgr.data()));
    cv::resize(picture, resized_, {placement.resized_width_px, placement.resized_height_px}, 0, 0,
               cv::INTER_LINEAR);
    const bool rgb = input_.channel_order == InputFormat::ChannelOrder::kRgb;
    const auto& mean = input_.mean_rgb;
    if (input_.resize == InputFormat::Resize::kLetterbox) {
      fill_border({mean[2], mean[1], mean[0]});
    }
    // The mean is given in the network's order of channels.
    const cv::Scalar ordered =
        rgb ? cv::Scalar(mean[0], mean[1], mean[2]) : cv::Scalar(mean[2], mean[1], mean[0]);
    cv::dnn::blobFromImage(resized_, blob_, input_.scale, {}, ordered, rgb);
    net_.setInput(blob_);
  }

  void fill_border(const cv::Scalar& bgr) {
    const int missing_x = input_.width_px - resized_.cols;
    const int missing_y = input_.height_px - resized_.rows;
    const int left = missing_x / 2;
    const int top = missing_y / 2;
    cv::copyMakeBorder(resized_, resized_, top, missing_y - top, left, missing_x - left,
                       cv::BORDER_CONSTANT, bgr);
  }

  const InputFormat input_;
  const std::vector<std::string> labels_;
  const Thresholds thresholds_;

  cv::dnn::Net net_;
  cv::Mat resized_;
  cv::Mat blob_;
};

}  // namespace

Result<std::unique_ptr<Detector>> make_opencv_detector(const ModelManifest& manifest, int threads) {
  // What fails is said by the errors returned here, in one line each.
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  cv::setNumThreads(threads > 0 ? threads : -1);
  TILLSIGHT_ASSIGN(cv::dnn::Net net, import_network(manifest));
  auto detector = std::make_unique<OpenCvDetector>(manifest, std::move(net));
  TILLSIGHT_TRY(detector->warm_up(manifest.graph.file));
  return std::unique_ptr<Detector>(std::move(detector));
}

}  // namespace tillsight
