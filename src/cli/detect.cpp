// tillsight detect: what the network sees in a photo, a folder, a video or a camera, once.
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cli/detect_output.hpp"
#include "cli/shipped.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/detect/detector.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string source;
  bool json = false;
  std::string draw;
  std::string manifest = shipped("models/manifest.toml");
  std::string catalogue;
  std::string currency = "INR";
  int threads = 0;
  std::optional<int> frames;
};

/// Prices are shown where there is a price list; one that was asked for must be there.
Result<std::optional<PriceList>> load_prices(const Options& options) {
  const std::string file =
      options.catalogue.empty() ? shipped("config/catalogue.csv") : options.catalogue;
  if (options.catalogue.empty() && !fs::exists(file)) return std::optional<PriceList>();
  TILLSIGHT_ASSIGN(Currency currency, Currency::parse(options.currency));
  TILLSIGHT_ASSIGN(Catalogue catalogue, Catalogue::load(file, currency));
  return std::optional<PriceList>(PriceList{std::move(catalogue), std::move(currency)});
}

struct Tally {
  int pictures = 0;
  int unreadable = 0;
};

/// Looks at every frame, or at `frames` of them. A photo that cannot be read is said and passed
/// over: the rest of the folder is still looked at.
Result<Tally> look(FrameSource& source, Detector& detector, DetectOutput& output, int frames) {
  Tally tally;
  while (frames == 0 || tally.pictures + tally.unreadable < frames) {
    auto frame = source.next();
    if (!frame.ok() && frame.error().code() == Code::kInvalidArgument && !source.live()) {
      std::cerr << "tillsight: " << frame.error().message() << '\n';
      ++tally.unreadable;
      continue;
    }
    if (!frame.ok()) return frame.error();
    if (!frame->has_value()) break;
    TILLSIGHT_ASSIGN(const auto detections, detector.detect(**frame));
    TILLSIGHT_TRY(output.write(**frame, detections));
    ++tally.pictures;
  }
  return tally;
}

Status detect(const Options& options) {
  // The cheap and wrong first: an address that cannot work should not wait for the network to load.
  static const SystemClock clock;
  TILLSIGHT_ASSIGN(const auto source, open_source(options.source, {}, clock));
  TILLSIGHT_ASSIGN(auto drawing, Drawing::plan(options.draw, options.source));
  TILLSIGHT_ASSIGN(auto prices, load_prices(options));
  TILLSIGHT_ASSIGN(const ModelManifest manifest, ModelManifest::load(options.manifest));
  TILLSIGHT_ASSIGN(const auto detector, make_opencv_detector(manifest, options.threads));

  DetectOutput output(manifest.thresholds, std::move(prices), std::move(drawing),
                      options.json ? DetectOutput::Form::kJsonLines : DetectOutput::Form::kTable,
                      std::cout);
  const int frames = options.frames.value_or(source->live() ? 1 : 0);
  TILLSIGHT_ASSIGN(const Tally tally, look(*source, *detector, output, frames));
  if (tally.unreadable == 0) return {};
  return error(Code::kInvalidArgument, "{}: {} of {} pictures could not be read (see above)",
               options.source, tally.unreadable, tally.unreadable + tally.pictures);
}

}  // namespace

void add_detect(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("detect", "Say what is seen in a picture");
  command
      ->add_option("SOURCE", options->source,
                   "photo, folder of photos, video, /dev/video0, rtsp://…, gst:PIPELINE")
      ->required();
  command->add_flag("--json", options->json, "one JSON object a picture, one line each");
  command->add_option("--draw", options->draw,
                      "also draw boxes, names and prices into a copy: a .jpg or .png, or a folder "
                      "for more than one picture");
  command->add_option("--manifest", options->manifest, "the network (models/README.md)")
      ->capture_default_str();
  command->add_option(
      "--catalogue", options->catalogue,
      "price list; default " + shipped("config/catalogue.csv") + " if there is one");
  command->add_option("--currency", options->currency, "of the price list, ISO 4217")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "for the arithmetic; 0: one per core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command
      ->add_option("--frames", options->frames,
                   "stop after so many pictures; 0: never. Default: 1 for a camera, else all")
      ->check(CLI::Range(0, 1'000'000'000));
  command->footer(
      "Example:\n"
      "  tillsight detect fruits.jpg --draw annotated.jpg\n"
      "  tillsight detect photos/ --json");
  command->callback([options, &run] { run = [options] { return detect(*options); }; });
}

}  // namespace tillsight::cli
