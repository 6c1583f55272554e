#include <algorithm>
#include <array>
#include <opencv2/imgcodecs.hpp>

#include "capture/picture_header.hpp"
#include "capture/sources.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

constexpr std::size_t kPhotoBytesMax = 64 * 1024 * 1024;
constexpr std::int64_t kPhotoPixelsMax = 100'000'000;  // 300 MB decoded

Result<cv::Mat> decode(const std::string& bytes) {
  try {
    const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8UC1,
                          const_cast<char*>(bytes.data()));
    cv::Mat picture = cv::imdecode(encoded, cv::IMREAD_COLOR);  // turns by EXIF orientation
    if (!picture.empty()) return picture;
  } catch (const cv::Exception&) {
    // Says nothing that the user could act on; the line below does.
  }
  return error(Code::kInvalidArgument, "the photo is damaged; copy it again or leave it out");
}

Result<Frame> frame_from(const std::string& bytes) {
  TILLSIGHT_ASSIGN(const PictureSize size, inspect_picture(bytes));
  if (std::int64_t{size.width_px} * size.height_px > kPhotoPixelsMax) {
    return error(Code::kInvalidArgument, "{} x {} pixels are too many; reduce it to {} megapixels",
                 size.width_px, size.height_px, kPhotoPixelsMax / 1'000'000);
  }
  TILLSIGHT_ASSIGN(const cv::Mat picture, decode(bytes));
  TILLSIGHT_CHECK(picture.type() == CV_8UC3 && picture.isContinuous(), "IMREAD_COLOR gives BGR");
  Frame frame;
  frame.width_px = picture.cols;
  frame.height_px = picture.rows;
  frame.bgr.assign(picture.datastart, picture.dataend);
  return frame;
}

class PhotoSource final : public FrameSource {
 public:
  PhotoSource(std::vector<std::filesystem::path> files, int frames_per_photo, const Clock& clock)
      : files_(std::move(files)), frames_per_photo_(frames_per_photo), clock_(clock) {}

  Result<std::optional<Frame>> next() override {
    if (shown_ == frames_per_photo_) {
      shown_ = 0;
      ++position_;
    }
    if (position_ == files_.size()) return std::optional<Frame>();
    if (shown_ == 0) {
      auto photo = read_photo(files_[position_]);
      if (!photo.ok()) {
        ++position_;
        return Error(Code::kInvalidArgument, photo.error().message());  // the next one may do
      }
      current_ = std::move(photo).value();
    }
    ++shown_;
    current_.sequence = sequence_++;
    current_.captured_at = clock_.monotonic_now();
    // The last showing may take the picture away with it.
    return std::optional<Frame>(shown_ == frames_per_photo_ ? std::move(current_) : current_);
  }

  bool live() const override { return false; }

 private:
  const std::vector<std::filesystem::path> files_;
  const int frames_per_photo_;
  const Clock& clock_;

  std::size_t position_ = 0;
  int shown_ = 0;
  std::uint64_t sequence_ = 0;
  Frame current_;
};

}  // namespace

Result<Frame> read_photo(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(const std::string bytes, read_file(file, kPhotoBytesMax));
  auto frame = frame_from(bytes);
  if (!frame.ok()) return frame.error().with_context(file.string());
  frame->origin = file.string();
  return frame;
}

bool has_photo_extension(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 4> kExtensions = {".jpg", ".jpeg", ".png", ".bmp"};
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

std::unique_ptr<FrameSource> make_photo_source(std::vector<std::filesystem::path> files,
                                               int frames_per_photo, const Clock& clock) {
  TILLSIGHT_CHECK(!files.empty() && frames_per_photo > 0, "a photo source needs photos to show");
  return std::make_unique<PhotoSource>(std::move(files), frames_per_photo, clock);
}

}  // namespace tillsight
