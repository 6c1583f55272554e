// The daemons as their threads, files and connections are, in a program that starts in a tenth of
// the time: it has no OpenCV. Its till looks at an empty counter; everything is keyed in.
//
//     tillsight_light till|hub --config FILE
#include <iostream>
#include <string_view>

#include "tillsight/app/hub.hpp"
#include "tillsight/app/no_core_dumps.hpp"
#include "tillsight/app/till.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight {
namespace {

class EmptyCounter final : public FrameSource {
 public:
  explicit EmptyCounter(const Clock& clock) : clock_(clock) {}
  Result<std::optional<Frame>> next() override {
    Frame frame;
    frame.width_px = frame.height_px = 1;
    frame.bgr.assign(3, 0);
    frame.sequence = sequence_++;
    frame.captured_at = clock_.monotonic_now();
    return std::optional<Frame>(std::move(frame));
  }
  std::chrono::milliseconds pause() const override { return std::chrono::milliseconds(100); }
  bool live() const override { return true; }

 private:
  const Clock& clock_;
  std::uint64_t sequence_ = 0;
};

class SeesNothing final : public Detector {
 public:
  Result<std::vector<Detection>> detect(const Frame&) override { return std::vector<Detection>(); }
};

/// The price list may name every label that it sells.
Result<std::vector<std::string>> labels_of(const app::TillSettings& settings) {
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(settings.store.currency));
  TILLSIGHT_ASSIGN(const Catalogue catalogue, Catalogue::load(settings.catalogue, currency));
  std::vector<std::string> labels;
  for (const Product& product : catalogue.products()) labels.push_back(product.label);
  return labels;
}

Status run_till(const char* config) {
  const app::StopSignals stop;
  TILLSIGHT_ASSIGN(const app::TillSettings settings, app::load_till_settings(config));
  const SystemClock clock;
  SystemRandom random;
  TILLSIGHT_ASSIGN(std::vector<std::string> labels, labels_of(settings));
  app::Eyes eyes{std::make_unique<EmptyCounter>(clock),
                 std::make_unique<SeesNothing>(),
                 std::move(labels),
                 {}};
  return app::run_till(settings, std::move(eyes), clock, random, stop);
}

Status run_hub(const char* config) {
  const app::StopSignals stop;
  TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(config));
  return app::run_hub(settings, stop);
}

}  // namespace
}  // namespace tillsight

int main(int argc, char** argv) {
  if (argc != 4 || std::string_view(argv[2]) != "--config") return 2;
  tillsight::app::forbid_core_dumps();
  const bool till = std::string_view(argv[1]) == "till";
  const tillsight::Status outcome =
      till ? tillsight::run_till(argv[3]) : tillsight::run_hub(argv[3]);
  if (outcome.ok()) return 0;
  std::cerr << "tillsight_light: " << outcome.error().message() << '\n';
  return 1;
}
