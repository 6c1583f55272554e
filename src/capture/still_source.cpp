#include "sources.hpp"

namespace tillsight {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPeriod{100};
constexpr int kBlankWidthPx = 640;
constexpr int kBlankHeightPx = 480;

Frame blank() {
  Frame frame;
  frame.width_px = kBlankWidthPx;
  frame.height_px = kBlankHeightPx;
  frame.bgr.assign(std::size_t{3} * kBlankWidthPx * kBlankHeightPx, 0);
  return frame;
}

/// Looks at one file the way a camera looks at a counter.
class StillSource final : public FrameSource {
 public:
  StillSource(fs::path file, const Clock& clock)
      : file_(std::move(file)), clock_(clock), current_(blank()) {}

  Result<std::optional<Frame>> next() override {
    // A photo that is put there by renaming has its own time of change.
    std::error_code none;
    const fs::file_time_type changed = fs::last_write_time(file_, none);
    if (none) {
      current_ = blank();
    } else if (changed != changed_) {
      auto photo = read_photo(file_);
      if (!photo.ok()) return Error(Code::kUnavailable, photo.error().message());
      current_ = std::move(photo).value();
    }
    changed_ = none ? fs::file_time_type::min() : changed;
    current_.origin = file_.string();
    current_.sequence = sequence_++;
    current_.captured_at = clock_.monotonic_now();
    return std::optional<Frame>(current_);
  }

  std::chrono::milliseconds pause() const override { return kPeriod; }
  bool live() const override { return true; }

 private:
  const fs::path file_;
  const Clock& clock_;

  fs::file_time_type changed_ = fs::file_time_type::min();
  Frame current_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> make_still_source(fs::path file, const Clock& clock) {
  return std::make_unique<StillSource>(std::move(file), clock);
}

}  // namespace tillsight
